internal import IonLock
internal import IonScheduler
internal import IonWorkflow

/// What came of one attempt of a node.
struct StepEnd: Hashable, Sendable {
  var node: NodeID
  var event: RunEvent
  /// How much it printed, both streams together.
  var logBytes: Int
  /// What is kept of the attempt of a node with `cache`; nil for every other.
  var cache: CacheRecord?
  /// What its agent did to files.
  var files: [TouchedFile] = []
}

/// Something that a run's driver is told.
enum Posting: Hashable, Sendable {
  case event(RunEvent)
  /// A step is over; its slot has been given back.
  case end(StepEnd)
  /// Somebody's answer to a gate, of which the driver's book of answers has the number.
  case answer(Int, RunEvent)

  var event: RunEvent {
    switch self {
    case .event(let event), .answer(_, let event): event
    case .end(let end): end.event
    }
  }
}

/// The facts that wait for a run's driver. Any thread may post; nobody waits for it.
///
/// A fact that nothing depends on (which process a step runs in) is posted to linger: it is taken with the next one that
/// presses, or when `press` is called, so that most steps that are over in a moment cost one commit instead of two.
final class RunMailbox: Sendable {
  private struct State {
    var postings: [Posting]
    /// Whether the driver should take what is there.
    var isPressing: Bool
    /// Whether somebody was told to call `press`.
    var isPressedSoon = false
    var reader: CheckedContinuation<Void, Never>?
  }

  private let state: Guarded<State>

  init(_ events: [RunEvent]) {
    state = Guarded(State(postings: events.map(Posting.event), isPressing: !events.isEmpty))
  }

  var isEmpty: Bool { state.withLock { $0.postings.isEmpty } }

  /// Adds a fact that the driver is to take at once.
  func post(_ event: RunEvent) { post(.event(event)) }

  /// Adds the end of a step, which the driver is to take at once.
  func post(_ end: StepEnd) { post(.end(end)) }

  func post(_ posting: Posting) {
    wake { state in
      state.postings.append(posting)
      state.isPressing = true
    }
  }

  /// Adds a fact that may wait for others; true where the caller must see to it that `press` is called soon.
  func postLingering(_ event: RunEvent) -> Bool {
    state.withLock { state in
      state.postings.append(.event(event))
      defer { state.isPressedSoon = true }
      return !state.isPressedSoon
    }
  }

  /// Has the driver take what lingers.
  func press() {
    wake { state in
      state.isPressedSoon = false
      state.isPressing = !state.postings.isEmpty
    }
  }

  /// Takes everything, once there is something that presses.
  func take() async -> [Posting] {
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
  func takeAll() -> [Posting] {
    state.withLock { state in
      defer { state.postings = [] }
      state.isPressing = false
      return state.postings
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
