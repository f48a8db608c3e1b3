internal import IonWorkflow

extension YAMLSyntaxError {
  /// What the parser's complaints mean to a file's author.
  private struct Meaning {
    /// `{line}` stands for the line where what the parser was at began.
    var message: String
    var hint: String?
    /// Whether the place to look at is where that began, and not where the parser gave up.
    var isAtStart = false
  }

  private static let indentation = Meaning(message: "a tab can't indent a line", hint: "YAML indents with spaces")
  private static let unclosed = Meaning(message: "the quote that opens here is never closed", isAtStart: true)

  private static let meanings: [String: Meaning] = [
    "found a tab character that violates indentation": indentation,
    "found a tab character where an indentation space is expected": indentation,
    "found unexpected end of stream": unclosed,
    "found unexpected document indicator": unclosed,
    "mapping values are not allowed in this context": Meaning(
      message: "a `:` makes no key here",
      hint: "put a value with `: ` in it in quotes, or start the key on a line of its own"),
    "could not find expected ':'": Meaning(
      message: "a `:` is missing behind the key that starts here", hint: "write `key: value`", isAtStart: true),
    "did not find expected key": Meaning(
      message: "this fits neither the mapping that starts on line {line} nor what is around it",
      hint: "check the indentation and the quotes before it"),
    "did not find expected '-' indicator": Meaning(
      message: "this fits neither the list that starts on line {line} nor what is around it",
      hint: "check the indentation"),
    "did not find expected ',' or ']'": Meaning(message: "a `,` or `]` is missing in what opens on line {line}"),
    "did not find expected ',' or '}'": Meaning(message: "a `,` or `}` is missing in what opens on line {line}"),
    "did not find expected node content": Meaning(message: "a value is missing here"),
    "found unknown escape character": Meaning(
      message: "the text that opens here has a backslash that starts no escape",
      hint: "in double quotes a backslash is written `\\\\`; in single quotes it stands for itself", isAtStart: true),
    "control characters are not allowed": Meaning(
      message: "a control character can't stand in YAML", hint: "in double quotes it is written `\\xNN`"),
  ]

  /// What the parser said, in words of the file's author.
  func finding(in source: SourceText) -> Finding {
    let place = byte.map { min($0, source.bytes.count) } ?? source.offset(ofScalar: scalar ?? 0)
    let began = contextScalar.map { source.offset(ofScalar: $0) } ?? place
    let meaning = meaning(of: place < source.bytes.count ? source.bytes[place] : 0)
    let message = meaning.message.replacing("{line}", with: "\(source.line(of: began) + 1)")
    let start = meaning.isAtStart ? began : place
    return Finding(
      .error, "syntax", message, at: start..<max(start, source.lineEnd(after: start)), hint: meaning.hint)
  }

  private func meaning(of byte: UInt8) -> Meaning {
    if problem == "found character that cannot start any token" {
      if byte == UInt8(ascii: "\t") { return Self.indentation }
      let character = Character(Unicode.Scalar(byte))
      return Meaning(message: "`\(character)` can't start a value", hint: "put the value in quotes")
    }
    let words = (context.map { "\($0), " } ?? "") + problem
    return Self.meanings[problem] ?? Meaning(message: "this is no YAML: \(words)")
  }
}
