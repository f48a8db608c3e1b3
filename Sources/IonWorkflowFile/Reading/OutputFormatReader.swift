internal import IonJSON
internal import IonJSONSchema
internal import IonWorkflow

/// Compiles the `output_format` of a node; what is wrong with it is reported where it stands.
struct OutputFormatReader {
  let context: FileContext

  func read(_ fields: Fields) -> JSONSchema? {
    guard let field = fields["output_format"], context.countSchema(size: 0, at: field.key.range) else { return nil }
    context.count(field.node.weight)
    do throws(JSONSchemaFailure) {
      let schema = try JSONSchema(field.node.json)
      guard context.countSchema(size: schema.size, at: field.key.range) else { return nil }
      for pointer in schema.unknownKeywords { suggest(pointer, in: field) }
      return schema
    } catch {
      for problem in error.problems {
        context.report(
          .error, "wrongSchema", "`output_format` is no JSON Schema: \(problem.message)",
          at: place(of: problem.pointer, in: field))
      }
      return nil
    }
  }

  /// A keyword that isn't known may be what somebody likes to note; one that is nearly known is a slip.
  private func suggest(_ pointer: String, in field: Fields.Field) {
    guard let name = Self.steps(pointer).last,
      let hint = context.hint(for: name, among: JSONSchema.keywords)
    else { return }
    context.report(
      .warning, "unknownKeyword", "\(quoted(name)) is no keyword of JSON Schema, and counts for nothing",
      at: place(of: pointer, in: field, isKey: true), hint: hint)
  }

  /// Where a part of the schema stands: a scalar itself, the key of anything larger, and what is around it where the part
  /// is not to be found.
  private func place(of pointer: String, in field: Fields.Field, isKey: Bool = false) -> Range<Int> {
    var node = field.node
    var place = field.key.range
    for step in Self.steps(pointer) {
      switch node.value {
      case .mapping(let pairs):
        guard let pair = pairs.first(where: { $0.key.text.utf8.elementsEqual(step.utf8) }) else { return place }
        place = pair.value.scalar == nil || isKey ? pair.key.range : pair.value.range
        node = pair.value
      case .sequence(let items):
        guard let index = Int(step), items.indices.contains(index) else { return place }
        place = items[index].range
        node = items[index]
      case .scalar: return place
      }
    }
    return place
  }

  private static func steps(_ pointer: String) -> [String] {
    pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { step in
      step.split(separator: "~1", omittingEmptySubsequences: false).joined(separator: "/")
        .split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~")
    }
  }
}
