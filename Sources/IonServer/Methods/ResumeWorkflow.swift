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
      "withCurrent": "Whether today's definition is taken; only false in this version: the run keeps its own.",
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
      Takes up a run that failed, was cancelled or was interrupted: same id, same inputs, the definition that it began \
      with. What succeeded is kept where what it read is still the same. This connection is subscribed to the run.
      """,
    errors: ErrorKind.readingRun + ErrorKind.starting + [.inputInvalid, .invalidState],
    examples: [
      .init(
        "an interrupted run", Params(runId: Sample.run),
        RunShape(Sample.resumedRecord, of: Sample.codebaseID))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    if params.withCurrent == true {
      throw .input(
        "/withCurrent", "This version of Ion resumes a run with its own definition only; use `workflow/execute`.")
    }
    if params.idempotencyKey != nil {
      throw .input(
        "/idempotencyKey", "This version of Ion takes no key here; a run that is going on can't be resumed twice.")
    }
    let workspace = try await session.workspace(of: params.runId)
    let (before, run) = try await session.serving(inputs: "/secrets") { () async throws(EngineFailure) in
      let before = try await workspace.record(of: params.runId)
      return (before, try await workspace.resume(params.runId, secrets: params.secrets ?? [:]))
    }
    try await session.follow(run, in: workspace, after: before.seq, workDoneToken: params.workDoneToken?.json)
    return RunShape(run, of: workspace.codebase.id)
  }
}
