internal import IonWorkflow

/// What a run knows of the evidence that its workflow's success needs.
enum Evidence: Hashable, Sendable {
  case unasked
  case asked
  /// Nil where it is there, else why it isn't.
  case checked(fault: String?)
}

extension WorkflowRun {
  /// What an attempt comes to; nil while it would be a success whose evidence must be seen first.
  mutating func proven(_ outcome: RunOutcome, in turn: inout Turn) -> RunOutcome? {
    guard outcome.status == .succeeded, plan.definition.needsEvidence else { return outcome }
    switch evidence {
    case .unasked:
      evidence = .asked
      turn.asksForEvidence = true
      return nil
    case .asked: return nil
    case .checked(let fault): return fault.map { RunOutcome(.failed, reason: $0) } ?? outcome
    }
  }
}
