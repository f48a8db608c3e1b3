internal import IonLock

/// What happens to a turn, from many threads, for the one thread that takes it up.
///
/// What the agent says is bounded: it waits, and the agent with it, while there is much of it. Everything else goes ahead.
final class ACPMailbox: Sendable {
  enum Item: Sendable {
    case program(AgentProgram.Event)
    case terminal(ACPTerminals.Event)
    case answer(String, option: String?)
    case cancel(grace: Duration)
    /// Nothing happened in time.
    case silence
  }

  /// How much of what the agent said may wait, in bytes and in pieces.
  private static let most = (bytes: 1024 * 1024, pieces: 1024)

  private struct State {
    var urgent: [Item] = []
    var said: [Item] = []
    /// The next of `said`.
    var next = 0
    var bytes = 0
    var isClosed = false

    var hasRoom: Bool {
      isClosed || next == said.count || (bytes < most.bytes && said.count - next < most.pieces)
    }

    mutating func pop() -> Item? {
      if !urgent.isEmpty { return urgent.removeFirst() }
      guard next < said.count else { return nil }
      let item = said[next]
      next += 1
      bytes -= ACPMailbox.size(of: item)
      if next == said.count { (said, next) = ([], 0) }
      return item
    }
  }

  private let state = Monitor(State())

  /// Adds what the agent's program did. Waits for room.
  func add(_ event: AgentProgram.Event) {
    let item = Item.program(event)
    state.wait { state -> Void? in
      guard state.hasRoom else { return nil }
      guard !state.isClosed else { return }
      state.said.append(item)
      state.bytes += Self.size(of: item)
    }
    state.signal { _ in }
  }

  /// Adds something that doesn't wait its turn.
  func add(urgent item: Item) { state.signal { if !$0.isClosed { $0.urgent.append(item) } } }

  /// The next thing that happened; `silence` where nothing does until the instant.
  func next(until instant: MonotonicInstant?) -> Item {
    let item = state.wait(until: instant) { $0.pop() } ?? .silence
    // Whoever waits for room may have it now.
    state.signal { _ in }
    return item
  }

  /// Nobody takes anything any more.
  func close() {
    state.signal { state in
      state.isClosed = true
      (state.urgent, state.said, state.next, state.bytes) = ([], [], 0, 0)
    }
  }

  private static func size(of item: Item) -> Int {
    switch item {
    case .program(.line(let bytes)): bytes.count
    case .program(.stderr(let text)): text.utf8.count
    case .program, .terminal, .answer, .cancel, .silence: 0
    }
  }
}
