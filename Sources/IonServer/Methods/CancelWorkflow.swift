internal import IonEngine
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `workflow/cancel`: ends a run, or one node of it.
public enum CancelWorkflow: ServedRequest {
  public static let method = "workflow/cancel"
  public static let ordering = Ordering.serial

  public struct Params: WireShape {
    public static let notes = [
      "runId": "Which run.",
      "nodeId": "Only this node; absent: the whole run.",
      "reason": "Why, for people.",
      "force": "Whether to kill what runs at once, without a grace.",
    ]

    public var runId: RunID
    public var nodeId: NodeID?
    public var reason: String?
    public var force: Bool?
  }

  public typealias Result = RunShape

  public static let spec = Spec<Self>(
    summary: "Ends a run, or one node of it. Cancelling what has ended changes nothing.",
    errors: ErrorKind.ofRun + [.nodeNotFound],
    examples: [
      .init(
        "with a reason", Params(runId: Sample.run, reason: "wrong branch"),
        RunShape(Sample.runningRecord, of: Sample.codebaseID))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    let run = try await session.ask { () async throws(EngineFailure) in
      try await workspace.cancel(
        params.runId, node: params.nodeId, reason: params.reason, force: params.force ?? false)
    }
    return RunShape(run, of: workspace.codebase.id)
  }
}
