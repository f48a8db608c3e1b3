internal import IonEngine
internal import IonJSON
internal import IonWorkflow

/// What events a request is about: all of a codebase, or those of one run.
enum EventScope {
  static func check(_ codebase: CodebaseID?, _ run: RunID?) throws(JSONDecodingFailure) {
    if codebase != nil, run != nil { throw JSONDecodingFailure("/runId", "can't stand beside `codebaseId`") }
  }

  /// The workspace whose events are meant.
  static func workspace(_ codebase: CodebaseID?, _ run: RunID?, _ session: Session) async throws(Failure) -> Workspace {
    if let run { return try await session.workspace(of: run) }
    return try await session.workspace(codebase)
  }
}
