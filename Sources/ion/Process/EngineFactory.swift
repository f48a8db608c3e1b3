internal import Glibc
internal import IonAgents
internal import IonEngine
internal import IonProcess
internal import IonStore
internal import IonWorkflow
internal import Logging

/// Makes the one engine of this process from what the environment and the user's own configuration say.
enum EngineFactory {
  /// `stays` is for a process that goes on with queued runs that no other has.
  static func make(logger: Logger, stays: Bool = false) throws(CommandFailure) -> (
    engine: Engine, settings: EngineSettings
  ) {
    let environment = Dictionary(ProcessEnvironment.current()) { _, last in last }
    guard let userFolder = UserFolders.configuration(environment) else {
      throw CommandFailure("Neither XDG_CONFIG_HOME nor HOME is an absolute path; set one of them.")
    }
    let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    let settings = EngineSettings(userFolder: userFolder)
    let slots = settings.shellSlots ?? cores
    let engine = Engine(
      WorkflowDependencies(
        openStore: { folder async throws(StoreFailure) in
          let store = try await CodebaseStore.open(folder: folder)
          if let aside = store.report.movedAside {
            let text = "the store was damaged; it was moved to \(aside), and what could be read was kept"
            logger.error("\(text)")
            Console.warn(text)
          }
          return store
        }, slots: StepSlots(capacity: slots),
        agentSlots: StepSlots(capacity: settings.agentSlots ?? WorkflowDependencies.usualAgents),
        agents: AgentProviders(version: Version.current), environment: environment, userFolder: userFolder,
        lockFolder: UserFolders.locks(environment), logger: logger, goesOnWithQueued: stays))
    return (engine, settings)
  }
}

/// The user's own folders, by the XDG base directory specification.
enum UserFolders {
  static func configuration(_ environment: [String: String]) -> AbsolutePath? {
    folder("XDG_CONFIG_HOME", environment) ?? home(environment)?.appending(".config/ion")
  }

  /// Where logs and what outlives a session is.
  static func state(_ environment: [String: String]) -> AbsolutePath {
    folder("XDG_STATE_HOME", environment) ?? home(environment)?.appending(".local/state/ion") ?? fallback
  }

  /// Where locks are: gone with the session where the system offers that.
  static func locks(_ environment: [String: String]) -> AbsolutePath {
    folder("XDG_RUNTIME_DIR", environment) ?? state(environment).appending("locks")
  }

  private static func folder(_ name: String, _ environment: [String: String]) -> AbsolutePath? {
    environment[name].flatMap { AbsolutePath($0) }?.appending("ion")
  }

  private static func home(_ environment: [String: String]) -> AbsolutePath? {
    environment["HOME"].flatMap { AbsolutePath($0) }
  }

  private static var fallback: AbsolutePath { AbsolutePath("/tmp")!.appending("ion-\(getuid())") }
}
