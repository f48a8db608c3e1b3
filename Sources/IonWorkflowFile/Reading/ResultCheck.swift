internal import IonJSON
internal import IonWorkflow

/// Checks `returns` and `outcome_field`: the node exists, and its answer has the field.
struct ResultCheck {
  let context: FileContext
  let fields: Fields
  let drafts: [NodeDraft]

  func check() {
    guard let scalar = fields.scalar("returns") else {
      if let outcome = fields["outcome_field"] {
        context.report(
          .error, "missingKey", "`outcome_field` is a field of the node that `returns` names, and there is none",
          at: outcome.key.range)
      }
      return
    }
    guard let draft = drafts.first(where: { $0.id?.rawValue == scalar.text }) else {
      let ids = drafts.compactMap(\.id?.rawValue)
      return context.report(
        .error, "unknownNode", "no node has the id \(quoted(scalar.text))", at: scalar.source,
        hint: context.hint(for: scalar.text, among: ids))
    }
    if let outcome = fields.scalar("outcome_field") { checkOutcome(outcome, of: draft) }
  }

  private func checkOutcome(_ outcome: YAMLScalar, of draft: NodeDraft) {
    let name = quoted(draft.id?.rawValue ?? "")
    guard let format = draft.fields["output_format"]?.node.json else {
      return context.report(
        .error, "missingKey", "\(name) has no `output_format` that could have the field \(quoted(outcome.text))",
        at: outcome.source)
    }
    guard draft.matrix == nil else {
      return context.report(
        .error, "wrongField", "the output of \(name) is a list, since it has a `matrix`, and has no field",
        at: outcome.source)
    }
    let properties = format["properties"]?.objectValue ?? [:]
    guard let property = properties[outcome.text] else {
      return context.report(
        .error, "unknownField", "the `output_format` of \(name) has no field \(quoted(outcome.text))",
        at: outcome.source,
        hint: context.hint(for: outcome.text, among: properties.keys))
    }
    let isRequired = format["required"]?.arrayValue?.contains(.string(outcome.text)) ?? false
    if property["type"] != "boolean" || !isRequired {
      context.report(
        .error, "wrongField", "the field \(quoted(outcome.text)) of \(name) must be a required boolean",
        at: outcome.source)
    }
  }
}
