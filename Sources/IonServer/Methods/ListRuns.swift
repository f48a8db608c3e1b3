internal import IonEngine
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `run/list`: the runs of a codebase, newest first.
public enum ListRuns: ServedRequest {
  public static let method = "run/list"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape {
    public static let notes = [
      "codebaseId": "Which codebase; absent where the session has one.",
      "workflow": "Only runs of this workflow.",
      "status": "Only runs in one of these; absent: in any.",
      "since": "Only runs made then or later.",
      "until": "Only runs made before.",
      "cursor": "From an earlier answer's `nextCursor`.",
      "limit": "How many at most; 100 where nothing is said.",
    ]

    public var codebaseId: CodebaseID?
    public var workflow: String?
    public var status: [RunStatus]?
    public var since: Timestamp?
    public var until: Timestamp?
    public var cursor: String?
    public var limit: Bounded<PageSize>?
  }

  public struct Result: WireShape {
    public static let notes = [
      "runs": "Newest first.",
      "nextCursor": "Where the next page starts; absent on the last one.",
    ]

    public var runs: [RunShape]
    public var nextCursor: String?
  }

  public static let spec = Spec<Self>(
    summary: "The runs of a codebase, newest first.",
    errors: ErrorKind.ofStore,
    examples: [
      .init(
        "of one workflow", Params(workflow: "build-and-test", limit: 1),
        Result(runs: [RunShape(Sample.endedRecord, of: Sample.codebaseID)], nextCursor: "6"))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(params.codebaseId)
    let filter = RunFilter(
      workflow: params.workflow, statuses: params.status ?? [], since: params.since?.wallTime,
      until: params.until?.wallTime, cursor: params.cursor, limit: params.limit?.value ?? 100)
    let page = try await session.ask { () async throws(EngineFailure) in try await workspace.runs(filter) }
    return Result(
      runs: page.items.map { RunShape($0, of: workspace.codebase.id) }, nextCursor: page.nextCursor)
  }
}
