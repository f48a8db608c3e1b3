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
    "relatedInformation": "Places in other files that it comes from, such as an included workflow's; absent for none.",
  ]

  public var range: RangeShape
  public var severity: Int
  public var code: String
  public var source: String
  public var message: String
  public var relatedInformation: [RelatedShape]?

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
    relatedInformation =
      diagnostic.related.isEmpty ? nil : diagnostic.related.map { RelatedShape($0, encoding) }
  }
}

/// A place in another file, as LSP has it: `DiagnosticRelatedInformation`.
public struct RelatedShape: WireShape, Hashable {
  public static let schemaName: String? = "DiagnosticRelatedInformation"
  public static let notes: [String: String] = [
    "location": "The place.",
    "message": "What there is to say about it, for people.",
  ]

  public var location: LocationShape
  public var message: String

  init(_ related: Diagnostic.Related, _ encoding: PositionEncoding) {
    location = LocationShape(related, encoding)
    message = related.message
  }
}

/// A stretch of a file, as LSP has it: `Location`.
public struct LocationShape: WireShape, Hashable {
  public static let schemaName: String? = "Location"
  public static let notes: [String: String] = [
    "uri": "The file.",
    "range": "The stretch; one that goes on behind its first line ends with that line.",
  ]

  public var uri: WorkflowURI
  public var range: RangeShape

  init(_ related: Diagnostic.Related, _ encoding: PositionEncoding) {
    uri = WorkflowURI(related.path)
    let line = TextLines(related.line)
    let width = related.line.unicodeScalars.count
    let start = related.range.start
    let end = related.range.end.line == start.line ? related.range.end.column : max(width, start.column)
    func place(_ column: Int) -> PositionShape {
      PositionShape(
        line: start.line,
        character: line.character(of: SourcePosition(line: 0, column: column), in: encoding))
    }
    range = RangeShape(start: place(start.column), end: place(end))
  }
}
