public import IonRPC
internal import IonEngine
internal import IonStore
public import IonWorkflow

/// `codebase/register`: makes a folder known, so that its workflows and runs can be asked for.
public enum RegisterCodebase: ServedRequest {
  public static let method = "codebase/register"
  public static let ordering = Ordering.serial

  public struct Params: WireShape {
    public static let notes = [
      "rootUri": "A folder. The codebase's root is its git top level, else its real path.",
      "codebaseId": "The id to use; absent: the one that the folder has, or a new one.",
      "name": "For people; absent: the folder's name.",
      "trusted": "Nothing is started where this is false; absent counts as true.",
    ]

    public var rootUri: FileURI
    public var codebaseId: CodebaseID?
    public var name: String?
    public var trusted: Bool?
  }

  public struct Result: WireShape {
    public static let notes = [
      "codebaseId": "Names the codebase in every other method.",
      "rootUri": "Its root.",
      "name": "For people.",
      "storeId": "Names its store: a new one means that everything known of it is to be forgotten.",
      "lastSeq": "The number of the store's last event; 0 where there is none.",
      "created": "Whether nothing was kept for this folder before.",
      "trusted": "Whether runs may be started.",
    ]

    public var codebaseId: CodebaseID
    public var rootUri: FileURI
    public var name: String
    public var storeId: String
    public var lastSeq: Int64
    public var created: Bool
    public var trusted: Bool
  }

  public static let spec = Spec<Self>(
    summary: "Makes a folder known, so that its workflows and runs can be asked for. Doing it again changes nothing.",
    errors: [.inputInvalid, .storeOwned, .storeDamaged, .unusable],
    examples: [
      .init(
        "a folder", Params(rootUri: FileURI(Sample.root)),
        Result(
          codebaseId: Sample.codebaseID, rootUri: FileURI(Sample.root), name: "engine", storeId: Sample.storeID,
          lastSeq: 0,
          created: true, trusted: true))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let (workspace, created) = try await session.ask { () async throws(EngineFailure) in
      try await session.engine.register(
        params.rootUri.path, id: params.codebaseId, name: params.name, isTrusted: params.trusted)
    }
    let store = try await session.ask { () async throws(EngineFailure) in try await workspace.store() }
    let last: Int64
    do {
      last = try await store.bounds().last
    } catch {
      throw Failure(.store(error))
    }
    await session.settle()
    return Result(
      codebaseId: workspace.codebase.id, rootUri: FileURI(workspace.codebase.root), name: workspace.codebase.name,
      storeId: store.id, lastSeq: last, created: created, trusted: await workspace.isTrusted)
  }
}
