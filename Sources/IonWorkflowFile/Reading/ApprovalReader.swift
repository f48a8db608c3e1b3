internal import IonWorkflow

/// Reads an `approval` and holds its keys against each other.
struct ApprovalReader {
  let context: FileContext
  let fields: Fields
  /// The key `approval`.
  let key: YAMLKey

  func read() -> NodeKind? {
    guard let message = fields.template("message") else { return nil }
    var approval = Approval(message: message)
    approval.decisions = decisions
    approval.captureResponse = fields.flag("capture_response") ?? false
    approval.form = form
    approval.timeout = fields.duration("timeout")
    if let reject = fields.fields("on_reject"), let prompt = reject.template("prompt") {
      approval.onReject = Approval.Rejection(prompt: prompt, maxAttempts: reject.integer("max_attempts") ?? 3)
    }
    approval.defaultDecision = defaultDecision(among: approval.decisions.map(\.id))
    return .approval(approval)
  }

  private var form: [InputDeclaration] {
    let entries = fields.entries("form") ?? []
    for entry in entries {
      guard case .fields(let field) = entry.value, field.text("type") == "secret" else { continue }
      context.report(
        .error, "secretField", "\(quoted(entry.key.text)) asks for a secret, and answers are kept with the run",
        at: field["type"]?.node.range ?? entry.key.range, hint: "make it an input of the workflow")
    }
    return InputReader(context: context, severity: .error).read(entries)
  }

  private var decisions: [Approval.Decision] {
    guard let field = fields["decisions"], let items = fields.list("decisions") else { return [] }
    var decisions: [Approval.Decision] = []
    var taken: Set<String> = []
    for case .fields(let item) in items {
      guard let id = item.scalar("id") else { continue }
      if !taken.insert(id.text).inserted {
        context.report(.error, "duplicateID", "the decision \(quoted(id.text)) stands here twice", at: id.source)
      }
      decisions.append(Approval.Decision(id: id.text, label: item.text("label") ?? id.text))
    }
    if let reject = fields["on_reject"] {
      context.report(
        .error, "severalKinds", "a gate has `decisions` or `on_reject`, not both", at: reject.key.range)
    }
    if !decisions.isEmpty, !decisions.contains(where: { $0.id == "approve" }) {
      context.report(
        .error, "missingDecision", "one of the `decisions` must have the id `approve`", at: field.key.range,
        hint: context.hint(for: "approve", among: decisions.map(\.id)))
    }
    return decisions
  }

  private func defaultDecision(among decisions: [String]) -> String? {
    guard let scalar = fields.scalar("default") else { return nil }
    let known = decisions.isEmpty ? ["approve", "reject"] : decisions
    if !known.contains(scalar.text) {
      context.report(
        .error, "unknownDecision", "\(quoted(scalar.text)) is none of \(alternatives(known.map { "`\($0)`" }))",
        at: scalar.source, hint: context.hint(for: scalar.text, among: known))
    }
    if fields["timeout"] == nil {
      context.report(
        .error, "missingKey", "`default` is what a `timeout` takes, and there is none", at: fields.place(of: "default"))
    }
    return scalar.text
  }
}
