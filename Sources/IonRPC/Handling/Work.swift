import IonJSON

/// A message of the peer when it arrived.
struct Arrival: Sendable {
  /// Grows with each message of the connection.
  let ticket: Int
  /// Bytes of its body.
  let byteCount: Int
}

/// A message of the peer with its handler.
struct Work: Sendable {
  enum Kind: Sendable {
    case request(ReplySlot, HandlerTable.RequestBody)
    case notification(HandlerTable.NotificationBody)
  }

  let arrival: Arrival
  let params: JSONValue?
  let kind: Kind

  var ticket: Int { arrival.ticket }

  /// Nil for a notification.
  var slot: ReplySlot? { if case .request(let slot, _) = kind { slot } else { nil } }
}
