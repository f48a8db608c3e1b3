internal import IonEngine
public import IonRPC
public import IonWorkflow

/// `codebase/unregister`: forgets a codebase, and deletes what is kept of it where that is asked for.
public enum UnregisterCodebase: ServedRequest {
  public static let method = "codebase/unregister"
  public static let ordering = Ordering.serial

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "codebaseId": "The codebase.",
      "deleteStore": "Whether its runs, logs and artifacts are deleted from disk; absent is no.",
    ]

    public var codebaseId: CodebaseID
    public var deleteStore: Bool?
  }

  public struct Result: WireShape, Hashable {
    public static let notes = ["deleted": "Whether anything was deleted."]

    public var deleted: Bool
  }

  public static let spec = Spec<Self>(
    summary: """
      Forgets a codebase; its live runs go on, and its store stays, unless it is to be deleted. A store with live runs, \
      here or in another process, is not deleted.
      """,
    errors: [.codebaseNotRegistered, .invalidState, .storeOwned, .storeDamaged, .unusable],
    examples: [
      .init("keep the store", Params(codebaseId: Sample.codebaseID, deleteStore: nil), Result(deleted: false))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    try await session.serving { () async throws(EngineFailure) in
      let workspace = try await session.engine.workspace(params.codebaseId)
      let isDeleted = params.deleteStore ?? false ? try await workspace.deleteStore() : false
      _ = try await session.engine.unregister(params.codebaseId)
      return Result(deleted: isDeleted)
    }
  }
}
