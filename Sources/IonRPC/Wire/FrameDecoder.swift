/// Cuts a stream of bytes into bodies by LSP's base protocol: `Content-Length: N`, CR LF, CR LF, N bytes.
///
/// Bytes may be pushed in any splits; the outputs are the same. A frame is allocated as its bytes arrive, never by its
/// announced length. After a fatal fault nothing more comes out.
public struct FrameDecoder: Sendable {
  public enum Output: Hashable, Sendable {
    /// One whole body, without the header.
    case body([UInt8])
    case fault(FrameFault)
  }

  private enum Phase {
    case header
    case body(length: Int)
    /// The rest of a body that is thrown away.
    case skipping(length: Int)
    case dead
  }

  private let limits: FrameLimits
  private var phase = Phase.header
  private var header = FrameHeader()
  /// Bytes of the current header section that were read as lines.
  private var headerLength = 0
  private var buffer: [UInt8] = []
  /// The first byte of `buffer` that isn't consumed, and the first that wasn't looked at for a line end.
  private var start = 0
  private var scanned = 0

  public init(limits: FrameLimits = FrameLimits()) { self.limits = limits }

  /// Takes the next bytes of the stream.
  public mutating func push(_ bytes: UnsafeRawBufferPointer) {
    if case .dead = phase { return }
    compact()
    buffer.append(contentsOf: bytes)
  }

  /// Takes the next bytes of the stream.
  public mutating func push(_ bytes: [UInt8]) { bytes.withUnsafeBytes { push($0) } }

  /// The next body or fault, nil when more bytes are needed.
  public mutating func next() -> Output? {
    while true {
      switch phase {
      case .header:
        do throws(FrameFault) {
          guard try readHeader() else { return nil }
        } catch {
          if error.isFatal { die() }
          return .fault(error)
        }
      case .body(let length):
        guard buffer.count - start >= length else { return nil }
        let body = Array(buffer[start..<start + length])
        consume(length)
        phase = .header
        return .body(body)
      case .skipping(let length):
        let part = min(length, buffer.count - start)
        consume(part)
        phase = part == length ? .header : .skipping(length: length - part)
        if part < length { return nil }
      case .dead: return nil
      }
    }
  }

  /// Reads lines up to the empty one. False: more bytes are needed.
  private mutating func readHeader() throws(FrameFault) -> Bool {
    while let lineFeed = buffer[scanned...].firstIndex(of: 0x0A) {
      let lineLength = lineFeed + 1 - start
      guard headerLength + lineLength <= limits.header else { throw .headerTooLong(limit: limits.header) }
      guard lineFeed > start, buffer[lineFeed - 1] == 0x0D else { throw .bareLineFeed }
      let line = buffer[start..<lineFeed - 1]
      if line.isEmpty {
        consume(lineLength)
        try finishHeader()
        return true
      }
      try header.read(line, bodyLimit: limits.body)
      headerLength += lineLength
      consume(lineLength)
    }
    scanned = buffer.count
    guard headerLength + buffer.count - start <= limits.header else { throw .headerTooLong(limit: limits.header) }
    return false
  }

  private mutating func finishHeader() throws(FrameFault) {
    let finished = header
    header = FrameHeader()
    headerLength = 0
    guard let length = finished.length else { throw .missingLength }
    if let charset = finished.unsupportedCharset {
      phase = .skipping(length: length)
      throw .unsupportedCharset(charset)
    }
    guard length > 0 else { throw .emptyBody }
    phase = .body(length: length)
  }

  private mutating func consume(_ count: Int) {
    start += count
    scanned = start
  }

  private mutating func die() {
    phase = .dead
    buffer = []
    start = 0
    scanned = 0
  }

  /// Gives consumed bytes back once they are the greater part, so that each byte moves at most twice.
  private mutating func compact() {
    guard start > 0, start * 2 >= buffer.count else { return }
    if start == buffer.count {
      buffer.removeAll(keepingCapacity: buffer.capacity <= 1 << 20)
    } else {
      buffer.removeFirst(start)
    }
    scanned -= start
    start = 0
  }
}
