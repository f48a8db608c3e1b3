internal import IonJSON
internal import IonProcess
internal import IonScheduler
internal import IonStore
internal import IonWorkflow
internal import IonWorkflowFile

extension WorkflowExecutor {
  /// Takes a run up again where it stood: same id, same inputs. `inputs` brings the secrets, which are kept nowhere.
  /// `current` is the definition that it goes on with; nil keeps the one that was frozen with it.
  ///
  /// - Throws: `.runNotFound`; `.invalidState` for a run that succeeded or is live, and for a definition that can't be
  ///   run; `.inputInvalid` for a missing secret, or inputs that `current` doesn't take; `.pathLocked`; `.unusable` where
  ///   its folders can't be made or the config is broken.
  func resume(
    _ id: RunID, inputs: [String: JSONValue], current: LoadedWorkflow? = nil
  ) async throws(EngineFailure) -> StartedRun {
    let ownership = try await own()
    do throws(EngineFailure) {
      let resumed = try await resumable(id)
      if let parent = resumed.parentRun {
        throw .invalidState(
          id, "Run \(id) is a child of run \(parent); resume that one, which goes on with its children.")
      }
      let past = try await hydrate(resumed)
      let next = try await continuation(of: resumed, past, secrets: inputs, current)
      return try await start(next, after: past.spawned, ownership, path: .taken)
    } catch {
      ownership.release()
      throw error
    }
  }

  /// Goes on with a run that only waits at its gates, by what happens now: an answer, or a cancel. `happening` says what
  /// that is, after it looked at the run; without, the run is taken up and waits on. `inputs` brings the secrets; nil for what starts nothing.
  ///
  /// - Throws: `.runNotFound`; `.invalidState` for a run that doesn't wait; `.pathLocked` and the rest as for `resume`;
  ///   whatever `happening` throws.
  func proceed(
    with id: RunID, inputs: [String: JSONValue]?, happening: ((Past) throws(EngineFailure) -> RunEvent)?
  ) async throws(EngineFailure) -> StartedRun {
    let ownership = try await own()
    do throws(EngineFailure) {
      let record = try await record(of: id)
      guard record.isResting else {
        throw .invalidState(id, "Run \(id) is \(record.status.rawValue), and waits at no gate.")
      }
      let past = try await hydrate(record)
      let event = try happening?(past)
      var next = try RunContinuation(
        of: record, past, secrets: inputs, texts: try await frozenTexts(of: record))
      next.events = [.continued] + (event.map { [$0] } ?? [])
      return try await start(next, after: [], ownership, path: inputs == nil ? .unused : .taken)
    } catch {
      ownership.release()
      throw error
    }
  }

  /// Under which lock a run works that was taken up.
  enum PathUse: Hashable {
    case taken
    /// Its parent's.
    case parents
    /// None: it starts nothing any more.
    case unused
  }

  /// Makes everything ready for a run that was taken up: its path, its folders, its driver.
  func start(
    _ next: RunContinuation, after spawned: [ProcessFacts], _ ownership: StoreOwnership, path: PathUse,
    in place: ChildPlace? = nil
  ) async throws(EngineFailure) -> StartedRun {
    let record = next.record
    let loaded = ConfigLoader.load(root: home.root, home.dependencies)
    if let fault = loaded.fault { throw .unusable(fault) }
    if path != .unused, let fault = await fault(of: next, loaded.config) { throw .invalidState(record.id, fault) }
    let lock = path == .taken && next.workflow.definition.mutatesCheckout ? try takeLock(record) : nil
    do throws(EngineFailure) {
      try await stopLeftovers(of: record.id, spawned)
      if path != .unused { try await findWorktree(of: record) }
      let paths = ProjectPaths(root: home.root, codebase: home.codebase, run: record.id)
      if let fault = makeFolders(paths) { throw .unusable(fault) }
      let prepared = RunPlanner.Prepared(
        workflow: next.workflow, config: loaded.config, inputs: next.inputs,
        draft: RunDraft(run: record, nodes: next.rows, texts: next.texts), run: next.run, fault: nil,
        configWarnings: loaded.warnings)
      let context = context(of: record, prepared, paths, place)
      home.dependencies.masks.keep(context.mask, of: context.id)
      let driver = RunDriver(
        context: context, run: next.run, record: record, rows: next.rows, events: next.events, lock: lock)
      return StartedRun(record: record, created: true, definition: next.workflow.definition, driver: driver) {
        lock?.release()
        ownership.release()
      }
    } catch {
      lock?.release()
      throw error
    }
  }

  /// Why a run can't go on, for people; nil where it can.
  private func fault(of next: RunContinuation, _ config: Configuration) async -> String? {
    let (record, definition) = (next.record, next.workflow.definition)
    let requirements = RequirementCheck(
      definition, run: record, inputs: next.inputs, home: home, config: config)
    let agents = AgentRoster(definition, record.request, config, home.dependencies)
    if let fault = await requirements.fault() ?? agents.fault(in: definition) { return fault }
    return agents.absence(in: definition) {
      ForeseenNodes(
        next.run, record.request, inputs: next.inputs,
        paths: ProjectPaths(root: home.root, codebase: home.codebase, run: record.id), root: home.root)
    }
  }

  private func continuation(
    of record: RunRecord, _ past: Past, secrets: [String: JSONValue], _ current: LoadedWorkflow?
  ) async throws(EngineFailure) -> RunContinuation {
    if let current {
      return try RunContinuation(of: record, past, secrets: secrets, as: current, root: home.root)
    }
    return try RunContinuation(of: record, past, secrets: secrets, texts: try await frozenTexts(of: record))
  }

  private func record(of id: RunID) async throws(EngineFailure) -> RunRecord {
    let found: RunRecord?
    do {
      found = try await home.store.run(id)
    } catch {
      throw .store(error)
    }
    guard let record = found else { throw .runNotFound(id.rawValue) }
    return record
  }

  private func resumable(_ id: RunID) async throws(EngineFailure) -> RunRecord {
    let record = try await record(of: id)
    if record.status == .awaitingApproval {
      throw .invalidState(id, "Run \(id) waits at a gate and can't be resumed; answer the gate, or cancel the run.")
    }
    guard record.status.isResumable else {
      let reason =
        record.status == .succeeded
        ? "has succeeded, and nothing of it is left to do; to run it again, rerun it."
        : "is \(record.status.rawValue) and can't be resumed; wait for it, or cancel it."
      throw .invalidState(id, "Run \(id) \(reason)")
    }
    return record
  }

  /// A run's past: its definition, its value folded from the log, and what was running last.
  struct Past {
    var workflow: LoadedWorkflow
    var run: WorkflowRun
    var rows: [NodeRecord]
    /// The processes of nodes that the log leaves running.
    var spawned: [ProcessFacts]
  }

  func hydrate(_ record: RunRecord) async throws(EngineFailure) -> Past {
    let history: [RunEvent]
    let rows: [NodeRecord]
    do {
      history = try await home.store.history(of: record.id)
      rows = try await home.store.nodes(of: record.id)
    } catch {
      throw .store(error)
    }
    var fold = try await RunFold(of: record, in: home.store)
    var spawned: [NodeID: ProcessFacts] = [:]
    for event in history {
      try await fold.take(event)
      if case .stepSpawned(let id, let facts) = event { spawned[id] = facts }
    }
    let run = fold.run
    let left = spawned.filter { run.node($0.key)?.status == .running }.map(\.value)
    return Past(workflow: fold.workflow, run: run, rows: rows, spawned: left)
  }

  /// The texts of the scripts that were frozen with a run, by hash.
  func frozenTexts(of record: RunRecord) async throws(EngineFailure) -> [String: String] {
    var texts: [String: String] = [:]
    for hash in Set(record.request.frozenFiles.values) {
      do {
        texts[hash] = try await home.store.text(sha256: hash)
      } catch {
        throw .store(error)
      }
    }
    return texts
  }

  /// What steps whose owner died get to end in: a run is to be settled within two seconds.
  private static let leftoverGrace = Duration.milliseconds(500)

  /// Ends whatever a dead owner left running of a run. What can't be ended is named: nothing goes on beside it.
  func stopLeftovers(of run: RunID, _ spawned: [ProcessFacts]) async throws(EngineFailure) {
    let identities = spawned.map { ProcessIdentity(pid: $0.pid, startTicks: $0.startTicks, bootID: $0.bootID) }
    let survivors = await ProcessHousehold.stopLeftovers(
      facts: identities, markers: [StepMarker.prefix(of: run)], grace: Self.leftoverGrace)
    guard survivors.isEmpty else {
      let pids = survivors.map(String.init).joined(separator: ", ")
      throw .unusable("Processes of run \(run) are still alive and can't be stopped: \(pids).")
    }
  }
}

extension WorkflowExecutor {
  /// Settles a run that its owner left unfinished: what ran is stopped and lost, and the run is interrupted.
  func reconcile(_ record: RunRecord) async throws(EngineFailure) {
    let past: Past
    do throws(EngineFailure) {
      past = try await hydrate(record)
    } catch {
      return try await interruptUnfolded(record, because: error.message)
    }
    try await stopLeftovers(of: record.id, past.spawned)
    let lost = past.run.nodes.filter { $0.status == .running }.map { RunEvent.stepLost($0.id) }
    let reason = "the process that ran it ended"
    let paths = ProjectPaths(root: home.root, codebase: home.codebase, run: record.id)
    let prepared = RunPlanner.Prepared(
      workflow: past.workflow, config: Configuration(), inputs: record.request.inputs,
      draft: RunDraft(run: record, nodes: past.rows, texts: [:]), run: past.run, fault: nil)
    let driver = RunDriver(
      context: context(of: record, prepared, paths), run: past.run, record: record, rows: past.rows,
      events: lost + [.interrupted(reason: reason)])
    _ = await driver.drive()
  }

  /// The same for a run whose definition can't be read any more: only its row says so.
  private func interruptUnfolded(_ record: RunRecord, because reason: String) async throws(EngineFailure) {
    try await stopLeftovers(of: record.id, [])
    var ended = record
    ended.status = .interrupted
    ended.error = reason
    ended.endedAt = home.dependencies.clock.wallTime
    var turn = Turn(run: record.id, events: [.interrupted(reason: reason)], durability: .barrier)
    turn.record = ended
    turn.notices = [RunMessages.finished(ended)]
    do {
      await home.hub.publish(try await home.store.commit(turn))
    } catch {
      throw .store(error)
    }
  }
}
