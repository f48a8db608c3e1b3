/// A text in quotes, as conditions and the odd keys of references have them: `\\`, `\"`, `\'`, `\n`, `\r` and `\t` are
/// its escapes, and it ends on its own line.
enum QuotedText {
  /// Reads the text whose opening quote, of either kind, stands at an offset.
  /// - Returns: The text without its quotes and escapes, and the offset behind the closing quote.
  /// - Throws: `TextFault` where the closing quote is missing, or a backslash stands before anything else.
  static func read(_ bytes: [UInt8], at open: Int) throws(TextFault) -> (text: String, end: Int) {
    let quote = bytes[open]
    var content: [UInt8] = []
    var next = open + 1
    while next < bytes.count, bytes[next] != UInt8(ascii: "\n") {
      if bytes[next] == quote { return (String(decoding: content, as: UTF8.self), next + 1) }
      if bytes[next] == UInt8(ascii: "\\") {
        guard next + 1 < bytes.count, let meant = meaning(of: bytes[next + 1]) else { throw unknownEscape(bytes, next) }
        content.append(meant)
        next += 2
      } else {
        content.append(bytes[next])
        next += 1
      }
    }
    let name = quote == UInt8(ascii: "'") ? "'" : "\""
    throw TextFault(
      .error, code: "unclosedQuote", message: "the text that starts here has no closing \(name)", range: open..<next,
      hint: "close it on the same line; a line break is written \\n")
  }

  /// A text in double quotes, which `read` reads back.
  static func quoted(_ text: String) -> String {
    var result: [UInt8] = [UInt8(ascii: "\"")]
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): result += Array("\\n".utf8)
      case UInt8(ascii: "\r"): result += Array("\\r".utf8)
      case UInt8(ascii: "\t"): result += Array("\\t".utf8)
      default: result.append(byte)
      }
    }
    result.append(UInt8(ascii: "\""))
    return String(decoding: result, as: UTF8.self)
  }

  private static func meaning(of escaped: UInt8) -> UInt8? {
    switch escaped {
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): escaped
    case UInt8(ascii: "n"): UInt8(ascii: "\n")
    case UInt8(ascii: "r"): UInt8(ascii: "\r")
    case UInt8(ascii: "t"): UInt8(ascii: "\t")
    default: nil
    }
  }

  private static func unknownEscape(_ bytes: [UInt8], _ backslash: Int) -> TextFault {
    var end = min(backslash + 2, bytes.count)
    while end < bytes.count, bytes[end] & 0b1100_0000 == 0b1000_0000 { end += 1 }
    let escape = String(decoding: bytes[backslash..<end], as: UTF8.self)
    return TextFault(
      .error, code: "unknownEscape", message: "`\(escape)` is no escape", range: backslash..<end,
      hint: "a backslash itself is written \\\\")
  }
}
