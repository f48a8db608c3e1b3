public import IonWorkflow

/// A place in a text as LSP has it: `Position`.
public struct PositionShape: WireShape, Hashable {
  public static let schemaName: String? = "Position"
  public static let notes: [String: String] = [
    "line": "From 0.",
    "character": "From 0, in the units that `initialize` agreed on.",
  ]

  public var line: Int
  public var character: Int

  public init(line: Int, character: Int) {
    self.line = line
    self.character = character
  }

  public init(_ position: SourcePosition, in text: TextLines, _ encoding: PositionEncoding) {
    self.init(line: position.line, character: text.character(of: position, in: encoding))
  }
}

/// A stretch of a text as LSP has it: `Range`.
public struct RangeShape: WireShape, Hashable {
  public static let schemaName: String? = "Range"
  public static let notes: [String: String] = [
    "start": "Its first character.",
    "end": "Behind its last character.",
  ]

  public var start: PositionShape
  public var end: PositionShape

  public init(start: PositionShape, end: PositionShape) {
    self.start = start
    self.end = end
  }

  public init(_ range: SourceRange, in text: TextLines, _ encoding: PositionEncoding) {
    start = PositionShape(range.start, in: text, encoding)
    end = PositionShape(range.end, in: text, encoding)
  }
}

/// What there is to say about a text, as LSP has it: `Diagnostic`.
public struct DiagnosticShape: WireShape, Hashable {
  public static let schemaName: String? = "Diagnostic"
  public static let notes: [String: String] = [
    "range": "Where it is.",
    "severity": "1 is an error, 2 a warning, 3 an information, 4 a hint.",
    "code": "A stable word for programs, such as `unknownKey`.",
    "source": "Always `ion`.",
    "message": "What is wrong and what to do, for people.",
  ]

  public var range: RangeShape
  public var severity: Int
  public var code: String
  public var source: String
  public var message: String

  public init(_ diagnostic: Diagnostic, in text: TextLines, _ encoding: PositionEncoding) {
    range = RangeShape(diagnostic.range, in: text, encoding)
    severity =
      switch diagnostic.severity {
      case .error: 1
      case .warning: 2
      case .information: 3
      case .hint: 4
      }
    code = diagnostic.code
    source = "ion"
    message = diagnostic.message + (diagnostic.hint.map { "\n\($0)" } ?? "")
  }
}
