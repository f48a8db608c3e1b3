public import IonWorkflow

/// `events/gap`: a subscription stopped pushing.
public struct EventsGap: SentNotification, Hashable {
  public static let method = "events/gap"
  public static let summary = """
    The client reads too slowly, and a subscription stopped pushing. Nothing is lost: `events/replay` after `lastSeq` \
    has what is missing, and pushing goes on once it has caught up.
    """
  public static let isDurable = false
  public static let notes: [String: String] = [
    "subscriptionId": "The subscription that stopped.",
    "codebaseId": "The codebase that it listens to.",
    "runId": "The run that it listens to; absent where it listens to all.",
    "lastSeq": "The last event that was pushed; 0 where none was.",
  ]

  public var subscriptionId: String
  public var codebaseId: CodebaseID
  public var runId: RunID?
  public var lastSeq: Int64

  public init(subscriptionId: String, codebaseId: CodebaseID, runId: RunID?, lastSeq: Int64) {
    self.subscriptionId = subscriptionId
    self.codebaseId = codebaseId
    self.runId = runId
    self.lastSeq = lastSeq
  }

  public static let examples = [
    EventsGap(subscriptionId: "sub-1", codebaseId: Sample.codebaseID, runId: nil, lastSeq: 2_041)
  ]
}
