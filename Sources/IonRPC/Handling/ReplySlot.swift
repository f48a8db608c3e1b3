internal import IonLock
internal import IonJSON

/// The one reply that a request is owed.
///
/// A second reply is a bug and traps in debug builds; a slot that is dropped without one answers -32603 by itself. What
/// the request's handler wants to say to the peer waits here until the reply is queued.
final class ReplySlot: Sendable {
  /// Where the reply and what follows it go.
  struct Sink: Sendable {
    let reply: @Sendable (RequestID, Result<JSONValue, WireError>) -> Void
    let notify: @Sendable (OutgoingNotification) -> Void
  }

  private enum Phase {
    case open
    /// The reply is being queued, and what was held back for it.
    case answering
    case answered
    /// Answered from outside because its handler didn't end in time; the handler's own reply goes nowhere.
    case abandoned
  }

  private struct State {
    var phase = Phase.open
    var isCancelled = false
    var held: [OutgoingNotification] = []
    var actions: [@Sendable () -> Void] = []

    var isHolding: Bool { phase == .open || phase == .answering }
  }

  let id: RequestID
  private let sink: Sink
  private let state = Guarded(State())

  init(_ id: RequestID, sink: Sink) {
    self.id = id
    self.sink = sink
  }

  deinit {
    guard isOpen else { return }
    sink.reply(id, .failure(.internalError("the request was dropped without an answer")))
  }

  /// Whether the reply is still owed.
  var isOpen: Bool { state.withLock { $0.phase == .open } }

  /// Whether the peer cancelled the request.
  var isCancelled: Bool { state.withLock { $0.isCancelled } }

  func markCancelled() { state.withLock { $0.isCancelled = true } }

  /// Queues the reply, then what was held back for it.
  func answer(_ result: Result<JSONValue, WireError>) {
    settle(result, as: .answered)
  }

  /// Answers in the place of a handler that is given up.
  func abandon(_ error: WireError) {
    guard isOpen else { return }
    settle(.failure(error), as: .abandoned)
  }

  private func settle(_ result: Result<JSONValue, WireError>, as final: Phase) {
    let isOwed = state.withLock { state in
      assert(
        state.phase == .open || state.phase == .abandoned || final == .abandoned, "a second reply to request \(id)")
      guard state.phase == .open else { return false }
      state.phase = .answering
      return true
    }
    guard isOwed else { return }
    sink.reply(id, result)
    while let held = heldBack(until: final) {
      for notification in held { sink.notify(notification) }
    }
    for action in state.withLock({ $0.actions.take() }) { action() }
  }

  /// What was held back since the last look; nil, and the slot is settled, once there is nothing.
  private func heldBack(until final: Phase) -> [OutgoingNotification]? {
    state.withLock { state in
      if state.held.isEmpty { state.phase = final }
      return state.held.isEmpty ? nil : state.held.take()
    }
  }

  /// Sends a notification behind the reply.
  func notify(_ notification: OutgoingNotification) {
    let isHeld = state.withLock { state in
      guard state.isHolding else { return false }
      state.held.append(notification)
      return true
    }
    if !isHeld { sink.notify(notification) }
  }

  /// Runs an action once the reply is queued, at once where it is.
  func afterReply(_ action: @escaping @Sendable () -> Void) {
    let isHeld = state.withLock { state in
      guard state.isHolding else { return false }
      state.actions.append(action)
      return true
    }
    if !isHeld { action() }
  }
}

extension Array {
  /// Empties the array and returns what was in it.
  fileprivate mutating func take() -> [Element] {
    defer { self = [] }
    return self
  }
}
