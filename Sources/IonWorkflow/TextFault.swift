/// What a parser of texts has to say about a place in one.
public struct TextFault: Error, Hashable, Sendable {
  /// Offsets in the text's UTF-8 bytes; the end is exclusive.
  public var range: Range<Int>
  public var severity: Diagnostic.Severity
  public var code: String
  public var message: String
  public var hint: String?

  public init(
    _ severity: Diagnostic.Severity, code: String, message: String, range: Range<Int>, hint: String? = nil
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.range = range
    self.hint = hint
  }
}
