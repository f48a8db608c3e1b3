public import IonWorkflow

/// Something that happened in a run. Facts only, in the past tense; the log is a list of them.
public enum RunEvent: Hashable, Sendable {
  /// The run's first attempt began.
  case started
  /// A later attempt began: what succeeded is kept where what it consumed is still the same.
  case resumed
  /// Between two attempts: the run goes on with another definition, and `resumed` follows. By itself the event changes
  /// nothing: it only names the definition, with which `redefined(as:keeping:)` is called before it is advanced on.
  case redefined(Redefinition)
  /// Before the first attempt: a node's success was taken over from the run that this one reruns.
  case inherited(NodeID, NodeOutput)
  /// A node's `when` was evaluated.
  case conditionSettled(NodeID, ConditionVerdict)
  /// Whether the loop is done was found out, after this iteration (from 1).
  case loopSettled(NodeID, iteration: Int, LoopVerdict)
  /// The items of a node with `fan_out` are known.
  case itemsListed(NodeID, ItemList)
  /// What its items gave was put together.
  case itemsGathered(NodeID, NodeOutput)
  /// A node that asked for one got a process-wide slot. The answer is `start`; where there is none (the node was cancelled
  /// meanwhile, or the run ends), the slot goes back.
  case slotGranted(NodeID)
  /// A node's process is running.
  case stepSpawned(NodeID, ProcessFacts)
  /// What the node's agent has used in this attempt so far, in place of what was said before.
  case usageReported(NodeID, AgentUsage)
  /// The session is known that the node's agent works in. `summary` says how it came to it, for people; nil for a new one
  /// of which there is nothing to say.
  case sessionKnown(NodeID, NodeSession, summary: String?)
  /// The node's agent may not go on without somebody's leave, which this question asks for. The process runs on.
  case permissionAsked(NodeID, GateQuestion)
  /// Nobody's leave is wanted any more that was asked for.
  case permissionWithdrawn(NodeID, GateID)
  /// The child run of a `workflow` node is there.
  case childBegan(NodeID, RunID)
  /// A node's child run waits for answers alone.
  case childStoodStill(NodeID)
  /// A node's child run waits for answers alone, and agents of it live that wait for them with it.
  case childAsked(NodeID)
  /// A node's child run goes on from its gates, or its agents do.
  case childWentOn(NodeID)
  /// The node's process ended well by itself. One that a signal of ours may have ended is `stepStopped`, whatever its exit
  /// code. For `cancel` and `finish` nodes the output is the resolved text.
  case stepSucceeded(NodeID, NodeOutput)
  /// The node didn't have to run: an earlier success of it still holds, and this is what that gave.
  case stepReused(NodeID, NodeOutput, from: StepOrigin)
  /// An attempt of a node failed. `dice` is the chance that a retry's jitter uses, 0 ..< 1.
  case stepFailed(NodeID, StepFailure, dice: Double)
  /// A node was stopped because the scheduler said so.
  case stepStopped(NodeID)
  /// A node was found running when nobody ran it: its owner died. Nothing starts from then on, and `interrupted` follows
  /// once every lost step was reported.
  case stepLost(NodeID)
  case retryDelayElapsed(NodeID)
  case runTimeoutElapsed
  /// A gate that was to be opened is shown to people. Where that can't be done, the node has failed (`stepFailed`).
  case gateOpened(NodeID, GateQuestion)
  /// A pending gate was answered, by an answer that fits. The output is the node's where the decision lets it succeed.
  case gateAnswered(NodeID, GateID, GateAnswer, NodeOutput)
  /// Nobody answered a gate in time. The output is that of the default decision; nil where there is none.
  case gateTimeoutElapsed(NodeID, GateID, NodeOutput?)
  /// A run of which nothing was left but gates was taken up by another process: its timers are wanted again.
  case continued
  /// Before the first attempt: what the run needs could not be made ready, and nothing of it starts. `reason` is shown to
  /// people.
  case refused(reason: String)
  /// Somebody asked for the run's end. `reason` is shown to people.
  case cancelRequested(reason: String?)
  /// Somebody asked for one node's end: it counts as failed, and the run goes on with what still can run.
  case nodeCancelRequested(NodeID, reason: String?)
  /// Whether the evidence is there that a success needs: nil where it is, else why not, for people.
  case evidenceChecked(fault: String?)
  /// The owner is going away, or was found to have died: running steps are stopped, what is pending stays so, and the run
  /// can be resumed.
  case interrupted(reason: String)
}

/// How a `when` came out.
public enum ConditionVerdict: Hashable, Codable, Sendable {
  case met
  case unmet
  /// The condition could not be evaluated: the node fails with this message.
  case failed(String)
}

/// How a loop stands after an iteration.
public enum LoopVerdict: Hashable, Sendable {
  /// It is done, and gives this.
  case done(NodeOutput)
  /// It is not: there is another iteration, if there may be.
  case again
  /// It could not be found out: the loop fails.
  case failed(StepFailure)
}

/// The items of a node with `fan_out`, as they were when they were listed.
public struct ItemList: Hashable, Sendable {
  public var count: Int
  /// The items as a JSON list, kept as an output is.
  public var values: NodeOutput

  public init(count: Int, values: NodeOutput) {
    self.count = count
    self.values = values
  }
}

/// What identifies a step's process after a crash of the one who started it.
public struct ProcessFacts: Hashable, Codable, Sendable {
  public var pid: Int32
  /// Clock ticks since boot at which the process started.
  public var startTicks: UInt64
  public var bootID: String

  public init(pid: Int32, startTicks: UInt64, bootID: String) {
    self.pid = pid
    self.startTicks = startTicks
    self.bootID = bootID
  }
}

/// Why an attempt of a node failed.
public struct StepFailure: Error, Hashable, Codable, Sendable {
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// The process ended with another exit code than 0.
    case exit
    /// A signal that Ion didn't send ended the process.
    case signal
    case timeout
    case idleTimeout
    /// The program could not be started.
    case spawn
    /// A condition or a reference could not be resolved.
    case value
    /// The step needs something that isn't there (a runtime, a script).
    case missing
    /// The output isn't what the node's `output_format` asks for.
    case format
    /// Ion could not write what the step gave.
    case storage
    /// The node's child run didn't succeed.
    case child
    /// The node stands for others, or has items, and some of them failed.
    case members
    /// A node of a loop's iteration failed.
    case body
    /// A loop was not done after as many iterations as it may have.
    case iterations
    /// The agent's provider takes no more for now; the message says until when, where that is known.
    case rateLimited
    /// It takes no more just now.
    case overloaded
    /// It doesn't know who asks, or that one may not.
    case authentication
    /// The agent won't.
    case refusal
    /// It said something that can't be understood.
    case protocolFault
    /// It stopped before it was done.
    case cutShort
    /// It said nothing.
    case noAnswer
    /// It has used more than its node may cost.
    case budget
  }

  public var kind: Kind
  /// What went wrong, for people: one line, then perhaps the end of stderr.
  public var message: String
  public var exitCode: Int?
  public var signal: Int?
  /// Whether another attempt may well succeed without anything being changed.
  public var isTransient: Bool

  public init(_ kind: Kind, _ message: String, exitCode: Int? = nil, signal: Int? = nil, isTransient: Bool = false) {
    self.kind = kind
    self.message = message
    self.exitCode = exitCode
    self.signal = signal
    self.isTransient = isTransient
  }
}
