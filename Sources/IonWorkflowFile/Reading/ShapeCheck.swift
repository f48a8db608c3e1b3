internal import IonJSON
internal import IonWorkflow

/// Checks one value of a file against the shape that its key wants, and reads it.
struct ShapeCheck {
  let context: FileContext
  let key: KeySpec
  /// What the value is, as messages say it: the key, or an entry of it.
  let label: String
  /// How bad it is when the value is wrong.
  let severity: Diagnostic.Severity

  init(_ context: FileContext, _ key: KeySpec, label: String? = nil, severity: Diagnostic.Severity = .error) {
    self.context = context
    self.key = key
    self.label = label ?? quoted(key.name)
    self.severity = key.isCosmetic ? .warning : severity
  }

  /// The value, or nil where it doesn't have the shape; why not is then reported.
  func check(_ node: YAMLNode, _ shape: Shape) -> Checked? {
    context.count()
    switch shape {
    case .either(let shapes):
      guard let fitting = shapes.first(where: { $0.accepts(node) }) else { return wrongType(node, shape) }
      return check(node, fitting)
    case .any: return .raw(node)
    case .object: return node.mapping == nil ? wrongType(node, shape) : .raw(node)
    case .list(let element, let minimum): return list(node, of: element, minimum: minimum, shape)
    case .oneOrMany(let element):
      if node.scalar != nil { return check(node, element).map { .list([$0]) } }
      return list(node, of: element, minimum: 0, shape)
    case .mapping(let spec): return mapping(node, spec, shape)
    case .entries(let rule, let element): return entries(node, rule, element, shape)
    case .nodes(let minimum):
      guard let nodes = node.sequence else { return wrongType(node, shape) }
      return nodes.count < minimum ? wrong(node, "\(label) needs at least one node") : .nodes(nodes)
    case .text, .line, .template, .entryTemplate, .condition, .bash, .pattern, .fileName, .nodeID, .name, .kebab,
      .choice,
      .boolean, .integer, .number, .duration:
      guard let scalar = node.scalar else { return wrongType(node, shape) }
      return ScalarCheck(check: self, scalar: scalar, place: node.range).read(shape)
    }
  }

  // MARK: Lists and mappings

  private func list(_ node: YAMLNode, of element: Shape, minimum: Int, _ shape: Shape) -> Checked? {
    guard let items = node.sequence else { return wrongType(node, shape) }
    guard items.count >= minimum else { return wrong(node, "\(label) needs at least one entry") }
    let entry = ShapeCheck(context, key, label: "an entry of \(label)", severity: severity)
    var checked: [Checked] = []
    for item in items {
      guard let value = entry.check(item, element) else {
        if severity == .error { continue } else { return nil }
      }
      checked.append(value)
    }
    return .list(checked)
  }

  private func mapping(_ node: YAMLNode, _ spec: MappingSpec, _ shape: Shape) -> Checked? {
    guard node.mapping != nil || node.isNull else { return wrongType(node, shape) }
    let fields = FieldsReader(context: context, spec: spec, severity: severity).read(node)
    return fields.isBroken && severity != .error ? nil : .fields(fields)
  }

  private func entries(_ node: YAMLNode, _ rule: KeyRule, _ element: Shape, _ shape: Shape) -> Checked? {
    guard let pairs = node.mapping else { return wrongType(node, shape) }
    var checked: [CheckedEntry] = []
    for pair in pairs {
      let label = "\(quoted(pair.key.text)) of \(self.label)"
      if case .name = rule, !ReferenceScanner.isName(pair.key.text) {
        context.report(
          severity, "wrongName", "\(label) is no name" + consequence, at: pair.key.range,
          hint: "names are letters, digits and `_`, and don't start with a digit")
        continue
      }
      let entry = ShapeCheck(context, key, label: label, severity: severity)
      if let value = entry.check(pair.value, element) {
        checked.append(CheckedEntry(key: pair.key, node: pair.value, value: value))
      }
    }
    return .entries(checked)
  }

  // MARK: Reports

  /// What a warning adds: the value counts for nothing.
  var consequence: String { severity == .error ? "" : "; it is left out" }

  private func wrongType(_ node: YAMLNode, _ shape: Shape) -> Checked? {
    let found: String
    var hint: String?
    switch node.value {
    case .sequence: found = "a list"
    case .mapping: found = "a mapping"
    case .scalar(let scalar):
      found = node.isNull ? "nothing" : quoted(scalar.text)
      if case .list = shape, !node.isNull { hint = "write `[\(scalar.text.prefix(40))]`" }
    }
    context.report(
      severity, "wrongType", "\(label) must be \(shape.phrase), not \(found)" + consequence, at: node.range, hint: hint)
    return nil
  }

  private func wrong(_ node: YAMLNode, _ message: String) -> Checked? {
    context.report(severity, "wrongValue", message + consequence, at: node.range)
    return nil
  }
}

extension Shape {
  /// Whether a value is of the right sort: a scalar, a list or a mapping.
  func accepts(_ node: YAMLNode) -> Bool {
    switch self {
    case .any: true
    case .either(let shapes): shapes.contains { $0.accepts(node) }
    case .list, .nodes: node.sequence != nil
    case .oneOrMany: node.mapping == nil
    case .mapping, .entries, .object: node.mapping != nil
    case .boolean: node.scalar?.resolved.boolValue != nil
    case .text, .line, .template, .entryTemplate, .condition, .bash, .pattern, .fileName, .nodeID, .name, .kebab,
      .choice,
      .integer, .number, .duration:
      node.scalar != nil
    }
  }
}
