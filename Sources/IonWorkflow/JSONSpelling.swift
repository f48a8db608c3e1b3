/// How programs write a text between the quotes of JSON: each in its own way, where the text has anything to escape.
enum JSONSpelling: CaseIterable {
  /// As little as may be: what JavaScript's `JSON.stringify` prints, Ion's own printer and most others.
  case least
  /// Slashes escaped, too, as PHP has it.
  case slashes
  /// What would be a sign of HTML as a number, too, as Go has it.
  case html
  /// Everything but ASCII as numbers: what Python's `json.dumps` prints.
  case ascii

  /// A text in this spelling. What isn't UTF-8 stays as it is.
  func spelled(_ text: [UInt8]) -> [UInt8] {
    var spelled: [UInt8] = []
    var rest = text[...]
    while let byte = rest.first {
      if byte >= 0x7F, self == .ascii, let scalar = Self.scalar(at: rest) {
        spelled += Self.numbers(of: scalar)
        rest = rest.dropFirst(UTF8.width(scalar))
      } else {
        spelled += escape(byte)
        rest = rest.dropFirst()
      }
    }
    return spelled
  }

  private func escape(_ byte: UInt8) -> [UInt8] {
    switch byte {
    case UInt8(ascii: "\""): Array(#"\""#.utf8)
    case UInt8(ascii: "\\"): Array(#"\\"#.utf8)
    case 0x08: Array(#"\b"#.utf8)
    case 0x09: Array(#"\t"#.utf8)
    case 0x0A: Array(#"\n"#.utf8)
    case 0x0C: Array(#"\f"#.utf8)
    case 0x0D: Array(#"\r"#.utf8)
    case UInt8(ascii: "/") where self == .slashes: Array(#"\/"#.utf8)
    case UInt8(ascii: "<") where self == .html, UInt8(ascii: ">") where self == .html,
      UInt8(ascii: "&") where self == .html:
      Self.number(UInt16(byte))
    case ..<0x20: Self.number(UInt16(byte))
    default: [byte]
    }
  }

  /// `\u00e9`, and two of them for what is beyond 16 bits.
  private static func numbers(of scalar: Unicode.Scalar) -> [UInt8] {
    String(Character(scalar)).utf16.flatMap(number)
  }

  private static func number(_ unit: UInt16) -> [UInt8] {
    let digits = String(unit, radix: 16)
    return Array((#"\u"# + String(repeating: "0", count: 4 - digits.utf8.count) + digits).utf8)
  }

  /// The character that bytes begin with; nil where they don't begin with one.
  private static func scalar(at bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
    var decoder = UTF8()
    var bytes = bytes.makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&bytes) else { return nil }
    return scalar
  }
}
