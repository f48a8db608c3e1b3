public import IonJSON

/// How messages are told apart in a stream of bytes.
public enum Framing: Sendable {
  /// LSP's base protocol: a header with the length before each body.
  case contentLength
  /// One message a line (NDJSON), as the Agent Client Protocol has it. Lines that are no JSON object are noise and
  /// dropped.
  case lines

  /// One message as it goes out, in one buffer.
  public func frame(_ message: JSONValue) -> [UInt8] {
    let body = message.serialized()
    switch self {
    case .contentLength:
      var frame: [UInt8] = []
      frame.reserveCapacity(body.count + 32)
      // Spelt exactly so: several peers match the case or search a hundred characters for the whole header.
      frame.append(contentsOf: "Content-Length: \(body.count)\r\n\r\n".utf8)
      frame.append(contentsOf: body)
      return frame
    case .lines:
      return body + [0x0A]
    }
  }
}

/// Cuts a stream of bytes into lines; CR before LF and blank lines are dropped.
struct LineDecoder {
  private let limit: Int
  private var buffer: [UInt8] = []
  private var start = 0
  private var scanned = 0
  private var isDead = false

  init(limit: Int) { self.limit = limit }

  mutating func push(_ bytes: UnsafeRawBufferPointer) {
    guard !isDead else { return }
    if start * 2 >= buffer.count {
      buffer.removeFirst(start)
      scanned -= start
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// The next line that isn't blank, nil when more bytes are needed.
  mutating func next() -> FrameDecoder.Output? {
    while let lineFeed = buffer[scanned...].firstIndex(of: 0x0A) {
      var line = buffer[start..<lineFeed]
      if line.last == 0x0D { line.removeLast() }
      start = lineFeed + 1
      scanned = start
      guard line.count <= limit else { return die() }
      guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { continue }
      return .body(Array(line))
    }
    scanned = buffer.count
    return buffer.count - start > limit && !isDead ? die() : nil
  }

  private mutating func die() -> FrameDecoder.Output {
    isDead = true
    buffer = []
    start = 0
    scanned = 0
    return .fault(.bodyTooLong(limit: limit))
  }
}
