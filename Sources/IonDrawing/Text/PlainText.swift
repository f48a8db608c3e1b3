/// Text of a run's, made fit to be read in a drawing.
enum PlainText {
  /// About how many columns of a fixed-width font a character takes.
  private static func columns(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F: 0
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }

  /// How wide a text is, in columns.
  static func width(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + columns($1) } }

  /// At most so many columns, the last an ellipsis where something was cut.
  static func cut(_ text: String, to limit: Int) -> String {
    guard text.utf8.count > limit, width(text) > limit else { return text }
    var result = ""
    var used = 0
    for character in text {
      let next = character.unicodeScalars.reduce(0) { $0 + columns($1) }
      guard used + next < limit else { break }
      result.append(character)
      used += next
    }
    return result + "…"
  }

  /// At most so many characters of printed text, with a word on how many more there are.
  static func shortened(_ text: String, to limit: Int) -> String {
    let text = printed(text)
    guard text.utf8.count > limit, text.count > limit else { return text }
    return "\(text.prefix(limit))… (\(text.count - limit) more characters)"
  }

  /// One line of printed text: runs of white space and control characters become a blank.
  static func line(_ text: String) -> String {
    printed(text).unicodeScalars.split { $0.value <= 0x20 || (0x7F...0x9F).contains($0.value) }.map(String.init)
      .joined(separator: " ")
  }

  /// What a terminal would show of printed text, as far as that is easily told: without escape sequences, and with only
  /// the last of the lines that were written over each other.
  static func printed(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 && $0 != 0x0A && $0 != 0x09 || $0 == 0x7F }) else { return text }
    var result = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    var lineStart = result.endIndex
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\u{1B}": skipSequence(&rest)
      case "\n":
        result.append(scalar)
        lineStart = result.endIndex
      case "\r":
        if let next = rest.first, next != "\n" { result.removeSubrange(lineStart...) }
      case "\t": result.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: continue
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// Drops the rest of an escape sequence: `[ … letter`, `] … BEL`, or one character.
  private static func skipSequence(_ rest: inout Substring.UnicodeScalarView) {
    switch rest.popFirst() {
    case "[":
      while let next = rest.popFirst(), !(0x40...0x7E).contains(next.value) {}
    case "]":
      while let next = rest.first, next != "\u{07}", next != "\u{1B}", next != "\n" { rest.removeFirst() }
      if rest.first == "\u{07}" { rest.removeFirst() }
    default: return
    }
  }
}
