internal import IonScheduler
internal import IonWorkflow

/// Whether a node of a plan runs.
public enum PlanVerdict: String, Codable, CaseIterable, Sendable { case run, skip, fail, depends }

/// What is certain of one node, whatever the steps print.
struct NodeOutlook {
  var verdict = PlanVerdict.depends
  var outcomes: Outcomes = []
  /// How its condition comes out; nil where it has none, or it isn't asked.
  var condition: ConditionAnswer?
  /// The nodes that it hangs on whether this one runs.
  var doubts: [NodeID] = []
  /// Nodes that may end the run before this one's turn.
  var enders: [NodeID] = []
  /// Whether it has its turn only by what comes of the run, and that isn't known; nil where it is known.
  var turn: Turn?

  enum Turn { case none, open }
}

/// Tells of a rehearsed run what would be so in every run with the same stubs.
///
/// Each node is looked at once, behind those that it needs: its trigger rule with the best and the worst that its
/// dependencies may come to, then its condition, then what its step comes to. What reads an unknown value, or what came
/// out of a node that may come out in several ways, is unknown itself. Two nodes that hang on the same unknown count as
/// independent, so `depends` may be said where a closer look would know more; `run`, `skip` and `fail` are never guessed.
struct PlanOutlook {
  private(set) var rehearsal: RunRehearsal
  private(set) var outlooks: [NodeID: NodeOutlook] = [:]
  private(set) var doubts = Doubts()
  /// What each node needs to have settled before its turn.
  private(set) var inputs: [NodeID: [NodeID]] = [:]
  /// In an order in which everything stands behind what it needs.
  private(set) var order: [NodeID] = []
  /// What may have come of the run when the nodes that end it have their turn.
  private(set) var results: Set<RunStatus> = []
  private var bodies: [NodeID: [NodeID]] = [:]
  private let bound: [NodeID: [Reference]]

  private var run: WorkflowRun { rehearsal.run }

  init(of rehearsal: RunRehearsal) {
    self.rehearsal = rehearsal
    bound = rehearsal.values.definition.referencesByInclude
    for node in run.nodes {
      if let place = run.place(of: node.id), place.iteration == 1 { bodies[place.loop, default: []].append(node.id) }
    }
    look(at: ids(of: [.main]), within: [])
    let enders = settleEndings()
    results = results(endedBy: enders)
    look(at: ids(of: [.onSuccess, .onFailure]), within: [])
    look(at: ids(of: [.onExit]), within: [])
  }

  private func ids(of phases: Set<NodePhase>) -> [NodeID] {
    run.definition.nodes.filter { phases.contains($0.phase) }.map(\.id)
  }

  /// How the run ends; nil where that isn't certain.
  var status: RunStatus? {
    let ends = run.definition.nodes.filter { $0.phase != .main }
    guard results.count == 1, ends.allSatisfy({ outlooks[$0.id]?.outcomes.isCertain ?? false }) else { return nil }
    return run.outcome?.status
  }

  /// Looks at the nodes of a list, that needed `outer` before it began.
  private mutating func look(at ids: [NodeID], within outer: [NodeID]) {
    let nodes = ids.compactMap { run.definition(of: $0) }
    let graph = WorkflowGraph(nodes.map { ($0.id, $0.dependsOn, $0.waitsFor + nodesRead(by: $0)) })
    for index in graph.topologicalOrder ?? [] {
      let (id, node) = (ids[index], nodes[index])
      let needed = node.dependsOn + node.waitsFor + nodesRead(by: node)
      inputs[id] = outer + needed.compactMap { run.node($0, seenFrom: id)?.id }.filter { $0 != id }
      order.append(id)
      var outlook = node.members == nil ? started(id, node) : joined(id, node)
      if let body = bodies[id] {
        look(at: body, within: inputs[id] ?? [])
        outlook = looped(id, outlook, body)
      }
      outlooks[id] = outlook
      doubts.outcomes[id] = outlook.outcomes
      if !isOutputCertain(id, outlook) { doubts.outputs.insert(id) }
    }
  }

  private func nodesRead(by node: Node) -> [NodeID] {
    var references = node.references
    for reference in references {
      if case .boundInput(let include, _) = reference.root { references += bound[include] ?? [] }
    }
    if let include = node.include, !node.isJoin { references += bound[include] ?? [] }
    return references.compactMap { if case .loopPrevious = $0.root { nil } else { $0.node } }.filter { $0 != node.id }
  }

  private func isOutputCertain(_ id: NodeID, _ outlook: NodeOutlook) -> Bool {
    guard outlook.outcomes.isCertain, let state = run.node(id) else { return false }
    if state.output?.isUnknown ?? false { return false }
    return outlook.outcomes != .succeeded || state.status == .succeeded
  }
}

extension PlanOutlook {
  /// How a node may come out, a tolerated failure as the success that it counts as.
  private func counted(_ id: NodeID) -> Outcomes {
    var outcomes = doubts.outcomes[id] ?? []
    if outcomes.contains(.failed), run.definition(of: id)?.continueOnError ?? false {
      outcomes.remove(.failed)
      outcomes.insert(.succeeded)
    }
    return outcomes
  }

  /// A node by its trigger rule, its condition, and its step.
  private mutating func started(_ id: NodeID, _ node: Node) -> NodeOutlook {
    let ruled = node.dependsOn.compactMap { run.node($0, seenFrom: id)?.id }
    let outcomes = ruled.map(counted)
    var outlook = NodeOutlook()
    outlook.turn = turn(of: node.phase)
    let mayStart =
      outlook.turn != NodeOutlook.Turn.none
      && isMet(node.triggerRule, outcomes, from: [.succeeded, .skipped, .failed])
    let mustStart = outlook.turn == nil && isMet(node.triggerRule, outcomes, from: [.failed, .skipped, .succeeded])
    if !mustStart { outlook.outcomes = .skipped }
    guard mayStart else {
      outlook.verdict = .skip
      return outlook
    }
    if !mustStart { outlook.doubts = zip(ruled, outcomes).filter { !$0.1.isCertain }.map(\.0) }
    let mayRun = ask(id, &outlook)
    let fault = mayRun ? addStep(id, node, &outlook) : nil
    let isAnswered = if case .unknown = outlook.condition { false } else { true }
    if outlook.outcomes == .skipped {
      outlook.verdict = .skip
    } else if mustStart && isAnswered {
      outlook.verdict = mayRun && fault == nil ? .run : .fail
    }
    return outlook
  }

  /// Asks a node's condition; whether its step may run.
  private mutating func ask(_ id: NodeID, _ outlook: inout NodeOutlook) -> Bool {
    outlook.condition = rehearsal.condition(of: id, doubts)
    switch outlook.condition {
    case .met, nil: return true
    case .unmet:
      outlook.outcomes = .skipped
      outlook.doubts = []
      return false
    case .failed:
      outlook.outcomes.insert(.failed)
      return false
    case .unknown(let references, let mayFail):
      outlook.outcomes.insert(.skipped)
      if mayFail { outlook.outcomes.insert(.failed) }
      outlook.doubts += rehearsal.values.sources(of: references, rehearsal.sight(of: id))
      return true
    }
  }

  /// Whether a node has its turn at all, by what may have come of the run; nil where it has in any case.
  private func turn(of phase: NodePhase) -> NodeOutlook.Turn? {
    let wanted: RunStatus
    switch phase {
    case .main, .onExit: return nil
    case .onSuccess: wanted = .succeeded
    case .onFailure: wanted = .failed
    }
    guard results.contains(wanted) else { return NodeOutlook.Turn.none }
    return results.count == 1 ? nil : .open
  }

  /// What the node's step may come to; the failure that keeps it from being started, where one does.
  private mutating func addStep(_ id: NodeID, _ node: Node, _ outlook: inout NodeOutlook) -> StepFailure? {
    switch rehearsal.result(of: id, doubts) {
    case .failure(let failure):
      outlook.outcomes.insert(.failed)
      return failure.kind == .value ? failure : nil
    case .success:
      outlook.outcomes.insert(.succeeded)
      if rehearsal.values.mayLackValues(node, rehearsal.sight(of: id), doubts) { outlook.outcomes.insert(.failed) }
      return nil
    }
  }

  /// Whether a rule is met where every dependency comes out as the first of these that it may.
  private func isMet(_ rule: TriggerRule, _ outcomes: [Outcomes], from preferred: [Outcomes]) -> Bool {
    var tally: [Outcomes: Int] = [:]
    for possible in outcomes { preferred.first { possible.contains($0) }.map { tally[$0, default: 0] += 1 } }
    return rule.isMet(
      succeeded: tally[.succeeded] ?? 0, failed: tally[.failed] ?? 0, skipped: tally[.skipped] ?? 0)
  }

  /// A node that stands for others has the worst of their statuses.
  private func joined(_ id: NodeID, _ node: Node) -> NodeOutlook {
    let members = (node.members ?? []).compactMap { run.node($0, seenFrom: id)?.id }
    let isMatrix = if case .matrix = node.kind { true } else { false }
    let outcomes = members.map { isMatrix ? doubts.outcomes[$0] ?? [] : counted($0) }
    var outlook = NodeOutlook()
    if outcomes.allSatisfy({ $0.contains(.skipped) }) { outlook.outcomes.insert(.skipped) }
    if outcomes.contains(where: { $0.contains(.failed) }) { outlook.outcomes.insert(.failed) }
    if !outcomes.contains(.failed), outcomes.contains(where: { $0.contains(.succeeded) }) {
      outlook.outcomes.insert(.succeeded)
    }
    if outcomes.contains(.failed) { outlook.outcomes = .failed }
    if outlook.outcomes == .skipped {
      outlook.verdict = .skip
    } else if !outlook.outcomes.contains(.skipped) {
      outlook.verdict = .run
    }
    if outlook.verdict == .depends { outlook.doubts = members.filter { !(doubts.outcomes[$0] ?? []).isCertain } }
    return outlook
  }

  /// A loop fails with its body; else it is done after one iteration, as far as that is known.
  private func looped(_ id: NodeID, _ outlook: NodeOutlook, _ body: [NodeID]) -> NodeOutlook {
    var outlook = outlook
    guard outlook.outcomes.contains(.succeeded) || outlook.outcomes.contains(.failed), outlook.verdict != .fail else {
      return outlook
    }
    let isKnown = body.allSatisfy { doubts.outcomes[$0]?.isCertain ?? false }
    if isKnown, let state = run.node(id), state.status == .failed || state.status == .succeeded {
      outlook.outcomes.subtract([.succeeded, .failed])
      outlook.outcomes.insert(state.status == .failed ? .failed : .succeeded)
    } else if body.contains(where: { counted($0).contains(.failed) }) {
      outlook.outcomes.insert(.failed)
    }
    return outlook
  }
}

extension PlanOutlook {
  /// A node that ends the run cuts off all that needn't have settled before it. Whether those others come first is a
  /// matter of time, which a plan doesn't know; but what needs the end itself never runs.
  ///
  /// Each end is followed upstream by itself: the work is that of the graph for each, and workflows have few.
  private mutating func settleEndings() -> [NodeID] {
    let enders = order.filter { id in
      run.definition(of: id)?.kind.mayEndRun ?? false && outlooks[id]?.outcomes.contains(.succeeded) ?? false
    }
    guard !enders.isEmpty else { return [] }
    var cut: [NodeID: [NodeID]] = [:]
    for ender in enders {
      // A loop has settled behind its body.
      let before = reached(from: [ender]) { (inputs[$0] ?? []) + (bodies[$0] ?? []) }
      for id in order where id != ender && !before.contains(id) { cut[id, default: []].append(ender) }
    }
    var dependents: [NodeID: [NodeID]] = [:]
    for (id, needed) in inputs { for other in needed { dependents[other, default: []].append(id) } }
    let certain = enders.filter(surelyEnds)
    let behind = reached(from: certain) { dependents[$0] ?? [] }
    for id in order {
      guard let enders = cut[id] else { continue }
      settle(id, cutBy: enders, isBehind: behind.contains(id), cut)
    }
    return enders
  }

  private func surelyEnds(_ id: NodeID) -> Bool {
    run.definition(of: id)?.kind.endsRun ?? false && outlooks[id]?.outcomes == .succeeded
  }

  /// What may come of the nodes of the run's own, of which some may end it.
  private func results(endedBy enders: [NodeID]) -> Set<RunStatus> {
    var results = Set(
      enders.map { run.definition(of: $0)?.kind.cancelsRun ?? false ? RunStatus.cancelled : .succeeded })
    if !enders.contains(where: surelyEnds) {
      let own = run.definition.nodes.filter { $0.phase == .main && !$0.isJoin }.map { counted($0.id) }
      if own.contains(where: { $0.contains(.failed) }) { results.insert(.failed) }
      if !own.contains(.failed) { results.insert(.succeeded) }
    }
    // A plan doesn't know what steps leave behind.
    if run.definition.needsEvidence, results.contains(.succeeded) { results.insert(.failed) }
    return results
  }

  private mutating func settle(
    _ id: NodeID, cutBy enders: [NodeID], isBehind: Bool, _ cut: [NodeID: [NodeID]]
  ) {
    let isSkippedAnyway = outlooks[id]?.verdict == .skip && (inputs[id] ?? []).allSatisfy { cut[$0] == nil }
    if !isSkippedAnyway {
      outlooks[id]?.verdict = isBehind ? .skip : .depends
      outlooks[id]?.enders = enders
    }
    // Who is cut off by a cancel is cancelled, and who was skipped before that is skipped.
    let mayBeCancelled = enders.contains { run.definition(of: $0)?.kind.cancelsRun ?? false }
    let isCertain = isSkippedAnyway ? !mayBeCancelled : isBehind && enders.count == 1
    outlooks[id]?.outcomes = isCertain ? .skipped : [.succeeded, .failed, .skipped]
    doubts.outcomes[id] = outlooks[id]?.outcomes
    doubts.outputs.insert(id)
  }

  /// Everything that is come to from some nodes, without those.
  private func reached(from start: [NodeID], _ next: (NodeID) -> [NodeID]) -> Set<NodeID> {
    var found: Set<NodeID> = []
    var open = start
    while let id = open.popLast() {
      for other in next(id) where found.insert(other).inserted { open.append(other) }
    }
    return found
  }
}
