public import IonJSON

/// A notification on its way out.
public struct OutgoingNotification: Sendable {
  /// What happens to it while it waits behind a slow peer.
  public enum Policy: Sendable {
    /// It is sent, in order.
    case durable
    /// A newer one with the same key takes its place in the queue; `merge` says what the place then holds.
    case latest(key: String, merge: Merge?)
  }

  public var method: String
  /// Nil for none.
  public var params: JSONValue?
  public var policy: Policy

  public init(_ method: String, _ params: JSONValue? = nil, policy: Policy = .durable) {
    self.method = method
    self.params = params
    self.policy = policy
  }

  func message(_ params: JSONValue?) -> Message { .notification(method: method, params: params) }
}

/// Joins the params of a waiting notification with those of a newer one. Runs under the outbox's lock: it must be short.
public typealias Merge = @Sendable (_ waiting: JSONValue?, _ newer: JSONValue?) -> MergeResult

/// What a merge came to.
public enum MergeResult: Sendable {
  /// One notification with these params, in the waiting one's place.
  case replaced(JSONValue?)
  /// Both: the newer one queues at the end.
  case separate
}
