public import IonEngine
public import IonJSON
public import IonStore
public import IonWorkflow

/// A run as the protocol shows it: `Run`.
public struct RunShape: WireShape, Hashable {
  public static let schemaName: String? = "Run"
  public static let notes: [String: String] = [
    "runId": "Globally unique, opaque.",
    "codebaseId": "The codebase whose store has the run.",
    "workflow": "The workflow's name.",
    "number": "Counts the runs of a codebase from 1, for titles.",
    "status": "Where the run stands.",
    "pauseReason": "Why it is `paused`; absent for other statuses.",
    "waitsFor":
      "Who has the working path that it is `queued` for; absent for others, for one that no process goes on with, and in lists.",
    "resumable": "Whether `workflow/resume` may take it up again.",
    "attempt": "How many times it was taken up: 1 for the first time.",
    "seq": "The number of the run's last event.",
    "createdAt": "When it was made.",
    "startedAt": "When it first ran; absent before.",
    "endedAt": "When its last attempt ended; absent while it is live.",
    "error": "Why it failed, was cancelled or interrupted, for people; absent where there is nothing to say.",
    "provider": "The agent provider that was resolved for it; absent where none is configured.",
    "model": "The model that was resolved for it; absent where none is configured.",
    "message": "What it was started with.",
    "inputs": "Its inputs after checking, with defaults; secrets are not among them.",
    "cwdUri": "Where its steps work.",
    "workflowUri": "The file that its definition was read from; absent where there was none.",
    "parentRunId": "The run that this one was rerun from, or whose child it is; absent for others.",
    "parentNodeId": "The node of the parent whose child it is; absent for a run that is nobody's.",
    "isolation": "The git worktree that it works in; absent where it works in the checkout itself.",
    "usage": "What its agents have used over all its attempts; absent where nobody said.",
    "outcome": "The author's verdict on a run that succeeded; absent where its workflow asks for none.",
    "output":
      "What a run that succeeded gave, typed; absent where its workflow returns nothing, where it is too long, and in lists.",
    "outputBytes": "How long its output is; absent where it has none, and in lists.",
    "counts": "How many nodes there are in each status; statuses without nodes are left out.",
    "approvals":
      "The gates that wait for an answer, those in its child runs too; absent in lists of runs, and where none waits.",
    "nodes": "Its nodes in the definition's order; absent unless they were asked for.",
  ]

  public var runId: RunID
  public var codebaseId: CodebaseID
  public var workflow: String
  public var number: Int
  public var status: RunStatus
  public var pauseReason: PauseReason?
  public var waitsFor: PathHolderShape?
  public var resumable: Bool
  public var attempt: Int
  public var seq: Int64
  public var createdAt: Timestamp
  public var startedAt: Timestamp?
  public var endedAt: Timestamp?
  public var error: String?
  public var provider: String?
  public var model: String?
  public var message: String
  public var inputs: [String: JSONValue]
  public var cwdUri: FileURI
  public var workflowUri: WorkflowURI?
  public var parentRunId: RunID?
  public var parentNodeId: NodeID?
  public var isolation: RunIsolationShape?
  public var usage: UsageShape?
  public var outcome: Bool?
  public var output: JSONValue?
  public var outputBytes: Int?
  public var counts: [String: Int]
  public var approvals: [ApprovalShape]?
  public var nodes: [NodeShape]?

  public init(_ run: RunRecord, of codebase: CodebaseID, gates: [RunGate] = [], nodes: [NodeRecord]? = nil) {
    runId = run.id
    codebaseId = codebase
    workflow = run.workflow
    number = run.number
    status = run.status
    pauseReason = run.pauseReason
    waitsFor = nil
    resumable = run.status.isResumable
    attempt = run.attempt
    seq = run.seq
    createdAt = Timestamp(run.createdAt)
    startedAt = run.startedAt.map(Timestamp.init)
    endedAt = run.endedAt.map(Timestamp.init)
    error = run.error
    provider = run.request.provider
    model = run.request.model
    message = run.request.message
    inputs = run.request.inputs
    cwdUri = FileURI(run.request.workingPath)
    workflowUri = run.definitionPath.map(WorkflowURI.init)
    parentRunId = run.parent
    parentNodeId = run.parentNode
    isolation = RunIsolationShape(run)
    usage = run.usage.map(UsageShape.init)
    outcome = run.result?.outcome
    output = nil
    outputBytes = nil
    counts = Dictionary(uniqueKeysWithValues: run.counts.map { ($0.key.rawValue, $0.value) })
    let pending = gates.filter { $0.gate.state == .pending }
    approvals = pending.isEmpty ? nil : pending.map { ApprovalShape($0) }
    self.nodes = nodes?.map(NodeShape.init)
  }
}

extension RunShape {
  /// The same run with who has the path that it waits for.
  func waiting(behind holder: PathLockHolder?) -> RunShape {
    var shape = self
    shape.waitsFor = holder.map(PathHolderShape.init)
    return shape
  }

  /// The same run with what it gave.
  func giving(_ output: RunOutput?) -> RunShape {
    var shape = self
    shape.output = output?.value
    shape.outputBytes = output?.length
    return shape
  }
}

/// A node of a run as the protocol shows it: `Node`.
public struct NodeShape: WireShape, Hashable {
  public static let schemaName: String? = "Node"
  public static let notes: [String: String] = [
    "nodeId": "The node, or one instance of it (`review#3/test`, `each[0]`).",
    "baseId": "The node that this is an instance of, as the workflow calls it; absent for one that there is once.",
    "iteration": "The iteration of the loop that it belongs to, from 1; absent outside of loops.",
    "item": "Which item of its node's `fan_out` it is, from 0; absent for other nodes.",
    "status": "Where the node stands.",
    "attempt": "The node's starts over the whole run; 0 before the first.",
    "summary": "Why it was skipped, kept or waits, for people; absent where the status says it all.",
    "error": "Why its last execution failed; absent where it didn't.",
    "exitCode": "What its process ended with where that was not 0; absent otherwise.",
    "startedAt": "When its last attempt started; absent before.",
    "endedAt": "When it was settled; absent before.",
    "outputBytes": "How long its output is, without trailing newlines; absent where it has none.",
    "provider": "Whose turns its last attempt is; absent for nodes without agents, and before the first.",
    "model": "The model that its agent was asked for; absent where none was.",
    "usage": "What its agents have used over the whole run; absent where nobody said.",
    "sessionId":
      "The session that its agent's last attempt works in, as the provider calls it; absent for other nodes.",
    "files":
      "What its agent did to files in the last attempt that ended, at most 1,000; absent for none. What its tools told of comes first; then what else git sees changed in the checkout, where no other step worked at the time.",
    "childRunId": "The child run of its last start; absent for other nodes, and while there is none.",
    "approvalId": "The gate that it opened last; absent for other nodes, and before.",
    "logBytes":
      "How much its last attempt printed, both streams together; absent before its end, and where that isn't known.",
  ]

  public var nodeId: NodeID
  public var baseId: NodeID?
  public var iteration: Int?
  public var item: Int?
  public var status: NodeStatus
  public var attempt: Int
  public var summary: String?
  public var error: String?
  public var exitCode: Int?
  public var startedAt: Timestamp?
  public var endedAt: Timestamp?
  public var outputBytes: Int?
  public var logBytes: Int?
  public var approvalId: GateID?
  public var provider: String?
  public var model: String?
  public var usage: UsageShape?
  public var sessionId: String?
  public var files: [NodeFileShape]?
  public var childRunId: RunID?

  public init(_ node: NodeRecord) {
    nodeId = node.node
    let instance = node.node.instance
    baseId = instance?.base
    iteration = instance?.iteration
    item = node.item
    status = node.status
    attempt = node.attempt
    summary = node.summary
    error = node.error
    exitCode = node.exitCode
    startedAt = node.startedAt.map(Timestamp.init)
    endedAt = node.endedAt.map(Timestamp.init)
    outputBytes = node.output?.length
    logBytes = node.logBytes
    approvalId = node.gate?.id
    provider = node.provider
    model = node.model
    sessionId = node.session?.id
    files = node.files.isEmpty ? nil : node.files.map(NodeFileShape.init)
    childRunId = node.child
    usage = node.usage.map(UsageShape.init)
  }
}

/// What agents have used, as the protocol shows it: `Usage`.
public struct UsageShape: WireShape, Hashable {
  public static let schemaName: String? = "Usage"
  public static let notes: [String: String] = [
    "inputTokens": "Tokens that models read, those that a cache already had among them.",
    "outputTokens": "Tokens that models wrote.",
    "usd": "What that cost, in dollars; absent where the providers count no money.",
  ]

  public var inputTokens: Int
  public var outputTokens: Int
  public var usd: Double?

  init(_ usage: AgentUsage) {
    inputTokens = usage.inputTokens
    outputTokens = usage.outputTokens
    usd = usage.usd
  }
}
