/// What is wrong with a frame, apart from what its body says.
public enum FrameFault: Error, Hashable, Sendable {
  /// A line ended with LF alone.
  case bareLineFeed
  /// A line that is no `Name: value`.
  case malformedHeader
  /// The header section is longer than the limit, in bytes.
  case headerTooLong(limit: Int)
  /// The header section ended without a `Content-Length`.
  case missingLength
  /// A length that is negative, empty or not a number of at most ten digits.
  case malformedLength
  /// Two lengths that differ.
  case conflictingLengths
  /// The announced length is over the limit, in bytes; nothing was allocated for it.
  case bodyTooLong(limit: Int)
  /// A body of length 0, which can't be a message.
  case emptyBody
  /// The body, which is skipped, was announced in another encoding than UTF-8.
  case unsupportedCharset(String)

  /// Whether nobody can know where the next frame begins: reading ends here.
  public var isFatal: Bool {
    switch self {
    case .emptyBody, .unsupportedCharset: false
    case .bareLineFeed, .malformedHeader, .headerTooLong, .missingLength, .malformedLength, .conflictingLengths,
      .bodyTooLong:
      true
    }
  }
}

extension FrameFault: CustomStringConvertible {
  /// One sentence without a period.
  public var description: String {
    switch self {
    case .bareLineFeed: "a header line must end with CR LF"
    case .malformedHeader: "expected a header line 'Content-Length: N'"
    case .headerTooLong(let limit): "the header section is longer than \(limit) bytes"
    case .missingLength: "the header section has no Content-Length"
    case .malformedLength: "Content-Length must be a number of at most 10 digits"
    case .conflictingLengths: "two Content-Length headers differ"
    case .bodyTooLong(let limit): "the message is longer than \(limit) bytes"
    case .emptyBody: "the message is empty"
    case .unsupportedCharset(let charset): "the charset must be utf-8, not '\(charset)'"
    }
  }
}

/// How large a frame may be.
public struct FrameLimits: Hashable, Sendable {
  /// Bytes of the header section with its line ends.
  public var header: Int
  /// Bytes of the body.
  public var body: Int

  public init(header: Int = 8 * 1024, body: Int = 64 * 1024 * 1024) {
    self.header = header
    self.body = body
  }
}
