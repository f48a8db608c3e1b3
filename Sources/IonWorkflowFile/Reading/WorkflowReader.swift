internal import IonJSON
public import IonWorkflow

/// Reads workflow files.
public enum WorkflowReader {
  /// Reads the bytes of a file. Whatever they are, the answer is a reading.
  /// - Parameters:
  ///   - fileName: The file's name, which names a workflow that has no `name`; nil for a text without a file.
  ///   - path: Where the file is, so that it is known where others include it; nil for a text without a file.
  ///   - resolver: Finds the workflows that are included; nil leaves `include` nodes as they are.
  public static func read(
    _ bytes: [UInt8], fileName: String? = nil, path: AbsolutePath? = nil, limits: ReadingLimits = .standard,
    including resolver: IncludeResolver? = nil
  ) -> WorkflowReading {
    measured(bytes, fileName: fileName, path: path, limits: limits, including: resolver).reading
  }

  /// Reads a text, as an editor has it open.
  public static func read(
    _ text: String, fileName: String? = nil, limits: ReadingLimits = .standard,
    including resolver: IncludeResolver? = nil
  ) -> WorkflowReading {
    read(Array(text.utf8), fileName: fileName, limits: limits, including: resolver)
  }

  /// Reads a file and says how many steps of work that took.
  static func measured(
    _ bytes: [UInt8], fileName: String? = nil, path: AbsolutePath? = nil, limits: ReadingLimits = .standard,
    including resolver: IncludeResolver? = nil
  ) -> (reading: WorkflowReading, work: Int) {
    if let resolver {
      return IncludeLibrary(limits: limits, resolver).reading(of: bytes, at: path, fileName: fileName)
    }
    let file = fileRead(bytes, fileName: fileName, limits: limits, isUnfolding: false)
    return (file.reading, file.context.work + file.written)
  }

  /// Reads a file as far as that can be done without what it includes.
  static func fileRead(_ bytes: [UInt8], fileName: String?, limits: ReadingLimits, isUnfolding: Bool) -> FileRead {
    let document = YAMLText.read(bytes, limits: limits)
    let context = FileContext(source: document.source, limits: limits, isUnfolding: isUnfolding)
    var file = FileRead(context: context, written: document.written, fileName: fileName)
    for finding in document.findings { context.report(finding) }
    guard let root = document.root else { return file }
    guard root.mapping != nil else {
      context.report(
        .error, "wrongType", "a workflow is a mapping", at: root.range, hint: "it starts with `name:` and `nodes:`")
      return file
    }
    var reader = FileReader(context: context, fileName: fileName)
    file.definition = reader.read(root)
    file.name = reader.name
    file.sites = reader.sites
    return file
  }
}

/// Reads the mapping that is a whole workflow.
private struct FileReader {
  let context: FileContext
  let fileName: String?
  /// What the file says the workflow is called.
  private(set) var name: String?
  /// The includes of the workflow, those in groups too.
  private(set) var sites: [IncludeSite] = []

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
    var facts = facts(inputs, of: root)
    var ends = EndReader(context: context).read(fields)
    for end in ends { for id in end.drafts.compactMap(\.id) { facts.ends[id] = end.phase.rawValue } }
    let check = ScopeCheck(context: context, facts: facts)
    var drafts = NodeReader(context: context).read(fields.nodes("nodes") ?? [])
    check.check(&drafts, within: Scope(levels: []), isBody: false)
    EndReader(context: context).check(&ends, behind: drafts, check)
    checkEnvironment(references, facts, drafts)
    ResultCheck(context: context, fields: fields, drafts: drafts).check()
    var seen: [NodeID: Int] = [:]
    var own: Set<NodeID> = []
    sites = sites(in: drafts, among: &own, &seen)
    for end in ends { sites += sites(in: end.drafts, among: &own, &seen) }
    guard let name = name ?? nameOfFile(fields) else { return nil }
    let nodes = drafts.flatMap { $0.nodes(in: context.source) } + ends.flatMap { $0.nodes(in: context.source) }
    return definition(of: fields, WorkflowDefinition(name: name, nodes: nodes), inputs)
  }

  /// The workflow with what governs it as a whole.
  private func definition(
    of fields: Fields, _ plain: WorkflowDefinition, _ inputs: [InputDeclaration]
  ) -> WorkflowDefinition {
    var definition = plain
    definition.description = fields.text("description")
    definition.inputs = inputs
    definition.environment = ValueReader(context: context).environment(fields.entries("env") ?? [])
    definition.secrets = ValueReader(context: context).secrets(fields.scalars("secrets"))
    definition.timeout = fields.duration("timeout")
    definition.maxParallel = fields.integer("max_parallel")
    definition.mutatesCheckout = fields.flag("mutates_checkout") ?? true
    definition.isIsolated = fields.fields("worktree")?.flag("enabled") ?? false
    definition.returns = fields.text("returns").map { NodeID($0) }
    definition.outcomeField = fields.text("outcome_field")
    definition.needsEvidence = fields.fields("evidence_policy")?.flag("required") ?? false
    definition.requirements = fields.texts("requires")
    definition.tags = fields.texts("tags")
    if let budget = fields.fields("budget") {
      definition.budget = Budget(usd: budget.number("usd"), tokens: budget.integer("tokens"))
    }
    definition.interactive = fields.flag("interactive") ?? false
    definition.agent = AgentSettings(
      provider: fields.text("provider"), model: fields.text("model"), effort: fields.text("effort"))
    definition.agent.persistsSession = fields.flag("persist_sessions")
    definition.other = fields.other { _ in true }
    return definition
  }

  /// The includes of a list of nodes and of the groups in it. What their nodes read goes by their ids, so that no two have
  /// the same, in whatever groups they are.
  /// `own` are the ids of those in the same list, two of which have been reported as such.
  private func sites(
    in drafts: [NodeDraft], among own: inout Set<NodeID>, _ seen: inout [NodeID: Int]
  ) -> [IncludeSite] {
    var found: [IncludeSite] = []
    for index in drafts.indices where drafts[index].kindKey?.text == "include" || !drafts[index].body.isEmpty {
      let draft = drafts[index]
      if let site = IncludeSite(draft), own.insert(site.id).inserted {
        if let first = seen[site.id] {
          reportTwice(site, after: first)
        } else {
          seen[site.id] = context.source.line(of: site.idPlace.lowerBound) + 1
          found.append(site)
        }
      }
      var inner: Set<NodeID> = []
      found += sites(in: draft.body, among: &inner, &seen)
    }
    return found
  }

  private func reportTwice(_ site: IncludeSite, after line: Int) {
    context.report(
      .error, "duplicateID", "\(quoted(site.id.rawValue)) is the id of the include on line \(line) already",
      at: site.idPlace, hint: "give one of the includes another id")
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
