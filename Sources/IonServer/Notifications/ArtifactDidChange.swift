public import IonWorkflow

/// `artifact/didChange`: a run made a file, or changed one.
public struct ArtifactDidChange: SentNotification, Hashable {
  public static let method = "artifact/didChange"
  public static let summary = "A run made an artifact, or changed one that it had made."
  public static let isDurable = true
  public static let notes: [String: String] = [
    "seq": "The event's number in the codebase's store; what was seen before can be dropped by it.",
    "codebaseId": "The codebase whose store has the run.",
    "runId": "The run.",
    "artifact": "The artifact as it is now.",
  ]

  public var seq: Int64
  public var codebaseId: CodebaseID
  public var runId: RunID
  public var artifact: ArtifactShape

  public init(_ artifact: ArtifactShape, seq: Int64, codebase: CodebaseID) {
    self.seq = seq
    codebaseId = codebase
    runId = artifact.runId
    self.artifact = artifact
  }

  public static let examples = [ArtifactDidChange(Sample.artifact, seq: 47, codebase: Sample.codebaseID)]
}
