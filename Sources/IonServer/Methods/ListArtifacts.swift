internal import IonEngine
public import IonJSON
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `artifact/list`: the files that runs made.
public enum ListArtifacts: ServedRequest {
  public static let method = "artifact/list"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "runId": "One run alone.",
      "codebaseId": "All runs of a codebase; may be left out where there is one, and stands not beside `runId`.",
      "prefix": "Only artifacts whose name starts so; absent is all.",
      "cursor": "From the page before; absent for the first page.",
      "limit": "How many entries at most; absent is 100.",
    ]

    public var runId: RunID?
    public var codebaseId: CodebaseID?
    public var prefix: String?
    public var cursor: String?
    public var limit: PageLimit?

    public init(runId: RunID? = nil) { self.runId = runId }

    public func check() throws(JSONDecodingFailure) { try EventScope.check(codebaseId, runId) }
  }

  public struct Result: WireShape, Hashable {
    public static let notes: [String: String] = [
      "artifacts": "By run in the order in which they were made, then by name.",
      "nextCursor": "Where the next page starts; absent on the last one.",
    ]

    public var artifacts: [ArtifactShape]
    public var nextCursor: String?
  }

  public static let spec = Spec<Self>(
    summary: "Lists the files that a run, or every run of a codebase, made in its artifact folder.",
    errors: ErrorKind.reading + [.runNotFound],
    examples: [
      .init("of one run", Params(runId: Sample.run), Result(artifacts: [Sample.artifact], nextCursor: nil))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await EventScope.workspace(params.codebaseId, params.runId, session)
    guard workspace.hasStore else { return Result(artifacts: [], nextCursor: nil) }
    let all = try await session.serving { () async throws(EngineFailure) in
      try await workspace.artifacts(of: params.runId, prefix: params.prefix)
    }
    let page = try Paging.page(of: all, after: params.cursor, limit: params.limit) { "\($0.run)/\($0.name)" }
    return Result(
      artifacts: page.items.compactMap { ArtifactShape($0, in: workspace.codebase) }, nextCursor: page.nextCursor)
  }
}
