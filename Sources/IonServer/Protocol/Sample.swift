internal import IonEngine
internal import IonJSON
internal import IonStore
internal import IonWorkflow
internal import IonWorkflowFile

/// The one codebase, workflow and run that every example of the protocol's pages speaks of.
enum Sample {
  static let root = AbsolutePath("/home/ada/engine")!
  static let codebaseID: CodebaseID = "engine-4f2c9a1b7d30"
  static let codebase = Codebase(id: codebaseID, root: root, name: "engine", parent: nil)
  static let storeID = "b1946ac9-2f0d-4b3e-8c55-0a2f6d1f9c11"
  static let workflowFile = FileURI(root.appending(".ion/workflows/build-and-test.yaml"))
  static let run: RunID = "r-20260301-093000-7k2m9q"

  /// The workflow, as its file would be found and read.
  static let workflow: WorkflowCatalog.Entry = {
    let bytes = Array(text.utf8)
    return WorkflowCatalog.Entry(
      path: workflowFile.path, scope: .workspace, bytes: bytes,
      reading: WorkflowReader.read(bytes, fileName: workflowFile.path.name))
  }()

  private static let text = """
    name: build-and-test
    description: Builds, and runs the tests.
    inputs:
      suite: {type: enum, values: [quick, all], default: quick}
    nodes:
      - id: build
        bash: make
      - id: test
        depends_on: [build]
        bash: make test SUITE="$INPUTS.suite"

    """

  /// A workflow with a slip in it.
  static let misspelt = """
    name: build
    nodes:
      - id: build
        bash: make
        timout: 5m

    """

  /// 2026-03-01T09:30:00Z.
  static let created: WallTime = 1_772_357_400_000
  static let started = created + 12
  static let ended = created + 3_212

  static let artifactRecord = ArtifactRecord(
    run: run, node: "test", name: "report.md", type: "markdown", mediaType: "text/markdown", size: 18,
    sha256: "2c7f8a0d3f4a3b6c0c9a1f5b8d7e6f504132bbaa99887766554433221100ffee", createdAt: ended)
  static let artifact = ArtifactShape(artifactRecord, in: codebase)!

  /// The run when it was just made.
  static let madeRecord: RunRecord = {
    let request = RunRequest(workingPath: root, message: "check the parser", inputs: ["suite": "all"])
    var record = RunRecord(
      id: run, number: 7, workflow: "build-and-test",
      definitionHash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      definitionPath: workflowFile.path, status: .queued, request: request, createdAt: created)
    record.counts = [.pending: 2]
    record.seq = 43
    return record
  }()

  /// The run while it is going on.
  static let runningRecord: RunRecord = {
    var record = madeRecord
    record.status = .running
    record.startedAt = started
    record.counts = [.running: 1, .pending: 1]
    record.seq = 45
    return record
  }()

  /// The run when it was taken up again.
  static let resumedRecord: RunRecord = {
    var record = runningRecord
    record.attempt = 2
    record.counts = [.pending: 2]
    record.seq = 53
    return record
  }()

  /// The run when it has ended.
  static let endedRecord: RunRecord = {
    var record = runningRecord
    record.status = .succeeded
    record.endedAt = ended
    record.counts = [.succeeded: 2]
    record.seq = 49
    return record
  }()

  /// The same of a run that is isolated.
  static let isolatedRecord: RunRecord = {
    let place = RunIsolation(
      origin: root, checkout: root,
      worktree: ProjectPaths(root: root, codebase: codebaseID, run: run).worktrees.appending(run.rawValue),
      repository: root.appending(".git"), branch: "ion/\(run)", base: "5d9c0e2f4b1a7c36d8e90f12a3b4c5d6e7f80912")
    var record = endedRecord
    record.request.workingPath = place.workingPath
    record.request.isIsolated = true
    record.request.isolation = place
    record.changes = .partlyApplied
    return record
  }()

  static let discardedRecord: RunRecord = {
    var record = isolatedRecord
    record.changes = .discarded
    record.seq = 52
    return record
  }()

  static let changedFile = ChangedFileShape(
    path: "src/parser.c", oldPath: nil, status: .modified, binary: false, additions: 3, deletions: 1, oldMode: "100644",
    mode: "100644", applied: true)
  static let newFile = ChangedFileShape(
    path: "docs/parser.md", oldPath: nil, status: .added, binary: false, additions: 2, deletions: 0, oldMode: nil,
    mode: "100644", applied: false)

  /// A gate of it.
  static let gate: GateRecord = {
    var approval = Approval(message: Template(segments: []))
    approval.timeout = .seconds(3_600)
    let question = GateRecord.Question(
      title: "build-and-test: release", message: "All tests pass. Release it?", of: approval)
    return GateRecord(
      id: GateID("release", of: run, attempt: 1), node: "release", question: question, openedAt: started)
  }()

  /// The same when somebody has answered it.
  static let decidedGate: GateRecord = {
    var gate = Self.gate
    gate.state = .decided
    gate.answer = GateAnswer(decision: "approve", comment: "after the fix", decidedBy: "Neovim")
    gate.closedAt = ended
    return gate
  }()

  /// Its nodes then.
  static let nodes: [NodeRecord] = ["build", "test"].enumerated().map { index, id in
    var node = NodeRecord(run: run, node: NodeID(id), index: index, status: .succeeded)
    node.attempt = 1
    node.startedAt = started + Int64(index) * 1_000
    node.endedAt = started + Int64(index) * 1_000 + 950
    return node
  }

  /// Everything that happened in it.
  static let history: RunHistory = {
    let declared = (workflow.reading.definition?.nodes ?? []).map { ($0.id, $0) }
    let executions = nodes.map { node in
      NodeHistory.Execution(
        attempt: 1, startedAt: node.startedAt ?? started, endedAt: node.endedAt, status: node.status)
    }
    return RunHistory(
      record: endedRecord, declarations: Dictionary(uniqueKeysWithValues: declared), nodes: nodes,
      executions: Dictionary(uniqueKeysWithValues: zip(nodes.map(\.node), executions.map { [$0] })), readAt: ended)
  }()
}
