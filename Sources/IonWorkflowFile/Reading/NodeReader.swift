internal import IonJSON
internal import IonWorkflow

/// Reads lists of nodes, each as far as it can be read by itself.
struct NodeReader {
  let context: FileContext

  func read(_ nodes: [YAMLNode]) -> [NodeDraft] {
    var drafts: [NodeDraft] = []
    for node in nodes {
      guard context.countNode(at: node.range) else { break }
      guard node.mapping != nil else {
        context.report(
          .error, "wrongType", "a node is a mapping with an `id` and a kind", at: node.range,
          hint: "write `- id: …`, and the kind below it")
        continue
      }
      drafts.append(draft(node))
    }
    return drafts
  }

  private func draft(_ node: YAMLNode) -> NodeDraft {
    var (draft, references) = context.collectingReferences {
      let fields = FieldsReader(context: context, spec: WorkflowLanguage.node).read(node)
      var draft = NodeDraft(fields: fields, place: node.range, idPlace: node.range)
      readIdentity(&draft)
      readKind(&draft, of: node)
      readDependencies(&draft)
      let values = ValueReader(context: context)
      draft.environment = values.environment(fields.entries("env") ?? [])
      draft.bindings = values.bindings(fields.entries("with") ?? [])
      draft.matrix = MatrixReader(context: context).read(draft)
      draft.outputFormat = OutputFormatReader(context: context).read(fields)
      checkRetry(draft)
      reportIdleKeys(of: draft)
      return draft
    }
    draft.references = references
    return draft
  }

  private func readIdentity(_ draft: inout NodeDraft) {
    guard let scalar = draft.fields.scalar("id") else { return }
    draft.id = NodeID(scalar.text)
    draft.idPlace = context.place(0..<scalar.text.utf8.count, in: scalar)
  }

  private func readDependencies(_ draft: inout NodeDraft) {
    var seen: Set<NodeID> = []
    for scalar in draft.fields.scalars("depends_on") {
      let id = NodeID(scalar.text)
      let place = context.place(0..<scalar.text.utf8.count, in: scalar)
      if seen.insert(id).inserted {
        draft.dependencies.append(NodeDraft.Dependency(id: id, named: id, place: place))
      } else {
        context.report(.warning, "duplicateDependency", "\(quoted(id.rawValue)) stands here twice", at: place)
      }
    }
  }

  // MARK: Kind

  private func readKind(_ draft: inout NodeDraft, of node: YAMLNode) {
    let keys = (node.mapping ?? []).map(\.key).filter { WorkflowLanguage.kindNames.contains($0.text) }
    guard let key = keys.first else { return reportMissingKind(draft, of: node) }
    draft.kindKey = key
    for other in keys.dropFirst() {
      context.report(
        .error, "severalKinds", "a node has one kind, and this one is \(quoted(key.text)) already", at: other.range,
        hint: "make a node of its own of it")
    }
    guard draft.fields[key.text] != nil else { return }
    var reader = KindReader(context: context, fields: draft.fields, key: key)
    draft.kind = reader.read()
    draft.body = reader.body
    if let kind = draft.kind, !kind.isRunnable, !(key.text == "include" && context.isUnfolding) {
      let message =
        key.text == "include"
        ? "the workflow that is included can't be looked for here: nothing is said of it"
        : "this version of Ion doesn't run `\(kind.name)` nodes: a run of this workflow will be refused"
      context.report(.warning, "notRunnable", message, at: key.range)
    }
  }

  private func reportMissingKind(_ draft: NodeDraft, of node: YAMLNode) {
    let place = draft.id == nil ? node.mapping?.first?.key.range ?? node.range : draft.idPlace
    for key in draft.fields.unknown {
      guard let hint = context.hint(for: key.text, among: NodeKind.names) else { continue }
      return context.report(.error, "missingKind", "\(quoted(key.text)) is no kind", at: key.range, hint: hint)
    }
    context.report(
      .error, "missingKind", "the node has no kind", at: place,
      hint: "give it one of \(alternatives(NodeKind.names.map { "`\($0)`" }))")
  }

  // MARK: Keys against each other

  private func checkRetry(_ draft: NodeDraft) {
    guard let retry = draft.fields.fields("retry"), let longest = retry.duration("max_delay_ms"),
      longest < retry.duration("delay_ms") ?? .milliseconds(3000)
    else { return }
    context.report(
      .warning, "shortMaximum", "`max_delay_ms` is shorter than the first wait", at: retry.place(of: "max_delay_ms"))
  }

  /// Keys of steps that have processes, on kinds that have none. A gate's time is its own key's.
  private func reportIdleKeysOfSteps(_ draft: NodeDraft, _ kind: String) {
    for field in draft.fields.all
    where ["retry", "timeout", "idle_timeout", "env", "with", "artifacts"].contains(field.spec.name) {
      context.report(
        .warning, "misplacedKey", "\(quoted(field.key.text)) means nothing on a node of the kind `\(kind)`",
        at: field.key.range,
        hint: kind == "approval" && field.spec.name == "timeout" ? "write it inside of `approval`" : nil)
    }
  }

  /// Where a key belongs that stands on a node of a kind to which it means nothing.
  private static func place(of key: KeySpec, insteadOf kind: String) -> String {
    if key.kinds.contains(kind) { return "only an `approval` with `on_reject` has an agent" }
    if key.kinds.isEmpty { return "set it on the nodes of the workflow that is included" }
    return "it belongs on a node of the kind \(alternatives(key.kinds.map { "`\($0)`" }))"
  }

  /// Keys that mean nothing on this kind, and those that this version doesn't act on.
  private func reportIdleKeys(of draft: NodeDraft) {
    guard let kind = draft.kindKey?.text else { return }
    let revises = draft.fields.fields("approval")?["on_reject"] != nil
    let isMisplaced = { (field: Fields.Field) in
      if field.spec.isAgentKey, kind == "approval", !revises { return true }
      if field.spec.kinds.isEmpty { return kind == "include" && !field.spec.isOfIncludes }
      return !field.spec.kinds.contains(kind)
    }
    for field in draft.fields.all where isMisplaced(field) {
      context.report(
        .warning, "misplacedKey", "\(quoted(field.key.text)) means nothing on a node of the kind `\(kind)`",
        at: field.key.range, hint: Self.place(of: field.spec, insteadOf: kind))
    }
    if ["approval", "cancel", "finish"].contains(kind) { reportIdleKeysOfSteps(draft, kind) }
    draft.fields.reportNotActedOn(to: context) { field in
      WorkflowLanguage.kindNames.contains(field.spec.name) || isMisplaced(field)
    }
  }
}
