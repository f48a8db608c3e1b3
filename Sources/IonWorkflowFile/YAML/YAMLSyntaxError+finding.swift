internal import IonWorkflow

extension YAMLSyntaxError {
  /// What the parser said, in words of the file's author.
  func finding(in source: SourceText) -> Finding {
    let place = byte.map { min($0, source.bytes.count) } ?? source.offset(ofScalar: scalar ?? 0)
    let context = contextScalar.map { source.offset(ofScalar: $0) }
    let line = "line \(context.map { source.line(of: $0) + 1 } ?? 1)"
    let (message, hint, start) = words(at: place, in: source, line: line, context: context)
    return Finding(.error, "syntax", message, at: start..<max(start, source.lineEnd(after: start)), hint: hint)
  }

  private func words(
    at place: Int, in source: SourceText, line: String, context: Int?
  ) -> (message: String, hint: String?, start: Int) {
    let spaces = "YAML indents with spaces"
    switch problem {
    case "found character that cannot start any token":
      let byte = place < source.bytes.count ? source.bytes[place] : 0
      if byte == UInt8(ascii: "\t") { return ("a tab can't indent a line", spaces, place) }
      let character = "`\(Character(Unicode.Scalar(byte)))`"
      return ("\(character) can't start a value", "put the value in quotes", place)
    case "found a tab character that violates indentation",
      "found a tab character where an indentation space is expected":
      return ("a tab can't indent a line", spaces, place)
    case "mapping values are not allowed in this context":
      return (
        "a `:` makes no key here",
        "put a value with `: ` in it in quotes, or start the key on a line of its own", place
      )
    case "could not find expected ':'":
      return ("a `:` is missing behind the key that starts on \(line)", "write `key: value`", context ?? place)
    case "did not find expected key":
      return (
        "this fits neither the mapping that starts on \(line) nor what is around it",
        "check the indentation and the quotes before it", place
      )
    case "did not find expected '-' indicator":
      return (
        "this fits neither the list that starts on \(line) nor what is around it", "check the indentation", place
      )
    case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
      let bracket = problem.last.map { _ in problem.hasSuffix("']'") ? "]" : "}" } ?? "]"
      return ("a `,` or `\(bracket)` is missing in what opens on \(line)", nil, place)
    case "found unexpected end of stream", "found unexpected document indicator":
      return ("the quote that opens here is never closed", nil, context ?? place)
    case "found unknown escape character":
      return (
        "the text that opens here has a backslash that starts no escape",
        "in double quotes a backslash is written `\\\\`; in single quotes it stands for itself", context ?? place
      )
    case "control characters are not allowed":
      return ("a control character can't stand in YAML", "in double quotes it is written `\\xNN`", place)
    default:
      return ("this is no YAML: " + (self.context.map { "\($0), " } ?? "") + problem, nil, place)
    }
  }
}
