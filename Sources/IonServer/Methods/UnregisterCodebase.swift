internal import IonEngine
public import IonRPC
public import IonWorkflow

/// `codebase/unregister`: forgets a codebase.
public enum UnregisterCodebase: ServedRequest {
  public static let method = "codebase/unregister"
  public static let ordering = Ordering.serial

  public struct Params: WireShape {
    public static let notes = [
      "codebaseId": "Which one.",
      "deleteStore":
        "Whether everything kept of it is deleted too: runs, logs, artifacts. Refused while runs are live.",
    ]

    public var codebaseId: CodebaseID
    public var deleteStore: Bool?
  }

  public struct Result: WireShape {
    public static let notes = ["deleted": "Whether its store was deleted."]

    public var deleted: Bool
  }

  public static let spec = Spec<Self>(
    summary: "Forgets a codebase. Its runs go on, and its store stays unless `deleteStore` says otherwise.",
    errors: ErrorKind.ofStore + [.invalidState],
    examples: [.init("and keep its store", Params(codebaseId: Sample.codebaseID), Result(deleted: false))])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(params.codebaseId)
    let deletes = params.deleteStore ?? false
    if deletes { try await session.ask { () async throws(EngineFailure) in try await workspace.deleteStore() } }
    _ = try await session.ask { () async throws(EngineFailure) in try await session.engine.unregister(params.codebaseId)
    }
    return Result(deleted: deletes)
  }
}
