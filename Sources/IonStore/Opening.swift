public import IonWorkflow

/// What happened to a store when it was opened, for people.
public struct OpeningReport: Hashable, Sendable {
  /// Where the damaged database was put; nil where there was no damage.
  public var movedAside: AbsolutePath?
  /// How many events were taken over from the damaged database; nil where there was no damage, 0 where nothing in it
  /// could be read.
  public var recoveredEvents: Int?
  /// The newer Ion's schema that the store has, so that it can be read only; nil for a store of this version.
  public var newerVersion: Int?

  public init(movedAside: AbsolutePath? = nil, recoveredEvents: Int? = nil, newerVersion: Int? = nil) {
    self.movedAside = movedAside
    self.recoveredEvents = recoveredEvents
    self.newerVersion = newerVersion
  }
}

/// The process that owns a store.
public struct OwnerInfo: Hashable, Sendable {
  public var pid: Int32
  /// Clock ticks since boot at which the process started.
  public var startTicks: UInt64
  public var bootID: String

  public init(pid: Int32, startTicks: UInt64, bootID: String) {
    self.pid = pid
    self.startTicks = startTicks
    self.bootID = bootID
  }
}
