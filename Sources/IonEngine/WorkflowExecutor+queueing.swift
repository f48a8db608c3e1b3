internal import Glibc
internal import IonJSON
internal import IonScheduler
public import IonStore
internal import IonWorkflow
internal import IonWorkflowFile
internal import Logging

/// How a new run has its working path.
enum PathHold {
  /// It needs none.
  case free
  case held(PathLock)
  /// Another run has it, and this one waits.
  case taken(by: PathLockHolder, PathPlace)

  var lock: PathLock? { if case .held(let lock) = self { lock } else { nil } }

  /// Where the run waits; nil where it doesn't.
  var place: PathPlace? { if case .taken(_, let place) = self { place } else { nil } }

  /// Lets others have the path.
  func giveUp(in home: RunHome) {
    switch self {
    case .free: return
    case .held(let lock): lock.release()
    case .taken(_, let place): home.dependencies.paths.leave(place)
    }
  }

  /// What people are told of it.
  func notices(of run: RunRecord) -> [Notice] {
    guard case .taken(let holder, let place) = self else { return [] }
    return [RunMessages.queued(run, behind: holder, at: place.path)]
  }
}

extension RunRecord {
  /// Whether the run waits for its working path, and nothing of it has begun.
  var waitsForPath: Bool { status == .queued && request.mayWait }
}

extension RunRequest {
  /// The path that a run which changes its checkout has to itself.
  var heldPath: AbsolutePath { isolation?.worktree ?? workingPath }
}

extension RunHome {
  func holder(_ run: RunRecord) -> PathLockHolder {
    PathLockHolder(pid: getpid(), run: run.id, workflow: run.workflow, codebase: codebase)
  }

  /// A place behind those who wait for a run's working path.
  func joinQueue(_ run: RunRecord) -> PathPlace {
    dependencies.paths.join(run.request.heldPath, as: holder(run), in: dependencies.lockFolder)
  }
}

extension WorkflowExecutor {
  /// Takes a new run's working path, or finds that the run has to wait for it.
  func hold(_ run: RunRecord) throws(EngineFailure) -> PathHold {
    let path = run.request.heldPath
    let folder = home.dependencies.lockFolder
    guard run.request.mayWait else { return .held(try takeLock(run)) }
    // Who waits already comes first, also in the moment in which another process gives the path free.
    if home.dependencies.paths.isBusy(path, in: folder), let holder = PathLock.holder(of: path, in: folder) {
      return .taken(by: holder, home.joinQueue(run))
    }
    do throws(EngineFailure) {
      return .held(try takeLock(run))
    } catch .pathLocked(let holder, _, _) {
      return .taken(by: holder, home.joinQueue(run))
    } catch {
      throw error
    }
  }

  /// Goes on with a queued run that no process has: it waits for its path here. `secrets` are its secret inputs, which
  /// are kept nowhere.
  ///
  /// - Throws: `.inputInvalid` for a missing secret; `.unusable` where its folders can't be made or the config is broken.
  func takeUp(_ record: RunRecord, secrets: [String: JSONValue]) async throws(EngineFailure) -> StartedRun {
    let ownership = try await own()
    do throws(EngineFailure) {
      let past = try await hydrate(record)
      let next = try RunContinuation(of: record, past, secrets: secrets, texts: try await frozenTexts(of: record))
      let loaded = ConfigLoader.load(root: home.root, home.dependencies)
      let paths = ProjectPaths(root: home.root, codebase: home.codebase, run: record.id)
      if let fault = loaded.fault ?? makeFolders(paths) { throw .unusable(fault) }
      let prepared = RunPlanner.Prepared(
        workflow: next.workflow, config: loaded.config, inputs: next.inputs,
        draft: RunDraft(run: record, nodes: next.rows, texts: next.texts), run: next.run, fault: nil)
      let context = context(of: record, prepared, paths)
      home.dependencies.masks.keep(context.mask, of: context.id)
      let place = next.workflow.definition.mutatesCheckout ? home.joinQueue(record) : nil
      let driver = RunDriver(
        context: context, run: next.run, record: record, rows: next.rows, events: [.started],
        preparation: RunPreparation(of: record, in: home, waitingAt: place))
      return StartedRun(record: record, created: true, definition: next.workflow.definition, driver: driver) {
        ownership.release()
      }
    } catch {
      ownership.release()
      throw error
    }
  }

  /// Cancels a queued run that no process has.
  func cancelQueued(_ record: RunRecord, reason: String?) async throws(EngineFailure) -> RunRecord {
    let ownership = try await own()
    defer { ownership.release() }
    let past = try await hydrate(record)
    let paths = ProjectPaths(root: home.root, codebase: home.codebase, run: record.id)
    let prepared = RunPlanner.Prepared(
      workflow: past.workflow, config: Configuration(), inputs: record.request.inputs,
      draft: RunDraft(run: record, nodes: past.rows, texts: [:]), run: past.run, fault: nil)
    let driver = RunDriver(
      context: context(of: record, prepared, paths), run: past.run, record: record, rows: past.rows,
      events: [.cancelRequested(reason: reason)])
    return await driver.drive()
  }
}

extension Workspace {
  /// Goes on with a queued run that no process has.
  func takeUp(_ record: RunRecord, secrets: [String: JSONValue]) async throws(EngineFailure) -> RunRecord {
    let started = try await begin { opened throws(EngineFailure) in
      try await opened.executor.takeUp(record, secrets: secrets)
    }
    return started.record
  }

  /// The same for one that was found; where it can't be done now, it stays queued.
  func takeUpFound(_ record: RunRecord) async {
    do throws(EngineFailure) {
      _ = try await takeUp(record, secrets: [:])
    } catch {
      dependencies.logger.warning("run \(record.id) stays queued: \(error.message)")
    }
  }

  /// Who has the working path that a queued run waits for; nil for every other run.
  public nonisolated func holder(ofPathFor run: RunRecord) -> PathLockHolder? {
    guard run.waitsForPath else { return nil }
    let holder = PathLock.holder(of: run.request.heldPath, in: dependencies.lockFolder)
    return holder?.run == run.id ? nil : holder
  }
}
