internal import IonEngine
public import IonJSON
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `workflow/resume`: takes a run up again where it stood.
public enum ResumeWorkflow: ServedRequest {
  public static let method = "workflow/resume"
  public static let ordering = Ordering.serial
  public static let startsRuns = true

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "runId": "The run; nothing is resumed without its id.",
      "secrets": "The inputs of type `secret`, which are stored nowhere; absent where the workflow has none.",
      "idempotencyKey": "Not in this version: a run that is going on can't be resumed twice anyway.",
      "withCurrent":
        """
      Whether the run goes on with what stands in its workflow's file today: what succeeded is kept where the node and \
      all that is upstream of it are unchanged, and the run's inputs are checked anew. Absent or false keeps the \
      definition that it had.
      """,
      "workDoneToken": "Progress is reported on it; absent leaves that to the server.",
    ]

    public var runId: RunID
    public var secrets: [String: JSONValue]?
    public var idempotencyKey: String?
    public var withCurrent: Bool?
    public var workDoneToken: ProgressToken?

    public init(runId: RunID) { self.runId = runId }
  }

  public typealias Result = RunShape

  public static let spec = Spec<Self>(
    summary: """
      Takes up a run that failed, was cancelled or was interrupted: same id, same inputs, and the definition that it \
      had, or today's. What succeeded is kept where what it read is still the same. This connection is subscribed to \
      the run.
      """,
    errors: ErrorKind.readingRun + ErrorKind.starting + [.inputInvalid, .invalidState, .workflowNotFound],
    examples: [
      .init(
        "an interrupted run", Params(runId: Sample.run),
        RunShape(Sample.resumedRecord, of: Sample.codebaseID))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    if params.idempotencyKey != nil {
      throw .input(
        "/idempotencyKey", "This version of Ion takes no key here; a run that is going on can't be resumed twice.")
    }
    let workspace = try await session.workspace(of: params.runId)
    let (before, run) = try await session.serving(inputs: "/secrets") { () async throws(EngineFailure) in
      let before = try await workspace.record(of: params.runId)
      return (before, try await resume(params, in: workspace))
    }
    try await session.follow(run, in: workspace, after: before.seq, workDoneToken: params.workDoneToken?.json)
    return RunShape(run, of: workspace.codebase.id)
  }

  private static func resume(
    _ params: Params, in workspace: Workspace
  ) async throws(EngineFailure) -> RunRecord {
    try await workspace.resume(
      params.runId, secrets: params.secrets ?? [:], withCurrent: params.withCurrent ?? false)
  }
}
