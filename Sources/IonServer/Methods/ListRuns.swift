internal import IonEngine
public import IonJSON
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `run/list`: the runs of a codebase, newest first.
public enum ListRuns: ServedRequest {
  public static let method = "run/list"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "codebaseId": "The codebase; may be left out where there is one.",
      "workflow": "Only runs of the workflow with exactly this name; absent is all.",
      "status": "Only runs that stand so; absent or empty is all.",
      "parentRunId": "Only the children of this run; absent lists runs that are nobody's children.",
      "children": "True lists children among all others; stands not beside `parentRunId`. Absent is false.",
      "since": "Only runs that were made then or later; absent has no bound.",
      "until": "Only runs that were made before; absent has no bound.",
      "cursor": "From the page before; absent for the first page.",
      "limit": "How many entries at most; absent is 100.",
    ]

    public var codebaseId: CodebaseID?
    public var workflow: String?
    public var status: [RunStatus]?
    public var parentRunId: RunID?
    public var children: Bool?
    public var since: Timestamp?
    public var until: Timestamp?
    public var cursor: String?
    public var limit: PageLimit?

    public init() {}

    public func check() throws(JSONDecodingFailure) {
      if parentRunId != nil && children != nil {
        throw JSONDecodingFailure("/children", "stands not beside `parentRunId`")
      }
    }

    var family: RunFilter.Family {
      if let parentRunId { return .children(of: parentRunId) }
      return children == true ? .all : .nobodys
    }
  }

  public struct Result: WireShape, Hashable {
    public static let notes: [String: String] = [
      "runs": "Newest first, without their nodes.",
      "nextCursor": "Where the next page starts; absent on the last one.",
    ]

    public var runs: [RunShape]
    public var nextCursor: String?
  }

  public static let spec = Spec<Self>(
    summary:
      "Lists the runs that a codebase keeps, whichever process ran them. Children are left out unless they are asked for.",
    errors: ErrorKind.reading,
    examples: [
      .init(
        "all of them", Params(), Result(runs: [RunShape(Sample.endedRecord, of: Sample.codebaseID)], nextCursor: nil))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(params.codebaseId)
    return try await session.serving { () async throws(EngineFailure) in
      guard workspace.hasStore else { return Result(runs: [], nextCursor: nil) }
      let page = try await workspace.runs(
        RunFilter(
          workflow: params.workflow, statuses: params.status ?? [], since: params.since?.wallTime,
          until: params.until?.wallTime, family: params.family, cursor: params.cursor,
          limit: params.limit?.value ?? PageSize.usual))
      return Result(runs: page.items.map { RunShape($0, of: workspace.codebase.id) }, nextCursor: page.nextCursor)
    }
  }
}
