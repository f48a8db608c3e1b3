/// The text of a `bash` step, with every reference found and the quoting around it known.
public struct BashBody: Hashable, Sendable {
  /// One reference of a body.
  public struct Occurrence: Hashable, Sendable {
    public var reference: Reference
    /// Where it stands in the body's UTF-8 bytes.
    public var range: Range<Int>
    public var position: Position

    public init(reference: Reference, range: Range<Int>, position: Position) {
      self.reference = reference
      self.range = range
      self.position = position
    }
  }

  /// How bash reads the place where a reference stands.
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
    /// Where bash computes: the value must be a decimal integer.
    case arithmetic
  }

  /// The body as the file has it.
  public var text: String
  /// In the text's order; places in comments are not among them.
  public var occurrences: [Occurrence]
  /// Where quoted here-documents stand that hold references, so that they can be unquoted and escaped.
  public var quotedHereDocuments: [HereDocument]

  /// A here-document whose delimiter is quoted and whose text has references.
  public struct HereDocument: Hashable, Sendable {
    /// The delimiter's word as written, quotes included.
    public var delimiter: Range<Int>
    /// The text, without the closing delimiter's line.
    public var text: Range<Int>

    public init(delimiter: Range<Int>, text: Range<Int>) {
      self.delimiter = delimiter
      self.text = text
    }
  }

  public init(text: String, occurrences: [Occurrence], quotedHereDocuments: [HereDocument]) {
    self.text = text
    self.occurrences = occurrences
    self.quotedHereDocuments = quotedHereDocuments
  }
}
