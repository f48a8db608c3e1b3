internal import IonEngine
internal import IonJSON
internal import IonStore
internal import IonWorkflow

/// The one codebase, workflow and run that every example of the protocol's pages speaks of.
enum Sample {
  static let root = AbsolutePath("/home/ada/engine")!
  static let codebaseID: CodebaseID = "engine-4f2c9a1b7d30"
  static let codebase = Codebase(id: codebaseID, root: root, name: "engine", parent: nil)
  static let storeID = "b1946ac9-2f0d-4b3e-8c55-0a2f6d1f9c11"
  static let workflowFile = FileURI(root.appending(".ion/workflows/build-and-test.yaml"))
  static let run: RunID = "r-20260301-093000-7k2m9q"

  /// 2026-03-01T09:30:00Z.
  static let created: WallTime = 1_772_357_400_000
  static let started = created + 12
  static let ended = created + 3_212

  static let artifactRecord = ArtifactRecord(
    run: run, node: "report", name: "report.md", type: "markdown", mediaType: "text/markdown", size: 18,
    sha256: "2c7f8a0d3f4a3b6c0c9a1f5b8d7e6f504132bbaa99887766554433221100ffee", createdAt: ended)
  static let artifact = ArtifactShape(artifactRecord, in: codebase)!

  /// The run while it is going on.
  static let runningRecord: RunRecord = {
    let request = RunRequest(workingPath: root, message: "check the parser", inputs: ["suite": "all"])
    var record = RunRecord(
      id: run, number: 7, workflow: "build-and-test",
      definitionHash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      definitionPath: workflowFile.path, status: .running, request: request, createdAt: created)
    record.startedAt = started
    record.counts = [.running: 1, .pending: 2]
    record.seq = 43
    return record
  }()

  /// The run when it has ended.
  static let endedRecord: RunRecord = {
    var record = runningRecord
    record.status = .succeeded
    record.endedAt = ended
    record.counts = [.succeeded: 3]
    record.seq = 49
    return record
  }()

  /// Its nodes then.
  static let nodes: [NodeRecord] = ["build", "test", "report"].enumerated().map { index, id in
    var node = NodeRecord(run: run, node: NodeID(id), index: index, status: .succeeded)
    node.attempt = 1
    node.startedAt = started + Int64(index) * 1_000
    node.endedAt = started + Int64(index) * 1_000 + 950
    return node
  }
}
