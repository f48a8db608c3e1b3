internal import IonEngine
internal import IonJSON
internal import IonRPC
internal import IonStore
internal import IonWorkflow
internal import Logging

extension Session {
  /// Makes this connection follow a run from a number on, in the client's own way: Ion's notifications where it wants
  /// them, else plain LSP. Called by the handlers of what starts or resumes a run; nothing goes out before the answer.
  func follow(
    _ run: RunRecord, in workspace: Workspace, after seq: Int64, workDoneToken: JSONValue? = nil
  ) async throws(Failure) {
    guard let connection, let context = Self.context else { return }
    await askAboutGates(of: run, in: workspace, after: seq, behind: context)
    guard client.wantsEvents else { return await report(run, in: workspace, after: seq, workDoneToken, context) }
    guard run.status.isLive || seq < run.seq else { return }
    let feed = feed(of: workspace, connection)
    feed.gate.hold(behind: context)
    let platform = NotificationPlatform(
      id: followed.nextID("run"), feed: feed, run: run.id, after: seq, liveAfter: seq, output: .tail,
      endsWithRun: true, connection: connection)
    // It hears of the run from here on, and the client behind the answer: a run may be over before that, and its store
    // with it.
    let hub = await EventReplay(platform: platform, workspace: workspace, context: context, logger: logger)
      .subscribe(after: seq)
    await add(
      ClientSubscription(
        id: platform.id, workspace: workspace, run: run.id, voice: .ion(platform), joining: Task { hub }))
  }

  /// Makes this connection follow a run that was taken up without a request of the client's.
  func follow(_ run: RunRecord, takenUpIn workspace: Workspace, after seq: Int64) async {
    await askAboutGates(of: run, in: workspace, after: seq, behind: nil)
    if !client.wantsEvents { await report(run, in: workspace, after: seq, nil, nil) }
  }

  /// Asks about the gates of a run from a number on, where that is this server's to do.
  func askAboutGates(of run: RunRecord, in workspace: Workspace, after seq: Int64, behind context: RequestContext?)
    async
  {
    guard let dialog = gateDialog() else { return }
    let platform = GatePlatform(dialog, behind: context)
    var hub: SubscriptionID?
    do throws(EngineFailure) {
      hub = try await workspace.subscribe(platform, run: run.id, after: seq, output: false).id
    } catch {
      logger.warning("gates of run \(run.id) are not asked about: \(error.message)")
    }
    await add(
      ClientSubscription(
        id: followed.nextID("gates"), workspace: workspace, run: run.id, voice: .gates(platform),
        joining: Task { [hub] in hub }))
  }

  /// Subscribes this connection to a workspace or one of its runs: replay after a number first (nil: nothing), then live,
  /// all of it behind the request's answer. A subscription replaces the one of its own scope.
  ///
  /// - Throws: `seqExpired` where events after the number are gone.
  func subscribe(
    to workspace: Workspace, run: RunID?, after seq: Int64?, kinds: Set<String>, output: OutputMode
  ) async throws(Failure) -> (id: String, bounds: SequenceBounds) {
    guard let connection, let context = Self.context else {
      throw Failure(.invalidState, "A subscription needs a connection.")
    }
    let bounds: SequenceBounds
    do throws(EngineFailure) {
      bounds = try await workspace.bounds()
      if let seq { try bounds.checkReplay(after: seq) }
    } catch {
      throw Failure(error)
    }
    let start = seq ?? bounds.last
    let platform = NotificationPlatform(
      id: followed.nextID("sub"), feed: feed(of: workspace, connection), run: run, after: start, liveAfter: bounds.last,
      kinds: kinds, output: output, endsWithRun: false, connection: connection)
    await add(platform, in: workspace, after: start, behind: context)
    return (platform.id, bounds)
  }

  /// Keeps what this connection is told of runs until the request is answered that starts one.
  func holdNews(behind context: RequestContext) {
    for feed in followed.openFeeds { feed.gate.hold(behind: context) }
  }

  /// Ends a subscription; false where there is none of that id.
  @discardableResult
  func unsubscribe(_ id: String) async -> Bool {
    guard let subscription = followed.remove(id) else { return false }
    await subscription.end()
    return true
  }

  /// A replay reached the last event that there was: what had stopped pushing goes on from there, behind the replay's
  /// answer.
  func caughtUp(in workspace: Workspace, run: RunID?, to seq: Int64) async {
    guard let context = Self.context else { return }
    for subscription in followed.all where subscription.workspace === workspace {
      guard case .ion(let platform) = subscription.voice, run == nil || subscription.run == run,
        platform.beginCatchingUp(to: seq)
      else { continue }
      var renewed = subscription
      renewed.joining = Task { [logger] in
        if let hub = await subscription.joining.value { await workspace.unsubscribe(hub) }
        platform.reopen()
        return await EventReplay(platform: platform, workspace: workspace, context: context, logger: logger).join(
          after: seq)
      }
      followed.renew(renewed)
    }
  }

  /// Returns once this connection was told everything that it follows of a run, up to a number.
  func delivered(_ run: RunID, in workspace: Workspace, upTo seq: Int64) async {
    for subscription in followed.all
    where subscription.workspace === workspace && (subscription.run ?? run) == run {
      _ = await subscription.joining.value
    }
    do throws(EngineFailure) {
      try await workspace.published(upTo: seq)
    } catch {
      logger.warning("events of \(run) may be late: \(error.message)")
    }
  }

  /// The person pressed cancel on a progress of ours: its run is cancelled.
  func cancelProgress(_ token: JSONValue) async {
    for subscription in followed.all {
      guard case .plain(let platform) = subscription.voice, platform.token == token, let run = subscription.run else {
        continue
      }
      do throws(EngineFailure) {
        _ = try await subscription.workspace.cancel(run, node: nil, reason: "cancelled in the editor", force: false)
      } catch {
        logger.warning("run \(run) was not cancelled: \(error.message)")
      }
    }
  }

  private func feed(of workspace: Workspace, _ connection: Connection) -> WorkspaceFeed {
    followed.feed(of: workspace) {
      let gate = ReplyGate(connection)
      return WorkspaceFeed(
        workspace: workspace, gate: gate,
        pump: OutputPump(
          workspace: workspace, connection: connection, gate: gate, clock: engine.dependencies.clock, logger: logger))
    }
  }

  private func add(
    _ platform: NotificationPlatform, in workspace: Workspace, after seq: Int64, behind context: RequestContext
  ) async {
    let joining = Task { [logger] in
      await EventReplay(platform: platform, workspace: workspace, context: context, logger: logger).join(after: seq)
    }
    await add(
      ClientSubscription(
        id: platform.id, workspace: workspace, run: platform.run, voice: .ion(platform), joining: joining))
  }

  func add(_ subscription: ClientSubscription) async {
    let replaced = followed.add(subscription)
    for old in replaced { old.silence() }
    for old in replaced { await old.end() }
  }

  /// Follows a run for a client that knows only LSP.
  private func report(
    _ run: RunRecord, in workspace: Workspace, after seq: Int64, _ workDoneToken: JSONValue?, _ context: RequestContext?
  ) async {
    guard let connection else { return }
    let token = workDoneToken ?? .string(followed.token(for: run))
    let platform = PlainPlatform(
      run: run, token: token, isGiven: workDoneToken != nil, mayCreate: client.showsWorkDoneProgress,
      connection: connection, behind: context, clock: engine.dependencies.clock)
    var hub: SubscriptionID?
    do throws(EngineFailure) {
      hub = try await workspace.subscribe(platform, run: run.id, after: seq, output: false).id
    } catch {
      logger.warning("run \(run.id) can't be followed: \(error.message)")
    }
    await add(
      ClientSubscription(
        id: followed.nextID("plain"), workspace: workspace, run: run.id, voice: .plain(platform),
        joining: Task { [hub] in hub }))
  }
}
