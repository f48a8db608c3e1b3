public import IonAgents
public import IonEngine
public import IonStore
public import IonWorkflow
internal import Logging

/// An engine on a workspace of its own, with the real store and real processes.
public struct EngineFixture: Sendable {
  public let folder: TemporaryFolder
  public let engine: Engine
  public let workspace: Workspace
  public let platform = RecordingPlatform()

  /// `files` are written into the workspace first: relative path to text. The agents that this machine may have are none of
  /// a test's: `shipped` says which ones Ion knows. The workflows that come with Ion are there where `builtins` says so.
  public init(
    files: [String: String] = [:], clock: any EngineClock = SystemClock(), slots: Int = 4,
    agents: [any AgentProvider] = [], shipped: [ShippedProvider] = [], agentSlots: Int = 3,
    environment: [String: String]? = nil,
    stopGrace: Duration = .seconds(5),
    goesOnWithQueued: Bool = false, builtins: Bool = false,
    folder: TemporaryFolder = TemporaryFolder("ion-engine")
  ) async throws {
    self.folder = folder
    for (path, text) in files { folder.write(text, to: "workspace/" + path) }
    if files.isEmpty { folder.write("", to: "workspace/.keep") }
    var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    logger.logLevel = .critical
    let usual = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.path.text, "LANG": "C.UTF-8"]
    engine = Engine(
      WorkflowDependencies(
        openStore: { folder async throws(StoreFailure) in try await CodebaseStore.open(folder: folder) }, clock: clock,
        slots: StepSlots(capacity: slots), agentSlots: StepSlots(capacity: agentSlots),
        agents: AgentProviders(agents, shipped: shipped),
        environment: environment ?? usual,
        userFolder: folder.path.appending("user/ion"), lockFolder: folder.path.appending("locks"),
        stopGrace: stopGrace, logger: logger, goesOnWithQueued: goesOnWithQueued, hasBuiltins: builtins))
    workspace = try await engine.register(
      folder.path.appending("workspace"), id: nil, name: nil, isTrusted: nil
    ).workspace
  }

  public var root: AbsolutePath { workspace.codebase.root }

  /// Starts a workflow that stands in `.ion/workflows/`, with the platform subscribed to its run.
  public func start(
    _ name: String, message: String = "", options: WorkflowExecutionOptions = WorkflowExecutionOptions()
  ) async throws -> RunRecord {
    let run = try await workspace.execute(
      try workspace.workflow(named: name), in: nil, message: message, options: options
    ).run
    _ = try await workspace.subscribe(platform, run: run.id, after: 0, output: true)
    return run
  }

  /// Runs a workflow to its end.
  public func run(
    _ name: String, message: String = "", options: WorkflowExecutionOptions = WorkflowExecutionOptions()
  ) async throws -> (run: RunRecord, nodes: [NodeID: NodeRecord]) {
    let started = try await start(name, message: message, options: options)
    return try await end(of: started.id)
  }

  /// Waits for a run's end.
  public func end(of run: RunID) async throws -> (run: RunRecord, nodes: [NodeID: NodeRecord]) {
    let record = try await workspace.wait(for: run, timeout: nil).run
    let nodes = try await workspace.nodes(of: run)
    return (record, Dictionary(uniqueKeysWithValues: nodes.map { ($0.node, $0) }))
  }
}
