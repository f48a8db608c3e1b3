internal import IonStore

extension RunDriver {
  /// Something of a run that others wait for.
  enum Milestone: Hashable {
    /// Its first turn is durable: it began, or was resumed.
    case beginning
    /// It waits for answers alone, or has ended. It may be reached again and again.
    case standstill
    case end
  }

  /// Returns the run's row once it has begun; nil where the waiting task is cancelled before.
  func begun() async -> RunRecord? { await wait(for: .beginning) }

  /// Returns the run's row once it waits at a gate and nothing else goes on, or has ended; nil where the waiting task is
  /// cancelled before.
  func standstill() async -> RunRecord? { await wait(for: .standstill) }

  /// Returns the run's row once it has ended; nil where the waiting task is cancelled before.
  func end() async -> RunRecord? { await wait(for: .end) }
}
