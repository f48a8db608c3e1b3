internal import IonEngine
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `workflow/wait`: answers when a run has ended.
public enum WaitForWorkflow: ServedRequest {
  public static let method = "workflow/wait"
  public static let ordering = Ordering.concurrent

  /// What is waited for.
  public enum Milestone: String, WireWord, Hashable {
    case finished, approval

    public static let schemaName = "Milestone"

    public var meaning: String {
      switch self {
      case .finished: "The run has ended."
      case .approval: "The run has ended, or waits for an approval."
      }
    }
  }

  public struct Params: WireShape {
    public static let notes = [
      "runId": "Which run.",
      "until": "What to wait for; absent counts as `finished`.",
      "timeoutMs": "How long at most, in milliseconds; absent: as long as it takes.",
    ]

    public var runId: RunID
    public var until: Milestone?
    public var timeoutMs: Bounded<WaitingTime>?
  }

  public struct Ending: WireShape {
    public static let notes = ["timedOut": "Whether the time was over first."]

    public var timedOut: Bool
  }

  public typealias Result = Joined<RunShape, Ending>

  public static let spec = Spec<Self>(
    summary: "Answers when a run has ended. Cancelling the request ends the wait, not the run.",
    errors: ErrorKind.ofRun,
    examples: [
      .init(
        "for the end", Params(runId: Sample.run),
        Joined(RunShape(Sample.endedRecord, of: Sample.codebaseID), Ending(timedOut: false)))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    let timeout = params.timeoutMs.map { Duration.milliseconds($0.value) }
    let answer = try await session.ask { () async throws(EngineFailure) in
      try await workspace.wait(for: params.runId, timeout: timeout)
    }
    if Task.isCancelled { throw .cancelled }
    return Joined(RunShape(answer.run, of: workspace.codebase.id), Ending(timedOut: answer.timedOut))
  }
}
