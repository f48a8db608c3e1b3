internal import Glibc
internal import IonScheduler
public import IonStore
public import IonWorkflow
internal import Logging

extension Workspace {
  /// What an isolated run has changed up to now, ended or not: everything in its worktree that differs from the commit it
  /// began with, committed or not, but for what git ignores.
  ///
  /// - Parameters:
  ///   - files: What the patch is of; empty is everything.
  ///   - patchLimit: How long the patch may be, in bytes; nil for none.
  /// - Throws: `.runNotFound`; `.invalidState` for a run that isn't isolated, or whose worktree is gone or damaged;
  ///   `.unknownChanges`; `.unusable` where git fails.
  public func changes(
    of run: RunID, files: [String] = [], patchLimit: Int? = nil
  ) async throws(EngineFailure) -> RunChanges {
    let record = try await record(of: run)
    let worktree = try await worktree(of: record)
    var changes = RunChanges(
      run: record, place: worktree.place, state: record.changes ?? .pending, files: [], complaints: [], patch: nil)
    guard try await isThere(worktree, record) else { return changes }
    let sight = try await look(at: worktree)
    defer { sight.discard() }
    changes.state = sight.state
    changes.files = sight.files.map { ChangedFile($0, isTaken: sight.isTaken($0)) }
    changes.complaints = sight.snapshot.complaints
    if let patchLimit {
      let chosen = files.isEmpty ? [] : try sight.chosen(files, of: run)
      let paths = chosen.flatMap { [$0.oldPath, $0.path].compactMap(\.self) }
      let patch = try await sight.snapshot.patch(of: paths, limit: patchLimit)
      let mask = try await mask(of: run)
      changes.patch = RunChanges.Patch(text: mask?.masked(patch.text) ?? patch.text, isCut: patch.isCut)
    }
    return changes
  }

  /// Takes changes of an isolated run over into its checkout's files: the named ones (a folder stands for what is in it), or
  /// all that were not taken. All of that is taken, or nothing. Nothing is committed, and the index stays as it is.
  ///
  /// Once everything is taken of a run that succeeded, and it committed nothing, its worktree and branch are removed.
  ///
  /// - Throws: `.changesConflict`; `.unknownChanges`; `.invalidState` for a run that isn't isolated, that goes on, or whose
  ///   worktree is gone; `.pathLocked` where a run uses the checkout; `.store(.owned)`; `.unusable`.
  public func apply(_ run: RunID, files: [String]?) async throws(EngineFailure) -> TakenChanges {
    try await alone(with: run) { () async throws(EngineFailure) in
      let record = try await ended(run, orWaiting: true)
      let worktree = try await worktree(of: record)
      let ownership = try await opened().executor.own()
      defer { ownership.release() }
      let locks = try await lock(worktree, of: record)
      defer { for lock in locks { lock.release() } }
      guard try await isThere(worktree, record) else {
        throw .invalidState(
          run, "There is nothing left to take of run \(run): its changes are \(record.changesInWords).")
      }
      return try await take(files, of: record, worktree)
    }
  }

  /// Drops an isolated run's changes: its worktree and its branch are removed. Again, it changes nothing.
  ///
  /// - Throws: as for `apply`, but for what taking alone may come to.
  public func discard(_ run: RunID) async throws(EngineFailure) -> RunRecord {
    try await alone(with: run) { () async throws(EngineFailure) in
      let record = try await ended(run, orWaiting: false)
      let worktree = try await worktree(of: record)
      let ownership = try await opened().executor.own()
      defer { ownership.release() }
      let locks = try await lock(worktree, of: record)
      defer { for lock in locks { lock.release() } }
      let wasThere = FileAccess.isThere(worktree.place.worktree)
      try await worktree.remove()
      FileAccess.remove(paths(of: run).changes(of: run))
      let isNews = record.changes != .discarded && (wasThere || record.changes != .applied)
      guard isNews else { return record }
      return try await note(.discarded, files: 0, [RunMessages.discarded(record, worktree.place)], in: record)
    }
  }

  /// Removes the worktree of a run that is about to be deleted.
  ///
  /// - Throws: `.invalidState` where it has changes that were not taken.
  func dropUnneededWorktree(of record: RunRecord) async throws(EngineFailure) {
    guard let place = record.request.isolation else { return }
    let ownership = try await opened().executor.own()
    defer { ownership.release() }
    if FileAccess.isThere(place.worktree), record.changes != .discarded {
      let left = try await changes(of: record.id).files.count { !$0.isTaken }
      guard left == 0 else {
        throw .invalidState(
          record.id,
          "\(left == 1 ? "1 file" : "\(left) files") that run \(record.id) changed \(left == 1 ? "was" : "were") neither "
            + "taken nor discarded; do that before the run is deleted.")
      }
    }
    let run = record.id
    try await alone(with: run) { () async throws(EngineFailure) in
      let worktree = try await worktree(of: record)
      let locks = try await lock(worktree, of: record)
      defer { for lock in locks { lock.release() } }
      try await worktree.remove()
      FileAccess.remove(paths(of: run).changes(of: run))
    }
  }

  /// Puts back what had been in checkouts where taking changes over was cut off. Where somebody takes changes right now,
  /// the checkout is theirs.
  func undoCutOffTakings() {
    let base = ProjectPaths.base(root: codebase.root, codebase: codebase.id)
    Git.removeScratch(in: base.appending("git"))
    for name in FileAccess.names(in: base.appending("changes")) {
      let run = RunID(name)
      let journal = ChangeJournal(folder: paths(of: run).changes(of: run))
      guard journal.isOpen, let checkout = journal.checkout else { continue }
      do throws(EngineFailure) {
        let holder = PathLockHolder(pid: getpid(), run: run, workflow: "ion apply", codebase: codebase.id)
        let lock = try PathLock.take(checkout, for: holder, in: dependencies.lockFolder)
        defer { lock.release() }
        let left = try journal.undo()
        dependencies.logger.warning(
          "taking changes of run \(run) was cut off; what had been in \(checkout) is there again")
        if !left.isEmpty {
          dependencies.logger.warning("but for what was changed since: \(ChangeTaking.names(left))")
        }
      } catch {
        dependencies.logger.warning("taking changes of run \(run) was cut off, and is left so: \(error.message)")
      }
    }
  }
}
