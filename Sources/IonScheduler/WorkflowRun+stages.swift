internal import IonWorkflow

extension WorkflowRun {
  /// Begins a stage: what it has no use for is skipped, and what has nothing to wait for is due.
  mutating func enter(_ stage: RunStage, in turn: inout Turn) {
    self.stage = stage
    (failures, firstFailures) = (0, [])
    let indices = plan.list.stages[stage.rawValue].filter { progress[$0].phase != .settled }
    unsettled = indices.count
    operations += indices.count
    // Nodes that were cut off have told nobody.
    if stage != .main { for index in indices { progress[index].tally = tally(of: index) } }
    for index in indices where !isWanted(plan.traits[index].phase) {
      progress[index].prior = nil
      settle(index, as: .skipped, summary: "not run: \(verdictInWords)", in: &turn)
    }
    turn.due += indices.filter { progress[$0].tally.unsettled == 0 }
  }

  private func isWanted(_ phase: NodePhase) -> Bool {
    switch phase {
    case .main, .onExit: true
    case .onSuccess: verdict?.status == .succeeded
    case .onFailure: verdict?.status == .failed
    }
  }

  private var verdictInWords: String {
    switch verdict?.status {
    case .succeeded: "the run succeeded"
    case .failed: "the run failed"
    default: "the run was cancelled"
    }
  }

  /// How those came out that a node needs, counted anew.
  private mutating func tally(of index: Int) -> DependencyTally {
    var tally = DependencyTally()
    operations += plan.inputs[index].count
    for (position, upstream) in plan.inputs[index].enumerated() {
      if progress[upstream].phase != .settled {
        tally.unsettled += 1
      } else if position < plan.list.ruledCounts[index] {
        if countsAsSuccess(upstream) {
          tally.succeeded += 1
        } else if progress[upstream].state.status == .skipped {
          tally.skipped += 1
        } else {
          tally.failed += 1
        }
      }
    }
    return tally
  }
}

extension RunOutcome {
  /// What a run has come to when a later stage came to something: a success becomes what that was, anything else stays,
  /// and says what else went wrong. Only an interruption can be resumed, and so stands above all.
  func followed(by result: RunOutcome) -> RunOutcome {
    switch result.status {
    case .succeeded: return self
    case .interrupted:
      let before = status == .succeeded ? nil : reason.map { "; before that: \($0)" }
      return RunOutcome(.interrupted, reason: (result.reason ?? "") + (before ?? ""))
    default:
      guard status != .succeeded else { return result }
      let parts = [reason, result.status == .failed ? result.reason.map { "at the end: \($0)" } : nil]
      let told = parts.compactMap { $0 }
      return RunOutcome(status, reason: told.isEmpty ? nil : told.joined(separator: "; "))
    }
  }
}
