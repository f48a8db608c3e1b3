internal import IonLock
internal import Glibc

/// What a connection has still to say, and the thread that says it.
final class Outbox: MessageSender {
  private struct State {
    var queue = OutboxQueue()
    /// Nothing more is taken.
    var isClosed = false
    /// The thread writes nothing more, not even what waits.
    var isAbandoned = false
    /// Opens when a full outbox is drained or closed; nil while nobody waits.
    var drained: Latch?
  }

  private let transport: DescriptorPair
  private let limits: ConnectionLimits
  private let state = Monitor(State())
  private let waker: Waker
  /// Opens when the thread has ended.
  let ended = Latch()

  init(_ transport: DescriptorPair, limits: ConnectionLimits) throws(TransportFailure) {
    waker = try Waker()
    self.transport = transport
    self.limits = limits
  }

  /// Starts the thread, once; `fail` is called on it when the peer can't be written to.
  func start(onFailure fail: @escaping @Sendable (CloseReason) -> Void) {
    startThread { [self] in
      if let errorNumber = write() { fail(.outputFailed(errorNumber: errorNumber)) }
      let drained = state.withLock { state in
        state.isClosed = true
        state.queue = OutboxQueue()
        return state.drained.take()
      }
      drained?.open()
      close(transport.output)
      ended.open()
    }
  }

  func push(_ message: Message) -> Bool {
    let frame = transport.framing.frame(message.json)
    return enqueue { $0.append(frame) }
  }

  func push(_ notification: OutgoingNotification) -> Bool {
    switch notification.policy {
    case .durable: push(notification.message(notification.params))
    case .latest(let key, let merge):
      enqueue { $0.put(notification, key: key, merge: merge, framing: transport.framing) }
    }
  }

  private func enqueue(_ add: (inout OutboxQueue) -> Void) -> Bool {
    state.signal { state in
      guard !state.isClosed else { return true }
      add(&state.queue)
      return state.queue.backlog.bytes <= limits.outboundBytes
    }
  }

  var backlog: Backlog { state.withLock { $0.queue.backlog } }

  var isBackedUp: Bool { backlog.exceeds(limits.backlog) }

  func waitUntilDrained() async {
    let drained: Latch? = state.withLock { state in
      guard !state.isClosed, !isLow(state.queue.backlog) else { return nil }
      let latch = state.drained ?? Latch()
      state.drained = latch
      return latch
    }
    await drained?.wait()
  }

  private func isLow(_ backlog: Backlog) -> Bool {
    !backlog.exceeds(Backlog(bytes: limits.backlog.bytes / 4, messages: limits.backlog.messages / 4))
  }

  func finish(within time: Duration) async -> Bool {
    state.signal { $0.isClosed = true }
    if await ended.wait(atMost: time) { return true }
    // A thread that is blocked in `write` stays until the peer reads or goes; it holds nothing but its own frame.
    state.signal { state in
      state.isAbandoned = true
      state.queue = OutboxQueue()
    }
    waker.wake()
    return false
  }

  /// Returns the error number of a failed write, nil at the orderly end.
  private func write() -> Int32? {
    while let frame = nextFrame() {
      if let errorNumber = writeAll(frame, to: transport.output, waker: waker) {
        return state.withLock { $0.isAbandoned } ? nil : errorNumber
      }
      let drained = state.withLock { state -> Latch? in
        guard !state.isAbandoned else { return nil }
        state.queue.sent(frame)
        return isLow(state.queue.backlog) ? state.drained.take() : nil
      }
      drained?.open()
    }
    return nil
  }

  /// Blocks until there is a frame to write; nil when there will be none.
  private func nextFrame() -> [UInt8]? {
    state.wait { state -> [UInt8]?? in
      if state.isAbandoned { return .some(nil) }
      if let frame = state.queue.next() { return .some(frame) }
      return state.isClosed ? .some(nil) : nil
    }
  }
}
