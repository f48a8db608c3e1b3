internal import IonLock

/// The steps that this process runs now. Global, as what it lists is the process's: its children.
enum LivingSteps {
  private struct Step {
    var leader: Int32 = 0
    /// 0 until the step has started: it may then be the parent of anything.
    var startTicks: UInt64 = 0
  }

  private struct State {
    var steps: [Int: Step] = [:]
    var count = 0
    /// When the first of all steps started.
    var earliestTicks: UInt64?
  }

  private static let state = Guarded(State())

  /// Notes that a step is about to start; what to name it by.
  static func begin() -> Int {
    state.withLock { state in
      state.count += 1
      state.steps[state.count] = Step()
      return state.count
    }
  }

  static func identify(_ step: Int, leader: Int32, startTicks: UInt64) {
    state.withLock { state in
      state.steps[step] = Step(leader: leader, startTicks: startTicks)
      state.earliestTicks = min(startTicks, state.earliestTicks ?? startTicks)
    }
  }

  static func end(_ step: Int) {
    state.withLock { $0.steps[step] = nil }
  }

  /// Whether a process leads one of the steps, or is in the session or group of one; `step` doesn't count.
  static func others(than step: Int, have process: ProcessEntry) -> Bool {
    state.withLock { state in
      state.steps.contains { key, other in
        key != step && [process.pid, process.session, process.group].contains(other.leader)
      }
    }
  }

  /// Whether a process that nothing connects with a step can be the work of `step` or of one that is over, and of no
  /// other: those that run now started later. What is older than every step was there before.
  static func others(than step: Int, cannotHaveStarted process: ProcessEntry) -> Bool {
    state.withLock { state in
      guard let earliest = state.earliestTicks, earliest <= process.startTicks else { return false }
      return !state.steps.contains { key, other in key != step && other.startTicks <= process.startTicks }
    }
  }
}
