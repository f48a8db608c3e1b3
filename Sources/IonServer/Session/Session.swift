public import IonEngine
public import IonJSON
internal import IonLock
internal import IonRPC
public import IonStore
public import IonWorkflow
public import Logging

/// One client: where it stands in the life cycle, what it can do, what it follows. Several may share one engine.
public actor Session {
  public nonisolated let engine: Engine
  /// Ion's version, as `initialize` and `server/status` say it.
  public nonisolated let version: String
  nonisolated let logger: Logger
  nonisolated let lifeCycle = Guarded(LifeCycle())
  private(set) var client = ClientFacts()
  private var connection: Connection?
  private var subscriptions: [String: ClientSubscription] = [:]
  private var nextSubscription = 1
  private var chores: [Task<Void, Never>] = []

  /// The request that is being handled by the current task.
  @TaskLocal static var context: RequestContext?

  public init(engine: Engine, version: String, logger: Logger) {
    self.engine = engine
    self.version = version
    self.logger = logger
  }

  /// The encoding of columns that was agreed on with the client.
  public var positionEncoding: PositionEncoding { client.positionEncoding }

  /// Whether the client knows Ion's notifications.
  public var knowsIon: Bool { client.knowsIon }

  /// Notes who the client is, and registers its folders.
  func begin(_ client: ClientFacts, on connection: Connection) async {
    self.client = client
    self.connection = connection
    for root in client.roots { await register(root) }
  }

  func register(_ root: AbsolutePath) async {
    do {
      _ = try await engine.register(root, id: nil, name: nil, isTrusted: nil)
    } catch {
      logger.warning("the folder \(root) was not registered: \(error.message)")
    }
  }

  /// What is due once the client is told that it is initialized: runs that a dead owner left are settled.
  func settle() {
    chores.append(
      Task { [engine, logger] in
        for workspace in await engine.registered where workspace.hasStore {
          do throws(EngineFailure) {
            try await workspace.reconcile()
          } catch {
            logger.warning("runs of \(workspace.codebase.id) were not settled: \(error.message)")
          }
        }
      })
  }

  /// The process that `initialize` names; nil for no watch.
  var clientProcess: Int32? { client.processID }

  /// Forgets the codebase of a folder. Its runs go on.
  func detach(_ root: AbsolutePath) async {
    for workspace in await engine.registered where workspace.codebase.root == root {
      do {
        _ = try await engine.unregister(workspace.codebase.id)
      } catch {
        logger.warning("the folder \(root) was not detached: \(error.message)")
      }
    }
  }

  /// The person pressed cancel on a progress of ours: its run is cancelled.
  func cancelProgress(_ token: JSONValue) async {
    for subscription in subscriptions.values where subscription.plain?.token == token {
      guard let run = subscription.run else { continue }
      do {
        _ = try await subscription.workspace.cancel(run, node: nil, reason: "cancelled in the editor", force: false)
      } catch {
        logger.warning("run \(run) was not cancelled: \(error.message)")
      }
    }
  }

  /// Ends what the session does by itself. Its runs are the engine's.
  func end() async {
    for chore in chores { chore.cancel() }
    for id in subscriptions.keys { await unsubscribe(id) }
  }
}

extension Session {
  /// Makes this connection follow a run from a number on, in the client's own way: Ion's notifications where it knows
  /// them, else plain LSP. Called by the handlers of what starts or resumes a run; nothing goes out before the answer.
  public func follow(
    _ run: RunRecord, in workspace: Workspace, after seq: Int64, workDoneToken: JSONValue? = nil
  ) async throws(Failure) {
    guard let connection, let context = Self.context else { return }
    if client.knowsIon {
      // An event reaches a connection once: who follows the whole codebase has the run's already.
      guard !subscriptions.values.contains(where: { $0.workspace === workspace && $0.run == nil }) else { return }
      _ = try await subscribe(
        to: workspace, run: run.id, after: seq, kinds: [], output: .tail)
    } else {
      let platform = PlainPlatform(
        run: run, connection: connection, context: context, workDoneToken: workDoneToken,
        mayCreateProgress: client.showsWorkDoneProgress)
      do {
        let subscription = try await workspace.subscribe(platform, run: run.id, after: seq, output: false)
        let id = "plain-\(nextSubscription)"
        nextSubscription += 1
        subscriptions[id] = ClientSubscription(
          workspace: workspace, run: run.id, hub: subscription.id, platform: nil, plain: platform)
      } catch {
        throw Failure(error)
      }
    }
  }

  /// Subscribes this connection to a workspace or one of its runs: replay after a number first, then live.
  ///
  /// What the connection gets already is not sent twice: a subscription replaces those of its own scope or within it.
  public func subscribe(
    to workspace: Workspace, run: RunID?, after seq: Int64?, kinds: Set<String>, output: OutputMode
  ) async throws(Failure) -> (id: String, bounds: SequenceBounds) {
    guard let connection, let context = Self.context else {
      throw Failure(.invalidState, "A subscription needs a connection.")
    }
    let id = "s\(nextSubscription)"
    nextSubscription += 1
    let platform = NotificationPlatform(
      id: id, workspace: workspace, run: run, connection: connection, kinds: kinds, output: output
    ) { context.notify($0) }
    for (other, subscription) in subscriptions
    where subscription.workspace === workspace && (run == nil || subscription.run == run) {
      await unsubscribe(other)
    }
    do {
      let subscription = try await workspace.subscribe(platform, run: run, after: seq, output: output != .none)
      subscriptions[id] = ClientSubscription(
        workspace: workspace, run: run, hub: subscription.id, platform: platform, plain: nil)
      return (id, subscription.bounds)
    } catch {
      throw Failure(error)
    }
  }

  /// Ends a subscription; false where there is none of that id.
  @discardableResult
  public func unsubscribe(_ id: String) async -> Bool {
    guard let subscription = subscriptions.removeValue(forKey: id) else { return false }
    await subscription.workspace.unsubscribe(subscription.hub)
    subscription.platform?.end()
    subscription.plain?.end()
    return true
  }

  /// A replay brought the client up to a number: what had stopped pushing goes on from there.
  public func caughtUp(in workspace: Workspace, run: RunID?, to seq: Int64) async throws(Failure) {
    for (id, subscription) in subscriptions where subscription.workspace === workspace {
      guard let platform = subscription.platform, subscription.run == run, platform.takeGap() else { continue }
      await workspace.unsubscribe(subscription.hub)
      do {
        let renewed = try await workspace.subscribe(
          platform, run: run, after: seq, output: platform.output != .none)
        subscriptions[id]?.hub = renewed.id
      } catch {
        throw Failure(error)
      }
    }
  }
}

/// What a connection follows.
struct ClientSubscription {
  let workspace: Workspace
  let run: RunID?
  var hub: SubscriptionID
  let platform: NotificationPlatform?
  let plain: PlainPlatform?
}
