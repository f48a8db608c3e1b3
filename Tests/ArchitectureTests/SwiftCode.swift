/// Just enough of Swift's lexer to tell code from comments and string literals.
///
/// Code inside an interpolation stays code. A regex literal between `#/` and `/#` counts as a string.
struct SwiftCode {
  private var bytes: [UInt8]
  private var at = 0

  /// The text with comments and literals replaced by spaces, newlines kept.
  static func blanked(_ text: String) -> String {
    var code = SwiftCode(bytes: Array(text.utf8))
    code.skipCode(until: nil)
    return String(decoding: code.bytes, as: UTF8.self)
  }

  private func sees(_ text: StaticString, at offset: Int = 0) -> Bool {
    let start = at + offset
    guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
    return text.withUTF8Buffer { $0.elementsEqual(bytes[start..<start + $0.count]) }
  }

  private mutating func blank(_ count: Int = 1) {
    for _ in 0..<count where at < bytes.count {
      if bytes[at] != UInt8(ascii: "\n") { bytes[at] = UInt8(ascii: " ") }
      at += 1
    }
  }

  /// Passes over code up to the parenthesis that closes an interpolation, or to the end where there is none to close.
  private mutating func skipCode(until closing: UInt8?) {
    var depth = 0
    while at < bytes.count {
      if sees("//") {
        while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { blank() }
      } else if sees("/*") {
        blankBlockComment()
      } else if bytes[at] == UInt8(ascii: "\"") {
        blankString(pounds: 0)
      } else if bytes[at] == UInt8(ascii: "#"), let pounds = poundsBeforeLiteral() {
        blankString(pounds: pounds)
      } else if sees("#/") {
        while at < bytes.count, !sees("/#") { blank() }
        blank(2)
      } else {
        if bytes[at] == UInt8(ascii: "(") { depth += 1 }
        if bytes[at] == closing {
          if depth == 0 { return }
          depth -= 1
        }
        at += 1
      }
    }
  }

  private mutating func blankBlockComment() {
    var depth = 0
    repeat {
      if sees("/*") {
        depth += 1
        blank(2)
      } else if sees("*/") {
        depth -= 1
        blank(2)
      } else {
        blank()
      }
    } while depth > 0 && at < bytes.count
  }

  /// How many `#` stand before the quote of a raw string that starts here; nil where none does.
  private func poundsBeforeLiteral() -> Int? {
    let pounds = bytes[at...].prefix { $0 == UInt8(ascii: "#") }.count
    return sees("\"", at: pounds) ? pounds : nil
  }

  /// Blanks a string literal; `at` stands on its first `#` or quote.
  private mutating func blankString(pounds: Int) {
    blank(pounds)
    let quotes = sees("\"\"\"") ? 3 : 1
    blank(quotes)
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "\n"), quotes == 1 { return }
      if bytes[at] == UInt8(ascii: "\\"), hasPounds(pounds, at: 1) {
        blank(1 + pounds)
        if at < bytes.count, bytes[at] == UInt8(ascii: "(") {
          blank()
          skipCode(until: UInt8(ascii: ")"))
        }
        blank()
      } else if sees(quotes == 3 ? "\"\"\"" : "\""), hasPounds(pounds, at: quotes) {
        blank(quotes + pounds)
        return
      } else {
        blank()
      }
    }
  }

  private func hasPounds(_ count: Int, at offset: Int) -> Bool {
    let start = at + offset
    return start + count <= bytes.count && bytes[start..<start + count].allSatisfy { $0 == UInt8(ascii: "#") }
  }
}
