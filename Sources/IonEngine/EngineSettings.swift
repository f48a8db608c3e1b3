public import IonWorkflow
internal import IonWorkflowFile

/// What the user's own configuration says about the whole process. Nil where it says nothing, or can't be read: a run
/// fails then, and says why.
public struct EngineSettings: Hashable, Sendable {
  /// How many shell steps may run at once.
  public var shellSlots: Int?
  /// How many agents may.
  public var agentSlots: Int?
  /// The most bytes that a message of a client may have.
  public var frameBytes: Int?
  /// The most requests of one client that may be in flight.
  public var requestsInFlight: Int?

  /// Reads `config.yaml` of the user's folder.
  public init(userFolder: AbsolutePath) {
    guard let bytes = FileAccess.bytes(userFolder.appending("config.yaml"), limit: 1024 * 1024),
      let configuration = ConfigReader.read(bytes).configuration
    else { return }
    shellSlots = configuration.slots.shells
    agentSlots = configuration.slots.agents
    frameBytes = configuration.limits[.frameBytes]
    requestsInFlight = configuration.limits[.requestsInFlight]
  }
}
