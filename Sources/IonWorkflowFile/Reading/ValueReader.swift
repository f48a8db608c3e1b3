internal import IonJSON
internal import IonWorkflow

/// Reads `env` and `with`.
struct ValueReader {
  let context: FileContext

  // MARK: env

  /// The entries of `env`; names that Ion itself sets are reported.
  func environment(_ entries: [CheckedEntry]) -> [EnvironmentEntry] {
    entries.compactMap { entry in
      guard case .template(let template, _) = entry.value else { return nil }
      if isReserved(entry.key.text) {
        context.report(
          .warning, "reservedName", "\(quoted(entry.key.text)) is set by Ion itself, and this value is never seen",
          at: entry.key.range)
      }
      return EnvironmentEntry(name: entry.key.text, value: template)
    }
  }

  /// Variables of Ion's own environment, each once; those that Ion itself sets are none of them.
  func secrets(_ names: [YAMLScalar]) -> [String] {
    var secrets: [String] = []
    var seen: Set<String> = []
    for name in names where seen.insert(name.text).inserted {
      if isReserved(name.text) {
        context.report(
          .error, "reservedName", "\(quoted(name.text)) is set by Ion itself, and can't be a secret", at: name.source)
      }
      secrets.append(name.text)
    }
    return secrets
  }

  private func isReserved(_ name: String) -> Bool { name.hasPrefix("ION_") || Variable(rawValue: name) != nil }

  // MARK: with

  func bindings(_ entries: [CheckedEntry]) -> [Binding] {
    var taken: [String: String] = [:]
    for entry in entries {
      guard let other = taken.updateValue(entry.key.text, forKey: entry.key.text.uppercased()) else { continue }
      context.report(
        .error, "nameClash",
        "\(quoted(entry.key.text)) becomes the same variable as \(quoted(other)), INPUTS_\(other.uppercased())",
        at: entry.key.range)
    }
    return entries.compactMap { entry in
      value(entry.node).map { Binding(name: entry.key.text, value: $0) }
    }
  }

  private func value(_ node: YAMLNode) -> Binding.Value? {
    switch node.value {
    case .scalar(let scalar): return text(scalar)
    case .mapping(let pairs) where isConditional(pairs): return conditional(node)
    case .mapping, .sequence:
      refuseReferences(in: node)
      return .literal(node.json)
    }
  }

  private func text(_ scalar: YAMLScalar) -> Binding.Value {
    guard case .string(let text) = scalar.resolved else { return .literal(scalar.resolved) }
    let parsed = Template.parse(text)
    for fault in parsed.faults { context.report(fault, in: scalar) }
    context.add(parsed.references, in: scalar, of: "with")
    if parsed.template.segments.count == 1, case .reference(let reference) = parsed.template.segments[0] {
      return .reference(reference, ifSkipped: nil)
    }
    guard parsed.references.isEmpty else { return .template(parsed.template) }
    let literal = parsed.template.segments.map { segment in
      if case .text(let text) = segment { text } else { "" }
    }
    return .literal(.string(literal.joined()))
  }

  /// Whether a mapping is `{from: …, if_skipped: …}` rather than a literal that happens to have a `from`.
  private func isConditional(_ pairs: [YAMLPair]) -> Bool {
    guard let from = pairs.first(where: { $0.key.text == "from" })?.value.scalar?.text else { return false }
    return from.hasPrefix("$") || pairs.contains { $0.key.text == "if_skipped" }
  }

  private func conditional(_ node: YAMLNode) -> Binding.Value? {
    let fields = FieldsReader(context: context, spec: WorkflowLanguage.conditionalValue).read(node)
    guard let from = fields.scalar("from"), let reference = wholeReference(from, of: "with") else { return nil }
    if let skipped = fields["if_skipped"] { refuseReferences(in: skipped.node) }
    return .reference(reference, ifSkipped: fields["if_skipped"]?.node.json)
  }

  /// The reference that a whole text is; anything else is reported.
  func wholeReference(_ scalar: YAMLScalar, of key: String) -> Reference? {
    guard let reference = Reference.parse(scalar.text) else {
      context.report(
        .error, "noReference", "\(quoted(scalar.text)) is not one whole reference", at: scalar.source,
        hint: "a reference is written like `$plan.output.title`")
      return nil
    }
    let place = PlacedReference(reference, range: 0..<scalar.text.utf8.count)
    context.add([place], in: scalar, of: key)
    return reference
  }

  /// Reports references inside lists and mappings: nothing there is read, so they would be passed on as text.
  func refuseReferences(in node: YAMLNode) {
    context.count()
    switch node.value {
    case .sequence(let items): for item in items { refuseReferences(in: item) }
    case .mapping(let pairs): for pair in pairs { refuseReferences(in: pair.value) }
    case .scalar(let scalar):
      guard scalar.text.utf8.contains(UInt8(ascii: "$")) else { return }
      for found in Template.parse(scalar.text).references {
        context.report(
          .error, "referenceInLiteral", "\(quoted(found.reference.description)) stands in a literal and is never read",
          at: context.place(found.range, in: scalar), hint: "give it a name of its own in `with`")
      }
    }
  }
}
