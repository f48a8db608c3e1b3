internal import IonEngine
public import IonRPC
internal import IonScheduler
internal import IonStore
public import IonWorkflow

/// `run/explain`: why a node ran, was skipped, or ran again.
public enum ExplainNode: ServedRequest {
  public static let method = "run/explain"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape, Hashable {
    public static let notes = ["runId": "The run.", "nodeId": "The node that is to be explained."]

    public var runId: RunID
    public var nodeId: NodeID
  }

  public struct Result: WireShape, Hashable {
    public static let notes: [String: String] = [
      "runId": "The run.",
      "nodeId": "The node.",
      "status": "Where the node stands.",
      "reason": "Why it stands there, for people: one sentence or a few.",
      "triggerRule": "What it asks of those that it depends on.",
      "dependencies": "The nodes that it waits for, and how they stand.",
      "when": "Its condition, as a workflow file may write it; absent where it has none.",
      "condition": "How the condition came out last; absent where it was not evaluated.",
      "attempts": "Its starts over the whole run, in order.",
      "cache": "What its `cache` came to at its last start; absent where it has none, or was not started.",
    ]

    public var runId: RunID
    public var nodeId: NodeID
    public var status: NodeStatus
    public var reason: String
    public var triggerRule: TriggerRule
    public var dependencies: [Dependency]
    public var when: String?
    public var condition: ConditionOutcome?
    public var attempts: [Attempt]
    public var cache: Cache?
  }

  public struct Cache: WireShape, Hashable {
    public static let notes: [String: String] = [
      "reused": "The attempt whose success was taken over; absent where the node ran itself.",
      "compared": "The last success that could have been taken over; absent where there was none, or it was.",
      "differences": "What was not the same as there, for people; empty where it was taken over.",
      "unmatched": "Globs of `cache.inputs` that no file matched.",
      "obstacle": "Why nothing can be taken over from this attempt; absent where it can.",
    ]

    public var reused: Origin?
    public var compared: Origin?
    public var differences: [String]
    public var unmatched: [String]
    public var obstacle: String?
  }

  public struct Origin: WireShape, Hashable {
    public static let notes: [String: String] = [
      "runId": "The run.", "nodeId": "The node.", "attempt": "Counts from 1.",
    ]

    public var runId: RunID
    public var nodeId: NodeID
    public var attempt: Int
  }

  public struct Dependency: WireShape, Hashable {
    public static let notes: [String: String] = [
      "nodeId": "The other node.",
      "status": "Where it stands.",
      "counts": "Whether the trigger rule counts it; else it is only waited for, because something of it is read.",
    ]

    public var nodeId: NodeID
    public var status: NodeStatus
    public var counts: Bool
  }

  public struct Attempt: WireShape, Hashable {
    public static let notes: [String: String] = [
      "attempt": "Counts from 1.",
      "status": "What came of it; `running` while it runs.",
      "startedAt": "When it started.",
      "endedAt": "When it ended; absent while it runs.",
      "error": "Why it failed; absent where it didn't.",
      "exitCode": "What its process ended with where that was not 0; absent otherwise.",
    ]

    public var attempt: Int
    public var status: NodeStatus
    public var startedAt: Timestamp
    public var endedAt: Timestamp?
    public var error: String?
    public var exitCode: Int?
  }

  public static let spec = Spec<Self>(
    summary: "Explains why a node of a run ran, was skipped, is waiting, or ran again, with the facts behind that.",
    errors: ErrorKind.readingRun + [.nodeNotFound, .invalidState, .workflowInvalid],
    examples: [
      .init(
        "a node that ran", Params(runId: Sample.run, nodeId: "test"),
        Result(
          runId: Sample.run, nodeId: "test", status: .succeeded,
          reason: "It ran because everything that it depends on succeeded, and succeeded.", triggerRule: .allSuccess,
          dependencies: [Dependency(nodeId: "build", status: .succeeded, counts: true)], when: nil, condition: nil,
          attempts: [
            Attempt(
              attempt: 1, status: .succeeded, startedAt: Timestamp(Sample.started + 1_000),
              endedAt: Timestamp(Sample.started + 1_950), error: nil, exitCode: nil)
          ], cache: nil))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    return try await session.serving { () async throws(EngineFailure) in
      let history = try await workspace.history(of: params.nodeId, in: params.runId)
      let run = try await workspace.record(of: params.runId)
      return Result(
        runId: params.runId, nodeId: params.nodeId, status: history.row.status,
        reason: NodeReason(history, run: run.status).text, triggerRule: history.node.triggerRule,
        dependencies: history.dependencies.map { Dependency(nodeId: $0.node, status: $0.status, counts: $0.isRuled) },
        when: history.node.when?.description, condition: history.verdict.map(ConditionOutcome.init),
        attempts: history.executions.map(attempt), cache: history.caching.map(cache))
    }
  }

  private static func cache(_ decision: CacheDecision) -> Cache {
    Cache(
      reused: decision.reused.map(origin), compared: decision.compared.map(origin), differences: decision.differences,
      unmatched: decision.unmatched, obstacle: decision.obstacle)
  }

  private static func origin(_ origin: StepOrigin) -> Origin {
    Origin(runId: origin.run, nodeId: origin.node, attempt: origin.attempt)
  }

  private static func attempt(_ execution: NodeHistory.Execution) -> Attempt {
    Attempt(
      attempt: execution.attempt, status: execution.status, startedAt: Timestamp(execution.startedAt),
      endedAt: execution.endedAt.map(Timestamp.init), error: execution.error, exitCode: execution.exitCode)
  }
}
