import IonJSON
internal import IonLock

/// One end of a connection within this process: messages go over as they are, without text, descriptors and threads, and
/// nothing ever waits to be sent.
struct LocalEnd: Sendable {
  fileprivate let own: Desk
  fileprivate let peers: Desk

  /// Two ends that lead to each other.
  static func pair() -> (LocalEnd, LocalEnd) {
    let (one, other) = (Desk(), Desk())
    return (LocalEnd(own: one, peers: other), LocalEnd(own: other, peers: one))
  }

  /// Where messages for one side arrive.
  fileprivate final class Desk: Sendable {
    private enum State {
      /// Nobody takes what comes yet.
      case waiting([Inbound])
      case open(AsyncStream<Inbound>.Continuation)
      case closed
    }

    private let state = Guarded(State.waiting([]))

    func put(_ inbound: Inbound) {
      state.withLock { state in
        switch state {
        case .waiting(let earlier): state = .waiting(earlier + [inbound])
        case .open(let sink): sink.yield(inbound)
        case .closed: break
        }
      }
    }

    func open(_ sink: AsyncStream<Inbound>.Continuation) {
      state.withLock { state in
        guard case .waiting(let earlier) = state else { return }
        for inbound in earlier { sink.yield(inbound) }
        state = .open(sink)
      }
    }

    func close() { state.withLock { $0 = .closed } }
  }
}

extension LocalEnd: MessageSender {
  func start(onFailure fail: @escaping @Sendable (CloseReason) -> Void) {}

  func push(_ message: Message) -> Bool {
    peers.put(.messages([ReceivedMessage(message: message.withoutNullParams, byteCount: 0)]))
    return true
  }

  func push(_ notification: OutgoingNotification) -> Bool { push(notification.message(notification.params)) }

  var backlog: Backlog { Backlog(bytes: 0, messages: 0) }
  var isBackedUp: Bool { false }
  func waitUntilDrained() async {}

  func finish(within time: Duration) async -> Bool {
    peers.put(.ended(.endOfInput))
    return true
  }
}

/// What a `LocalEnd` takes in.
struct LocalReceiver: MessageReceiver {
  let end: LocalEnd
  let sink: AsyncStream<Inbound>.Continuation

  func start() { end.own.open(sink) }
  func release(_ byteCount: Int) {}
  func stop() { end.own.close() }
  func finish() {}
}

extension Message {
  /// The message as a reader has it: null params are none.
  fileprivate var withoutNullParams: Message {
    switch self {
    case .request(let id, let method, .null?): .request(id: id, method: method, params: nil)
    case .notification(let method, .null?): .notification(method: method, params: nil)
    case .request, .notification, .response, .invalid: self
    }
  }
}
