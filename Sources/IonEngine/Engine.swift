public import IonWorkflow

/// Every workspace of this process. Sessions come and go; the engine stays.
public actor Engine {
  public nonisolated let dependencies: WorkflowDependencies
  private var workspaces: [CodebaseID: Workspace] = [:]
  private var order: [CodebaseID] = []
  /// Unregistered ones whose runs go on: who registers the folder again finds the same workspace with them.
  private var detached: [Workspace] = []

  public init(_ dependencies: WorkflowDependencies) { self.dependencies = dependencies }

  /// Makes a folder's codebase known, or finds it known already. Cheap: its store is opened when it is first needed.
  public func register(
    _ folder: AbsolutePath, id: CodebaseID?, name: String?, isTrusted: Bool?
  ) async throws(EngineFailure) -> (workspace: Workspace, created: Bool) {
    let (codebase, created) = try Codebase.locate(folder, id: id, name: name)
    if let known = workspaces[codebase.id] {
      guard known.codebase.root == codebase.root else {
        throw .unusable(
          "The codebase id `\(codebase.id)` is taken by \(known.codebase.root) in this process; give \(codebase.root) another."
        )
      }
      if let isTrusted { await known.trust(isTrusted) }
      return (known, false)
    }
    let known = detached.first { $0.codebase.id == codebase.id && $0.codebase.root == codebase.root }
    let workspace =
      known ?? Workspace(codebase: codebase, isTrusted: isTrusted ?? true, dependencies: dependencies)
    detached.removeAll { $0 === workspace }
    order.append(codebase.id)
    workspaces[codebase.id] = workspace
    if known != nil, let isTrusted { await workspace.trust(isTrusted) }
    return (workspace, created)
  }

  /// In the order in which they were registered.
  public var registered: [Workspace] { order.compactMap { workspaces[$0] } }

  /// The workspace of an id, or the only one there is where no id is given.
  public func workspace(_ id: CodebaseID?) throws(EngineFailure) -> Workspace {
    if let id {
      guard let workspace = workspaces[id] else { throw .codebaseNotRegistered(id.rawValue) }
      return workspace
    }
    guard let only = order.first, order.count == 1, let workspace = workspaces[only] else {
      throw order.isEmpty
        ? .codebaseNotRegistered("")
        : .unusable("Several codebases are registered; say which one with `codebaseId`.")
    }
    return workspace
  }

  /// Forgets a codebase. Its runs go on, its store stays.
  public func unregister(_ id: CodebaseID) async throws(EngineFailure) -> Workspace {
    guard let workspace = workspaces.removeValue(forKey: id) else { throw .codebaseNotRegistered(id.rawValue) }
    order.removeAll { $0 == id }
    detached.append(workspace)
    for candidate in detached where await !candidate.isBusy { detached.removeAll { $0 === candidate } }
    return workspace
  }

  /// The workspace that has a run. Run ids are unique everywhere, so the first that knows it is the one.
  public func workspace(of run: RunID) async throws(EngineFailure) -> Workspace {
    for workspace in registered where try await workspace.knows(run) { return workspace }
    for workspace in detached where await workspace.liveRuns.contains(run) { return workspace }
    throw .runNotFound(run.rawValue)
  }

  /// Stops everything that runs in this process; see `Workspace.close`.
  public func close(reason: String, grace: Duration) async {
    let all = registered + detached
    await withTaskGroup(of: Void.self) { group in
      for workspace in all { group.addTask { await workspace.close(reason: reason, grace: grace) } }
    }
  }
}
