/// A place in a text: line and column, both from 0. Columns count Unicode scalars; the server converts them to the
/// encoding that it agreed on with the client.
public struct SourcePosition: Hashable, Comparable, Codable, Sendable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// A stretch of a text; the end is exclusive.
public struct SourceRange: Hashable, Codable, Sendable {
  public var start: SourcePosition
  public var end: SourcePosition

  public init(start: SourcePosition, end: SourcePosition) {
    self.start = start
    self.end = end
  }
}

/// Something that a reader has to say about a workflow file.
public struct Diagnostic: Hashable, Sendable {
  public enum Severity: String, Sendable { case error, warning, information, hint }

  public var severity: Severity
  /// A stable word for programs (`unknownKey`, `cycle`, …).
  public var code: String
  /// What is wrong, for people; one sentence.
  public var message: String
  public var range: SourceRange
  /// What to do about it, such as "did you mean `depends_on`?"; nil where there is nothing to say.
  public var hint: String?
  /// What there is to say about another file because of this one, in the order of its places.
  public var related: [Related] = []

  public init(_ severity: Severity, code: String, message: String, range: SourceRange, hint: String? = nil) {
    self.severity = severity
    self.code = code
    self.message = message
    self.range = range
    self.hint = hint
  }

  /// A place in another file, and what is said of it.
  public struct Related: Hashable, Sendable {
    public var path: AbsolutePath
    public var range: SourceRange
    /// The text of the line in which the place begins.
    public var line: String
    public var message: String

    public init(path: AbsolutePath, range: SourceRange, line: String, message: String) {
      self.path = path
      self.range = range
      self.line = line
      self.message = message
    }
  }
}
