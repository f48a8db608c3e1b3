internal import IonEngine
public import IonJSON
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `workflow/resume`: takes a run up again where it failed, was cancelled or interrupted.
public enum ResumeWorkflow: ServedRequest {
  public static let method = "workflow/resume"
  public static let ordering = Ordering.serial

  public struct Params: WireShape {
    public static let notes = [
      "runId": "Which run. Nothing is ever resumed without its id.",
      "secrets": "The workflow's secret inputs, which are never stored.",
      "withCurrent": "Whether to take today's definition. Not supported yet: `true` is refused.",
    ]

    public var runId: RunID
    public var secrets: [String: JSONValue]?
    public var withCurrent: Bool?
  }

  public typealias Result = RunShape

  public static let spec = Spec<Self>(
    summary: """
      Takes a run up again: same id, same inputs, the definition that it was started with. What succeeded is kept while \
      what it read is unchanged; everything else is run again.
      """,
    errors: ErrorKind.ofStart,
    examples: [
      .init(
        "a run that failed", Params(runId: Sample.run), RunShape(Sample.runningRecord, of: Sample.codebaseID))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    if params.withCurrent == true {
      throw .input("/withCurrent", "This version of Ion resumes with the definition that the run was started with.")
    }
    let workspace = try await session.workspace(of: params.runId)
    let before = try await session.ask { () async throws(EngineFailure) in try await workspace.record(of: params.runId)
    }
    let run = try await session.ask { () async throws(EngineFailure) in
      try await workspace.resume(params.runId, secrets: params.secrets ?? [:])
    }
    try await session.follow(run, in: workspace, after: before.seq)
    return RunShape(run, of: workspace.codebase.id)
  }
}
