public import IonEngine
internal import IonJSON
internal import IonLock
internal import IonRPC
internal import IonStore
internal import IonWorkflow
internal import Logging

/// One client: where it stands in the life cycle, what it can do, what it follows. Several may share one engine.
public actor Session {
  public nonisolated let engine: Engine
  /// Ion's version, as `initialize` and `server/status` say it.
  public nonisolated let version: String
  nonisolated let logger: Logger
  /// What is served, beside what LSP asks of every server.
  nonisolated let requests: [any ServedRequest.Type]
  private nonisolated let watchesWorkflows: Bool
  nonisolated let limits: ConnectionLimits
  nonisolated let lifeCycle = Guarded(LifeCycle())
  /// The moment after which no message can come any more: what only waits for the client's sake ends then.
  nonisolated let inputEnd = Ending()
  private nonisolated let closing = Guarded<Task<Void, Never>?>(nil)
  private(set) var client = ClientFacts()
  /// Nil before `initialize` and after the end.
  private(set) var connection: Connection?
  var followed = FollowedRuns()
  /// Whose codebase each folder of the client's is.
  private var folders: [AbsolutePath: CodebaseID] = [:]
  private var watch: WorkflowWatch?
  /// What the session does beside the client's requests. Each step waits for the one before.
  private var chores: Task<Void, Never>?
  /// Asks about gates where the client doesn't; nil before the first.
  var dialog: GateDialog?
  private var clientWatch: Task<Void, Never>?

  /// The request that is being handled by the current task.
  @TaskLocal static var context: RequestContext?

  /// What a run's steps get to end in when the client goes away.
  static let farewell = Duration.milliseconds(500)

  init(_ server: Server) {
    engine = server.engine
    version = server.version
    logger = server.logger
    requests = server.requests
    watchesWorkflows = server.watchesWorkflows
    limits = server.limits
  }

  /// The encoding of columns that was agreed on with the client.
  public var positionEncoding: PositionEncoding { client.positionEncoding }

  /// What the client calls itself.
  var clientName: String { client.name }

  /// Whether the client knows Ion's notifications.
  public var knowsIon: Bool { client.knowsIon }

  /// The commands of `workspace/executeCommand` that stand for something that is served.
  nonisolated var commands: [ClientCommand] {
    ClientCommand.all.filter { command in requests.contains { $0.method == command.method } }
  }

  nonisolated func commandNames(_ prefix: String) -> JSONValue {
    .array(commands.map { .string($0.fullName(prefix)) })
  }
}

// MARK: Beginning and end

extension Session {
  /// Notes who the client is, registers its folders, and watches over its process.
  func begin(_ client: ClientFacts, on connection: Connection) async {
    self.client = client
    self.connection = connection
    if client.wantsEvents && watchesWorkflows { startWatch(connection) }
    for root in client.roots { await register(root) }
    if let process = client.processID {
      clientWatch = Task { [clock = engine.dependencies.clock] in
        if await ClientWatch(process: process, clock: clock).isGone() { connection.close() }
      }
    }
  }

  /// What is due once the client is told that it is initialized.
  func initialized() {
    settle()
    chore { [weak self, engine] in
      for workspace in await engine.registered where workspace.hasStore && !Task.isCancelled {
        await self?.showWaitingGates(of: workspace)
      }
    }
    guard client.registersCommands, let connection else { return }
    let commands = commandNames(client.commandPrefix)
    chore { [logger] in
      let registration: JSONValue = [
        "id": "ion.commands", "method": "workspace/executeCommand", "registerOptions": ["commands": commands],
      ]
      do throws(CallFailure) {
        _ = try await connection.call(
          "client/registerCapability", ["registrations": [registration]], within: .seconds(10))
      } catch {
        logger.warning("the commands were not registered: \(error)")
      }
    }
  }

  /// Settles, in the background, the runs that a dead owner left, where anything was ever kept.
  func settle() {
    chore { [engine, logger] in
      for workspace in await engine.registered where workspace.hasStore && !Task.isCancelled {
        do throws(EngineFailure) {
          let runs = try await workspace.reconcile()
          guard !runs.isEmpty else { continue }
          let names = runs.map(\.id.rawValue).joined(separator: ", ")
          logger.notice("settled runs of \(workspace.codebase.id) that a dead process left: \(names)")
        } catch {
          logger.warning("runs of \(workspace.codebase.id) were not settled: \(error.message)")
        }
      }
    }
  }

  private func chore(_ body: @escaping @Sendable () async -> Void) {
    chores = Task { [chores] in
      await withTaskCancellationHandler {
        await chores?.value
      } onCancel: {
        chores?.cancel()
      }
      if !Task.isCancelled { await body() }
    }
  }

  /// No message can come any more: waits end, and so do the runs.
  nonisolated func inputEnded() {
    inputEnd.happen()
    beginClosing(reason: "the client closed its connection")
  }

  /// Begins to interrupt what runs, once.
  nonisolated func beginClosing(reason: String) {
    closing.withLock { closing in
      closing = closing ?? Task { [engine] in await engine.close(reason: reason, grace: Self.farewell) }
    }
  }

  /// Interrupts what runs, and returns when nothing of it is left.
  nonisolated func close(reason: String) async {
    beginClosing(reason: reason)
    await closing.withLock { $0 }?.value
  }

  /// Ends what the session does by itself, and returns when nothing of its runs is left.
  func end() async {
    clientWatch?.cancel()
    chores?.cancel()
    watch?.end()
    dialog?.end()
    let left = followed.removeAll()
    connection = nil
    inputEnded()
    await closing.withLock { $0 }?.value
    for subscription in left { await subscription.end() }
  }
}

// MARK: Folders

extension Session {
  func register(_ root: AbsolutePath) async {
    do throws(EngineFailure) {
      let workspace = try await engine.register(root, id: nil, name: nil, isTrusted: nil).workspace
      folders[root] = workspace.codebase.id
      watchWorkflows(of: workspace)
    } catch {
      logger.warning("the folder \(root) was not registered: \(error.message)")
    }
  }

  /// Forgets the codebase of a folder, unless another folder of the client's is in it. Its runs go on.
  func detach(_ root: AbsolutePath) async {
    guard let id = folders.removeValue(forKey: root), !folders.values.contains(id) else { return }
    do throws(EngineFailure) {
      _ = try await engine.unregister(id)
      watch?.remove(id)
    } catch {
      logger.warning("the folder \(root) was not detached: \(error.message)")
    }
  }

  /// Tells the client from now on when workflow files of a codebase change, where it wants to know.
  func watchWorkflows(of workspace: Workspace) { watch?.add(workspace) }

  private func startWatch(_ connection: Connection) {
    do throws(EngineFailure) {
      watch = try WorkflowWatch(clock: engine.dependencies.clock) { [weak connection] id, paths in
        let change = WorkflowDidChange(codebaseId: id, uris: paths.map(FileURI.init))
        connection?.notify(WorkflowDidChange.method, OpenRPCDocument.encoded(change))
      }
    } catch {
      logger.warning("workflow files are not watched: \(error.message)")
    }
  }
}
