/// The text of a `bash` step, with every reference found and the quoting around it known.
public struct BashBody: Hashable, Sendable {
  /// One reference of a body.
  public struct Occurrence: Hashable, Sendable {
    public var reference: Reference
    /// Where it stands in the body's UTF-8 bytes; inside backquotes with the backslashes in front of its `$`.
    public var range: Range<Int>
    public var position: Position
    public var rule: ValueRule

    public init(reference: Reference, range: Range<Int>, position: Position, rule: ValueRule = .anyText) {
      self.reference = reference
      self.range = range
      self.position = position
      self.rule = rule
    }
  }

  /// How bash reads the place where a reference stands, and so what it is rewritten to.
  public enum Position: Hashable, Sendable {
    /// An unquoted word.
    case bare
    /// Inside `"…"` or an unquoted here-document.
    case doubleQuoted
    case singleQuoted
    /// Inside `$'…'`.
    case dollarQuoted
    /// Inside a here-document whose delimiter is quoted.
    case quotedHereDocument
    /// Inside an expression that bash computes.
    case arithmetic
  }

  /// What a value must be, because bash reads it once more where it stands.
  public enum ValueRule: Hashable, Sendable {
    case anyText
    /// Bash computes: a decimal integer.
    case integer
    /// `declare -a x=…` and its kin take a value in parentheses for a list of words to expand: anything else.
    case notParenthesized
  }

  /// A stretch of the body that rewriting changes although no reference stands in it.
  struct Replacement: Hashable, Sendable {
    var range: Range<Int>
    var text: String
  }

  /// The body as the file has it.
  public let text: String
  /// In the text's order; places in comments are not among them.
  public let occurrences: [Occurrence]
  /// What quoted here-documents with references need, so that they may stand unquoted; in the text's order.
  let replacements: [Replacement]

  /// Each reference and its place, in the text's order, with repeats.
  public var references: [PlacedReference] { occurrences.map { PlacedReference($0.reference, range: $0.range) } }

  /// Reads a body as bash 5.2 does and finds its references. Plain variables (`$ARTIFACTS_DIR`) belong to bash, and so
  /// does everything behind a backslash or inside `${…}`'s name.
  /// - Returns: The body, and what is to be said about it. Errors (`unterminatedQuote`, `nestedTooDeeply`, `nul`) are
  ///   where a reference can't be given a safe meaning; other mistakes are left to bash. Warnings: `reparsedText` where a
  ///   value reaches something that reads it as code, `unreadReference` where bash takes a reference for plain text, and
  ///   those of `ReferenceScanner`.
  public static func parse(_ text: String) -> (body: BashBody, faults: [TextFault]) {
    var lexer = BashLexer(Array(text.utf8))
    lexer.run()
    let body = BashBody(
      text: text, occurrences: lexer.occurrences.sorted { $0.range.lowerBound < $1.range.lowerBound },
      replacements: lexer.replacements.sorted { $0.range.lowerBound < $1.range.lowerBound })
    return (body, lexer.faults.sorted { $0.range.lowerBound < $1.range.lowerBound })
  }
}
