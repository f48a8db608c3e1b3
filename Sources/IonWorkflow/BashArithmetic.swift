/// Numbers as bash may be given them.
public enum ArithmeticValue {
  /// A decimal integer of 64 bits in the spelling that bash reads as decimal: no leading zeros (`010` would be eight), no
  /// plus, no `-0`, no blanks or newlines around it. Nil for every other text, numbers that bash would wrap included.
  public static func normalized(_ text: String) -> String? {
    var digits = text.utf8[...]
    while let first = digits.first, isBlank(first) { digits.removeFirst() }
    while let last = digits.last, isBlank(last) { digits.removeLast() }
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative || digits.first == UInt8(ascii: "+") { digits.removeFirst() }
    guard !digits.isEmpty, digits.allSatisfy(\.isASCIIDigit) else { return nil }
    let significant = digits.drop { $0 == UInt8(ascii: "0") }
    guard significant.count <= 19, let value = Int64((isNegative ? "-0" : "0") + String(Substring(significant))) else {
      return nil
    }
    return String(value)
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (UInt8(ascii: "\t")...UInt8(ascii: "\r")).contains(byte)
  }
}
