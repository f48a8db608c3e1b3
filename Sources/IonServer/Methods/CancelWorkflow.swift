internal import IonEngine
public import IonRPC
public import IonWorkflow

/// `workflow/cancel`: asks for the end of a run, or of one node of it.
public enum CancelWorkflow: ServedRequest {
  public static let method = "workflow/cancel"
  public static let ordering = Ordering.serial

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "runId": "The run.",
      "nodeId": "The node that is to end, as failed; absent is the whole run.",
      "reason": "For people; absent where there is nothing to say.",
      "force": "Whether steps are killed at once; absent is no: they are asked, and get a few seconds.",
    ]

    public var runId: RunID
    public var nodeId: NodeID?
    public var reason: String?
    public var force: Bool?

    public init(runId: RunID) { self.runId = runId }
  }

  public typealias Result = RunShape

  public static let spec = Spec<Self>(
    summary: """
      Asks for the end of a run, or of one of its nodes, and answers at once: the run may still be `running` then. \
      Cancelling what has ended changes nothing.
      """,
    errors: ErrorKind.readingRun + [.nodeNotFound, .storeOwned],
    examples: [
      .init(
        "a whole run", Params(runId: Sample.run), RunShape(Sample.runningRecord, of: Sample.codebaseID))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    return try await session.serving { () async throws(EngineFailure) in
      let run = try await workspace.cancel(
        params.runId, node: params.nodeId, reason: params.reason, force: params.force ?? false)
      return RunShape(run, of: workspace.codebase.id)
    }
  }
}
