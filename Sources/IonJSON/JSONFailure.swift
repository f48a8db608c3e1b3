/// Why bytes are no JSON text.
public struct JSONFailure: Error, Hashable, Sendable {
  /// What was wrong at the offset.
  public enum Reason: Hashable, Sendable {
    /// The input ended inside a value, or had none.
    case endOfInput
    /// A byte that can't stand here: a trailing comma, a comment, a single quote, a misspelt literal.
    case unexpectedByte(UInt8)
    /// Something other than white space follows the value.
    case trailingBytes
    /// A number that RFC 8259 doesn't allow: a leading zero or plus, a missing digit.
    case malformedNumber
    /// A backslash that begins no escape.
    case malformedEscape
    /// A control character that stands in a string without an escape.
    case controlCharacter
    /// Bytes that are not UTF-8: overlong, a surrogate, cut short, beyond U+10FFFF.
    case invalidUTF8
    /// Arrays and objects nested deeper than the limit.
    case tooDeep(limit: Int)
  }

  /// Bytes from the start of the input.
  public let offset: Int
  public let reason: Reason

  public init(offset: Int, reason: Reason) {
    self.offset = offset
    self.reason = reason
  }
}

extension JSONFailure: CustomStringConvertible {
  /// One sentence without a period: what is wrong, and where.
  public var description: String {
    switch reason {
    case .endOfInput: "the JSON text ends too early, at byte \(offset)"
    case .unexpectedByte(let byte): "unexpected \(Self.name(byte)) at byte \(offset)"
    case .trailingBytes: "something follows the JSON value, at byte \(offset)"
    case .malformedNumber: "malformed number at byte \(offset)"
    case .malformedEscape: "malformed escape at byte \(offset)"
    case .controlCharacter: "control character in a string at byte \(offset)"
    case .invalidUTF8: "invalid UTF-8 at byte \(offset)"
    case .tooDeep(let limit): "nested deeper than \(limit) levels at byte \(offset)"
    }
  }

  private static func name(_ byte: UInt8) -> String {
    (0x21...0x7E).contains(byte) ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x\(String(byte, radix: 16))"
  }
}
