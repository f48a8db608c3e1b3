internal import IonLock

/// Cuts what a program prints into lines, however it arrives.
struct LineSplitter: Sendable {
  enum Line: Hashable, Sendable {
    /// Without what ends it: LF, or CR and LF. Empty ones are passed over.
    case whole([UInt8])
    /// It was longer than is taken, and is lost; how many bytes it had.
    case overlong(Int)
  }

  private let limit: Int
  private var rest: [UInt8] = []
  /// How many bytes of the line that goes on were thrown away.
  private var dropped = 0

  /// `limit` is the most bytes that a line may have.
  init(limit: Int) { self.limit = limit }

  /// The lines that end in these bytes.
  mutating func take(_ bytes: UnsafeRawBufferPointer) -> [Line] {
    var lines: [Line] = []
    var start = bytes.startIndex
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      add(bytes[start..<end])
      if let line = complete() { lines.append(line) }
      start = end + 1
    }
    add(bytes[start...])
    return lines
  }

  /// The line that had no end; nil where there is none.
  mutating func finish() -> Line? { complete() }

  private mutating func add(_ bytes: Slice<UnsafeRawBufferPointer>) {
    guard dropped == 0, rest.count + bytes.count <= limit else {
      dropped += rest.count + bytes.count
      rest = []
      return
    }
    rest.append(contentsOf: bytes)
  }

  private mutating func complete() -> Line? {
    defer { (rest, dropped) = ([], 0) }
    if dropped > 0 { return .overlong(dropped) }
    if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
    return rest.isEmpty ? nil : .whole(rest)
  }
}

/// The same for the thread that reads a program, which may be another one for its end.
final class LineReading: Sendable {
  private let splitter = Guarded(LineSplitter(limit: AgentProgram.lineLimit))

  func take(_ bytes: UnsafeRawBufferPointer) -> [LineSplitter.Line] { splitter.withLock { $0.take(bytes) } }

  func finish() -> LineSplitter.Line? { splitter.withLock { $0.finish() } }
}
