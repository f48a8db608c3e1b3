internal import IonEngine
internal import IonStore
public import IonRPC
public import IonWorkflow

/// `artifact/list`: the files that runs made.
public enum ListArtifacts: ServedRequest {
  public static let method = "artifact/list"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape {
    public static let notes = [
      "runId": "Of this run; absent: of all runs of the codebase.",
      "codebaseId": "Which codebase; absent where `runId` says it, or the session has one.",
      "prefix": "Only names that start so.",
      "cursor": "From an earlier answer's `nextCursor`.",
      "limit": "How many at most; 100 where nothing is said.",
    ]

    public var runId: RunID?
    public var codebaseId: CodebaseID?
    public var prefix: String?
    public var cursor: String?
    public var limit: Bounded<PageSize>?
  }

  public struct Result: WireShape {
    public static let notes = [
      "artifacts": "By run and name.",
      "nextCursor": "Where the next page starts; absent on the last one.",
    ]

    public var artifacts: [ArtifactShape]
    public var nextCursor: String?
  }

  public static let spec = Spec<Self>(
    summary: "The files that a run made, or all runs of a codebase.",
    errors: ErrorKind.ofRun,
    examples: [.init("of a run", Params(runId: Sample.run), Result(artifacts: [Sample.artifact]))])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace: Workspace
    if let run = params.runId {
      workspace = try await session.workspace(of: run)
    } else {
      workspace = try await session.workspace(params.codebaseId)
    }
    let records = try await session.ask { () async throws(EngineFailure) in
      try await workspace.artifacts(of: params.runId, prefix: params.prefix)
    }
    let page = try ListPage(records, cursor: params.cursor, limit: params.limit)
    return Result(
      artifacts: page.items.compactMap { ArtifactShape($0, in: workspace.codebase) }, nextCursor: page.nextCursor)
  }
}
