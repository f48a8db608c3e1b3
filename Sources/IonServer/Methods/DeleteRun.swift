internal import IonEngine
public import IonRPC
public import IonWorkflow

/// `run/delete`: deletes a run that has ended.
public enum DeleteRun: ServedRequest {
  public static let method = "run/delete"
  public static let ordering = Ordering.serial
  public static let startsRuns = true

  public struct Params: WireShape, Hashable {
    public static let notes = ["runId": "The run; it must have ended."]

    public var runId: RunID
  }

  public struct Result: WireShape, Hashable {
    public static let notes = ["deleted": "Always true: a run that isn't there is an error."]

    public var deleted: Bool
  }

  public static let spec = Spec<Self>(
    summary: """
      Deletes a run that has ended, with its child runs, and the logs and artifacts of all. A child is deleted with its \
      parent alone. `run/didDelete` tells everybody.
      """,
    errors: ErrorKind.readingRun + [.invalidState, .storeOwned],
    examples: [.init("a run", Params(runId: Sample.run), Result(deleted: true))])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    return try await session.serving { () async throws(EngineFailure) in
      try await workspace.delete(params.runId)
      return Result(deleted: true)
    }
  }
}
