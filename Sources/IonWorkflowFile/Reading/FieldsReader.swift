internal import IonJSON
internal import IonWorkflow

/// Reads a mapping with known keys: checks each value, and reports keys that are unknown or missing, and those that this
/// version doesn't act on.
struct FieldsReader {
  let context: FileContext
  let spec: MappingSpec
  var severity: Diagnostic.Severity = .error

  /// - Parameter node: A mapping, or nothing, which is a mapping without keys.
  func read(_ node: YAMLNode) -> Fields {
    var fields = Fields(range: node.range)
    for pair in node.mapping ?? [] {
      guard let key = spec.key(pair.key.text) else {
        fields.unknown.append(pair.key)
        reportUnknown(pair.key)
        continue
      }
      // A kind that has nothing behind it is no kind left out: the node would have none.
      if pair.value.isNull, key.shape.isEmptyAllowed, !WorkflowLanguage.kindNames.contains(key.name) { continue }
      guard let value = ShapeCheck(context, key, severity: severity).check(pair.value, key.shape) else {
        fields.isBroken = true
        continue
      }
      fields.add(Fields.Field(spec: key, key: pair.key, node: pair.value, value: value))
    }
    for key in spec.keys where key.isRequired && !has(node, key.name) {
      fields.isBroken = true
      context.report(
        severity, "missingKey", "\(spec.place) needs `\(key.name)`", at: firstKey(of: node),
        hint: fields.unknown.lazy.map { context.hint(for: $0.text, among: [key.name]) == nil ? nil : $0.text }
          .compactMap { $0 }.first.map { "is \(quoted($0)) meant for it?" })
    }
    return fields
  }

  private func has(_ node: YAMLNode, _ name: String) -> Bool {
    (node.mapping ?? []).contains { pair in
      pair.key.text == name && !(pair.value.isNull && (spec.key(name)?.shape.isEmptyAllowed ?? false))
    }
  }

  /// Where a report about the whole mapping points: its first key, so that it doesn't colour the whole of it.
  private func firstKey(of node: YAMLNode) -> Range<Int> {
    node.mapping?.first?.key.range ?? node.range
  }

  private func reportUnknown(_ key: YAMLKey) {
    let places = WorkflowLanguage.places[key.text] ?? []
    let hint =
      places.isEmpty
      ? context.hint(for: key.text, among: spec.keys.map(\.name))
      : "it belongs in \(alternatives(Array(places.prefix(3))))"
    context.report(
      .warning, "unknownKey", "\(quoted(key.text)) is no key of \(spec.place), and counts for nothing", at: key.range,
      hint: hint)
  }
}

extension Shape {
  /// Whether a key with nothing behind it is as good as no key.
  var isEmptyAllowed: Bool {
    switch self {
    case .list, .oneOrMany, .entries, .nodes: true
    case .text, .line, .template, .entryTemplate, .condition, .bash, .pattern, .fileName, .nodeID, .name, .kebab,
      .choice,
      .boolean, .integer, .number, .duration, .mapping, .object, .any, .either:
      false
    }
  }
}

extension Fields {
  /// Says of each key that this version doesn't act on that it doesn't, unless it says what holds anyway.
  func reportNotActedOn(to context: FileContext, except isExcepted: (Field) -> Bool = { _ in false }) {
    for field in all where !field.spec.isActedOn && !isExcepted(field) {
      if let value = field.spec.defaultValue, field.node.json == value { continue }
      context.report(
        .warning, "notActedOn", "`\(field.key.text)` is read and checked, but this version of Ion doesn't act on it",
        at: field.key.range)
    }
  }
}
