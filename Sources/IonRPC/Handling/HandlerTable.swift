public import IonJSON

/// What a connection serves: a route per method, and the gate before all of them.
public struct HandlerTable: Sendable {
  /// Returns the result of a request. Cancellation of the request is that of the task.
  public typealias RequestBody =
    @Sendable (_ params: JSONValue?, _ context: RequestContext) async throws(WireError) -> JSONValue
  public typealias NotificationBody = @Sendable (_ params: JSONValue?, _ connection: Connection) async -> Void
  /// Sees each request and notification in order of arrival, before it is queued. Not `$/cancelRequest`, nor requests
  /// that are refused because too many are in flight or their id is. Must return at once.
  public typealias Gate = @Sendable (_ message: Incoming) -> Admission

  struct Route<Body: Sendable>: Sendable {
    let ordering: Ordering
    let body: Body
  }

  private(set) var requests: [String: Route<RequestBody>] = [:]
  private(set) var notifications: [String: Route<NotificationBody>] = [:]

  /// Lets everything pass until it is set.
  public var gate: Gate = { _ in .pass }
  /// Called once, when no further message will be taken and before the handlers in flight are waited for.
  public var inputDidEnd: @Sendable (CloseReason) -> Void = { _ in }

  public init() {}

  /// The methods of requests that have a route.
  public var requestMethods: Set<String> { Set(requests.keys) }
  /// The methods of notifications that have a route.
  public var notificationMethods: Set<String> { Set(notifications.keys) }

  /// Serves a request; a later route for the same method replaces the earlier one.
  public mutating func onRequest(_ method: String, _ ordering: Ordering, _ body: @escaping RequestBody) {
    requests[method] = Route(ordering: ordering, body: body)
  }

  /// Serves a notification; those without a route are ignored.
  public mutating func onNotification(_ method: String, _ ordering: Ordering, _ body: @escaping NotificationBody) {
    notifications[method] = Route(ordering: ordering, body: body)
  }
}

/// A request or notification before it is queued.
public struct Incoming: Sendable {
  /// Nil for a notification.
  public let id: RequestID?
  public let method: String
  public let params: JSONValue?
}

/// What the gate says to a message.
public enum Admission: Sendable {
  /// On to the message's route.
  case pass
  /// A request is answered with the error; a notification is dropped.
  case refuse(WireError)
  /// The connection ends: nothing behind this message is taken.
  case end
}

/// What the handler of one request has to do with its connection.
public struct RequestContext: Sendable {
  /// For requests to the peer, and for notifications that may overtake the reply, as progress on the request does.
  public let connection: Connection
  let slot: ReplySlot

  public var id: RequestID { slot.id }

  /// Sends a notification behind the reply: the peer learns what a request caused after its answer.
  public func notify(_ notification: OutgoingNotification) { slot.notify(notification) }

  /// Sends a notification behind the reply.
  public func notify(_ method: String, _ params: JSONValue? = nil) { notify(OutgoingNotification(method, params)) }

  /// Runs an action once the reply is queued: start there what talks to the peer by itself.
  public func afterReply(_ action: @escaping @Sendable () -> Void) { slot.afterReply(action) }
}
