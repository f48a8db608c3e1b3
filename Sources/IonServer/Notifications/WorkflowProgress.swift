public import IonStore
public import IonWorkflow

/// `workflow/progress`: what one turn of a run changed.
public struct WorkflowProgress: SentNotification, Hashable {
  public static let method = "workflow/progress"
  public static let summary = "What changed in a run: its own status, and the nodes that are not as they were."
  public static let isDurable = true
  public static let notes: [String: String] = [
    "seq": "The event's number in the codebase's store; what was seen before can be dropped by it.",
    "codebaseId": "The codebase whose store has the run.",
    "runId": "The run.",
    "status": "Where the run stands.",
    "attempt": "How many times it was taken up: 1 for the first time.",
    "counts": "How many nodes there are in each status; statuses without nodes are left out.",
    "nodes": "The nodes that changed, as they are now.",
    "error": "Why the run failed, was cancelled or interrupted, for people; absent where there is nothing to say.",
    "outcome": "The author's verdict on a run that succeeded; absent where its workflow asks for none.",
    "time": "When it happened.",
  ]

  public var seq: Int64
  public var codebaseId: CodebaseID
  public var runId: RunID
  public var status: RunStatus
  public var attempt: Int
  public var counts: [String: Int]
  public var nodes: [NodeShape]
  public var error: String?
  public var outcome: Bool?
  public var time: Timestamp

  public init(_ progress: ProgressNotice, seq: Int64, run: RunID, codebase: CodebaseID) {
    self.seq = seq
    codebaseId = codebase
    runId = run
    status = progress.status
    attempt = progress.attempt
    counts = progress.counts
    nodes = progress.nodes.map(NodeShape.init)
    error = progress.error
    outcome = progress.result?.outcome
    time = Timestamp(progress.time)
  }

  public static let examples: [WorkflowProgress] = {
    var node = NodeRecord(run: Sample.run, node: "test", index: 1, status: .running)
    node.attempt = 1
    node.startedAt = Sample.started
    let progress = ProgressNotice(
      status: .running, attempt: 1, counts: ["running": 1, "succeeded": 1], nodes: [node], error: nil,
      time: Sample.started)
    return [WorkflowProgress(progress, seq: 44, run: Sample.run, codebase: Sample.codebaseID)]
  }()
}
