internal import IonEngine
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `run/discard`: drops what an isolated run changed.
public enum DiscardChanges: ServedRequest {
  public static let method = "run/discard"
  public static let ordering = Ordering.serial
  public static let startsRuns = true

  public struct Params: WireShape, Hashable {
    public static let notes = ["runId": "The run; it must have ended."]

    public var runId: RunID
  }

  public typealias Result = RunShape

  public static let spec = Spec<Self>(
    summary: """
      Removes the worktree of an isolated run with everything in it, and its branch; what was taken before stays where it is.       The run itself stays, and can't be resumed. Again, it changes nothing.
      """,
    errors: ErrorKind.readingRun + [.invalidState, .pathLocked, .storeOwned],
    examples: [
      .init(
        "a run", Params(runId: Sample.isolatedRecord.id),
        RunShape(Sample.discardedRecord, of: Sample.codebaseID))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    return try await session.serving { () async throws(EngineFailure) in
      RunShape(try await workspace.discard(params.runId), of: workspace.codebase.id)
    }
  }
}
