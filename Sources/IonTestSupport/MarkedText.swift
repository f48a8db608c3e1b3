public import IonWorkflow

/// A file whose expected diagnostics are written into it: `⟨code|text⟩` says that a diagnostic with the code stands
/// exactly at the text. Marks may stand inside each other.
public struct MarkedText: Sendable {
  /// A diagnostic by its code and its place.
  public struct Expectation: Hashable, Sendable {
    public var code: String
    public var range: SourceRange
  }

  /// What a failing test calls the file.
  public let name: String
  /// The file without its marks.
  public let text: String
  /// In the order in which the marks end.
  public let expectations: [Expectation]

  public init(_ name: String, _ marked: String) {
    self.name = name
    var plain = String.UnicodeScalarView()
    var position = SourcePosition(line: 0, column: 0)
    var open: [(code: String, start: SourcePosition)] = []
    var found: [Expectation] = []
    var rest = marked.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "⟨":
        let code = rest.prefix { $0 != "|" }
        rest = rest.dropFirst(code.count + 1)
        open.append((String(code), position))
      case "⟩":
        guard let mark = open.popLast() else { continue }
        found.append(Expectation(code: mark.code, range: SourceRange(start: mark.start, end: position)))
      default:
        plain.append(scalar)
        let isBreak = scalar == "\n" || (scalar == "\r" && rest.first != "\n")
        position =
          isBreak
          ? SourcePosition(line: position.line + 1, column: 0)
          : SourcePosition(line: position.line, column: position.column + (scalar == "\r" ? 0 : 1))
      }
    }
    text = String(plain)
    expectations = found
  }

  /// What a reading says, in the form of the marks.
  public static func found(_ diagnostics: [Diagnostic]) -> Set<Expectation> {
    Set(diagnostics.map { Expectation(code: $0.code, range: $0.range) })
  }
}

extension MarkedText: CustomStringConvertible {
  public var description: String { name }
}

extension MarkedText.Expectation: CustomStringConvertible {
  public var description: String {
    "\(code) \(range.start.line):\(range.start.column)-\(range.end.line):\(range.end.column)"
  }
}
