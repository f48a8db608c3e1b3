import IonScheduler
import IonWorkflow

/// The rules, each as it would be told to a person.
extension RunWatch {
  func status(_ id: NodeID) -> NodeStatus { states[id]?.status ?? .unknown }

  func isGood(_ id: NodeID) -> Bool {
    let status = status(id)
    return status == .succeeded || (status == .failed && nodes[id]?.continueOnError == true)
  }

  func isBad(_ id: NodeID) -> Bool { !isGood(id) && status(id) != .skipped }

  func hasSettledDependencies(_ node: Node) -> Bool {
    inputs(of: node.id).allSatisfy { status($0).isSettled }
  }

  func meetsRule(_ node: Node) -> Bool {
    let needs = node.dependsOn
    if needs.isEmpty { return true }
    let someGood = needs.contains { isGood($0) }
    return switch node.triggerRule {
    case .allSuccess: needs.allSatisfy { isGood($0) }
    case .oneSuccess: someGood
    case .noneFailedMinOneSuccess: someGood && !needs.contains { isBad($0) }
    case .allDone: true
    }
  }

  func inputs(of id: NodeID) -> Set<NodeID> {
    guard let node = nodes[id] else { return [] }
    return Set(node.dependsOn + node.waitsFor + node.bindings.map { NodeID($0.name) })
  }

  func readings(of id: NodeID) -> [NodeID: Reading] {
    inputs(of: id).reduce(into: [:]) { $0[$1] = Reading(status: status($1), sha256: states[$1]?.output?.sha256) }
  }

  func isKeepable(_ node: Node) -> Bool {
    guard let success = successes[node.id], !node.alwaysRun, !node.isJoin || isGathered(node),
      node.phase == .main
    else { return false }
    switch node.kind {
    case .finish, .cancel: return false
    case .matrix where joinedStatus(of: node) != .succeeded: return false
    default: break
    }
    return readings(of: node.id).allSatisfy { id, now in
      guard let earlier = success.readings[id] ?? nil else { return now.status != .succeeded }
      return earlier == now
    }
  }

  /// A node with all those that it stands for, directly or not.
  func all(of id: NodeID) -> Set<NodeID> {
    (nodes[id]?.members ?? []).reduce(into: [id]) { $0.formUnion(all(of: $1)) }
  }

  /// Whether what a node gives is made of the outputs of all those that it stands for.
  func isGathered(_ node: Node) -> Bool { if case .matrix = node.kind { true } else { false } }

  /// The status of a node that stands for others; nil for one that doesn't.
  func joinedStatus(of node: Node) -> NodeStatus? {
    guard let members = node.members else { return nil }
    let bad = members.filter { isGathered(node) ? ![.succeeded, .skipped].contains(status($0)) : isBad($0) }.map(status)
    if bad.contains(.failed) { return .failed }
    if !bad.isEmpty { return .cancelled }
    return members.contains(where: isGood) ? .succeeded : .skipped
  }

  /// Whether a change of a node that stands for others follows from theirs.
  private func isSettledBehind(_ node: Node, by event: RunEvent, _ wasOpen: Bool) -> Bool {
    guard let joined = joinedStatus(of: node), hasSettledDependencies(node) else { return false }
    guard isGathered(node) else { return (isOpen || wasOpen) && status(node.id) == joined }
    if let success = event.success, success.node == node.id {
      return status(node.id) == joined && states[node.id]?.output == success.output
    }
    return (isOpen || wasOpen) && joined == .skipped && status(node.id) == .skipped
  }

  private func isCancelled(_ node: Node, by event: RunEvent) -> Bool {
    if case .nodeCancelRequested(let named, _) = event {
      all(of: named).contains(node.id) && !node.isJoin
    } else {
      false
    }
  }

  /// Whether a node fails the run. One that stands for others leaves that to them, unless its own step failed.
  func failsTheRun(_ node: Node) -> Bool {
    guard node.isJoin else { return isBad(node.id) }
    return isBad(node.id) && states[node.id]?.failure.map { $0.kind != .members } ?? false
  }

  func mayRetry(_ node: Node, after failure: StepFailure) -> Bool {
    let isAgent = if case .prompt = node.kind { true } else { false }
    let most = node.retry?.maxAttempts ?? (isAgent ? 2 : 1)
    let errors = node.retry?.onError ?? (isAgent ? .transient : .all)
    let codes = node.retry?.onExitCodes ?? []
    return executions[node.id, default: 0] < most && failure.kind != .value
      && (errors == .all || failure.isTransient)
      && (codes.isEmpty || failure.exitCode.map(codes.contains) == true)
  }

  /// A node may be asked for, or about, only while nothing speaks against its running.
  func requireReady(_ id: NodeID, for purpose: String) {
    guard let node = nodes[id] else { return require(false, "\(id) is no node") }
    require(isOpen, "\(id) wants \(purpose) although nothing starts any more")
    require(status(id) == .pending, "\(id) wants \(purpose) while it is \(status(id))")
    require(stage(of: id) == stage, "\(id) wants \(purpose) out of its turn")
    require(hasSettledDependencies(node), "\(id) wants \(purpose) before its dependencies have settled")
    require(meetsRule(node), "\(id) wants \(purpose) against its rule")
    require(!isKeepable(node), "\(id) wants \(purpose) although it can be kept")
  }

  /// A node's status changes only for the reasons that there are.
  mutating func requireTransition(
    of node: Node, _ event: RunEvent, _ wasOpen: Bool, from before: NodeStatus
  ) {
    let (id, new) = (node.id, status(node.id))
    let old = event == .resumed ? .pending : statusOfStep(id, shown: before)
    guard event == .resumed ? old != new : before != new else { return }
    let isAllowed =
      switch (old, new) {
      case _ where isSettledBehind(node, by: event, wasOpen): true
      case (.pending, .running): event == .slotGranted(id)
      case (.pending, .succeeded):
        hasSettledDependencies(node) && meetsRule(node) && isKeepable(node)
      case (.pending, .skipped): maySkip(node, event)
      case (.pending, .failed): mayFailUnstarted(id, event, wasOpen)
      case (.running, .awaitingApproval) where isChild(id): [.childStoodStill(id), .childAsked(id)].contains(event)
      case (.running, .awaitingApproval) where isAgent(id), (.running, .running) where isAgent(id):
        isOfAsking(id, event) || stoppedByName.contains(id) || cause != nil
      case (.running, .running): event == .childWentOn(id) || stoppedByName.contains(id) || cause != nil
      case (_, .awaitingApproval), (.awaitingApproval, _): mayWait(id, event, from: old)
      case (.pending, .cancelled):
        isCancelled(node, by: event) || cause == .cancelled || cause == .timedOut
      case (.running, .succeeded):
        event.success.map { $0.node == id && states[id]?.output == $0.output } ?? false
      case (.running, .failed), (.running, .pending):
        if case .stepFailed(id, let failure, _) = event {
          (wasOpen && !stoppedByName.contains(id) && mayRetry(node, after: failure)) == (new == .pending)
        } else {
          false
        }
      case (.running, .cancelled): event == .stepStopped(id) && (stoppedByName.contains(id) || cause != .interrupted)
      case (.running, .interrupted):
        event == .stepLost(id) || (event == .stepStopped(id) && !stoppedByName.contains(id) && cause == .interrupted)
      default: false
      }
    require(isAllowed, "\(id) went from \(old) to \(new) on \(event)")
    if new == .skipped || new == .failed { successes[id] = nil }
    guard old == .pending && new == .succeeded else { return }
    let readings = readings(of: id)
    successes[id]?.readings = readings
  }

  /// Whether an agent asks for leave by an event, or ceases to.
  private func isOfAsking(_ id: NodeID, _ event: RunEvent) -> Bool {
    switch event {
    case .permissionAsked(id, _): status(id) == .awaitingApproval
    case .permissionWithdrawn(id, _), .gateAnswered(id, _, _, _): status(id) == .running
    default: false
    }
  }

  private func maySkip(_ node: Node, _ event: RunEvent) -> Bool {
    event == .conditionSettled(node.id, .unmet) || cause == .finished || isOfAnotherOutcome(node)
      || (hasSettledDependencies(node) && !meetsRule(node))
  }

  /// The books agree with a scan of the nodes.
  func requireBooks(_ run: WorkflowRun) {
    var scan: [NodeStatus: Int] = [:]
    for node in run.nodes { scan[node.status, default: 0] += 1 }
    require(run.counts == scan, "counts \(run.counts) are not \(scan)")
    let shown = definition.nodes.map(\.id).filter { status($0) == .running || blocked[$0] != nil }
    let active = running.subtracting(resting)
    require(run.runningNodes == shown && Set(shown) == active, "\(run.runningNodes) run, or \(running)")
    require(run.attempt == attempt, "attempt \(run.attempt) is not \(attempt)")
    let live: RunStatus = hasBegun ? (waitsForAnswersAlone ? .awaitingApproval : .running) : .queued
    require(run.status == run.outcome?.status ?? live, "the run says that it is \(run.status)")
    let places = definition.maxParallel ?? .max
    let most = places == .max ? .max : places + returned.count
    require(active.count + requests.count <= most, "\(active.count) and \(requests.count) take \(places) places")
    requireGates(run)
    requireUsage(run)
    for state in run.nodes {
      require(state.attempt == starts[state.id, default: 0], "\(state.id) has forgotten its starts")
      let output = resultOutput(of: state)
      require(
        (state.output != nil) == (state.status == .succeeded) || output.map { state.output == $0 } ?? false,
        "\(state.id) is \(state.status) with an output, or without")
    }
    guard ending != nil else { return }
    require(requests.isEmpty && stopping == running, "\(requests) still wait, or not all of \(running) were stopped")
    require(hasEnded == (running.isEmpty && !isAskedForEvidence), "the end waits for nothing, or came too early")
  }

  /// The output that a node has from another, for which it may well be none; nil for one that makes its own.
  private func resultOutput(of state: NodeState) -> NodeOutput?? {
    if let node = nodes[state.id], isGathered(node), state.status == .failed || state.status == .cancelled {
      return .some(state.output)
    }
    guard state.status == .succeeded, case .include(let include)? = nodes[state.id]?.kind else { return nil }
    return .some(include.result.flatMap { states[$0]?.output })
  }

  /// Nothing that could be done was left undone, and places went to the first in the file.
  func requireEagerness(_ commands: [RunCommand]) {
    guard isOpen else { return }
    let places = definition.maxParallel ?? .max
    var waiting: [Int] = []
    for node in definition.nodes
    where stage(of: node.id) == stage && status(node.id) == .pending && hasSettledDependencies(node) {
      require(meetsRule(node), "\(node.id) was not skipped")
      require(!isKeepable(node), "\(node.id) was not kept")
      require(
        !node.isJoin || (isGathered(node) && joinedStatus(of: node) != .skipped),
        "\(node.id) has not settled behind its members")
      if conditions.contains(node.id) || requests.contains(node.id) || timers.contains(node.id) { continue }
      require(node.when == nil || passed.contains(node.id), "\(node.id)'s condition was not asked")
      if openings.contains(node.id) { continue }
      require(approval(of: node.id) == nil, "\(node.id)'s gate was not opened")
      waiting.append(order[node.id] ?? 0)
    }
    let taken = running.count - resting.count + requests.count
    require(waiting.isEmpty || taken >= places, "\(waiting) wait although there are places")
    let lastAsked = commands.compactMap { if case .requestSlot(let id) = $0 { order[id] } else { nil } }.max() ?? -1
    require(waiting.allSatisfy { $0 > lastAsked }, "\(waiting) wait behind \(lastAsked)")
    require(
      isAskedForEvidence || states.values.contains { !$0.status.isSettled },
      "everything has settled, and the run goes on")
  }

  /// Rows come first and the end last; nodes stand in the definition's order within each kind of command.
  func requireOrder(of commands: [RunCommand]) {
    let ranks = commands.map { command -> (Int, Int) in
      switch command {
      case .record(let id): (0, order[id] ?? -1)
      case .withdrawSlotRequest(let id): (1, order[id] ?? -1)
      case .takeUpChild(let id): (2, order[id] ?? -1)
      case .stop(let id): (2, 100 + (order[id] ?? -1))
      case .answerAgent: (2, 1000)
      case .wake(.runTimeout, _): (3, -1)
      case .wake(.retry(let id), _), .wake(.gate(let id), _): (3, order[id] ?? -1)
      case .start(let id, _): (4, order[id] ?? -1)
      case .evaluateCondition(let id): (5, order[id] ?? -1)
      case .evaluateLoop(let id), .listItems(let id), .gatherItems(let id), .openGate(let id): (6, order[id] ?? -1)
      case .requestSlot(let id): (7, order[id] ?? -1)
      case .checkEvidence: (8, 0)
      case .finish: (9, 0)
      }
    }
    require(zip(ranks, ranks.dropFirst()).allSatisfy { $0 < $1 }, "commands out of order, or twice: \(commands)")
  }

  /// Exactly the nodes that look different are to be written.
  func requireRecords(_ commands: [RunCommand], from before: WorkflowRun, to after: WorkflowRun) {
    let recorded = Set(commands.compactMap { if case .record(let id) = $0 { id } else { nil } })
    let changed = Set(zip(before.nodes, after.nodes).filter { $0 != $1 }.map(\.1.id))
    require(recorded == changed, "\(recorded) are recorded, \(changed) changed")
  }
}

extension RunEvent {
  /// The node that ran well, or did not have to, and what it gives; nil for every other event.
  fileprivate var success: (node: NodeID, output: NodeOutput)? {
    switch self {
    case .stepSucceeded(let node, let output), .stepReused(let node, let output, _): (node, output)
    default: nil
    }
  }
}
