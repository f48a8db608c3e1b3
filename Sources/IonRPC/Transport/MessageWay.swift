/// How a connection's messages get to the peer.
protocol MessageSender: Sendable {
  /// Begins to send, once; `fail` is called when the peer can't be reached any more.
  func start(onFailure fail: @escaping @Sendable (CloseReason) -> Void)
  /// Queues a message that is never dropped. False: too much waits, and the peer has to be given up.
  func push(_ message: Message) -> Bool
  /// Queues a notification by its policy. False: too much waits, and the peer has to be given up.
  func push(_ notification: OutgoingNotification) -> Bool
  var backlog: Backlog { get }
  var isBackedUp: Bool { get }
  /// Returns when at most a quarter of the backlog's limits waits, nothing is sent any more, or the task is cancelled.
  func waitUntilDrained() async
  /// Takes nothing more, and gives what waits the time to be sent. Returns whether all was.
  func finish(within time: Duration) async -> Bool
}

/// How a connection gets the peer's messages.
protocol MessageReceiver: Sendable {
  /// Begins to hand messages over; once.
  func start()
  /// Says that bytes which were handed over are handled.
  func release(_ byteCount: Int)
  /// Ends receiving soon.
  func stop()
  /// Lets go of the peer.
  func finish()
}
