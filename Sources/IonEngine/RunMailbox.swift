internal import IonLock
internal import IonScheduler

/// The facts that wait for a run's driver. Any thread may post; nobody waits for it.
///
/// A fact that nothing depends on (which process a step runs in) is posted to linger: it is taken with the next one that
/// presses, or when `press` is called, so that most steps that are over in a moment cost one commit instead of two.
final class RunMailbox: Sendable {
  private struct State {
    var events: [RunEvent]
    /// Whether the driver should take what is there.
    var isPressing: Bool
    /// Whether somebody was told to call `press`.
    var isPressedSoon = false
    var reader: CheckedContinuation<Void, Never>?
  }

  private let state: Guarded<State>

  init(_ events: [RunEvent]) { state = Guarded(State(events: events, isPressing: !events.isEmpty)) }

  var isEmpty: Bool { state.withLock { $0.events.isEmpty } }

  /// Adds a fact that the driver is to take at once.
  func post(_ event: RunEvent) {
    wake { state in
      state.events.append(event)
      state.isPressing = true
    }
  }

  /// Adds a fact that may wait for others; true where the caller must see to it that `press` is called soon.
  func postLingering(_ event: RunEvent) -> Bool {
    state.withLock { state in
      state.events.append(event)
      defer { state.isPressedSoon = true }
      return !state.isPressedSoon
    }
  }

  /// Has the driver take what lingers.
  func press() {
    wake { state in
      state.isPressedSoon = false
      state.isPressing = !state.events.isEmpty
    }
  }

  /// Takes everything, once there is something that presses.
  func take() async -> [RunEvent] {
    await withCheckedContinuation { reader in
      let isPressing = state.withLock { state in
        if !state.isPressing { state.reader = reader }
        return state.isPressing
      }
      if isPressing { reader.resume() }
    }
    return takeAll()
  }

  /// Takes everything that is there, perhaps nothing.
  func takeAll() -> [RunEvent] {
    state.withLock { state in
      defer { state.events = [] }
      state.isPressing = false
      return state.events
    }
  }

  private func wake(_ change: (inout State) -> Void) {
    let reader: CheckedContinuation<Void, Never>? = state.withLock { state in
      change(&state)
      return state.isPressing ? state.reader.take() : nil
    }
    reader?.resume()
  }
}
