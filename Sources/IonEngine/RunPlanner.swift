internal import IonDigest
internal import IonJSON
internal import IonScheduler
internal import IonStore
internal import IonWorkflow
internal import IonWorkflowFile

/// Works out everything about a new run before it is created: config, provider and model, frozen texts, its rows.
struct RunPlanner {
  /// What a run is made of. `fault` says why it can't start: it is created as failed then.
  struct Prepared {
    var workflow: LoadedWorkflow
    var config: Configuration
    var inputs: [String: JSONValue]
    var draft: RunDraft
    var run: WorkflowRun
    var fault: String?
    /// What of the configuration counts for nothing, for people.
    var configWarnings: [String] = []
  }

  let home: RunHome
  let workflow: LoadedWorkflow
  let cwd: AbsolutePath
  let message: String
  let options: WorkflowExecutionOptions
  let inputs: CheckedInputs
  /// Where a child stands; nil for a run that is nobody's.
  let place: ChildPlace?

  func prepare() async throws(EngineFailure) -> Prepared {
    let loaded = ConfigLoader.load(root: home.root, home.dependencies)
    var fault = loaded.fault ?? Self.unsupportedKinds(of: workflow.definition)
    var request = request
    if let lack = choose(&request, loaded.config) { fault = fault ?? lack }
    let id = place?.run ?? RunIdentifier.fresh()
    if let lack = await isolate(&request, id) { fault = fault ?? lack }
    let hash = SHA256.hex(of: workflow.text)
    var texts = [hash: workflow.text]
    var workflow = workflow
    do throws(EngineFailure) {
      let frozen = try FrozenFiles(of: workflow.definition, root: home.root)
      texts.merge(frozen.texts) { first, _ in first }
      request.frozenFiles = frozen.hashes
      workflow.definition = try frozen.filled(workflow.definition)
    } catch {
      fault = fault ?? error.message
    }
    var record = record(request, id, definitionHash: hash)
    if fault == nil { fault = await requirements(of: record, loaded.config) }
    let nodes = workflow.definition.nodes.enumerated().map { NodeRecord(run: record.id, node: $1.id, index: $0) }
    record.counts = [.pending: nodes.count]
    var draft = RunDraft(run: record, nodes: nodes, texts: texts)
    draft.idempotency = options.idempotencyKey.map { RunDraft.Idempotency(key: $0, parametersHash: parametersHash) }
    // What a power cut takes of a child, it takes of its parent first.
    if place != nil { draft.durability = .ordinary }
    var run = WorkflowRun(workflow.definition)
    if let rerun = options.rerun {
      draft.events = try await inherited(rerun, into: record.id)
      for event in draft.events { _ = run.advance(on: event) }
    }
    if fault == nil { fault = absence(in: run, request, id, loaded.config) }
    return Prepared(
      workflow: workflow, config: loaded.config, inputs: inputs.all, draft: draft, run: run, fault: fault,
      configWarnings: loaded.warnings)
  }

  /// Works out where an isolated run works; why that can't be had, for people, or nil.
  private func isolate(_ request: inout RunRequest, _ id: RunID) async -> String? {
    guard request.isIsolated else { return nil }
    do throws(EngineFailure) {
      let place = try await RunIsolation.find(for: id, from: cwd, in: home)
      request.isolation = place
      request.workingPath = place.workingPath
      return nil
    } catch {
      return error.message
    }
  }

  /// Whether the run gets a worktree of its own: what its start says comes before what its workflow says. For a child it is
  /// its parent's node that says it.
  private var isIsolated: Bool {
    options.isolation.map { $0 == .worktree } ?? workflow.definition.isIsolated
  }

  /// What was asked for.
  private var request: RunRequest {
    var request = RunRequest(workingPath: cwd, message: message, inputs: inputs.kept)
    request.context = options.context
    request.editor = options.editor
    request.fromNode = options.rerun?.from
    request.usesCache = options.usesCache
    request.isIsolated = isIsolated
    request.mayWait = options.queue
    return request
  }

  /// Settles which agents take the run's turns; why that can't be done, for people, or nil.
  private func choose(_ request: inout RunRequest, _ config: Configuration) -> String? {
    (request.chosenProvider, request.chosenModel) = (options.provider, options.model)
    let roster = AgentRoster(workflow.definition, request, config, home.dependencies)
    (request.provider, request.model) = (roster.usual.provider, roster.usual.model)
    return roster.fault(in: workflow.definition)
  }

  /// Why an agent isn't there that the run comes to; nil where all are.
  private func absence(in run: WorkflowRun, _ request: RunRequest, _ id: RunID, _ config: Configuration) -> String? {
    let paths = ProjectPaths(root: home.root, codebase: home.codebase, run: id)
    return AgentRoster(run.definition, request, config, home.dependencies).absence(in: run.definition) {
      ForeseenNodes(run, request, inputs: inputs.all, paths: paths, root: home.root)
    }
  }

  private func record(_ request: RunRequest, _ id: RunID, definitionHash hash: String) -> RunRecord {
    var record = RunRecord(
      id: id, number: 0, workflow: workflow.definition.name, definitionHash: hash,
      definitionPath: workflow.path, status: .queued, request: request, createdAt: home.dependencies.clock.wallTime)
    record.parent = place?.parent ?? options.rerun?.of
    record.parentNode = place?.node
    return record
  }

  private func requirements(of record: RunRecord, _ config: Configuration) async -> String? {
    await RequirementCheck(
      workflow.definition, run: record, inputs: inputs.all, home: home, config: config
    ).fault()
  }

  /// Names every node of a kind that this version doesn't run; nil where there is none.
  static func unsupportedKinds(of definition: WorkflowDefinition) -> String? {
    let nodes = definition.allNodes.filter { !$0.kind.isRunnable }
    guard !nodes.isEmpty else { return nil }
    let shown = nodes.prefix(10).map { "`\($0.id)` (\($0.kind.name))" }.joined(separator: ", ")
    let more = nodes.count > 10 ? " and \(nodes.count - 10) more" : ""
    return "This version of Ion does not run these nodes yet: \(shown)\(more). Nothing was started."
  }

  /// What the idempotency key stands for: everything that makes the run what it is.
  private var parametersHash: String {
    var parts: JSONObject = [
      "workflow": .string(workflow.text), "cwd": .string(cwd.text), "message": .string(message),
      "inputs": .object(
        JSONObject(
          uniqueMembers: inputs.all.sorted { $0.key < $1.key }.map { JSONObject.Member(key: $0.key, value: $0.value) })),
      "provider": options.provider.map(JSONValue.string) ?? .null,
      "model": options.model.map(JSONValue.string) ?? .null,
      "context": options.context.map(JSONValue.string) ?? .null, "cache": .bool(options.usesCache),
    ]
    if options.queue { parts["queue"] = true }
    if let isolation = options.isolation { parts["isolation"] = .string(isolation.rawValue) }
    return SHA256.hex(of: JSONValue.object(parts).serializedText())
  }

  /// The successes that a rerun takes over: all of the other run's, without what is downstream of `from`.
  private func inherited(
    _ rerun: WorkflowExecutionOptions.Rerun, into run: RunID
  ) async throws(EngineFailure) -> [RunEvent] {
    guard let from = rerun.from else { return [] }
    let graph = WorkflowGraph(workflow.definition.nodes)
    guard let start = graph.index(of: from) else {
      throw .nodeNotFound(from, of: rerun.of, among: workflow.definition.nodes.map(\.id))
    }
    var isDownstream = [Bool](repeating: false, count: workflow.definition.nodes.count)
    var queue: [Int] = []
    for index in standingFor(start, graph) {
      isDownstream[index] = true
      queue.append(index)
    }
    while let index = queue.popLast() {
      for next in graph.dependents[index] where !isDownstream[next] {
        isDownstream[next] = true
        queue.append(next)
      }
    }
    let rows: [NodeRecord]
    do {
      rows = try await home.store.nodes(of: rerun.of)
    } catch {
      throw .store(error)
    }
    var events: [RunEvent] = []
    for row in rows where row.status == .succeeded {
      guard let output = row.output, let index = graph.index(of: row.node), !isDownstream[index],
        workflow.definition.nodes[index].phase == .main
      else { continue }
      events.append(.inherited(row.node, try inherit(output, of: row.node, from: rerun.of, to: run)))
    }
    return events
  }

  /// A node and, where it stands for others, those too.
  private func standingFor(_ start: Int, _ graph: WorkflowGraph) -> [Int] {
    var found = [start]
    var next = 0
    while next < found.count {
      found += (workflow.definition.nodes[found[next]].members ?? []).compactMap { graph.index(of: $0) }
      next += 1
    }
    return found
  }

  /// The same output for another run; one that is kept in a file gets a copy of its own, so that either run can go.
  private func inherit(
    _ output: NodeOutput, of node: NodeID, from old: RunID, to run: RunID
  ) throws(EngineFailure) -> NodeOutput {
    guard let file = output.file else { return output }
    let source = ProjectPaths(root: home.root, codebase: home.codebase, run: old).logs.appending(file)
    let name = ProjectPaths.logName(of: node, attempt: 0) + "/stdout"
    let target = ProjectPaths(root: home.root, codebase: home.codebase, run: run).logs.appending(name)
    guard let bytes = try FileAccess.read(source, limit: output.length) else {
      throw .unusable("The output of `\(node)` in run \(old) is gone (\(source)).")
    }
    try FileAccess.makeFolder(target.parent)
    try FileAccess.write(bytes, to: target)
    var copy = output
    copy.file = name
    return copy
  }
}
