internal import IonEngine
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `workflow/wait`: answers when a run has ended.
public enum WaitForWorkflow: ServedRequest {
  public static let method = "workflow/wait"
  public static let ordering = Ordering.concurrent
  public static let onlyWaits = true

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "runId": "The run.",
      "until": "What is waited for; absent is `finished`.",
      "timeoutMs": "How long at most, in milliseconds; absent is for ever.",
    ]

    public var runId: RunID
    public var until: WaitGoal?
    public var timeoutMs: Bounded<WaitingTime>?
  }

  public typealias Result = Joined<RunShape, Timeliness>

  public struct Timeliness: WireShape, Hashable {
    public static let notes = ["timedOut": "Whether the time was over before what was waited for was there."]

    public var timedOut: Bool
  }

  public static let spec = Spec<Self>(
    summary: """
      Waits for the end of a run, however long that takes, and then says how it stands. Cancelling the request ends the \
      wait, not the run. Every event up to the `seq` of the answer precedes it.
      """,
    errors: ErrorKind.readingRun,
    examples: [
      .init(
        "at most a minute", Params(runId: Sample.run, until: nil, timeoutMs: 60_000),
        Joined(RunShape(Sample.endedRecord, of: Sample.codebaseID), Timeliness(timedOut: false)))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    let (run, timedOut) = try await session.serving { () async throws(EngineFailure) in
      // One that isn't there is an error, however long it is waited for.
      _ = try await workspace.record(of: params.runId)
      return try await workspace.wait(
        for: params.runId, until: params.until == .approval ? .standstill : .end,
        timeout: params.timeoutMs.map { .milliseconds($0.value) })
    }
    let gates = try await session.serving { () async throws(EngineFailure) in try await workspace.gates(of: run) }
    await session.delivered(params.runId, in: workspace, upTo: run.seq)
    let output = try await session.serving { () async throws(EngineFailure) in try await workspace.output(of: run) }
    return Joined(RunShape(run, of: workspace.codebase.id, gates: gates).giving(output), Timeliness(timedOut: timedOut))
  }
}
