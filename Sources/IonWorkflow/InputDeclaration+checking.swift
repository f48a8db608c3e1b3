public import IonJSON

extension InputDeclaration {
  /// The value as the declared type, checked against `values` and `pattern`. Readers of workflow files check a `default`
  /// with it, too.
  /// - Throws: `InputFault` where the value doesn't fit, or the pattern is none.
  public func check(_ value: JSONValue, from origin: InputOrigin = .typed) throws(InputFault) -> JSONValue {
    let typed: JSONValue =
      switch (kind, origin, value) {
      case (.number, .text, .string(let text)): try number(text)
      case (.boolean, .text, .string(let text)): try boolean(text)
      default: value
      }
    switch (kind, typed) {
    case (.number, .integer), (.number, .number), (.boolean, .bool): break
    case (.string, .string(let text)), (.secret, .string(let text)), (.path, .string(let text)):
      try refuseNUL(text)
    case (.enum, .string(let text)): try checkMembership(text)
    default: throw wrongType(typed)
    }
    try checkPattern(typed.canonicalText)
    return typed
  }

  /// Why `pattern` is no regular expression; nil where it is one, or there is none.
  public var patternFault: InputFault? {
    do throws(InputFault) {
      _ = try regex()
      return nil
    } catch {
      return error
    }
  }

  /// What an input is that nobody gives and that has no default.
  public var valueWhereAbsent: JSONValue { kind == .boolean ? false : "" }

  /// Whether a value stands for no value: null, or an empty text where a text isn't what is asked for.
  public func countsAsAbsent(_ value: JSONValue) -> Bool {
    switch kind {
    case .string, .secret: value == .null
    case .number, .boolean, .path, .enum: value == .null || value == .string("")
    }
  }

  private func fault(_ reason: InputFault.Reason, _ message: String, hint: String? = nil) -> InputFault {
    InputFault(name: name, reason, message, hint: hint)
  }

  private func number(_ text: String) throws(InputFault) -> JSONValue {
    guard let number = JSONValue(decimal: text) else {
      throw fault(
        .wrongType, "must be a number, and \(quoted(text)) is none",
        hint: "a number is written as in JSON: 10, -1.5, 1e3")
    }
    return number
  }

  private func boolean(_ text: String) throws(InputFault) -> JSONValue {
    switch text {
    case "true": return true
    case "false": return false
    default:
      let meant: String? =
        switch text.lowercased() {
        case "yes", "y", "on", "1", "true": "true"
        case "no", "n", "off", "0", "false": "false"
        default: nil
        }
      throw fault(
        .wrongType, "must be true or false, and is \(quoted(text))", hint: meant.map { "did you mean `\($0)`?" })
    }
  }

  private func refuseNUL(_ text: String) throws(InputFault) {
    guard !text.utf8.contains(0) else {
      throw fault(.unusable, "has a NUL character, which no process can be given")
    }
  }

  private func checkMembership(_ text: String) throws(InputFault) {
    guard !values.contains(where: { $0.utf8.elementsEqual(text.utf8) }) else { return }
    let all = values.map { "`\($0)`" }.joined(separator: ", ")
    throw fault(
      .notAmongValues, "must be one of \(all), and is \(quoted(text))", hint: Spelling.hint(for: text, among: values))
  }

  private func wrongType(_ value: JSONValue) -> InputFault {
    let wanted: String =
      switch kind {
      case .string, .secret, .enum: "text"
      case .path: "a path"
      case .number: "a number"
      case .boolean: "true or false"
      }
    let hint: String? =
      switch (kind, value) {
      case (.number, .string(let text)) where JSONValue(decimal: text) != nil: "write it without quotes: \(text)"
      case (.boolean, .string("true")), (.boolean, .string("false")): "write it without quotes: \(value.canonicalText)"
      case (.string, .integer), (.string, .number), (.string, .bool), (.enum, .integer), (.enum, .number),
        (.enum, .bool):
        "write it in quotes: \"\(value.canonicalText)\""
      default: nil
      }
    return fault(.wrongType, "must be \(wanted), and is \(value.kindName)", hint: hint)
  }

  private func checkPattern(_ text: String) throws(InputFault) {
    guard let pattern, let regex = try regex() else { return }
    let matches: Bool
    do {
      matches = try regex.wholeMatch(in: text) != nil
    } catch {
      throw fault(.badPattern, "can't be matched with its pattern `\(pattern)`: \(error)")
    }
    guard matches else {
      let value = kind == .secret ? "the value" : quoted(text)
      throw fault(.patternMismatch, "must match `\(pattern)` as a whole, and \(value) doesn't", hint: description)
    }
  }

  /// The compiled pattern. It goes by Unicode scalars, as other languages' regular expressions do.
  private func regex() throws(InputFault) -> Regex<AnyRegexOutput>? {
    guard let pattern else { return nil }
    do {
      return try Regex(pattern).matchingSemantics(.unicodeScalar)
    } catch {
      throw fault(.badPattern, "has a pattern that is no regular expression, `\(pattern)`: \(error)")
    }
  }

  /// A value for a message, cut where it is long.
  private func quoted(_ text: String) -> String {
    text.unicodeScalars.count > 60 ? "`\(String(text.unicodeScalars.prefix(60)))…`" : "`\(text)`"
  }
}
