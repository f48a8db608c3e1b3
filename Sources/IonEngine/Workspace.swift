public import IonJSON
internal import IonScheduler
public import IonStore
public import IonWorkflow
internal import Logging

/// One registered codebase: its store, opened when it is first needed, and its live runs.
public actor Workspace {
  public nonisolated let codebase: Codebase
  let dependencies: WorkflowDependencies
  /// Nothing is started while this is false.
  public private(set) var isTrusted: Bool
  private var reconciliation: Task<Void, any Error>?
  private var opening: Task<Opened, any Error>?
  private var live: [RunID: LiveRun] = [:]
  private var isClosing = false
  private let board = OutputBoard()

  private struct LiveRun {
    var driver: RunDriver
    var task: Task<Void, Never>
  }

  /// What there is once the store is open.
  struct Opened: Sendable {
    var home: RunHome
    var executor: WorkflowExecutor
  }

  public init(codebase: Codebase, isTrusted: Bool, dependencies: WorkflowDependencies) {
    self.codebase = codebase
    self.isTrusted = isTrusted
    self.dependencies = dependencies
  }

  /// Opens the store, once.
  func opened() async throws(EngineFailure) -> Opened {
    if opening == nil {
      opening = Task { [codebase, dependencies, board] in
        let folder = ProjectPaths.base(root: codebase.root, codebase: codebase.id)
        try codebase.claim()
        try FileAccess.makeFolder(folder)
        let store = try await dependencies.openStore(folder)
        let hub = NoticeHub(store: store, codebase: codebase.id) { dependencies.logger.error("\($0)") }
        let home = RunHome(
          root: codebase.root, codebase: codebase.id, dependencies: dependencies, store: store, hub: hub, output: board)
        return Opened(home: home, executor: WorkflowExecutor(home: home))
      }
    }
    do {
      return try await opening!.value
    } catch let failure as StoreFailure {
      opening = nil
      throw .store(failure)
    } catch let failure as EngineFailure {
      opening = nil
      throw failure
    } catch {
      opening = nil
      throw .unusable("\(error)")
    }
  }

  /// Lets go of the store; it is opened anew when it is next needed.
  func forgetStore() { opening = nil }

  /// Says anew whether runs may be started here.
  public func trust(_ isTrusted: Bool) { self.isTrusted = isTrusted }

  /// The store, for those who only read.
  public func store() async throws(EngineFailure) -> any WorkflowStore { try await opened().home.store }

  /// Whether anything was ever kept here: what only looks need not make a store.
  public nonisolated var hasStore: Bool {
    FileAccess.exists(ProjectPaths.base(root: codebase.root, codebase: codebase.id).appending("store.sqlite"))
  }

  /// Whether runs of this workspace are going on in this process.
  public var hasLiveRuns: Bool { !live.isEmpty }

  public var liveRuns: [RunID] { live.keys.sorted() }

  func driver(of run: RunID) -> RunDriver? { live[run]?.driver }
}

extension Workspace {
  /// Starts a run. It is durable when this returns, and its first node has not started yet: `afterReply` of the caller
  /// starts nothing by itself, the run goes on alone.
  public func execute(
    _ workflow: LoadedWorkflow, in cwd: AbsolutePath?, message: String, options: WorkflowExecutionOptions
  ) async throws(EngineFailure) -> (run: RunRecord, created: Bool) {
    try checkMayStart()
    await settled()
    let executor = try await opened().executor
    let started = try await executor.begin(workflow, in: cwd ?? codebase.root, message: message, options: options)
    adopt(started)
    return (started.record, started.created)
  }

  /// Takes a run up again. That it was is durable when this returns, and in the row: its attempt is one more.
  public func resume(_ run: RunID, secrets: [String: JSONValue]) async throws(EngineFailure) -> RunRecord {
    try checkMayStart()
    await settled()
    let executor = try await opened().executor
    if live[run] == nil { try await reconcile() }
    let started = try await executor.resume(run, inputs: secrets)
    adopt(started)
    return await started.driver?.begun() ?? started.record
  }

  private func checkMayStart() throws(EngineFailure) {
    guard isTrusted else { throw .workspaceNotTrusted(codebase.id) }
    guard !isClosing else { throw .unusable("Ion is shutting down; nothing new is started.") }
  }

  private func adopt(_ started: StartedRun) {
    guard let driver = started.driver else { return }
    let id = started.record.id
    let task = Task {
      _ = await started.finish()
      self.forget(id)
    }
    live[id] = LiveRun(driver: driver, task: task)
  }

  private func forget(_ run: RunID) { live[run] = nil }

  /// Waits until the runs that have ended let go of what they hold: their end is told a moment before that.
  func settled() async {
    for run in Array(live.values) where await !run.driver.record.status.isLive { await run.task.value }
  }

  /// Settles the runs that a dead owner left unfinished. Where another process owns the store, they are its own.
  /// One at a time: a second call waits for the first.
  public func reconcile() async throws(EngineFailure) {
    while let running = reconciliation { _ = await running.result }
    let task = Task { try await self.settleUnfinished() }
    reconciliation = task
    let result = await task.result
    reconciliation = nil
    do {
      try result.get()
    } catch let failure as EngineFailure {
      throw failure
    } catch {
      throw .unusable("\(error)")
    }
  }

  private func settleUnfinished() async throws(EngineFailure) {
    let opened = try await opened()
    let unfinished = try await reading { store throws(StoreFailure) in try await store.unfinishedRuns() }
    guard unfinished.contains(where: { live[$0.id] == nil }) else { return }
    let ownership: StoreOwnership
    do {
      ownership = try await opened.home.store.own()
    } catch .owned {
      return
    } catch {
      throw .store(error)
    }
    defer { ownership.release() }
    for run in try await reading({ store throws(StoreFailure) in try await store.unfinishedRuns() })
    where live[run.id] == nil {
      try await opened.executor.reconcile(run)
    }
  }

  /// Cancels a run, or one node of it. Cancelling what has ended changes nothing.
  public func cancel(_ run: RunID, node: NodeID?, reason: String?, force: Bool) async throws(EngineFailure) -> RunRecord
  {
    if let driver = live[run]?.driver {
      if let node, await driver.state(of: node) == nil { throw .nodeNotFound(node.rawValue, run: run) }
      await driver.cancel(node: node, reason: reason, force: force)
      return await driver.record
    }
    try await reconcile()
    let record = try await record(of: run)
    if record.status.isLive { try await ownOrFail() }
    return record
  }

  /// Fails with the owner's pid where another process has the run.
  private func ownOrFail() async throws(EngineFailure) {
    do {
      try await opened().home.store.own().release()
    } catch let failure as StoreFailure {
      throw .store(failure)
    } catch let failure as EngineFailure {
      throw failure
    } catch {
      throw .unusable("\(error)")
    }
  }

  /// A run's row as it stands now.
  public func record(of run: RunID) async throws(EngineFailure) -> RunRecord {
    if let driver = live[run]?.driver { return await driver.record }
    guard let record = try await reading({ store throws(StoreFailure) in try await store.run(run) }) else {
      throw .runNotFound(run.rawValue)
    }
    return record
  }

  /// Returns when the run has ended, or the time is over (`timedOut`).
  ///
  /// A run of another process is asked about four times a second. Cancelling the task ends the wait, not the run.
  public func wait(for run: RunID, timeout: Duration?) async throws(EngineFailure) -> (run: RunRecord, timedOut: Bool) {
    let clock = dependencies.clock
    let ended = await withTaskGroup(of: RunRecord?.self) { group in
      if let driver = live[run]?.driver {
        group.addTask { await driver.end() }
      } else {
        group.addTask { await self.endElsewhere(of: run) }
      }
      if let timeout {
        group.addTask {
          do { try await clock.sleep(for: timeout) } catch { return nil }
          return nil
        }
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
    if let ended {
      await settled()
      return (ended, false)
    }
    return (try await record(of: run), true)
  }

  private func endElsewhere(of run: RunID) async -> RunRecord? {
    while !Task.isCancelled {
      do {
        let record = try await record(of: run)
        if !record.status.isLive { return record }
        try await dependencies.clock.sleep(for: .milliseconds(250))
      } catch {
        return nil
      }
    }
    return nil
  }

  /// Whether this workspace's store has a run.
  public func knows(_ run: RunID) async throws(EngineFailure) -> Bool {
    if live[run] != nil { return true }
    guard hasStore else { return false }
    return try await reading { store throws(StoreFailure) in try await store.run(run) } != nil
  }

  /// Runs something on the store, with the engine's failures.
  func reading<Value: Sendable>(
    _ body: @Sendable (any WorkflowStore) async throws(StoreFailure) -> Value
  ) async throws(EngineFailure) -> Value {
    let store = try await opened().home.store
    do {
      return try await body(store)
    } catch {
      throw .store(error)
    }
  }

  /// Stops everything that runs here: runs become interrupted, their steps get `grace`. Returns when nothing is left.
  public func close(reason: String, grace: Duration) async {
    isClosing = true
    let runs = Array(live.values)
    for run in runs { await run.driver.interrupt(reason: reason, grace: grace) }
    for run in runs { await run.task.value }
  }
}
