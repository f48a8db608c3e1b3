public import IonStore
public import IonWorkflow

/// `changes/didChange`: changes of an isolated run were taken or dropped.
public struct ChangesDidChange: SentNotification, Hashable {
  public static let method = "changes/didChange"
  public static let summary = "Changes of an isolated run were taken over into its checkout, or dropped."
  public static let isDurable = true
  public static let notes: [String: String] = [
    "seq": "The event's number in the codebase's store; what was seen before can be dropped by it.",
    "codebaseId": "The codebase whose store has the run.",
    "runId": "The run.",
    "state": "What became of its changes.",
    "files": "How many files were taken now.",
  ]

  public var seq: Int64
  public var codebaseId: CodebaseID
  public var runId: RunID
  public var state: ChangesState
  public var files: Int

  public init(_ changes: ChangesNotice, of run: RunID, seq: Int64, codebase: CodebaseID) {
    self.seq = seq
    codebaseId = codebase
    runId = run
    state = changes.state
    files = changes.files
  }

  public static let examples = [
    ChangesDidChange(
      ChangesNotice(state: .partlyApplied, files: 1), of: Sample.run, seq: 50, codebase: Sample.codebaseID)
  ]
}
