import IonWorkflow

/// A file whose expected diagnostics are written into it: `⟨code|text⟩` says that a diagnostic with the code stands
/// exactly at the text. Marks may stand inside each other.
struct MarkedText {
  /// The file without its marks.
  let text: String
  /// `code 2:7-2:12`: the code, then lines and columns, both from 1, the end exclusive; sorted.
  let places: [String]

  init(_ marked: String) {
    var plain = String.UnicodeScalarView()
    var position = SourcePosition(line: 0, column: 0)
    var open: [(code: String, start: SourcePosition)] = []
    var found: [String] = []
    var rest = marked.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "⟨":
        let code = rest.prefix { $0 != "|" }
        rest = rest.dropFirst(code.count + 1)
        open.append((String(code), position))
      case "⟩":
        guard let mark = open.popLast() else { continue }
        found.append(Self.place(mark.code, SourceRange(start: mark.start, end: position)))
      default:
        plain.append(scalar)
        position =
          scalar == "\n"
          ? SourcePosition(line: position.line + 1, column: 0)
          : SourcePosition(line: position.line, column: position.column + 1)
      }
    }
    text = String(plain)
    places = found.sorted()
  }

  /// What a reading says, in the form of the marks.
  static func places(_ diagnostics: [Diagnostic]) -> [String] {
    Set(diagnostics.map { place($0.code, $0.range) }).sorted()
  }

  private static func place(_ code: String, _ range: SourceRange) -> String {
    "\(code) \(range.start.line + 1):\(range.start.column + 1)-\(range.end.line + 1):\(range.end.column + 1)"
  }
}
