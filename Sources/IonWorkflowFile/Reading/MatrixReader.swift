internal import IonJSON
internal import IonWorkflow

/// Reads a node's `matrix` and multiplies it out.
struct MatrixReader {
  /// How many instances a node may have.
  static let limit = 1000

  /// One value of each name, with its number among the name's values, from 1.
  typealias Combination = [(value: MatrixInstance.Value, number: Int)]

  let context: FileContext

  /// Every combination, in the file's order, the last name's values changing fastest; nil where there is no matrix, or
  /// something is wrong with it, which is then reported.
  func read(_ draft: NodeDraft) -> [Combination]? {
    guard let field = draft.fields["matrix"], let entries = draft.fields.entries("matrix") else { return nil }
    checkNames(entries)
    guard draft.kindKey?.text != "include" else {
      context.report(
        .error, "misplacedMatrix", "an `include` can't have a `matrix`", at: field.key.range,
        hint: "give it to the nodes of the workflow that is included")
      return nil
    }
    guard !entries.isEmpty else { return nil }
    let axes = entries.map { entry in values(entry).enumerated().map { (value: $1, number: $0 + 1) } }
    var count = 1
    for axis in axes {
      let (product, overflow) = count.multipliedReportingOverflow(by: axis.count)
      count = overflow ? .max : product
    }
    guard count <= Self.limit else {
      context.report(
        .error, "largeMatrix",
        "the `matrix` has \(count == .max ? "far more than \(Self.limit)" : "\(count)") combinations, and at most "
          + "\(Self.limit) may be run", at: field.key.range)
      return nil
    }
    guard context.countNodes(count, at: field.key.range) else { return nil }
    return axes.reduce([[]]) { combinations, axis in
      combinations.flatMap { combination in axis.map { combination + [$0] } }
    }
  }

  private func checkNames(_ entries: [CheckedEntry]) {
    var taken: [String: String] = [:]
    for entry in entries {
      guard let other = taken.updateValue(entry.key.text, forKey: entry.key.text.uppercased()) else { continue }
      context.report(
        .error, "nameClash", "\(quoted(entry.key.text)) becomes the same variable as \(quoted(other))",
        at: entry.key.range)
    }
  }

  /// The values of one name. Two that are spelled the same would be one instance twice.
  private func values(_ entry: CheckedEntry) -> [MatrixInstance.Value] {
    guard case .list(let items) = entry.value else { return [] }
    var taken: Set<ExactText> = []
    var values: [MatrixInstance.Value] = []
    for case .text(let scalar) in items {
      guard taken.insert(ExactText(scalar.text)).inserted else {
        context.report(
          .error, "duplicateValue", "\(quoted(scalar.text)) stands here twice", at: scalar.source)
        continue
      }
      values.append(MatrixInstance.Value(name: entry.key.text, value: scalar.resolved, text: scalar.text))
    }
    return values
  }
}
