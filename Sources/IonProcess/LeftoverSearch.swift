internal import Glibc

/// Finds processes that a program which is gone has left behind, among all of the machine.
struct LeftoverSearch: Sendable {
  private let facts: [ProcessIdentity]
  private let markers: [[UInt8]]

  init(facts: [ProcessIdentity], markers: [String]) {
    self.facts = facts.filter { $0.bootID.utf8.elementsEqual(ProcessTable.bootID.utf8) }
    self.markers = markers.filter { !$0.isEmpty }.map { Array($0.utf8) }
  }

  /// Asks everything that is found to end, waits for the grace, ends the rest; who is still there.
  func end(grace: Duration) -> [Int32] {
    let asked = find()
    if asked.isEmpty { return [] }
    let deadline = BootInstant.now().advanced(by: grace)
    for entry in asked {
      _ = ProcessKill.signal(entry, SIGTERM)
      _ = ProcessKill.signal(entry, SIGCONT)
    }
    for entry in asked where !ProcessKill.waitForEnd(of: entry, before: deadline) { break }
    return ProcessKill.endAll(before: .now().advanced(by: ProcessKill.patience), find)
  }

  /// What is left over now; zombies don't count.
  private func find() -> [ProcessEntry] {
    let entries = ProcessTable.everyPID().filter(ProcessTable.isOurs).compactMap(ProcessTable.entry)
    let untouchable = ancestors(in: entries)
    let starts = Dictionary(entries.map { ($0.pid, $0.startTicks) }) { first, _ in first }
    let leaders = Set(facts.filter { starts[$0.pid] == $0.startTicks }.map(\.pid)).subtracting(untouchable)
    return entries.filter { entry in
      guard !entry.isZombie, !untouchable.contains(entry.pid) else { return false }
      if leaders.contains(entry.pid) || leaders.contains(entry.session) || leaders.contains(entry.group) { return true }
      return !markers.isEmpty
        && ProcessTable.environment(of: entry.pid) { variable in markers.contains { variable.starts(with: $0) } }
    }
  }

  /// This process and those above it.
  private func ancestors(in entries: [ProcessEntry]) -> Set<Int32> {
    let parents = Dictionary(entries.map { ($0.pid, $0.parent) }) { first, _ in first }
    var found: Set<Int32> = []
    var next: Int32? = ProcessTable.ownPID
    while let pid = next, found.insert(pid).inserted { next = parents[pid] }
    return found
  }
}
