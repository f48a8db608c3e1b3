public import IonJSON
internal import IonScheduler
internal import IonStore
public import IonWorkflow

extension WorkflowPlan {
  /// The plan of a run in a codebase, played with nothing but the scheduler. It starts nothing and writes nothing.
  ///
  /// - Parameter problem: What would keep the run from starting.
  /// - Throws: `.inputInvalid`, naming an input, as a run would.
  public init(
    of definition: WorkflowDefinition, in codebase: Codebase, message: String, inputs: [String: JSONValue],
    stubs: PlanStubs, problem: String? = nil
  ) throws(EngineFailure) {
    var options = WorkflowExecutionOptions()
    options.input = inputs
    let checked = try InputReading.check(definition.inputs, options)
    self = WorkflowPlanner(definition: definition, stubs: stubs, codebase: codebase).plan(
      message: message, checked, problem)
  }
}

/// Makes the plan of a run, and says of each node what is certain.
private struct WorkflowPlanner {
  let definition: WorkflowDefinition
  let stubs: PlanStubs
  let codebase: Codebase

  func plan(message: String, _ inputs: CheckedInputs, _ problem: String?) -> WorkflowPlan {
    let id = RunID(rawValue: "planned")
    let paths = ProjectPaths(root: codebase.root, codebase: codebase.id, run: id)
    let variables = RunVariables.all(
      of: id, RunRequest(workingPath: codebase.root, message: message, inputs: inputs.kept), paths: paths,
      root: codebase.root)
    var rehearsal = RunRehearsal(
      PlanValues(definition, paths: paths, inputs: inputs.all, variables: variables), stubs: stubs, folder: paths.logs)
    rehearsal.play()
    let outlook = PlanOutlook(of: rehearsal)
    var shown = inputs.all
    for name in inputs.secretNames { shown[name] = .string(PlanTextWriter.secret) }
    let writer = PlanTextWriter(
      PlanValues(PlanTextWriter.masked(definition), paths: paths, inputs: shown, variables: variables), outlook)
    return WorkflowPlan(
      definition: definition, problem: problem, status: outlook.status,
      nodes: nodes(outlook, writer, secrets: inputs.secretNames.compactMap { inputs.all[$0]?.stringValue }))
  }

  private func nodes(_ outlook: PlanOutlook, _ writer: PlanTextWriter, secrets: [String]) -> [PlannedNode] {
    let run = outlook.rehearsal.run
    let written = PlanStubs.all(definition.nodes)
    let waves = Self.waves(outlook)
    var writer = writer
    var planned: [NodeID: PlannedNode] = [:]
    var bodies: [NodeID: [NodeID]] = [:]
    for state in run.nodes {
      guard let own = outlook.outlooks[state.id], let node = written[state.id] ?? run.definition(of: state.id) else {
        continue
      }
      let loop = run.place(of: state.id)?.loop
      if let loop { bodies[loop, default: []].append(state.id) }
      var made = self.planned(state, node, own, outlook, loop.flatMap { planned[$0] })
      made.reason = secrets.reduce(made.reason) {
        $1.isEmpty ? $0 : $0.replacing($1, with: PlanTextWriter.secret)
      }
      made.wave = waves[state.id] ?? 1
      made.text = writer.text(of: state.id, node)
      planned[state.id] = made
    }
    func withBody(_ id: NodeID) -> [PlannedNode] {
      (planned[id].map { [$0] } ?? []) + (bodies[id] ?? []).flatMap(withBody)
    }
    return run.definition.nodes.flatMap { withBody($0.id) }
  }

  /// A node without its text. What is so of a loop's body is so only where the loop begins.
  private func planned(
    _ state: NodeState, _ node: Node, _ own: NodeOutlook, _ outlook: PlanOutlook, _ loop: PlannedNode?
  ) -> PlannedNode {
    let run = outlook.rehearsal.run
    var own = own
    if let loop, loop.verdict != .run { own.verdict = loop.verdict == .depends ? .depends : .skip }
    let dependsOn = node.dependsOn.compactMap { run.node($0, seenFrom: state.id)?.id }
    let reason = PlanReason(
      id: state.id, node: node, outlook: own, state: state,
      dependencies: dependsOn.map {
        ($0, outlook.doubts.outcomes[$0] ?? [], run.definition(of: $0)?.continueOnError ?? false)
      }, stub: stubs[state.id],
      loop: loop.map { ($0.id, $0.verdict) })
    return PlannedNode(
      id: state.id, node: node, dependsOn: dependsOn,
      waitsFor: node.waitsFor.compactMap { run.node($0, seenFrom: state.id)?.id }, loop: loop?.id, wave: 1,
      verdict: own.verdict, status: Self.status(own, state), reason: reason.text,
      doubts: own.verdict == .depends ? Self.doubts(own, loop?.verdict == .run ? nil : loop?.id) : [],
      condition: own.condition?.verdict,
      text: PlannedText())
  }

  /// What is done at the end comes behind everything before.
  private static func waves(_ outlook: PlanOutlook) -> [NodeID: Int] {
    let run = outlook.rehearsal.run
    var waves: [NodeID: Int] = [:]
    var (isAtEnd, isAtExit, before, highest) = (false, false, 0, 0)
    for id in outlook.order {
      let phase = run.place(of: id) == nil ? run.definition(of: id)?.phase : nil
      if let phase, phase != .main, !isAtEnd || (phase == .onExit && !isAtExit) {
        (isAtEnd, isAtExit, before) = (true, phase == .onExit, highest)
      }
      let wave = 1 + max(before, (outlook.inputs[id] ?? []).compactMap { waves[$0] }.max() ?? 0)
      waves[id] = wave
      highest = max(highest, wave)
    }
    return waves
  }

  private static func status(_ outlook: NodeOutlook, _ state: NodeState) -> NodeStatus? {
    guard outlook.verdict != .depends else { return nil }
    return switch outlook.outcomes {
    case .succeeded: .succeeded
    case .failed: .failed
    case .skipped: state.status == .cancelled ? .cancelled : .skipped
    default: nil
    }
  }

  private static func doubts(_ outlook: NodeOutlook, _ loop: NodeID?) -> [NodeID] {
    var seen: Set<NodeID> = []
    return (outlook.enders + outlook.doubts + (loop.map { [$0] } ?? [])).filter { seen.insert($0).inserted }
  }
}

extension ConditionAnswer {
  /// The answer in a run's words; nil where it isn't known.
  fileprivate var verdict: NodeHistory.Verdict? {
    switch self {
    case .met: .met
    case .unmet: .unmet
    case .failed(let message): .failed(message)
    case .unknown: nil
    }
  }
}
