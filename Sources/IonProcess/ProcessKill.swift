internal import CIonProcess
internal import Glibc

/// Ends processes that can't be mistaken for others: each is held by a descriptor while it is looked at and signalled.
enum ProcessKill {
  /// How long processes that were killed get to be gone, before they count as survivors.
  static let patience = Duration.seconds(2)

  /// Kills what a search finds until it finds nothing; what could not be ended before the deadline, ascending.
  static func endAll(before deadline: BootInstant, _ find: () -> [ProcessEntry]) -> [Int32] {
    var refused: Set<Int32> = []
    while true {
      let found = find().filter { !refused.contains($0.pid) }
      if found.isEmpty { return refused.sorted() }
      let killed = found.filter { signal($0, SIGKILL) }
      refused.formUnion(Set(found.map(\.pid)).subtracting(killed.map(\.pid)))
      for entry in killed where !waitForEnd(of: entry, before: deadline) {
        return refused.union(killed.filter(isAlive).map(\.pid)).sorted()
      }
    }
  }

  /// Sends a signal, if the process still is the one that was found; false where that isn't permitted.
  static func signal(_ entry: ProcessEntry, _ signal: Int32) -> Bool {
    do throws(SystemError) {
      let process = try hold(entry)
      return process.number < 0 || ion_pidfd_signal(process.number, signal) != EPERM
    } catch {
      return false
    }
  }

  /// Waits for a process's end and reaps it, where it is a child; false when the deadline comes first.
  static func waitForEnd(of entry: ProcessEntry, before deadline: BootInstant) -> Bool {
    do throws(SystemError) {
      let process = try hold(entry)
      if process.number < 0 { return true }
      guard process.becomesReadable(before: deadline) else { return false }
      AdoptedProcesses.reap(process)
      return true
    } catch {
      return false
    }
  }

  private static func isAlive(_ entry: ProcessEntry) -> Bool {
    guard let now = ProcessTable.entry(entry.pid) else { return false }
    return now.startTicks == entry.startTicks && !now.isZombie
  }

  /// A descriptor that becomes readable when a process that was found ends; none where it has ended.
  static func follow(_ entry: ProcessEntry) throws(SystemError) -> Descriptor { try hold(entry) }

  /// Reaps a child that has ended.
  static func reap(_ entry: ProcessEntry) {
    _ = waitForEnd(of: entry, before: .now())
  }

  /// Opens a descriptor on a process; none where it is gone, and its number perhaps another's.
  private static func hold(_ entry: ProcessEntry) throws(SystemError) -> Descriptor {
    var opened: Int32 = -1
    let failure = ion_pidfd_open(entry.pid, &opened)
    guard failure == 0 || failure == ESRCH else { throw SystemError(failure) }
    let process = Descriptor(owning: opened)
    return ProcessTable.entry(entry.pid)?.startTicks == entry.startTicks ? process : .none
  }
}
