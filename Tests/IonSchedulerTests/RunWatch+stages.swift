import IonScheduler
import IonWorkflow

/// The parts of a run: the workflow's own nodes, then what is done at the end.
extension RunWatch {
  func stage(of id: NodeID) -> Int {
    switch nodes[id]?.phase {
    case .main, nil: 0
    case .onSuccess, .onFailure: 1
    case .onExit: 2
    }
  }

  /// Whether a node has its turn only where the run comes to something else.
  func isOfAnotherOutcome(_ node: Node) -> Bool {
    switch node.phase {
    case .main, .onExit: false
    case .onSuccess: stage >= 1 && outcomeOfMain != .succeeded
    case .onFailure: stage >= 1 && outcomeOfMain != .failed
    }
  }

  /// Takes note of parts that are through by the last event; nothing is left of the last one but the end.
  mutating func goOn() {
    while !hasEnded, verdict != .interrupted, stage < 3, let result = resultOfStage {
      if stage == 0 { outcomeOfMain = result }
      if verdict == nil || verdict == .succeeded || result == .interrupted { verdict = result }
      guard ending != .interrupted else { return }
      guard hasBegun else { return stage = 3 }
      if definition.nodes.allSatisfy({ $0.phase == .main }) { return stage = 3 }
      stage += 1
      if stage < 3 { ending = nil }
    }
  }

  /// What came of the part that goes on; nil until it is through, and its evidence, where it needs one, was looked for.
  private var resultOfStage: RunStatus? {
    guard stage == 0, definition.needsEvidence, unprovenResult == .succeeded else { return unprovenResult }
    return hasEvidence.map { $0 ? .succeeded : .failed }
  }

  /// What came of the part that goes on, whatever its evidence.
  var unprovenResult: RunStatus? {
    guard running.isEmpty else { return nil }
    switch ending {
    case .cancelled: return .cancelled
    case .finished: return .succeeded
    case .timedOut, .refused: return .failed
    case .interrupted: return .interrupted
    case nil: break
    }
    let all = definition.nodes.filter { stage(of: $0.id) == stage }
    guard isOpen, all.allSatisfy({ status($0.id).isSettled }) else { return nil }
    return all.contains { failsTheRun($0) && !unwanted.contains($0.id) } ? .failed : .succeeded
  }
}
