/// How much a connection carries before it refuses, waits or gives up.
public struct ConnectionLimits: Sendable {
  public var frame = FrameLimits()
  /// How deep arrays and objects may be nested in a message.
  public var jsonDepth = 512
  /// Requests that may wait for their answers; more are answered `serverBusy`. `.immediate` ones don't count.
  public var requests = 256
  /// Bytes of messages that were read and whose handling hasn't begun; with more, reading waits.
  public var inboundBytes = 128 * 1024 * 1024
  /// Above this a subscriber should stop pushing (`Connection.isBackedUp`).
  public var backlog = Backlog(bytes: 8 * 1024 * 1024, messages: 2_000)
  /// Bytes that may wait to be written; with more, the peer is taken for gone.
  public var outboundBytes = 256 * 1024 * 1024
  /// How long handlers may go on by themselves after the end of the input.
  public var drainTime = Duration.milliseconds(500)
  /// How long they may take to stop after they were then cancelled.
  public var cancelTime = Duration.milliseconds(250)
  /// How long the last answers may take to be written.
  public var flushTime = Duration.milliseconds(500)

  public init() {}
}

/// Why a connection ended.
public enum CloseReason: Hashable, Sendable {
  /// The peer closed its end.
  case endOfInput
  /// The gate said `.end`: the peer asked for the end.
  case ended
  /// `Connection.close()` was called, or the task that runs it was cancelled.
  case closed
  /// Nobody can know where the peer's next message begins.
  case desynchronised(FrameFault)
  case inputFailed(errorNumber: Int32)
  /// The peer doesn't take what is written to it.
  case outputFailed(errorNumber: Int32)
  /// The peer reads too slowly for what it asks, or not at all.
  case outputOverflowed
}
