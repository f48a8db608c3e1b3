internal import IonScheduler
internal import IonStore
internal import IonWorkflow
internal import Logging

/// What has to be done before a run begins that may take its time: the run is made by then, is `queued`, and can be
/// cancelled.
struct RunPreparation: Sendable {
  /// What the run begins with once all is ready.
  struct Ready: Sendable {
    /// The lock of its working path, where it had to wait for that.
    var lock: PathLock?
    /// What people are told.
    var notices: [Notice] = []
  }

  private let body: @Sendable () async throws(EngineFailure) -> Ready

  /// Waits for the run's working path where it has to, and makes an isolated run's worktree; nil for a run that needs
  /// neither.
  init?(of record: RunRecord, in home: RunHome, waitingAt place: PathPlace?) {
    let worktree = home.worktree(of: record)
    guard place != nil || worktree != nil else { return nil }
    body = { () async throws(EngineFailure) in
      var ready = Ready()
      if let place { ready.lock = try await home.dependencies.paths.wait(at: place, clock: home.dependencies.clock) }
      guard let worktree else { return ready }
      do throws(EngineFailure) {
        try await worktree.make()
      } catch {
        ready.lock?.release()
        throw error
      }
      ready.notices = RunMessages.isolated(worktree.place, uncommitted: await home.uncommittedCount(beside: worktree))
      return ready
    }
  }

  func callAsFunction() async throws(EngineFailure) -> Ready { try await body() }
}

extension RunDriver {
  /// Begins what has to be done before the run; the first turn's events follow it.
  func prepare() {
    guard let preparation else { return }
    self.preparation = nil
    preparing = Task {
      do throws(EngineFailure) {
        let ready = try await preparation()
        // The driver gives it back, whatever became of the run meanwhile.
        lock = ready.lock ?? lock
        openingNotices = ready.notices
        for event in openingEvents { post(event) }
      } catch {
        // Whoever ended the run before it began has said why.
        if !Task.isCancelled { post(.refused(reason: error.message)) }
      }
    }
  }
}

extension RunHome {
  /// The worktree of an isolated run; nil for any other.
  func worktree(of record: RunRecord) -> RunWorktree? {
    record.request.isolation.map { RunWorktree($0, of: record.id, git(for: record.id)) }
  }

  /// How many files of the checkout are not in a new worktree; 0 also where git can't say it, which keeps no run back.
  func uncommittedCount(beside worktree: RunWorktree) async -> Int {
    do throws(EngineFailure) {
      return try await worktree.uncommittedCount()
    } catch {
      dependencies.logger.warning("run \(worktree.run): \(error.message)")
      return 0
    }
  }

  func git(for run: RunID) -> Git {
    Git(
      dependencies.environment, for: run, scratch: ProjectPaths(root: root, codebase: codebase, run: run).gitScratch)
  }
}

extension RunIsolation {
  /// Where a run would work that is isolated from a folder; see `RunWorktree.place`. Nothing is made: the run's
  /// preparation does that, once the run is durable.
  static func find(for run: RunID, from folder: AbsolutePath, in home: RunHome) async throws(EngineFailure)
    -> RunIsolation
  {
    let root = FileAccess.realPath(home.root) ?? home.root
    let worktrees = ProjectPaths(root: root, codebase: home.codebase, run: run).worktrees
    return try await RunWorktree.place(for: run, from: folder, below: worktrees, home.git(for: run))
  }
}

extension WorkflowExecutor {
  /// Sees that the worktree of a run that goes on is what it was; makes the one of a run that never began.
  ///
  /// - Throws: `.invalidState` where it is gone, dropped or damaged.
  func findWorktree(of record: RunRecord) async throws(EngineFailure) {
    guard let worktree = home.worktree(of: record) else {
      guard !record.request.isIsolated else {
        throw .invalidState(
          record.id,
          "Run \(record.id) never got a worktree of its own, and would change the checkout itself; run it anew.")
      }
      return
    }
    if record.changes == .discarded {
      throw .invalidState(
        record.id,
        "The changes of run \(record.id) were discarded with its worktree, and it can't go on without it; run it anew.")
    }
    if record.startedAt == nil { return try await worktree.make() }
    try await worktree.check()
  }
}
