internal import IonEngine
public import IonRPC
public import IonWorkflow
public import IonWorkflowFile

/// `workflow/list`: the workflows that can be named.
public enum ListWorkflows: ServedRequest {
  public static let method = "workflow/list"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape {
    public static let notes = [
      "codebaseId": "Which codebase; absent where the session has one.",
      "scope": "Only those of this scope.",
      "cursor": "From an earlier answer's `nextCursor`.",
      "limit": "How many at most; 100 where nothing is said.",
    ]

    public var codebaseId: CodebaseID?
    public var scope: WorkflowCatalog.Scope?
    public var cursor: String?
    public var limit: Bounded<PageSize>?
  }

  public struct Result: WireShape {
    public static let notes = [
      "workflows": "Nearer ones first; files with errors are among them.",
      "nextCursor": "Where the next page starts; absent on the last one.",
    ]

    public var workflows: [WorkflowShape]
    public var nextCursor: String?
  }

  public static let spec = Spec<Self>(
    summary: "The workflows that can be named in a codebase: its own, the user's, and those of configured folders.",
    errors: ErrorKind.ofStore,
    examples: [.init("all", Params(), Result(workflows: [.sample]))])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(params.codebaseId)
    let entries = workspace.catalog().entries.filter { params.scope == nil || $0.scope == params.scope }
    let page = try ListPage(entries, cursor: params.cursor, limit: params.limit)
    return Result(workflows: page.items.map(WorkflowShape.init), nextCursor: page.nextCursor)
  }
}
