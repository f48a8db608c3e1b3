internal import IonWorkflow

/// All that a run knows of one node: what is shown, and what is needed to decide on.
struct NodeProgress: Hashable, Sendable {
  var state: NodeState
  var phase = Phase.waiting
  var tally = DependencyTally()
  /// Starts within this attempt of the run, which is what the retry budget counts.
  var executions = 0
  /// A success that may be kept instead of running again. It lasts until the node starts, is skipped or fails.
  var prior: PriorSuccess?
  /// What its agents had used before the attempt that runs.
  var usageBefore: AgentUsage?
  /// What its gate's question was made from, by the plan's order: whether it may be asked again as it is.
  var asked: [ConsumedResult] = []
  /// The process of the execution that runs; nil before it was spawned, and afterwards.
  var process: ProcessFacts?
  /// What the node's agent works in; nil for other kinds, and before the first start.
  var session: SessionProgress?
  /// The child run that a `workflow` node began last; nil for other kinds, and before the first.
  var child: ChildProgress?

  init(_ id: NodeID) { state = NodeState(id) }
}

/// How far a node is within an attempt of the run.
enum Phase: Hashable, Sendable {
  /// Some of what it needs has not settled.
  case waiting
  /// Its condition is being evaluated.
  case evaluating
  /// Its gate is being opened.
  case opening
  /// Its items are being listed.
  case listing
  /// Its gate waits for an answer.
  case asking
  /// It may start as soon as the run has a place for it.
  case ready
  /// It has a place in the run and waits for a process-wide slot.
  case queued
  case running
  /// Its agent may not go on without somebody's leave; its process runs on.
  case blocked
  /// Its child run waits for answers alone.
  case standing
  /// It is a loop with an iteration under way, or has items under way.
  case open
  /// What its items gave is being put together.
  case gathering
  /// It was told to stop, and has not said that it did.
  case stopping(StopCause)
  /// It failed, and waits for its next execution.
  case delayed
  case settled

  /// Whether its process, or its child run, may be alive.
  var isRunning: Bool {
    switch self {
    case .running, .blocked, .standing, .stopping: true
    case .waiting, .evaluating, .opening, .listing, .asking, .ready, .queued, .open, .gathering, .delayed, .settled:
      false
    }
  }

  /// Whether the run goes on by itself from here, without anybody's answer.
  var isMoving: Bool {
    switch self {
    case .evaluating, .opening, .listing, .ready, .queued, .running, .gathering, .stopping, .delayed: true
    case .waiting, .asking, .blocked, .standing, .open, .settled: false
    }
  }

  /// Whether an item in this phase counts among those that its node runs at once.
  var takesPlace: Bool {
    switch self {
    case .ready, .queued, .running, .blocked, .stopping: true
    case .waiting, .evaluating, .opening, .listing, .asking, .standing, .open, .gathering, .delayed, .settled: false
    }
  }
}

/// Whose wish it was that a running node stops.
enum StopCause: Hashable, Sendable {
  /// Somebody's who meant this node.
  case nodeRequest(reason: String?)
  /// The run's, which is ending.
  case ending
}

/// What a run knows of the work of a node's agent.
struct SessionProgress: Hashable, Sendable {
  /// The node's start that is meant.
  var attempt: Int
  /// What the node had read then.
  var consumed: [ConsumedResult]
  /// The session that it works in, or is to go on in; nil while there is none.
  var session: NodeSession?
  /// The start that this one goes on from; nil where it begins anew.
  var cutOff: Int?
  /// Whether that came to an end: nothing goes on from it.
  var isOver = false
}

/// What a run knows of the child run of a node.
struct ChildProgress: Hashable, Sendable {
  /// The node's start that began it; later ones go on with it.
  var attempt: Int
  /// What the node had read then: only while that is the same, a later start goes on.
  var consumed: [ConsumedResult]
  /// Whether the next start begins another one.
  var isOver = false
}

/// A node's success of an earlier attempt, or of the run that this one reruns.
struct PriorSuccess: Hashable, Sendable {
  var output: NodeOutput
  /// What it had read, by the plan's order; empty for an inherited one until the run begins.
  var consumed: [ConsumedResult]
  var isInherited: Bool
}

/// How those that a node needs came out, so far.
struct DependencyTally: Hashable, Sendable {
  /// How many of all that it waits for have not settled.
  var unsettled = 0
  /// Those in `dependsOn` that came out well, failures that are tolerated among them.
  var succeeded = 0
  var failed = 0
  var skipped = 0

  init(unsettled: Int = 0) { self.unsettled = unsettled }
}

extension TriggerRule {
  /// Whether a node whose dependencies have all settled may run. One without dependencies always may.
  func isMet(by tally: DependencyTally) -> Bool {
    guard tally.succeeded + tally.failed + tally.skipped > 0 else { return true }
    return switch self {
    case .allSuccess: tally.failed == 0 && tally.skipped == 0
    case .oneSuccess: tally.succeeded > 0
    case .noneFailedMinOneSuccess: tally.failed == 0 && tally.succeeded > 0
    case .allDone: true
    }
  }
}
