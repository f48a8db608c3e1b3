/// What identifies a process for good, also after a crash of the one who started it: a number alone is used again.
public struct ProcessIdentity: Hashable, Codable, Sendable {
  public var pid: Int32
  /// Clock ticks since boot at which the process started (`/proc/<pid>/stat`, field 22).
  public var startTicks: UInt64
  /// `/proc/sys/kernel/random/boot_id`: another boot, another process.
  public var bootID: String

  public init(pid: Int32, startTicks: UInt64, bootID: String) {
    self.pid = pid
    self.startTicks = startTicks
    self.bootID = bootID
  }

  /// The process that runs this.
  public static func current() -> ProcessIdentity? { ProcessIdentity(of: ProcessTable.ownPID) }

  /// The process that has a number now; nil where none has.
  public init?(of pid: Int32) {
    guard let entry = ProcessTable.entry(pid) else { return nil }
    self.init(pid: pid, startTicks: entry.startTicks, bootID: ProcessTable.bootID)
  }

  /// Whether this very process still runs: the same number, start and boot. A zombie doesn't run.
  public var isAlive: Bool {
    guard bootID.utf8.elementsEqual(ProcessTable.bootID.utf8), let entry = ProcessTable.entry(pid) else { return false }
    return entry.startTicks == startTicks && !entry.isZombie
  }
}
