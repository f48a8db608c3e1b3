public import IonWorkflow

/// `run/didDelete`: a run is gone.
public struct RunDidDelete: SentNotification, Hashable {
  public static let method = "run/didDelete"
  public static let summary = "A run was deleted, with its logs and artifacts."
  public static let isDurable = true
  public static let notes: [String: String] = [
    "seq": "The event's number in the codebase's store; what was seen before can be dropped by it.",
    "codebaseId": "The codebase whose store had the run.",
    "runId": "The run that was.",
  ]

  public var seq: Int64
  public var codebaseId: CodebaseID
  public var runId: RunID

  public init(seq: Int64, codebaseId: CodebaseID, runId: RunID) {
    self.seq = seq
    self.codebaseId = codebaseId
    self.runId = runId
  }

  public static let examples = [RunDidDelete(seq: 51, codebaseId: Sample.codebaseID, runId: Sample.run)]
}
