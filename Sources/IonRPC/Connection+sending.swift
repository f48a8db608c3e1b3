public import IonJSON
internal import Logging

extension Connection {
  /// Sends a notification; a durable one is never dropped while the connection lasts.
  public nonisolated func send(_ notification: OutgoingNotification) {
    if !outbox.push(notification) { giveUp() }
  }

  /// Sends a durable notification.
  public nonisolated func notify(_ method: String, _ params: JSONValue? = nil) {
    send(OutgoingNotification(method, params))
  }

  /// Sends a request and returns at once; its answer is waited for with `PendingCall.answer(within:)`.
  public nonisolated func begin(_ method: String, _ params: JSONValue? = nil) -> PendingCall {
    let call = calls.begin { [weak self] id in
      guard let self, calls.remove(id) != nil else { return }
      notify(Self.cancelMethod, ["id": id.json])
    }
    send(.request(id: call.id, method: method, params: params))
    return call
  }

  /// Sends a request and returns its result. Answers don't queue behind the peer's own requests.
  /// - Parameter time: How long to wait at most; nil means as long as the connection lasts.
  public nonisolated func call(
    _ method: String, _ params: JSONValue? = nil, within time: Duration?
  ) async throws(CallFailure) -> JSONValue {
    try await begin(method, params).answer(within: time)
  }

  /// What waits to be written to the peer.
  public nonisolated var backlog: Backlog { outbox.backlog }

  /// Whether more waits than `limits.backlog`: whoever only informs the peer should stop until it is drained.
  public nonisolated var isBackedUp: Bool { outbox.isBackedUp }

  /// Returns when at most a quarter of `limits.backlog` waits, the connection has ended, or the task is cancelled.
  public nonisolated func waitUntilDrained() async { await outbox.waitUntilDrained() }

  nonisolated func send(_ message: Message) {
    if !outbox.push(message) { giveUp() }
  }

  func takeResponse(_ id: RequestID?, _ result: Result<JSONValue, WireError>) {
    if let id, calls.settle(id, result) { return }
    var metadata: Logger.Metadata = ["id": "\(id?.description ?? "null")"]
    if case .failure(let error) = result { metadata["error"] = "\(error.code): \(error.message)" }
    logger.notice("ignored a response that nobody waits for", metadata: metadata)
  }
}
