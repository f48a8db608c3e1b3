internal import IonEngine
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `codebase/list`: the codebases that are registered.
public enum ListCodebases: ServedRequest {
  public static let method = "codebase/list"
  public static let ordering = Ordering.concurrent

  public typealias Params = Nothing

  public struct Result: WireShape, Hashable {
    public static let notes = ["codebases": "In the order in which they were registered."]

    public var codebases: [CodebaseShape]
  }

  /// A registered codebase: `Codebase`.
  public struct CodebaseShape: WireShape, Hashable {
    public static let schemaName: String? = "Codebase"
    public static let notes: [String: String] = [
      "codebaseId": "Names the codebase.",
      "rootUri": "Where it is, links followed.",
      "name": "For people.",
      "parentUri": "The main checkout of a git worktree; absent for anything else.",
      "trusted": "Whether runs may be started in it.",
      "storeId": "Names its store; absent where nothing was kept yet, and where the store can't be read.",
      "lastSeq": "The number of the last event in the store; absent where `storeId` is.",
      "activeRuns": "How many of its runs are going on in this process.",
      "error": "Why its store can't be read; absent where it can.",
    ]

    public var codebaseId: CodebaseID
    public var rootUri: FileURI
    public var name: String
    public var parentUri: FileURI?
    public var trusted: Bool
    public var storeId: String?
    public var lastSeq: Int64?
    public var activeRuns: Int
    public var error: String?
  }

  public static let spec = Spec<Self>(
    summary: "Lists the codebases that are registered. One whose store can't be read is listed with the reason.",
    examples: [
      .init(
        "one codebase", Params(),
        Result(codebases: [
          CodebaseShape(
            codebaseId: Sample.codebaseID, rootUri: FileURI(Sample.root), name: "engine", parentUri: nil, trusted: true,
            storeId: Sample.storeID, lastSeq: 42, activeRuns: 0, error: nil)
        ]))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    var codebases: [CodebaseShape] = []
    for workspace in await session.engine.registered { codebases.append(await shape(of: workspace)) }
    return Result(codebases: codebases)
  }

  private static func shape(of workspace: Workspace) async -> CodebaseShape {
    let codebase = workspace.codebase
    var shape = CodebaseShape(
      codebaseId: codebase.id, rootUri: FileURI(codebase.root), name: codebase.name,
      parentUri: codebase.parent.map(FileURI.init), trusted: await workspace.isTrusted, storeId: nil, lastSeq: nil,
      activeRuns: await workspace.liveRuns.count, error: nil)
    guard workspace.hasStore else { return shape }
    do throws(EngineFailure) {
      let state = try await workspace.storeState()
      shape.storeId = state.id
      shape.lastSeq = state.bounds.last
    } catch {
      shape.error = error.message
    }
    return shape
  }
}
