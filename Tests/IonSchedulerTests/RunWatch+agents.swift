import IonScheduler
import IonWorkflow

/// The books and rules of agents that ask for leave, and of their sessions.
extension RunEvent {
  /// The node of which a question was answered; nil for every other event.
  var answeredNode: NodeID? { if case .gateAnswered(let id, _, _, _) = self { id } else { nil } }
}

extension RunWatch {
  func isAgent(_ id: NodeID) -> Bool { if case .prompt? = nodes[id]?.kind { true } else { false } }

  /// Books what a fitting event means for agents. The start that a slot brings is not counted yet.
  mutating func takeNoteOfAgents(_ event: RunEvent) {
    switch event {
    case .permissionAsked(let id, let question): blocked[id] = question.id
    case .permissionWithdrawn(let id, _): blocked[id] = nil
    case .gateAnswered(let id, let gate, _, _): if blocked[id] == gate { blocked[id] = nil }
    case .sessionKnown(let id, let session, _): work[id]?.session = session
    case .slotGranted(let id) where isAgent(id): beginWork(of: id)
    case .nodeCancelRequested(let id, _): for named in all(of: id) { blocked[named] = nil }
    case .stepSucceeded(let id, _), .stepReused(let id, _, _): work[id]?.isOver = true
    case .stepFailed(let id, _, _): work[id]?.isOver = true
    default: break
    }
    for id in Array(blocked.keys) where !running.contains(id) || stopping.contains(id) || ending != nil {
      blocked[id] = nil
    }
  }

  private mutating func beginWork(of id: NodeID) {
    let readings = readings(of: id)
    let alwaysRun = nodes[id]?.alwaysRun == true || nodes[id]?.phase != .main
    var next = Work(attempt: starts[id, default: 0] + 1, readings: readings)
    if let before = work[id], !before.isOver, !alwaysRun, before.readings == readings {
      (next.cutOff, next.session) = (before.attempt, before.session)
    }
    work[id] = next
  }

  /// An agent goes on exactly from the start that was cut off and had read the same, in its session.
  func requireAgents(_ run: WorkflowRun) {
    for id in running where isAgent(id) {
      let expected = work[id].flatMap { work in work.cutOff.map { ($0, work.session) } }
      let found = run.cutOff(of: id)
      require(
        found?.attempt == expected?.0 && found?.session == expected?.1,
        "\(id) goes on from \(String(describing: found)), not from \(String(describing: expected))")
    }
    for (id, gate) in blocked where isAgent(id) {
      require(
        status(id) == .awaitingApproval && run.node(id)?.gate?.id == gate && run.node(id)?.gate?.state == .pending,
        "\(id) doesn't ask for leave")
    }
    require(run.hasWaitingAgents == (run.status == .awaitingApproval && !blocked.isEmpty), "agents wait, or don't")
  }
}
