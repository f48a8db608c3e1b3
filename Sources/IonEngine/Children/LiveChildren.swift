internal import IonLock
internal import IonWorkflow

/// The child runs of one place that are live in this process, or about to be.
final class LiveChildren: Sendable {
  private enum Entry {
    /// Nobody drives it yet; those who wait until somebody does, or nobody will.
    case expected([CheckedContinuation<RunDriver?, Never>])
    case live(RunDriver)
  }

  private let entries = Guarded<[RunID: Entry]>([:])

  var ids: [RunID] { entries.withLock { Array($0.keys) } }

  /// Whether a run is live here or about to be.
  func has(_ run: RunID) -> Bool { entries.withLock { $0[run] != nil } }

  func driver(of run: RunID) -> RunDriver? {
    entries.withLock { if case .live(let driver) = $0[run] { driver } else { nil } }
  }

  /// Notes a run before it is in the store: nobody takes it for one that its owner left.
  func expect(_ run: RunID) {
    entries.withLock { if $0[run] == nil { $0[run] = .expected([]) } }
  }

  func add(_ driver: RunDriver, of run: RunID) {
    for waiter in replace(run, by: .live(driver)) { waiter.resume(returning: driver) }
  }

  /// Forgets a run that is over, or that never came to be.
  func remove(_ run: RunID) { for waiter in replace(run, by: nil) { waiter.resume(returning: nil) } }

  private func replace(_ run: RunID, by entry: Entry?) -> [CheckedContinuation<RunDriver?, Never>] {
    entries.withLock { entries in
      defer { entries[run] = entry }
      if case .expected(let waiters) = entries[run] { return waiters }
      return []
    }
  }

  /// The driver of a run once it has one; nil where it isn't here, or never came to be.
  func whenLive(_ run: RunID) async -> RunDriver? {
    await withCheckedContinuation { waiter in
      let known: RunDriver?? = entries.withLock { entries in
        switch entries[run] {
        case .live(let driver): return driver
        case nil: return .some(nil)
        case .expected(let waiters):
          entries[run] = .expected(waiters + [waiter])
          return nil
        }
      }
      if let known { waiter.resume(returning: known) }
    }
  }
}
