internal import IonJSON
internal import IonWorkflow

/// Reads workflow files.
public enum WorkflowReader {
  /// Reads the bytes of a file. Whatever they are, the answer is a reading.
  /// - Parameter fileName: The file's name, which names a workflow that has no `name`; nil for a text without a file.
  public static func read(
    _ bytes: [UInt8], fileName: String? = nil, limits: ReadingLimits = .standard
  ) -> WorkflowReading {
    measured(bytes, fileName: fileName, limits: limits).reading
  }

  /// Reads a text, as an editor has it open.
  public static func read(
    _ text: String, fileName: String? = nil, limits: ReadingLimits = .standard
  ) -> WorkflowReading {
    read(Array(text.utf8), fileName: fileName, limits: limits)
  }

  /// Reads a file and says how many steps of work that took.
  static func measured(
    _ bytes: [UInt8], fileName: String? = nil, limits: ReadingLimits = .standard
  ) -> (reading: WorkflowReading, work: Int) {
    let document = YAMLText.read(bytes, limits: limits)
    let context = FileContext(source: document.source, limits: limits)
    for finding in document.findings { context.report(finding) }
    guard let root = document.root else {
      return (WorkflowReading(definition: nil, diagnostics: context.diagnostics), document.written)
    }
    guard root.mapping != nil else {
      context.report(
        .error, "wrongType", "a workflow is a mapping", at: root.range, hint: "it starts with `name:` and `nodes:`")
      return (WorkflowReading(definition: nil, diagnostics: context.diagnostics), document.written)
    }
    var file = FileReader(context: context, fileName: fileName)
    let definition = file.read(root)
    let reading = WorkflowReading(definition: definition, diagnostics: context.diagnostics, name: file.name)
    return (reading, context.work + document.written)
  }
}

/// Reads the mapping that is a whole workflow.
private struct FileReader {
  let context: FileContext
  let fileName: String?
  /// What the file says the workflow is called.
  private(set) var name: String?

  init(context: FileContext, fileName: String?) {
    self.context = context
    self.fileName = fileName
  }

  /// The workflow; nil where something that governs it is missing or wrong.
  mutating func read(_ root: YAMLNode) -> WorkflowDefinition? {
    let (fields, references) = context.collectingReferences {
      FieldsReader(context: context, spec: WorkflowLanguage.workflow).read(root)
    }
    name = fields.text("name")
    fields.reportNotActedOn(to: context)
    let inputs = InputReader(context: context, severity: .warning).read(fields.entries("inputs") ?? [])
    let facts = facts(inputs, of: root)
    let check = ScopeCheck(context: context, facts: facts)
    var drafts = NodeReader(context: context).read(fields.nodes("nodes") ?? [])
    check.check(&drafts, within: Scope(levels: []), isBody: false)
    checkEnds(fields, drafts, check)
    checkEnvironment(references, facts, drafts)
    ResultCheck(context: context, fields: fields, drafts: drafts).check()
    guard let name = name ?? nameOfFile(fields) else { return nil }
    var definition = WorkflowDefinition(name: name, nodes: drafts.compactMap { $0.node(in: context.source) })
    definition.description = fields.text("description")
    definition.inputs = inputs
    definition.environment = ValueReader(context: context).environment(fields.entries("env") ?? [])
    definition.timeout = fields.duration("timeout")
    definition.maxParallel = fields.integer("max_parallel")
    definition.mutatesCheckout = fields.flag("mutates_checkout") ?? true
    definition.tags = fields.texts("tags")
    definition.interactive = fields.flag("interactive") ?? false
    definition.agent = AgentSettings(
      provider: fields.text("provider"), model: fields.text("model"), effort: fields.text("effort"))
    let typed: Set = ["provider", "model", "effort", "interactive"]
    definition.other = fields.other { !typed.contains($0.name) }
    return definition
  }

  private func nameOfFile(_ fields: Fields) -> String? {
    if fields.isBroken && fields["name"] == nil && fileName == nil { return nil }
    let stem = (fileName ?? "").split(separator: "/").last.map { part in
      part.lastIndex(of: ".").map { String(part[..<$0]) } ?? String(part)
    }
    guard let stem, !stem.isEmpty else {
      context.report(
        .error, "missingKey", "a workflow needs `name`", at: fields.range.lowerBound..<fields.range.lowerBound)
      return nil
    }
    context.report(
      .information, "missingName", "the workflow has no `name` and is called \(quoted(stem)) after its file",
      at: fields.range.lowerBound..<fields.range.lowerBound)
    return stem
  }

  private func facts(_ inputs: [InputDeclaration], of root: YAMLNode) -> FileFacts {
    var facts = FileFacts(inputs: Set(inputs.map(\.name)))
    let declared = root.mapping?.first { $0.key.text == "inputs" }?.value.mapping ?? []
    for pair in declared where !facts.inputs.contains(pair.key.text) {
      facts.droppedInputs[pair.key.text] = context.source.line(of: pair.key.range.lowerBound) + 1
    }
    return facts
  }

  /// Checks the nodes that run at the end. They may read every node of the workflow.
  private func checkEnds(_ fields: Fields, _ drafts: [NodeDraft], _ check: ScopeCheck) {
    var outer = Scope.Level()
    for (index, draft) in drafts.enumerated() {
      guard let id = draft.id else { continue }
      outer.indices[id] = index
      if draft.isFreeForm { outer.freeForm.insert(id) }
    }
    for name in ["on_success", "on_failure", "on_exit"] {
      var ends = NodeReader(context: context).read(fields.nodes(name) ?? [])
      check.check(&ends, within: Scope(levels: [outer]), isBody: false)
    }
  }

  /// The workflow's own `env` is made before any node has run.
  private func checkEnvironment(_ references: [PendingReference], _ facts: FileFacts, _ drafts: [NodeDraft]) {
    for pending in references {
      if let id = pending.reference.node {
        context.report(
          .error, "noNodeYet", "\(quoted(pending.reference.description)) can't be read here: no node has run yet",
          at: context.place(pending.range, in: pending.scalar), hint: "set it in the `env` of the nodes behind `\(id)`")
      }
    }
    let others = references.filter { $0.reference.node == nil }
    let draft = NodeDraft(fields: Fields(range: 0..<0), place: 0..<0, idPlace: 0..<0)
    _ = ReferenceCheck(context: context, facts: facts, scope: Scope(levels: []), draft: draft, index: 0).check(others)
  }
}
