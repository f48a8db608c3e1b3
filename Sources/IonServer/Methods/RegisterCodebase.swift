internal import IonEngine
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `codebase/register`: makes a folder's codebase known, and says what to remember of its store.
public enum RegisterCodebase: ServedRequest {
  public static let method = "codebase/register"
  public static let ordering = Ordering.serial

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "rootUri": "A folder; its codebase is its git top level, or the folder itself.",
      "codebaseId":
        "The id that it is to have: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`. Absent: the one that it has, or a new one.",
      "name": "For people; absent is the folder's name.",
      "trusted":
        "Whether runs may be started in it. Absent leaves it as it is: trusted, unless something else was said.",
    ]

    public var rootUri: FileURI
    public var codebaseId: CodebaseID?
    public var name: String?
    public var trusted: Bool?
  }

  public struct Result: WireShape, Hashable {
    public static let notes: [String: String] = [
      "codebaseId": "Names the codebase from now on.",
      "rootUri": "Where it is, links followed.",
      "name": "For people.",
      "parentUri": "The main checkout of a git worktree; absent for anything else.",
      "storeId":
        "Names the store; another one than before means that everything that was known of it is to be forgotten.",
      "lastSeq": "The number of the last event in the store; 0 where there is none.",
      "created": "Whether nothing was ever kept for it before.",
      "trusted": "Whether runs may be started in it.",
    ]

    public var codebaseId: CodebaseID
    public var rootUri: FileURI
    public var name: String
    public var parentUri: FileURI?
    public var storeId: String
    public var lastSeq: Int64
    public var created: Bool
    public var trusted: Bool
  }

  public static let spec = Spec<Self>(
    summary: """
      Makes a folder's codebase known to the server and opens its store. Registering again changes nothing but `trusted`. \
      The folders that `initialize` names are registered by themselves.
      """,
    errors: [.inputInvalid, .storeDamaged, .unusable],
    examples: [
      .init(
        "a folder", Params(rootUri: FileURI(Sample.root), codebaseId: nil, name: nil, trusted: nil),
        Result(
          codebaseId: Sample.codebaseID, rootUri: FileURI(Sample.root), name: "engine", parentUri: nil,
          storeId: Sample.storeID, lastSeq: 42, created: false, trusted: true))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let (workspace, created) = try await session.serving { () async throws(EngineFailure) in
      try await session.engine.register(
        params.rootUri.path, id: params.codebaseId, name: params.name, isTrusted: params.trusted)
    }
    let state = try await session.serving { () async throws(EngineFailure) in try await workspace.storeState() }
    await session.watchWorkflows(of: workspace)
    await session.settle()
    let codebase = workspace.codebase
    return Result(
      codebaseId: codebase.id, rootUri: FileURI(codebase.root), name: codebase.name,
      parentUri: codebase.parent.map(FileURI.init), storeId: state.id, lastSeq: state.bounds.last, created: created,
      trusted: await workspace.isTrusted)
  }
}
