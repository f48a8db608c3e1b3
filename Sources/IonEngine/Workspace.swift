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
  private var reconciliation: Task<[RunRecord], any Error>?
  private var opening: Task<Opened, any Error>?
  /// Those who follow runs stay when the store is opened anew.
  private(set) var hub: NoticeHub?
  /// Looks for what other processes do; nil while that is of no use.
  var lookout: Task<Void, Never>?
  var trials = ProviderTrials()
  private var live: [RunID: LiveRun] = [:]
  /// How the runs end that are there, or come to be, once this workspace is closed; nil before.
  private var farewell: (reason: String, grace: Duration)?
  private var beginnings = Beginnings()
  /// The runs that are being taken up from their gates, each with those who wait to look at it.
  var proceedings: [RunID: [CheckedContinuation<Void, Never>]] = [:]
  private let board = OutputBoard()
  /// The runs of this process that others started as their children.
  nonisolated let children = LiveChildren()

  /// The runs that are being begun: in the store perhaps, and not live yet.
  private struct Beginnings {
    /// How many are asked for and not live yet, also those that wait for others to settle.
    var wanted = 0
    /// How many there ever were.
    var count = 0
    var underWay = 0
    /// Who waits until there are none.
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

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
      opening = Task { [codebase, dependencies, board, hub, children] in
        let folder = ProjectPaths.base(root: codebase.root, codebase: codebase.id)
        try codebase.claim()
        try FileAccess.makeFolder(folder)
        let store = try await dependencies.openStore(folder)
        let feed = hub ?? NoticeHub(store: store, codebase: codebase.id) { dependencies.logger.error("\($0)") }
        if hub != nil { try await feed.adopt(store) }
        let home = RunHome(
          root: codebase.root, codebase: codebase.id, dependencies: dependencies, store: store, hub: feed,
          output: board, children: children)
        return Opened(home: home, executor: WorkflowExecutor(home: home))
      }
    }
    do {
      let opened = try await opening!.value
      hub = opened.home.hub
      return opened
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

  /// Whether anything was ever kept here: what only looks need not make a store.
  public nonisolated var hasStore: Bool {
    FileAccess.exists(ProjectPaths.base(root: codebase.root, codebase: codebase.id).appending("store.sqlite"))
  }

  /// Whether runs of this workspace are going on in this process.
  public var hasLiveRuns: Bool { !live.isEmpty }

  /// Whether a run is live or about to be.
  var isBusy: Bool { !live.isEmpty || beginnings.wanted > 0 }

  /// Those, and their children.
  public var liveRuns: [RunID] { (Array(live.keys) + children.ids).sorted() }

  func driver(of run: RunID) -> RunDriver? { live[run]?.driver ?? children.driver(of: run) }

  /// Whether a run is live here, or a child that is about to be.
  private func isLive(_ run: RunID) -> Bool { live[run] != nil || children.has(run) }
}

extension Workspace {
  /// Keeps the store's unfinished runs from being settled while something is begun that may make one.
  func beginning<Value: Sendable>(
    _ body: () async throws(EngineFailure) -> Value
  ) async throws(EngineFailure) -> Value {
    beginnings.wanted += 1
    defer { beginnings.wanted -= 1 }
    await settled()
    return try await body()
  }

  /// Starts a run. It is durable when this returns, and its first node has not started yet: `afterReply` of the caller
  /// starts nothing by itself, the run goes on alone.
  public func execute(
    _ workflow: LoadedWorkflow, in cwd: AbsolutePath?, message: String, options: WorkflowExecutionOptions
  ) async throws(EngineFailure) -> (run: RunRecord, created: Bool) {
    try checkMayStart()
    beginnings.wanted += 1
    defer { beginnings.wanted -= 1 }
    await settled()
    let started = try await begin { opened throws(EngineFailure) in
      try await opened.executor.begin(workflow, in: cwd ?? codebase.root, message: message, options: options)
    }
    return (started.record, started.created)
  }

  /// Takes a run up again, with its own definition or with what stands in its file today. That it was is durable when
  /// this returns, and in the row: its attempt is one more.
  public func resume(
    _ run: RunID, secrets: [String: JSONValue], withCurrent: Bool = false
  ) async throws(EngineFailure) -> RunRecord {
    try checkMayStart()
    beginnings.wanted += 1
    defer { beginnings.wanted -= 1 }
    await settled()
    if live[run] == nil { try await settle(run) }
    let record = try await record(of: run)
    if record.waitsForPath, live[run] == nil { return try await takeUp(record, secrets: secrets) }
    // One that can't be resumed is refused for that, whatever its file says.
    let current = withCurrent && record.status.isResumable ? try currentWorkflow(of: record) : nil
    let started = try await begin { opened throws(EngineFailure) in
      try await opened.executor.resume(run, inputs: secrets, current: current)
    }
    return await started.driver?.begun() ?? started.record
  }

  func checkMayStart() throws(EngineFailure) {
    guard isTrusted else { throw .workspaceNotTrusted(codebase.id) }
    guard farewell == nil else { throw .unusable("Ion is shutting down; nothing new is started.") }
  }

  /// Begins a run, or takes one up again, and lets it go.
  func begin(
    _ body: (Opened) async throws(EngineFailure) -> StartedRun
  ) async throws(EngineFailure) -> StartedRun {
    beginnings.count += 1
    beginnings.underWay += 1
    defer {
      beginnings.underWay -= 1
      if beginnings.underWay == 0 {
        for waiter in beginnings.waiters { waiter.resume() }
        beginnings.waiters = []
      }
    }
    let started = try await withStore(body)
    adopt(started)
    return started
  }

  private func adopt(_ started: StartedRun) {
    guard let driver = started.driver else { return }
    let id = started.record.id
    let task = Task { [farewell] in
      // A run that was being made ready while the workspace was closed starts nothing.
      if let farewell { await driver.interrupt(reason: farewell.reason, grace: farewell.grace) }
      _ = await started.finish()
      self.forget(id)
    }
    live[id] = LiveRun(driver: driver, task: task)
    lookout?.cancel()
  }

  private func forget(_ run: RunID) {
    live[run] = nil
    if live.isEmpty { watchOthers() }
  }

  /// Waits until the runs that have ended let go of what they hold: their end is told a moment before that.
  func settled() async {
    for run in Array(live.values) where await !run.driver.record.status.isLive { await run.task.value }
  }

  /// Settles the runs that a dead owner left unfinished, and returns them as they were. Where another process owns the
  /// store, they are its own. One at a time: a second call waits for the first. One that can't be settled keeps none of
  /// the others from it; the first such failure is thrown when all were tried.
  @discardableResult
  public func reconcile() async throws(EngineFailure) -> [RunRecord] {
    // Whoever hears of the end first clears it: a result that is there already is no reason to let the others in.
    while let running = reconciliation {
      _ = await running.result
      if reconciliation == running { reconciliation = nil }
    }
    let task = Task { try await self.settleUnfinished() }
    reconciliation = task
    let result = await task.result
    if reconciliation == task { reconciliation = nil }
    do {
      return try result.get()
    } catch let failure as EngineFailure {
      throw failure
    } catch {
      throw .unusable("\(error)")
    }
  }

  /// The same for those who only look: what can't be settled now is told of as it stands.
  func settleOrphans() async {
    do throws(EngineFailure) {
      try await reconcile()
    } catch {
      dependencies.logger.warning("runs of \(codebase.id) were not settled: \(error.message)")
    }
  }

  /// The same for those who need one run: that others can't be settled is none of their business.
  func settle(_ run: RunID) async throws(EngineFailure) {
    do throws(EngineFailure) {
      try await reconcile()
    } catch {
      let found = try await reading { store throws(StoreFailure) in try await store.run(run) }
      if found?.status.isLive == true { throw error }
      dependencies.logger.warning("other runs than \(run) were not settled: \(error.message)")
    }
  }

  private func settleUnfinished() async throws(EngineFailure) -> [RunRecord] {
    undoCutOffTakings()
    if try await orphans().isEmpty { return [] }
    let opened = try await opened()
    let ownership: StoreOwnership
    do {
      ownership = try await opened.home.store.own()
    } catch .owned {
      return []
    } catch {
      throw .store(error)
    }
    defer { ownership.release() }
    let left = try await orphans()
    var refusal: EngineFailure?
    for run in left {
      do throws(EngineFailure) {
        if run.waitsForPath {
          await takeUpFound(run)
          continue
        }
        try await opened.executor.reconcile(run)
      } catch {
        dependencies.logger.warning("run \(run.id) was not settled: \(error.message)")
        refusal = refusal ?? error
      }
    }
    if let refusal { throw refusal }
    return left
  }

  /// The unfinished runs that nobody in this process has, or is about to have.
  private func orphans() async throws(EngineFailure) -> [RunRecord] {
    while true {
      let count = beginnings.count
      let unfinished = try await reading { store throws(StoreFailure) in try await store.unfinishedRuns() }
      if beginnings.count == count && beginnings.underWay == 0 {
        // A run that only waits at its gates needs nobody, until somebody answers.
        let mayGoOn = dependencies.goesOnWithQueued && isTrusted && farewell == nil
        let left = unfinished.filter { run in
          !isLive(run.id) && !run.isResting && (mayGoOn || !run.waitsForPath)
        }
        return try await stillUnfinished(left)
      }
      if beginnings.underWay > 0 { await withCheckedContinuation { beginnings.waiters.append($0) } }
    }
  }

  /// Those of some runs that have not ended since they were looked up.
  private func stillUnfinished(_ runs: [RunRecord]) async throws(EngineFailure) -> [RunRecord] {
    var left: [RunRecord] = []
    for run in runs {
      let now = try await reading { store throws(StoreFailure) in try await store.run(run.id) }
      if let now, now.status.isLive, !isLive(run.id) { left.append(now) }
    }
    return left
  }

  /// A run's row as it stands now. One that a dead owner left is settled first.
  public func record(of run: RunID) async throws(EngineFailure) -> RunRecord {
    if let driver = driver(of: run) { return await driver.record }
    let found = try await reading { store throws(StoreFailure) in try await store.run(run) }
    guard let found else { throw .runNotFound(run.rawValue) }
    guard found.status.isLive else { return found }
    await settleOrphans()
    return try await reading { store throws(StoreFailure) in try await store.run(run) } ?? found
  }

  /// Whether this workspace's store has a run.
  public func knows(_ run: RunID) async throws(EngineFailure) -> Bool {
    if isLive(run) { return true }
    guard hasStore else { return false }
    return try await reading { store throws(StoreFailure) in try await store.run(run) } != nil
  }

  /// Runs something on the store, with the engine's failures.
  func reading<Value: Sendable>(
    _ body: @Sendable (any WorkflowStore) async throws(StoreFailure) -> Value
  ) async throws(EngineFailure) -> Value {
    try await withStore { opened throws(EngineFailure) in
      do throws(StoreFailure) {
        return try await body(opened.home.store)
      } catch {
        throw .store(error)
      }
    }
  }

  /// Does something with the store. Where that is found damaged or gone, it is let go of and opened anew, which rebuilds
  /// it, and the body is tried once more.
  func withStore<Value: Sendable>(
    _ body: (Opened) async throws(EngineFailure) -> Value
  ) async throws(EngineFailure) -> Value {
    let opened = try await opened()
    do {
      return try await body(opened)
    } catch .store(.damaged(let detail)) {
      dependencies.logger.error("the store of \(codebase.id) is opened anew: \(detail)")
      await forget(opened)
    }
    return try await body(try await self.opened())
  }

  /// Lets go of a store, unless another one was opened in its place.
  private func forget(_ opened: Opened) async {
    guard let opening, case .success(let present) = await opening.result, opening == self.opening,
      present.home.store.id == opened.home.store.id
    else { return }
    forgetStore()
  }

  /// Stops everything that runs here: runs become interrupted, their steps get `grace`. Returns when nothing is left.
  public func close(reason: String, grace: Duration) async {
    farewell = (reason, grace)
    lookout?.cancel()
    trials.giveUp()
    while !live.isEmpty {
      let runs = Array(live.values)
      for run in runs { await run.driver.interrupt(reason: reason, grace: grace) }
      for run in runs { await run.task.value }
    }
    await noTrials()
  }
}
