internal import IonWorkflow

/// Why a run ends before every node has settled. The first one stands: whatever comes later can't flip it.
enum Ending: Hashable, Sendable {
  /// Somebody asked for it, or a `cancel` node did.
  case cancelled(by: NodeID?, reason: String?)
  /// A `finish` node asked for it.
  case finished(by: NodeID, reason: String?)
  case timedOut(Duration)
  /// Its agents have used more than they may; half a sentence says how much.
  case overBudget(String)
  /// The owner goes away; what is pending stays so.
  case interrupted(reason: String)
  /// The definition can't be run, or what the run needs can't be made ready.
  case refused(reason: String)

  var outcome: RunOutcome {
    switch self {
    case .cancelled(_, let reason): RunOutcome(.cancelled, reason: reason)
    case .finished(_, let reason): RunOutcome(.succeeded, reason: reason)
    case .timedOut, .overBudget: RunOutcome(.failed, reason: cause)
    case .interrupted(let reason): RunOutcome(.interrupted, reason: reason)
    case .refused(let reason): RunOutcome(.failed, reason: reason)
    }
  }

  /// Whether nothing of the run comes behind it in this attempt.
  var isLast: Bool {
    switch self {
    case .interrupted, .refused: true
    case .cancelled, .finished, .timedOut, .overBudget: false
    }
  }

  var isRefusal: Bool { if case .refused = self { true } else { false } }

  /// What becomes of a node that has not started; nil leaves it pending.
  var statusOfPending: NodeStatus? {
    switch self {
    case .cancelled, .timedOut, .overBudget: .cancelled
    case .finished, .refused: .skipped
    case .interrupted: nil
    }
  }

  /// What becomes of a node that ran and was stopped.
  var statusOfStopped: NodeStatus {
    switch self {
    case .cancelled, .finished, .timedOut, .overBudget, .refused: .cancelled
    case .interrupted: .interrupted
    }
  }

  /// What happened, as half a sentence for people.
  var cause: String {
    switch self {
    case .cancelled(let node?, _): "the run was cancelled by \(node)"
    case .cancelled(nil, _): "the run was cancelled"
    case .finished(let node, _): "the run was finished by \(node)"
    case .overBudget(let excess): "the run's " + excess
    case .timedOut(let limit): "the run took longer than " + limit.inWords
    case .interrupted(let reason), .refused(let reason): reason
    }
  }
}
