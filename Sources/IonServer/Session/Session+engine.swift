internal import IonEngine
internal import IonStore
internal import IonWorkflow

extension Session {
  /// The workspace of an id, or the session's only one.
  nonisolated func workspace(_ id: CodebaseID?) async throws(Failure) -> Workspace {
    do {
      return try await engine.workspace(id)
    } catch {
      throw Failure(error)
    }
  }

  /// The workspace that has a run.
  nonisolated func workspace(of run: RunID) async throws(Failure) -> Workspace {
    do {
      return try await engine.workspace(of: run)
    } catch {
      throw Failure(error)
    }
  }

  /// Asks the engine, with the protocol's failures.
  nonisolated func ask<Value: Sendable>(
    _ body: () async throws(EngineFailure) -> Value
  ) async throws(Failure) -> Value {
    do {
      return try await body()
    } catch {
      throw Failure(error, positions: await positionEncoding)
    }
  }
}
