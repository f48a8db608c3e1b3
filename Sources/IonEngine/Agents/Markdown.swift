/// Texts of others as parts of Markdown, where nothing in them may count as markup.
enum Markdown {
  /// A text as code in a line; its line ends are blanks.
  static func code(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    let ticks = longestRun(of: "`", in: line)
    let fence = String(repeating: "`", count: ticks + 1)
    let gap = ticks > 0 || line.isEmpty ? " " : ""
    return fence + gap + line + gap + fence
  }

  /// A text in a fence that it can't end by itself, without a newline at its end. `indent` stands before each of its lines
  /// that isn't empty.
  static func block(_ text: String, _ language: String = "", indent: String = "") -> String {
    let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: text) + 1))
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    if lines.last?.isEmpty == true { lines = lines.dropLast() }
    let shown = lines.map { $0.isEmpty ? "" : indent + $0 }
    return (["\(indent)\(fence)\(language)"] + shown + [indent + fence]).joined(separator: "\n")
  }

  /// A text as it is where it isn't longer than `limit` bytes, else its beginning and its end, with what is left out said
  /// between them: a third of it is the beginning.
  static func shortened(_ text: String, to limit: Int) -> String {
    let count = text.utf8.count
    guard count > limit else { return text }
    let start = text[..<place(limit / 3, in: text)]
    let end = text[place(count - limit + limit / 3, in: text)...]
    return "\(start)\n… (\(count - start.utf8.count - end.utf8.count) bytes are left out) …\n\(end)"
  }

  /// The beginning of the character that a byte belongs to.
  private static func place(_ offset: Int, in text: String) -> String.Index {
    var place = text.utf8.index(text.startIndex, offsetBy: offset)
    while text.utf8[place] & 0b1100_0000 == 0b1000_0000 { place = text.utf8.index(before: place) }
    return place
  }

  private static func longestRun(of sign: Unicode.Scalar, in text: String) -> Int {
    var (longest, current) = (0, 0)
    for scalar in text.unicodeScalars {
      current = scalar == sign ? current + 1 : 0
      longest = max(longest, current)
    }
    return longest
  }
}
