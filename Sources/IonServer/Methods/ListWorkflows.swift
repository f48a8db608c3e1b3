internal import IonEngine
public import IonRPC
public import IonWorkflow
public import IonWorkflowFile

/// `workflow/list`: the workflows that a codebase can name.
public enum ListWorkflows: ServedRequest {
  public static let method = "workflow/list"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "codebaseId": "The codebase; may be left out where there is one.",
      "scope": "Only workflows that were found there; absent is everywhere.",
      "cursor": "From the page before; absent for the first page.",
      "limit": "How many entries at most; absent is 100.",
    ]

    public var codebaseId: CodebaseID?
    public var scope: WorkflowCatalog.Scope?
    public var cursor: String?
    public var limit: PageLimit?
  }

  public struct Result: WireShape, Hashable {
    public static let notes: [String: String] = [
      "workflows":
        "Nearer ones first: the workspace's, the user's own, those of configured folders, then those that come with Ion.",
      "faults": "Folders and files that could not be looked at.",
      "nextCursor": "Where the next page starts; absent on the last one.",
    ]

    public var workflows: [WorkflowShape]
    public var faults: [Fault]
    public var nextCursor: String?
  }

  public struct Fault: WireShape, Hashable {
    public static let notes: [String: String] = [
      "uri": "The folder or file.",
      "message": "What went wrong, for people.",
    ]

    public var uri: FileURI
    public var message: String
  }

  public static let spec = Spec<Self>(
    summary: """
      Lists the workflows that can be run by name in a codebase. A file with errors is listed too, with `valid: false`: \
      one bad file hides no other.
      """,
    errors: ErrorKind.reading,
    examples: [
      .init(
        "the workspace's own", Params(codebaseId: nil, scope: .workspace, cursor: nil, limit: nil),
        Result(workflows: [WorkflowShape(Sample.workflow)], faults: [], nextCursor: nil))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let catalog = try await session.workspace(params.codebaseId).catalog()
    let entries = catalog.entries.filter { params.scope == nil || $0.scope == params.scope }
    let page = try Paging.page(of: entries, after: params.cursor, limit: params.limit) { $0.path.text }
    return Result(
      workflows: page.items.map(WorkflowShape.init),
      faults: catalog.faults.map { Fault(uri: FileURI($0.path), message: $0.message) }, nextCursor: page.nextCursor)
  }
}
