internal import Glibc
internal import IonScheduler
internal import IonStore
internal import IonWorkflow

extension Workspace {
  /// The worktree of a run.
  ///
  /// - Throws: `.invalidState` for a run that isn't isolated.
  func worktree(of record: RunRecord) async throws(EngineFailure) -> RunWorktree {
    guard let worktree = try await opened().home.worktree(of: record) else {
      throw .invalidState(
        record.id,
        "Run \(record.id) is not isolated: it worked in \(record.request.workingPath) itself, and what it changed is there."
      )
    }
    return worktree
  }

  /// Whether a run has its worktree; false before it was made, and when it was dropped.
  ///
  /// - Throws: `.invalidState` where it should be there, and isn't, or is damaged.
  func isThere(_ worktree: RunWorktree, _ record: RunRecord) async throws(EngineFailure) -> Bool {
    if record.startedAt == nil { return false }
    let isDone = record.changes == .applied || record.changes == .discarded
    if isDone, !FileAccess.isThere(worktree.place.worktree) { return false }
    try await worktree.check()
    return true
  }

  /// What a worktree holds now; to be discarded.
  func look(at worktree: RunWorktree) async throws(EngineFailure) -> ChangesSight {
    let record = try await record(of: worktree.run)
    let taken = try ChangeJournal(folder: paths(of: worktree.run).changes(of: worktree.run)).taken()
    let snapshot = try await WorktreeSnapshot.take(of: worktree, in: worktree.git.freshScratch())
    return try await ChangesSight(snapshot, taken: taken, known: record.changes ?? .pending)
  }

  /// A run's row where nothing of it goes on.
  func ended(_ run: RunID, orWaiting mayWait: Bool) async throws(EngineFailure) -> RunRecord {
    let record = try await record(of: run)
    guard record.status.isLive, !(mayWait && record.isResting) else { return record }
    throw .invalidState(run, "Run \(run) is \(record.status.rawValue); wait for its end, or cancel it.")
  }

  /// Keeps runs out of a run's checkout and its worktree. What was cut off while it was taken is put back first.
  func lock(_ worktree: RunWorktree, of record: RunRecord) async throws(EngineFailure) -> [PathLock] {
    let place = worktree.place
    let holder = PathLockHolder(pid: getpid(), run: record.id, workflow: record.workflow, codebase: codebase.id)
    var paths = [place.checkout]
    if place.origin != place.checkout { paths.append(place.origin) }
    // A run that waits at its gates in this process has its worktree's lock itself.
    if driver(of: record.id) == nil { paths.append(place.worktree) }
    var locks: [PathLock] = []
    for path in paths where FileAccess.isFolder(path) {
      locks.append(try PathLock.take(path, for: holder, in: dependencies.lockFolder))
    }
    let journal = ChangeJournal(folder: self.paths(of: record.id).changes(of: record.id))
    if journal.isOpen { try journal.undo() }
    return locks
  }

  /// Takes files over, and removes a worktree that is of no use any more.
  func take(
    _ names: [String]?, of record: RunRecord, _ worktree: RunWorktree
  ) async throws(EngineFailure) -> TakenChanges {
    let sight = try await look(at: worktree)
    defer { sight.discard() }
    let left = sight.files.filter { !sight.isTaken($0) }
    let chosen = if let names { try sight.chosen(names, of: record.id) } else { left }
    var taken = TakenChanges(
      run: record, place: worktree.place, files: [], remaining: left.count, isWorktreeGone: false)
    guard !chosen.isEmpty else {
      // Whoever took them may have been killed before that was written down.
      if sight.state != record.changes { taken.run = try await note(sight.state, files: 0, [], in: record) }
      return taken
    }
    let folder = paths(of: record.id).changes(of: record.id)
    let scratch = worktree.git.freshScratch()
    try FileAccess.makeFolder(scratch)
    defer { FileAccess.remove(scratch) }
    let taking = try ChangeTaking(
      sight.snapshot, ChangeJournal(folder: folder), worktree.git, scratch: scratch)
    let how = try await taking.take(chosen.flatMap(sight.edits))
    taken.files = chosen.map { ($0.path.description, how[$0.path] ?? .alreadyThere) }
    let done = Set(chosen.map(\.path))
    taken.remaining = left.count { !done.contains($0.path) }
    let isAll = taken.remaining == 0
    if isAll, record.status == .succeeded, sight.snapshot.complaints.isEmpty, try await !worktree.hasCommits() {
      try await worktree.remove()
      FileAccess.remove(folder)
      taken.isWorktreeGone = true
    }
    taken.run = try await note(
      isAll ? .applied : .partlyApplied, files: chosen.count,
      [RunMessages.taken(record, worktree.place, files: chosen.count)], in: record)
    return taken
  }

  /// Writes down what became of a run's changes, and tells everybody.
  func note(
    _ state: ChangesState, files: Int, _ notices: [Notice], in record: RunRecord
  ) async throws(EngineFailure) -> RunRecord {
    var record = record
    record.changes = state
    var turn = Turn(run: record.id, events: [], durability: .barrier)
    turn.notices = [.changes(ChangesNotice(state: state, files: files))] + notices
    if let driver = driver(of: record.id) {
      // Its row is the driver's to write, with the next thing that happens.
      await driver.noteChanges(state)
    } else {
      turn.record = record
    }
    let home = try await opened().home
    do throws(StoreFailure) {
      let committed = try await home.store.commit(turn)
      await home.hub.publish(committed)
      record.seq = committed.seq
      return record
    } catch {
      throw .store(error)
    }
  }
}

extension RunDriver {
  /// Takes up what became of the run's changes while it waits.
  func noteChanges(_ state: ChangesState) { record.changes = state }
}

extension RunRecord {
  /// What became of its changes, as half a sentence.
  var changesInWords: String {
    switch changes {
    case .applied: "taken"
    case .discarded: "discarded"
    case .pending, .partlyApplied, nil: "not made yet"
    }
  }
}
