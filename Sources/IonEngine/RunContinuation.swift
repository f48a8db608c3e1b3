internal import IonDigest
internal import IonJSON
internal import IonScheduler
internal import IonStore
internal import IonWorkflow

/// What the next attempt of a run goes on with: its own definition, or today's.
struct RunContinuation {
  var record: RunRecord
  var workflow: LoadedWorkflow
  var run: WorkflowRun
  var rows: [NodeRecord]
  /// The inputs with their secrets.
  var inputs: [String: JSONValue]
  /// The texts of named scripts and prompts, and of a definition that is new, by hash.
  var texts: [String: String]
  /// What the attempt begins with.
  var events: [RunEvent]

  /// With the definition that the run has. `texts` are those that were frozen with it; `secrets` nil is for a run that
  /// starts nothing any more.
  init(
    of record: RunRecord, _ past: WorkflowExecutor.Past, secrets: [String: JSONValue]?, texts: [String: String]
  ) throws(EngineFailure) {
    let secrets =
      if let secrets { try InputReading.secrets(past.workflow.definition.inputs, supplied: secrets) } else {
        [String: JSONValue]()
      }
    self.record = record
    workflow = past.workflow
    run = past.run
    rows = past.rows
    inputs = record.request.inputs.merging(secrets) { $1 }
    self.texts = texts
    events = [.resumed]
  }

  /// With another definition: nodes that are the same, and whose upstream is, keep what they gave.
  ///
  /// - Throws: `.invalidState` for a definition that this version doesn't run; `.inputInvalid` where the run's inputs and
  ///   `secrets` aren't what it asks for; `.unusable` where a script is gone.
  init(
    of record: RunRecord, _ past: WorkflowExecutor.Past, secrets: [String: JSONValue], as workflow: LoadedWorkflow,
    root: AbsolutePath
  ) throws(EngineFailure) {
    let frozen = try FrozenFiles(of: workflow.definition, root: root)
    var workflow = workflow
    workflow.definition = try frozen.filled(workflow.definition)
    let definition = workflow.definition
    if let fault = RunPlanner.unsupportedKinds(of: definition) { throw .invalidState(record.id, fault) }
    let checked = try Self.inputs(of: record, secrets, by: definition)
    let texts = [SHA256.hex(of: workflow.text): workflow.text].merging(frozen.texts) { first, _ in first }
    let files = frozen.hashes
    let comparison = NodeComparison(
      old: (past.workflow, record.request.frozenFiles), new: (workflow, files))
    let hasOldInputs = checked.kept.allSatisfy { name, value in
      record.request.inputs[name].map { $0 == value } ?? true
    }
    let unchanged =
      hasOldInputs && comparison.hasSameEnvironment
      ? past.run.unchangedNodes(in: definition, where: comparison.isSame) : []
    run = past.run.redefined(as: definition, keeping: unchanged)
    let change = Redefinition(
      definitionHash: SHA256.hex(of: workflow.text), nodes: run.nodes.map(\.id), unchanged: unchanged,
      inputs: checked.kept, frozenFiles: files)
    self.record = record
    self.record.adopt(change)
    self.workflow = workflow
    rows = Self.rows(of: run, past.rows, keeping: unchanged, record.id)
    inputs = checked.all
    self.texts = texts
    events = [.redefined(change), .resumed]
  }

  /// What the run was given, as far as the definition still asks for it, checked anew.
  private static func inputs(
    of record: RunRecord, _ secrets: [String: JSONValue], by definition: WorkflowDefinition
  ) throws(EngineFailure) -> CheckedInputs {
    var options = WorkflowExecutionOptions()
    for declaration in definition.inputs where declaration.kind != .secret {
      options.input[declaration.name] = record.request.inputs[declaration.name]
    }
    options.input.merge(try InputReading.secrets(definition.inputs, supplied: secrets)) { $1 }
    return try InputReading.check(definition.inputs, options)
  }

  private static func rows(
    of run: WorkflowRun, _ old: [NodeRecord], keeping unchanged: [NodeID], _ id: RunID
  ) -> [NodeRecord] {
    let kept = Set(unchanged)
    let before = Dictionary(old.map { ($0.node, $0) }) { first, _ in first }
    return run.nodes.enumerated().map { index, state in
      // The nodes of iterations are there only where their loop is kept.
      let isKept = kept.contains(state.id) || run.place(of: state.id) != nil
      if isKept, var row = before[state.id] {
        row.index = index
        return row
      }
      var row = NodeRecord(run: id, node: state.id, index: index)
      row.attempt = state.attempt
      // What it asked is asked no more.
      if var gate = before[state.id]?.gate, gate.state == .pending {
        gate.state = .cancelled
        row.gate = gate
      }
      return row
    }
  }
}

/// Whether nodes of two definitions mean the same, wherever they stand in their files.
private struct NodeComparison {
  private let old: (workflow: LoadedWorkflow, files: [String: String])
  private let new: (workflow: LoadedWorkflow, files: [String: String])
  /// Whether texts may be equal for people and not the same bytes.
  private let mayDeceive: Bool
  /// The includes whose inputs are bound to something else now.
  private var changedIncludes: Set<NodeID> = []

  init(
    old: (workflow: LoadedWorkflow, files: [String: String]), new: (workflow: LoadedWorkflow, files: [String: String])
  ) {
    self.old = old
    self.new = new
    mayDeceive = [old.workflow, new.workflow].allSatisfy { $0.text.utf8.contains { $0 >= 0x80 } }
    let before = Dictionary(old.workflow.definition.includes.map { ($0.id, $0.inputs) }) { first, _ in first }
    // Outer ones stand before those inside of them.
    for include in new.workflow.definition.includes {
      let isChanged = !(before[include.id].map { areSame($0, include.inputs) } ?? false)
      if isChanged || include.inputs.contains(where: { isChangedInput($0.value.references) }) {
        changedIncludes.insert(include.id)
      }
    }
  }

  /// Every step has what the workflow itself adds to the environment.
  var hasSameEnvironment: Bool {
    areSame(old.workflow.definition.environment, new.workflow.definition.environment)
      && Set(old.workflow.definition.secrets) == Set(new.workflow.definition.secrets)
  }

  func isSame(_ node: Node, _ other: Node) -> Bool {
    var other = other
    (other.range, other.idRange) = (node.range, node.idRange)
    guard areSame(node, other), !isChangedInput(node.references),
      !(node.include.map(changedIncludes.contains) ?? false)
    else { return false }
    guard case .script(let script) = node.kind, case .named(let name) = script.source else { return true }
    return old.files[name] == new.files[name]
  }

  /// Whether references lead to an input of an include that is bound to something else now.
  private func isChangedInput(_ references: [Reference]) -> Bool {
    references.contains { reference in
      if case .boundInput(let include, _) = reference.root { changedIncludes.contains(include) } else { false }
    }
  }

  private func areSame<Value: Equatable>(_ value: Value, _ other: Value) -> Bool {
    guard value == other else { return false }
    return !mayDeceive || String(reflecting: value).utf8.elementsEqual(String(reflecting: other).utf8)
  }
}
