/// A text file of the repository.
struct SourceFile {
  /// The path from the repository's root.
  let path: String
  let text: String
  /// The text with the bytes of comments and string literals blanked; the same lines at the same places.
  let code: String
  let lines: [Substring]
  let codeLines: [Substring]

  init(path: String, text: String) {
    self.path = path
    self.text = text
    code = path.hasSuffix(".swift") ? SwiftCode.blanked(text) : text
    lines = Self.lines(of: text)
    codeLines = Self.lines(of: code)
  }

  /// Whether the code has a text anywhere, as a word or within one. Fast, to be asked before looking line by line.
  func mentions(_ word: String) -> Bool { code.contains(word) }

  /// The folder in Sources that holds this file; nil for files elsewhere.
  var target: String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
  }

  /// The file's name without its last ending.
  var stem: String {
    let name = path.split(separator: "/").last ?? ""
    return String(name.split(separator: ".").first ?? "")
  }

  private static func lines(of text: String) -> [Substring] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}

/// A breach of a rule: where, and what to do instead.
struct Finding: Equatable, CustomStringConvertible {
  let path: String
  let line: Int?
  let advice: String

  init(_ file: SourceFile, line: Int? = nil, _ advice: String) {
    self.init(path: file.path, line: line, advice)
  }

  init(path: String, line: Int? = nil, _ advice: String) {
    self.path = path
    self.line = line
    self.advice = advice
  }

  var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(advice)" }
}
