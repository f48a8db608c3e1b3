public import IonStore
public import IonWorkflow

/// `workflow/message`: what a run says to people.
public struct WorkflowMessage: SentNotification, Hashable {
  public static let method = "workflow/message"
  public static let summary = "What a run says to people: that it started, ended or waits, and why."
  public static let isDurable = true
  public static let notes: [String: String] = [
    "seq": "The event's number in the codebase's store; what was seen before can be dropped by it.",
    "codebaseId": "The codebase whose store has the run.",
    "runId": "The run.",
    "level": "How much it matters.",
    "text": "Plain text, one line as a rule.",
  ]

  public var seq: Int64
  public var codebaseId: CodebaseID
  public var runId: RunID
  public var level: Notice.MessageLevel
  public var text: String

  public init(_ level: Notice.MessageLevel, _ text: String, seq: Int64, run: RunID, codebase: CodebaseID) {
    self.seq = seq
    codebaseId = codebase
    runId = run
    self.level = level
    self.text = text
  }

  /// Whether it tells of something that somebody should look at, though the run goes on or was ended on purpose.
  public var isWarning: Bool { level == .warning }

  public static let examples = [
    WorkflowMessage(
      .info, "build-and-test succeeded in 3.2 s (2 succeeded)", seq: 49, run: Sample.run, codebase: Sample.codebaseID)
  ]
}
