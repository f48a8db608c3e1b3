internal import Glibc
internal import IonAgents
internal import IonJSON
internal import IonScheduler
public import IonStore
public import IonWorkflow
internal import IonWorkflowFile
internal import Logging

/// Starts runs and takes them up again.
///
/// One run goes: load config → resolve provider and model → create or hydrate the run → take the path lock → create the
/// artifact and log folders → mark running → say so → run the DAG → record the end → say so. Every failure before the
/// first step leaves a run record that can be asked about.
public struct WorkflowExecutor: Sendable {
  let home: RunHome

  init(home: RunHome) { self.home = home }

  /// Where runs of a working path without a codebase are kept: `.ion/` there. For those who embed the engine.
  public init(
    root: AbsolutePath, codebase: CodebaseID?, store: any WorkflowStore, dependencies: WorkflowDependencies
  ) {
    let logger = dependencies.logger
    let hub = NoticeHub(store: store, codebase: codebase) { logger.error("\($0)") }
    home = RunHome(
      root: root, codebase: codebase, dependencies: dependencies, store: store, hub: hub, output: OutputBoard(),
      children: LiveChildren())
  }

  /// Runs a workflow to its end. `cwd` is where its steps work.
  public func execute(
    _ workflow: LoadedWorkflow, in cwd: AbsolutePath, message: String, options: WorkflowExecutionOptions,
    platform: any WorkflowPlatform
  ) async throws(EngineFailure) -> WorkflowExecutionResult {
    let subscription = SubscriptionID(number: 0)
    home.output.add(subscription, run: nil, platform: platform)
    defer { home.output.remove(subscription) }
    let feed: SubscriptionID
    do {
      feed = try await home.hub.subscribe(platform, run: nil, after: nil).id
    } catch {
      throw .store(error)
    }
    let started: StartedRun
    if let run = options.resume {
      started = try await resume(run, inputs: options.input)
    } else {
      started = try await begin(workflow, in: cwd, message: message, options: options)
    }
    let record = await started.finish()
    await home.hub.unsubscribe(feed)
    let nodes: [NodeRecord]
    do {
      nodes = try await home.store.nodes(of: record.id)
    } catch {
      throw .store(error)
    }
    let success = record.status == .succeeded
    let error = success ? nil : record.error ?? "The run is \(record.status.rawValue)."
    return WorkflowExecutionResult(run: record, nodes: nodes, success: success, error: error)
  }
}

/// A run that is durable and about to go.
struct StartedRun: Sendable {
  /// The run's row when it was created or taken up.
  var record: RunRecord
  /// False where an idempotency key gave a run that was there before.
  var created: Bool
  /// What it runs, or ran.
  var definition: WorkflowDefinition
  /// Nil where the run ended before its first step, or isn't this call's.
  var driver: RunDriver?
  var release: @Sendable () -> Void

  /// Drives the run to its end and gives back what it holds.
  func finish() async -> RunRecord {
    guard let driver else {
      release()
      return record
    }
    let end = await driver.drive()
    release()
    return end
  }
}

extension WorkflowExecutor {
  /// Creates a run and everything that it needs. Its driver is ready, but nothing has started. `place` is where a child
  /// stands, which works under the path that its parent holds.
  func begin(
    _ workflow: LoadedWorkflow, in cwd: AbsolutePath, message: String, options: WorkflowExecutionOptions,
    as place: ChildPlace? = nil
  ) async throws(EngineFailure) -> StartedRun {
    let checked = try InputReading.check(workflow.definition.inputs, options)
    if place == nil { try checkProvider(options.provider) }
    let plan = RunPlanner(
      home: home, workflow: workflow, cwd: cwd, message: message, options: options, inputs: checked, place: place)
    let ownership = try await own()
    do throws(EngineFailure) {
      var prepared = try await plan.prepare()
      prepared.draft.run.request.sessions = try await keptSessions(of: prepared.workflow.definition)
      return try await launch(prepared, ownership, place)
    } catch {
      ownership.release()
      throw error
    }
  }

  /// Refuses a provider that a start names and that there isn't: a run of it could never be resumed.
  private func checkProvider(_ id: String?) throws(EngineFailure) {
    let loaded = ConfigLoader.load(root: home.root, home.dependencies)
    guard let id, loaded.fault == nil else { return }
    let agents = home.dependencies.agents
    let known = agents.embedded + agents.definitions(under: loaded.config.providers).map(\.id)
    guard !known.contains(id) else { return }
    throw .providerNotFound(id, suggestions: Spelling.nearest(to: id, among: known))
  }

  func own() async throws(EngineFailure) -> StoreOwnership {
    do {
      return try await home.store.own()
    } catch {
      throw .store(error)
    }
  }

  /// Takes the lock, creates the run (failed where something is wrong already), makes its folders.
  private func launch(
    _ prepared: RunPlanner.Prepared, _ ownership: StoreOwnership, _ place: ChildPlace?
  ) async throws(EngineFailure) -> StartedRun {
    let definition = prepared.workflow.definition
    var draft = prepared.draft
    var path = PathHold.free
    var refusal: EngineFailure?
    var fault = prepared.fault
    if fault == nil && place == nil && definition.mutatesCheckout {
      do throws(EngineFailure) {
        path = try hold(draft.run)
        draft.notices += path.notices(of: draft.run)
      } catch {
        refusal = error
        fault = error.message
      }
    }
    let lock = path.lock
    let paths = ProjectPaths(root: home.root, codebase: home.codebase, run: draft.run.id)
    if fault == nil { fault = makeFolders(paths) }
    if let fault { fail(&draft, because: fault) }
    let created = try await create(draft, path)
    guard created.created, fault == nil else {
      path.giveUp(in: home)
      ownership.release()
      if let refusal, created.created { throw refusal.naming(created.run.id) }
      return StartedRun(
        record: created.run, created: created.created, definition: definition, driver: nil, release: {})
    }
    let context = context(of: created.run, prepared, paths, place)
    home.dependencies.masks.keep(context.mask, of: context.id)
    let driver = RunDriver(
      context: context, run: prepared.run, record: created.run, rows: draft.nodes, events: [.started], lock: lock,
      preparation: RunPreparation(of: created.run, in: home, waitingAt: path.place))
    return StartedRun(record: created.run, created: true, definition: definition, driver: driver) { [lock] in
      lock?.release()
      ownership.release()
    }
  }

  private func create(_ draft: RunDraft, _ path: PathHold) async throws(EngineFailure) -> CreatedRun {
    do {
      let created = try await home.store.createRun(draft)
      if created.created { await home.hub.publish(created.committed) }
      return created
    } catch {
      path.giveUp(in: home)
      throw .store(error)
    }
  }

  func takeLock(_ run: RunRecord) throws(EngineFailure) -> PathLock {
    try PathLock.take(
      run.request.heldPath, for: home.holder(run), in: home.dependencies.lockFolder, queue: home.dependencies.paths)
  }

  /// Makes the run's folders; what went wrong, for people, where that failed.
  func makeFolders(_ paths: ProjectPaths) -> String? {
    do throws(EngineFailure) {
      try FileAccess.makeFolder(paths.artifacts)
      try FileAccess.makeFolder(paths.logs)
      try FileAccess.makeFolder(paths.state)
      return nil
    } catch {
      return error.message
    }
  }

  private func fail(_ draft: inout RunDraft, because reason: String) {
    draft.run.status = .failed
    draft.run.error = reason
    // A run that has not ended can't be resumed, and to the log this one has not even begun.
    draft.events.append(.interrupted(reason: reason))
    draft.run.endedAt = draft.run.createdAt
    draft.notices = [
      .progress(
        ProgressNotice(
          status: .failed, attempt: 1, counts: [NodeStatus.pending.rawValue: draft.nodes.count], nodes: [],
          error: reason,
          time: draft.run.createdAt)),
      .message(level: .error, text: "\(draft.run.workflow) did not start: \(reason)"),
    ]
  }

  func context(
    of record: RunRecord, _ prepared: RunPlanner.Prepared, _ paths: ProjectPaths, _ place: ChildPlace? = nil
  ) -> RunContext {
    let nodes = prepared.workflow.definition.nodes
    let environment = StepEnvironment(
      home.dependencies.environment, prepared.config, secrets: prepared.workflow.definition.secrets)
    let secrets = RunSecrets(
      prepared.workflow.definition, inputs: prepared.inputs, in: environment, beside: place?.secrets ?? [])
    let own = Ancestor(prepared.workflow.definition, at: record.definitionPath)
    return RunContext(
      id: record.id, definition: prepared.workflow.definition, request: record.request, inputs: prepared.inputs,
      environment: environment, mask: secrets.mask, secrets: secrets.texts,
      environmentLimit: prepared.config.limits[.environmentBytes],
      agents: AgentRoster(
        prepared.workflow.definition, record.request, prepared.config, home.dependencies),
      // The run around a child has said it.
      configWarnings: place == nil ? prepared.configWarnings : [], paths: paths,
      home: home, place: place, census: place?.census ?? StepCensus(), lineage: (place?.lineage ?? []) + [own],
      frozenTexts: prepared.draft.texts,
      nodes: Dictionary(nodes.map { ($0.id, $0) }) { first, _ in first })
  }
}

extension EngineFailure {
  /// The same failure, naming the run that was left behind by it.
  fileprivate func naming(_ run: RunID) -> EngineFailure {
    guard case .pathLocked(let holder, let path, _) = self else { return self }
    return .pathLocked(holder, path: path, run: run)
  }
}
