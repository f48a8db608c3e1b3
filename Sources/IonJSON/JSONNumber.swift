/// A number that isn't a 64-bit integer: a fraction, an exponent, or more digits than 64 bits hold.
public struct JSONNumber: Hashable, Sendable {
  /// The number as it was written, valid JSON.
  public let literal: String

  /// Wraps a spelling that the caller knows to be a valid JSON number.
  public init(unchecked literal: String) { self.literal = literal }

  /// The shortest spelling that reads back as the same double; nil for infinity and NaN, which JSON doesn't have.
  public init?(_ double: Double) {
    guard double.isFinite else { return nil }
    literal = double.description
  }

  /// The nearest double; infinite where the number is out of range.
  public var double: Double { Double(literal) ?? .infinity }

  /// The double that has exactly this integer's value; nil for a fraction and for an integer that no double equals.
  var exactDouble: Double? {
    guard let integer: Int128 = exactInteger() else { return nil }
    return Double(exactly: integer)
  }

  /// Whether it is written as an integer: digits alone, perhaps after a minus.
  public var isWrittenAsInteger: Bool { literal.utf8.allSatisfy { $0 == UInt8(ascii: "-") || isDigit($0) } }

  /// The integer that this number is exactly (`3.0` and `1e2` are), or nil where it has a fraction or doesn't fit.
  public func exactInteger<Integer: FixedWidthInteger>(_: Integer.Type = Integer.self) -> Integer? {
    var digits: [UInt8] = []
    var shift = 0
    let bytes = Array(literal.utf8)
    var position = bytes.first == UInt8(ascii: "-") ? 1 : 0
    var isFraction = false
    while position < bytes.count, isDigit(bytes[position]) || bytes[position] == UInt8(ascii: ".") {
      if bytes[position] == UInt8(ascii: ".") {
        isFraction = true
      } else {
        digits.append(bytes[position])
        if isFraction { shift -= 1 }
      }
      position += 1
    }
    if digits.allSatisfy({ $0 == UInt8(ascii: "0") }) { return 0 }
    if position < bytes.count {
      guard let exponent = Int(String(decoding: bytes[(position + 1)...], as: UTF8.self)) else { return nil }
      shift = shift.addingReportingOverflow(exponent).partialValue
    }
    while digits.last == UInt8(ascii: "0") {
      digits.removeLast()
      shift += 1
    }
    // Forty digits are more than any integer type has.
    guard (0...40).contains(shift) else { return nil }
    let sign = bytes.first == UInt8(ascii: "-") ? "-" : ""
    return Integer(sign + String(decoding: digits, as: UTF8.self) + String(repeating: "0", count: shift))
  }
}

/// Whether the byte is an ASCII digit.
func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
