public import IonWorkflow

/// Something that the driver must now do. Orders only, in the imperative.
public enum RunCommand: Hashable, Sendable {
  /// Evaluate the node's `when`; answer with `conditionSettled`.
  case evaluateCondition(NodeID)
  /// Find out whether the loop is done, whose iteration is over; answer with `loopSettled`.
  case evaluateLoop(NodeID)
  /// Find out what the items of a node with `fan_out` are; answer with `itemsListed`, or `stepFailed` where that can't be done.
  case listItems(NodeID)
  /// Put together what a node's items gave; answer with `itemsGathered`, or `stepFailed` where that can't be done.
  case gatherItems(NodeID)
  /// See whether the run's evidence is there; answer with `evidenceChecked`.
  case checkEvidence
  /// Find out what the node's gate says, and show it; answer with `gateOpened`, or `stepFailed` where that can't be done.
  case openGate(NodeID)
  /// Ask for a process-wide slot; answer with `slotGranted`.
  case requestSlot(NodeID)
  /// The slot isn't wanted any more (the node was cancelled while it waited).
  case withdrawSlotRequest(NodeID)
  /// Start the node; answer with `stepSpawned`, then `stepSucceeded` or `stepFailed`, or with `stepReused`. `attempt` counts the node's
  /// starts over the whole run, from 1. The slot is given back when the step has ended.
  case start(NodeID, attempt: Int)
  /// Take up the node's child run again, which waits for answers; answer as to `start`.
  case takeUpChild(NodeID)
  /// Hand the node's agent the answer to what it asked leave for.
  case answerAgent(NodeID, GateID, GateAnswer)
  /// End the node's process, or its child run, if it still runs; answer with `stepStopped` (a result that came first stands).
  case stop(NodeID)
  /// Answer with the timer's event once the time has passed; every timer ends with `finish`.
  case wake(RunTimer, after: Duration)
  /// The node's row changed: write it, and tell people.
  case record(NodeID)
  /// The run has ended; nothing runs any more.
  case finish(RunOutcome)
}

/// What a wait is for.
public enum RunTimer: Hashable, Sendable {
  /// Answered by `retryDelayElapsed`.
  case retry(NodeID)
  /// Answered by `gateTimeoutElapsed`. The time goes by from the gate's opening, whoever has the run meanwhile.
  case gate(NodeID)
  /// Answered by `runTimeoutElapsed`.
  case runTimeout
}

/// How an attempt of a run ended.
public struct RunOutcome: Hashable, Sendable {
  /// `succeeded`, `failed`, `cancelled` or `interrupted`.
  public var status: RunStatus
  /// Why, for people; nil where there is nothing to say.
  public var reason: String?

  public init(_ status: RunStatus, reason: String? = nil) {
    self.status = status
    self.reason = reason
  }
}
