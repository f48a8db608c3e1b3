internal import IonJSONSchema
internal import IonWorkflow

extension ReferenceCheck {
  /// Warns of a field that the output of a node surely doesn't have, by its `output_format`.
  func checkFields(_ pending: PendingReference) {
    let reference = pending.reference
    guard let id = reference.outputNode, !reference.path.isEmpty, let format = scope.format(of: id) else { return }
    let steps = reference.path.map { step in
      switch step {
      case .field(let name): JSONSchema.Step.field(name)
      case .index(let index): JSONSchema.Step.index(index)
      }
    }
    context.count(steps.count)
    guard let end = format.deadEnd(of: steps) else { return }
    let parent = Reference(reference.root, path: Array(reference.path[..<end.depth]))
    let place = context.place(pending.range, in: pending.scalar)
    let rule = "the `output_format` of \(quoted(id.rawValue))"
    switch reference.path[end.depth] {
    case .field(let name) where !end.fields.isEmpty:
      context.report(
        .warning, "unknownField", "\(rule) allows no field \(quoted(name)) in \(quoted(parent.description))", at: place,
        hint: context.hint(for: name, among: end.fields)
          ?? "there may be \(alternatives(end.fields.prefix(10).map { quoted($0) }))")
    case let step:
      context.report(
        .warning, "unknownField",
        "\(rule) allows nothing at \(quoted(step.description)) of \(quoted(parent.description))", at: place)
    }
  }
}

extension Reference {
  /// The node whose output is read, now or in the iteration before.
  fileprivate var outputNode: NodeID? {
    switch root {
    case .output(let id), .loopPrevious(let id): id
    case .status, .input, .boundInput, .matrix, .variable: nil
    }
  }
}
