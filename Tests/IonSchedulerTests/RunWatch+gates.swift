import IonScheduler
import IonWorkflow

/// The books and rules of gates.
extension RunWatch {
  func approval(of id: NodeID) -> Approval? {
    if case .approval(let approval)? = nodes[id]?.kind { approval } else { nil }
  }

  /// Books what a fitting event means for gates.
  mutating func takeNoteOfGates(_ event: RunEvent) {
    askedAgain = []
    switch event {
    case .gateOpened(let id, let question):
      openings.remove(id)
      starts[id, default: 0] += 1
      successes[id] = nil
      standing[id] = nil
      asking[id] = question.id
      asked[id] = readings(of: id)
    case .stepFailed(let id, _, _): openings.remove(id)
    case .nodeCancelRequested(let id, _): openings.subtract(all(of: id))
    case .gateAnswered(let id, let gate, let answer, let output):
      if asking[id] == gate { decide(id, answer.decision, output) }
    case .gateTimeoutElapsed(let id, _, let output):
      if let decision = approval(of: id)?.defaultDecision, let output { decide(id, decision, output) }
    default: break
    }
    for id in Array(asking.keys) where status(id).isSettled { asking[id] = nil }
    guard ending != nil else { return }
    openings = []
    if ending == .interrupted { standing.merge(asking) { $1 } }
    asking = [:]
  }

  /// Gates that an interruption left pending wait again once their node is asked for, perhaps in a later stage.
  mutating func takeNoteOfStandingGates() {
    for id in Array(standing.keys) {
      if isOpen, status(id) == .awaitingApproval, let gate = standing.removeValue(forKey: id) {
        asking[id] = gate
        askedAgain.insert(id)
      } else if status(id).isSettled {
        standing[id] = nil
      }
    }
  }

  private mutating func decide(_ id: NodeID, _ decision: String, _ output: NodeOutput) {
    if approval(of: id)?.decisions.isEmpty == true, decision == "reject" {
      ending = ending ?? .cancelled
    } else {
      successes[id] = Success(output: output, readings: readings(of: id))
    }
  }

  /// What may ask for a slot by now.
  func requireDue(_ id: NodeID) {
    requireReady(id, for: "a slot")
    require(nodes[id]?.when == nil || passed.contains(id), "\(id) asks for a slot before its condition is met")
    require(approval(of: id) == nil, "\(id) is a gate and wants a slot")
  }

  /// A gate may be opened where the node may be asked for a slot otherwise.
  mutating func requireOpening(of id: NodeID) {
    requireReady(id, for: "its gate opened")
    require(nodes[id]?.when == nil || passed.contains(id), "\(id) opens its gate before its condition is met")
    require(approval(of: id) != nil && openings.insert(id).inserted, "\(id) can't open its gate")
  }

  func requireGateTime(of id: NodeID, _ delay: Duration) {
    require(
      asking[id] != nil && delay == approval(of: id)?.timeout, "\(id) waits for no answer, or as long as it likes")
  }

  /// Whether a node may fail before it has run.
  func mayFailUnstarted(_ id: NodeID, _ event: RunEvent, _ wasOpen: Bool) -> Bool {
    switch event {
    case .conditionSettled(id, .failed): true
    case .stepFailed(id, _, _): wasOpen && approval(of: id) != nil
    default: false
    }
  }

  /// Whether a node may begin to wait for an answer, or stop doing so.
  func mayWait(_ id: NodeID, _ event: RunEvent, from old: NodeStatus) -> Bool {
    switch (old, status(id)) {
    case (.pending, .awaitingApproval):
      if case .gateOpened(id, _) = event { return true }
      return askedAgain.contains(id) && asked[id] == readings(of: id)
    case (.awaitingApproval, .succeeded):
      switch event {
      case .gateAnswered(id, _, _, let output), .gateTimeoutElapsed(id, _, .some(let output)):
        return states[id]?.output == output && states[id]?.gate?.state == .decided
      default: return false
      }
    case (.awaitingApproval, .failed):
      guard case .gateTimeoutElapsed(id, _, let output) = event else { return false }
      return output == nil || approval(of: id)?.defaultDecision == nil
    case (.awaitingApproval, .cancelled):
      if case .nodeCancelRequested(let named, _) = event, all(of: named).contains(id) { return true }
      return cause == .cancelled || cause == .timedOut
    case (.awaitingApproval, .skipped): return cause == .finished
    default: return false
    }
  }

  /// Whether a gate waits and nothing goes on without an answer.
  var waitsForAnswersAlone: Bool {
    // What was asked for a node that the end of a stage has settled since is asked for nothing.
    isOpen && !(asking.isEmpty && resting.isEmpty && blocked.isEmpty) && requests.isEmpty
      && running == resting.union(blocked.keys)
      && conditions.union(timers).union(openings).allSatisfy { status($0).isSettled }
  }

  /// Gates are pending exactly where somebody may still answer them.
  func requireGates(_ run: WorkflowRun) {
    require(
      Set(run.askingNodes) == Set(asking.keys).union(resting).union(blocked.keys),
      "\(run.askingNodes) ask, or \(asking.keys)")
    for state in run.nodes {
      let isPending =
        asking[state.id] != nil || standing[state.id] != nil || isAgent(state.id) && blocked[state.id] != nil
      require((state.gate?.state == .pending) == isPending, "\(state.id)'s gate is \(String(describing: state.gate))")
      require(state.gate?.state != .decided || state.gate?.answer != nil, "\(state.id) was decided by nobody")
      if let gate = asking[state.id] ?? standing[state.id] {
        require(state.gate?.id == gate, "\(state.id) asks as another gate")
      }
    }
  }
}
