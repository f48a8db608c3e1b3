internal import IonLock
internal import IonRPC

/// What a connection is told of runs goes through here, so that nothing that a request causes precedes its answer.
final class ReplyGate: Sendable {
  private let connection: Connection
  private let context = Guarded<RequestContext?>(nil)

  init(_ connection: Connection) { self.connection = connection }

  /// Keeps what is said from now on until the request is answered. For requests that are handled one after the other
  /// only: what waits behind one answer must not be overtaken by what waited behind the next.
  func hold(behind context: RequestContext) { self.context.withLock { $0 = context } }

  func send(_ notification: OutgoingNotification) {
    if let context = context.withLock({ $0 }) {
      context.notify(notification)
    } else {
      connection.send(notification)
    }
  }
}
