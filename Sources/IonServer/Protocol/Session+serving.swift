internal import IonEngine
internal import IonWorkflow

extension Session {
  /// Does what a handler asks of the engine; failures are told in this client's terms.
  ///
  /// - Parameter inputs: The JSON pointer below `params` of the object that the request has its inputs in.
  nonisolated func serving<Value: Sendable>(
    inputs: String = "/inputs", _ body: () async throws(EngineFailure) -> Value
  ) async throws(Failure) -> Value {
    do throws(EngineFailure) {
      return try await body()
    } catch {
      throw Failure(error, inputs: inputs, positions: await positionEncoding)
    }
  }

  /// The workspace of an id. Without one: the only one there is, else the innermost that holds one of the paths, else
  /// the only one that has a workflow of the name.
  nonisolated func workspace(
    _ id: CodebaseID?, holding paths: [AbsolutePath] = [], naming workflow: String? = nil
  ) async throws(Failure) -> Workspace {
    let registered = await engine.registered
    guard id == nil, registered.count > 1 else {
      return try await serving { () async throws(EngineFailure) in try await engine.workspace(id) }
    }
    let holders = registered.filter { workspace in paths.contains { $0.isWithin(workspace.codebase.root) } }
    if let innermost = holders.max(by: { $0.codebase.root.text.utf8.count < $1.codebase.root.text.utf8.count }) {
      return innermost
    }
    if let workflow { return try WorkflowNaming.workspace(of: workflow, among: registered) }
    throw .input("/codebaseId", "Several codebases are registered; say which one with `codebaseId`.")
  }

  /// The workspace that has a run. A store that can't be read fails the request only where no other has the run.
  nonisolated func workspace(of run: RunID) async throws(Failure) -> Workspace {
    var failure: EngineFailure?
    for workspace in await engine.registered {
      do throws(EngineFailure) {
        if try await workspace.knows(run) { return workspace }
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw Failure(failure) }
    return try await serving { () async throws(EngineFailure) in try await engine.workspace(of: run) }
  }
}
