public import IonAgents
public import IonStore
public import IonWorkflow
public import Logging

/// What the engine needs of the world: passed in, nothing global.
public struct WorkflowDependencies: Sendable {
  /// Opens the store in a folder; called once per workspace, when it is first needed.
  public var openStore: @Sendable (AbsolutePath) async throws(StoreFailure) -> any WorkflowStore
  public var clock: any EngineClock
  /// How many shells, scripts and programs may run at once.
  public var slots: StepSlots
  /// How many agents may.
  public var agentSlots: StepSlots
  /// Where agents come from.
  public var agents: AgentProviders
  /// Ion's own environment, from which a step's is made.
  public var environment: [String: String]
  /// Where the user's own configuration and workflows are (`$XDG_CONFIG_HOME/ion`).
  public var userFolder: AbsolutePath
  /// Where locks on working paths are kept; the user's alone.
  public var lockFolder: AbsolutePath
  /// How long a step may take to end after it was asked to.
  public var stopGrace: Duration
  public var logger: Logger
  /// Whether this process goes on with queued runs that no other has: one that stays does.
  public var goesOnWithQueued: Bool
  /// Whether the workflows that come with Ion can be named.
  public var hasBuiltins: Bool
  /// How many agents may run at once where nothing is said.
  public static let usualAgents = 3
  /// What a step gets to end in that is cancelled, or whose time is over. An editor waits 15 seconds for a cancelled run, and
  /// what an agent gets besides counts too.
  public static let usualGrace = Duration.seconds(5)

  /// What hides the secrets of the runs of this process.
  let masks = SecretShelf()
  /// Who waits for working paths in this process.
  let paths = PathQueue()

  public init(
    openStore: @escaping @Sendable (AbsolutePath) async throws(StoreFailure) -> any WorkflowStore,
    clock: any EngineClock = SystemClock(), slots: StepSlots, agentSlots: StepSlots = StepSlots(capacity: usualAgents),
    agents: AgentProviders = AgentProviders(), environment: [String: String], userFolder: AbsolutePath,
    lockFolder: AbsolutePath, stopGrace: Duration = usualGrace, logger: Logger,
    goesOnWithQueued: Bool = false, hasBuiltins: Bool = true
  ) {
    self.agentSlots = agentSlots
    self.agents = agents
    self.openStore = openStore
    self.clock = clock
    self.slots = slots
    self.environment = environment
    self.userFolder = userFolder
    self.lockFolder = lockFolder
    self.stopGrace = stopGrace
    self.logger = logger
    self.goesOnWithQueued = goesOnWithQueued
    self.hasBuiltins = hasBuiltins
  }
}
