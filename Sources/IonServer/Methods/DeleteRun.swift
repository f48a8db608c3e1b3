internal import IonEngine
public import IonRPC
public import IonWorkflow

/// `run/delete`: deletes a run that has ended.
public enum DeleteRun: ServedRequest {
  public static let method = "run/delete"
  public static let ordering = Ordering.serial

  public struct Params: WireShape {
    public static let notes = ["runId": "Which run."]

    public var runId: RunID
  }

  public struct Result: WireShape {
    public static let notes = ["deleted": "Always true: everything else is an error."]

    public var deleted: Bool
  }

  public static let spec = Spec<Self>(
    summary: "Deletes a run that has ended, with its logs and artifacts. A `run/didDelete` is left behind.",
    errors: ErrorKind.ofRun + [.invalidState],
    examples: [.init("a run", Params(runId: Sample.run), Result(deleted: true))])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    try await session.ask { () async throws(EngineFailure) in try await workspace.delete(params.runId) }
    return Result(deleted: true)
  }
}
