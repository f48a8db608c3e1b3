internal import Glibc
public import IonStore
public import IonWorkflow

extension Workspace {
  /// What names the store, and the span of its events. Opens it where it isn't.
  public func storeState() async throws(EngineFailure) -> (id: String, bounds: SequenceBounds) {
    try await reading { store throws(StoreFailure) in (store.id, try await store.bounds()) }
  }

  /// The store's folder, and what the database takes on disk; nil where nothing was kept yet.
  public nonisolated var storeFigures: (folder: AbsolutePath, bytes: Int64?) {
    let folder = ProjectPaths.base(root: codebase.root, codebase: codebase.id)
    let files = ["store.sqlite", "store.sqlite-wal"].compactMap { FileAccess.status(folder.appending($0))?.st_size }
    return (folder, files.isEmpty ? nil : files.reduce(0) { $0 + Int64($1) })
  }

  /// The process with live runs in the store; nil where there is none.
  public func owner() async throws(EngineFailure) -> OwnerInfo? {
    try await reading { store throws(StoreFailure) in try await store.owner() }
  }

  /// Deletes everything that is kept of this codebase: its runs with their logs and artifacts, and the state that steps
  /// keep. False where
  /// nothing was there.
  ///
  /// - Throws: `.invalidState` where a run is going on; `.store(.owned)` where another process has live runs.
  public func deleteStore() async throws(EngineFailure) -> Bool {
    await settled()
    if let run = liveRuns.first {
      throw .invalidState(run, "Run \(run) is going on; cancel it before its codebase's store is deleted.")
    }
    guard hasStore else { return false }
    let worktrees = ProjectPaths.base(root: codebase.root, codebase: codebase.id).appending("worktrees")
    if let run = FileAccess.names(in: worktrees).first {
      throw .invalidState(
        RunID(run),
        "The worktree of run \(run) is still there; discard the run, or delete it, before its codebase's store."
      )
    }
    let ownership = try await reading { store throws(StoreFailure) in try await store.own() }
    forgetStore()
    FileAccess.remove(ProjectPaths.base(root: codebase.root, codebase: codebase.id))
    ownership.release()
    return true
  }
}

extension SequenceBounds {
  /// Fails where events after a number are gone.
  public func checkReplay(after seq: Int64) throws(EngineFailure) {
    guard seq >= oldest - 1 || last == 0 else { throw .sequenceExpired(oldest: oldest) }
  }
}
