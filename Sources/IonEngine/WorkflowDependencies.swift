public import IonStore
public import IonWorkflow
public import Logging

/// What the engine needs of the world: passed in, nothing global.
public struct WorkflowDependencies: Sendable {
  /// Opens the store in a folder; called once per workspace, when it is first needed.
  public var openStore: @Sendable (AbsolutePath) async throws(StoreFailure) -> any WorkflowStore
  public var clock: any EngineClock
  public var slots: StepSlots
  /// Ion's own environment, from which a step's is made.
  public var environment: [String: String]
  /// Where the user's own configuration and workflows are (`$XDG_CONFIG_HOME/ion`).
  public var userFolder: AbsolutePath
  /// Where locks on working paths are kept; the user's alone.
  public var lockFolder: AbsolutePath
  /// How long a step may take to end after it was asked to.
  public var stopGrace: Duration
  public var logger: Logger
  /// What hides the secrets of the runs of this process.
  let masks = SecretShelf()

  public init(
    openStore: @escaping @Sendable (AbsolutePath) async throws(StoreFailure) -> any WorkflowStore,
    clock: any EngineClock = SystemClock(), slots: StepSlots, environment: [String: String], userFolder: AbsolutePath,
    lockFolder: AbsolutePath, stopGrace: Duration = .seconds(5), logger: Logger
  ) {
    self.openStore = openStore
    self.clock = clock
    self.slots = slots
    self.environment = environment
    self.userFolder = userFolder
    self.lockFolder = lockFolder
    self.stopGrace = stopGrace
    self.logger = logger
  }
}
