/// Finds what a step's leader has started and left behind.
///
/// In a subreaper that is one small file to read for a step that left nothing, and three for each process that somebody
/// left. Elsewhere orphans go to init, and every process of the machine is looked at.
struct StepRemains {
  private struct Noted: Hashable {
    let pid: Int32
    let startTicks: UInt64
  }

  private let step: Int
  private let leader: Int32
  private let marker: [UInt8]
  private let startTicks: UInt64
  private var noted: Set<Noted> = []
  /// Sessions that processes of the step have opened: who is in one is the step's, too.
  private var sessions: Set<Int32>

  init(step: Int, leader: Int32, startTicks: UInt64, marker: String) {
    self.step = step
    self.leader = leader
    self.startTicks = startTicks
    self.marker = Array(marker.utf8)
    sessions = [leader]
  }

  /// Remembers whatever descends from the leader now: once it has ended, nothing connects it with a descendant that
  /// changed its session and cleared its environment.
  mutating func noteDescendants() {
    for pid in ProcessTable.descendants(of: leader) {
      if let entry = ProcessTable.entry(pid) { noted.insert(Noted(pid: pid, startTicks: entry.startTicks)) }
    }
  }

  /// The processes that are left, the leader not counted. Reaps those adopted ones that have ended.
  mutating func find() -> [ProcessEntry] {
    let adopted = ProcessHousehold.isSubreaper ? AdoptedProcesses.all() : nil
    let candidates = adopted.map { Set($0 + noted.map(\.pid)) } ?? Set(ProcessTable.everyPID())
    let found = candidates.compactMap { pid -> ProcessEntry? in
      guard pid != leader, pid != ProcessTable.ownPID, let entry = ProcessTable.entry(pid),
        !LivingSteps.others(than: step, have: entry)
      else { return nil }
      let isAdopted =
        adopted != nil && entry.parent == ProcessTable.ownPID && entry.session != ProcessTable.ownSession
      if entry.isZombie {
        if isAdopted { ProcessKill.reap(entry) }
        return nil
      }
      return isOfStep(entry, isAdopted: isAdopted) ? entry : nil
    }
    sessions.formUnion(found.map(\.session))
    return found
  }

  /// Somebody of the leader's group who is left and may still be ending in good order.
  mutating func findInGroup() -> ProcessEntry? { find().first { $0.group == leader } }

  private func isOfStep(_ entry: ProcessEntry, isAdopted: Bool) -> Bool {
    if entry.group == leader || sessions.contains(entry.session) { return true }
    if noted.contains(Noted(pid: entry.pid, startTicks: entry.startTicks)) { return true }
    guard entry.startTicks >= startTicks || isAdopted else { return false }
    if ProcessTable.environment(of: entry.pid, contains: { $0.elementsEqual(marker) }) { return true }
    return isAdopted && LivingSteps.others(than: step, cannotHaveStarted: entry)
  }
}
