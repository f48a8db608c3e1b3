internal import IonJSON
internal import IonWorkflow

/// Reads `inputs` of a workflow and `form` of a gate.
struct InputReader {
  let context: FileContext
  /// How bad a wrong declaration is; a warning drops it.
  let severity: Diagnostic.Severity

  /// The declarations that are right, in the file's order.
  func read(_ entries: [CheckedEntry]) -> [InputDeclaration] {
    var taken: [String: String] = [:]
    return entries.compactMap { (entry) -> InputDeclaration? in
      guard case .fields(let fields) = entry.value, let declaration = declaration(entry.key, fields) else { return nil }
      if let other = taken.updateValue(entry.key.text, forKey: entry.key.text.uppercased()) {
        return report(
          entry.key.text, "nameClash", "becomes the same variable as \(quoted(other)), INPUTS_\(other.uppercased())",
          at: entry.key.range)
      }
      return declaration
    }
  }

  private func declaration(_ key: YAMLKey, _ fields: Fields) -> InputDeclaration? {
    var input = InputDeclaration(
      name: key.text, kind: fields.text("type").flatMap(InputDeclaration.Kind.init(rawValue:)) ?? .string)
    input.values = fields.texts("values")
    input.isRequired = fields.flag("required") ?? false
    input.description = fields.text("description")
    input.pattern = fields.text("pattern")
    if input.kind == .enum, input.values.isEmpty {
      return report(key.text, "missingKey", "is an `enum` and needs `values`", at: fields.place(of: "type"))
    }
    if input.kind != .enum, !input.values.isEmpty {
      context.report(
        .warning, "misplacedKey", "`values` counts for nothing on a `\(input.kind.rawValue)`",
        at: fields.place(of: "values"), hint: "write `type: enum`")
      input.values = []
    }
    guard let field = fields["default"], !field.node.isNull else { return input }
    if input.isRequired {
      return report(key.text, "requiredDefault", "is `required` and has a `default`", at: field.key.range)
    }
    guard let value = value(field.node, for: input) else { return nil }
    input.defaultValue = value
    return input
  }

  /// The default, typed as the input is.
  private func value(_ node: YAMLNode, for input: InputDeclaration) -> JSONValue? {
    guard let scalar = node.scalar else {
      if input.kind == .string { return text(of: node, for: input) }
      return report(input.name, "wrongType", "has a `default` that is no \(input.kind.rawValue)", at: node.range)
    }
    if input.kind == .secret {
      return report(
        input.name, "secretDefault", "is a secret, which can't stand in a file", at: node.range,
        hint: "leave `default` out")
    }
    // The pattern is left to the start of a run: matching takes as long as the pattern's author likes.
    var plain = input
    plain.pattern = nil
    do {
      return try plain.check(value(scalar, as: input.kind))
    } catch {
      let reason = "has a `default` that \(error.message)"
      return report(input.name, "wrongType", reason, at: node.range, hint: error.hint)
    }
  }

  /// A list or a mapping as the text that it is in JSON: other engines' inputs have such defaults.
  private func text(of node: YAMLNode, for input: InputDeclaration) -> JSONValue {
    context.report(
      .warning, "defaultAsText",
      "the input \(quoted(input.name)) has a `default` that is no text; it counts as its JSON text", at: node.range)
    return .string(node.json.serializedText())
  }

  /// What the scalar says where the kind is due: text keeps its spelling, and `0.50` is a number.
  private func value(_ scalar: YAMLScalar, as kind: InputDeclaration.Kind) -> JSONValue {
    switch kind {
    case .string, .path, .enum, .secret: .string(scalar.text)
    case .number: scalar.isPlain ? PlainScalar.number(scalar.text)?.value ?? .string(scalar.text) : .string(scalar.text)
    case .boolean: scalar.resolved
    }
  }

  private func report<Nothing>(
    _ name: String, _ code: String, _ what: String, at range: Range<Int>, hint: String? = nil
  ) -> Nothing? {
    let consequence = severity == .error ? "" : "; it is left out"
    context.report(severity, code, "the input \(quoted(name)) \(what)" + consequence, at: range, hint: hint)
    return nil
  }
}
