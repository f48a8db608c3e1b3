/// The order in which the two streams of a step arrived, as a file of a few bytes for each time that the other one took
/// over; a step that prints to stdout alone has none.
///
/// Output is a list of runs, each of one stream, the streams taking turns, stdout first (its first run may be empty). Only
/// runs that are over are written down: the one after the last goes on for as long as its stream does. A run is its length
/// as a varint (LEB128), so the index is never larger than the output. Blocks of 4,096 bytes begin with where they stand:
/// two 64-bit little-endian numbers, the offsets in stdout and stderr, the second with its top bit set when the block's
/// first run is stderr's. A run that doesn't fit in a block is in the next; what a block has left over are bytes 0x80, a
/// varint without end. So a reader finds any offset by halving, and one that reads while the file grows sees a prefix.
enum ArrivalIndex {
  static let blockSize = 4096
  static let headerSize = 16
  static let filler: UInt8 = 0x80

  /// Where in the two streams a run begins, and whose it is.
  struct Position: Hashable {
    var stdout = 0
    var stderr = 0
    var stream = StepStream.stdout

    /// The offset in the view of both.
    var merged: Int { stdout + stderr }

    func offset(in stream: StepStream) -> Int {
      switch stream {
      case .stdout: stdout
      case .stderr: stderr
      }
    }

    /// The start of the next run, which is the other stream's.
    func after(_ length: Int) -> Position {
      switch stream {
      case .stdout: Position(stdout: stdout + length, stderr: stderr, stream: .stderr)
      case .stderr: Position(stdout: stdout, stderr: stderr + length, stream: .stdout)
      }
    }
  }

  static func header(_ position: Position) -> [UInt8] {
    let mark: UInt64 = position.stream == .stderr ? 1 << 63 : 0
    return [UInt64(position.stdout), UInt64(position.stderr) | mark].flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
  }

  /// Reads a header; nil for fewer than 16 bytes, and for numbers that no file can have.
  static func position(header bytes: ArraySlice<UInt8>) -> Position? {
    guard bytes.count >= headerSize else { return nil }
    func number(_ start: Int) -> UInt64 {
      bytes.dropFirst(start).prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    let stderr = number(8)
    guard let out = Int(exactly: number(0)), out < 1 << 60, stderr & ~(1 << 63) < 1 << 60 else { return nil }
    return Position(
      stdout: out, stderr: Int(stderr & ~(1 << 63)), stream: stderr >> 63 == 1 ? .stderr : .stdout)
  }

  static func varint(_ length: Int) -> [UInt8] {
    var rest = UInt64(length)
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
    return bytes
  }

  /// Takes a length off the front; nil where it isn't complete, or is more than a file can have.
  static func takeVarint(_ bytes: inout ArraySlice<UInt8>) -> Int? {
    var length = 0
    for (count, byte) in bytes.prefix(9).enumerated() {
      length |= Int(byte & 0x7F) << (count * 7)
      if byte < 0x80 {
        bytes = bytes.dropFirst(count + 1)
        return length < 1 << 60 ? length : nil
      }
    }
    return nil
  }
}

/// Puts the index together while output arrives.
struct ArrivalIndexWriter {
  /// Where the run that goes on began.
  private var position = ArrivalIndex.Position()
  private var length = 0
  /// Bytes in the last block; a full one at first, so that the first run opens a block.
  private var used = ArrivalIndex.blockSize

  /// Notes that bytes of a stream come next: what must be added to the file before they are added to theirs, or nothing.
  mutating func note(_ stream: StepStream, count: Int) -> [UInt8] {
    guard stream != position.stream else {
      length += count
      return []
    }
    var added = ArrivalIndex.varint(length)
    if used + added.count > ArrivalIndex.blockSize {
      let filler = [UInt8](repeating: ArrivalIndex.filler, count: ArrivalIndex.blockSize - used)
      added = filler + ArrivalIndex.header(position) + added
      used = added.count - filler.count
    } else {
      used += added.count
    }
    position = position.after(length)
    length = count
    return added
  }
}
