import IonScheduler
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

/// What comes of runs that a dead owner left, where one of them can't be settled.
@Suite struct SettlingTests {
  @Test func oneRunThatCanNotBeSettledKeepsNoOtherFromIt() async throws {
    let left = try await LeftRuns()
    await #expect(throws: EngineFailure.store(.failed("refused"))) { try await left.workspace.reconcile() }
    #expect(try await left.store.run(left.refused)?.status == .running)
    #expect(try await left.store.run(left.other)?.status == .interrupted)
  }

  @Test func aRunIsTakenUpAgainBesideOneThatCanNotBeSettled() async throws {
    let left = try await LeftRuns()
    _ = try await left.workspace.resume(left.other, secrets: [:])
    #expect(try await left.workspace.wait(for: left.other, timeout: nil).run.status == .succeeded)
    await #expect(throws: EngineFailure.store(.failed("refused"))) {
      try await left.workspace.resume(left.refused, secrets: [:])
    }
    await #expect(throws: EngineFailure.store(.failed("refused"))) {
      try await left.workspace.cancel(left.refused, node: nil, reason: nil, force: false)
    }
  }
}

/// Two runs that are told to be running and that nobody has; the older one can't be settled.
private struct LeftRuns {
  let fixture: EngineFixture
  let workspace: Workspace
  let store: RefusingStore
  let refused: RunID = "aaaa"
  let other: RunID = "bbbb"

  init() async throws {
    fixture = try await EngineFixture()
    let codebase = fixture.workspace.codebase
    let folder = ProjectPaths.base(root: codebase.root, codebase: codebase.id)
    try FileAccess.makeFolder(folder)
    store = RefusingStore(base: try await CodebaseStore.open(folder: folder), refused: refused)
    let ownership = try await store.own()
    let text = "name: w\nnodes: [{id: a, bash: ':'}]\n"
    for (id, texts) in [(refused, [:]), (other, ["hash": text])] {
      var record = RunRecord(
        id: id, number: 0, workflow: "w", definitionHash: "hash-of-\(id)", definitionPath: nil, status: .running,
        request: RunRequest(workingPath: codebase.root), createdAt: 1)
      if !texts.isEmpty { record.definitionHash = "hash" }
      _ = try await store.createRun(
        RunDraft(run: record, nodes: [NodeRecord(run: id, node: "a", index: 0)], texts: texts, events: [.started]))
    }
    ownership.release()
    var dependencies = await fixture.workspace.dependencies
    dependencies.openStore = { [store] _ in store }
    workspace = Workspace(codebase: codebase, isTrusted: true, dependencies: dependencies)
  }
}

/// A store that takes no turn of one run.
private struct RefusingStore: WorkflowStore {
  let base: CodebaseStore
  let refused: RunID

  func commit(_ turn: Turn) async throws(StoreFailure) -> CommittedTurn {
    if turn.run == refused { throw .failed("refused") }
    return try await base.commit(turn)
  }

  var id: String { base.id }
  func own() async throws(StoreFailure) -> StoreOwnership { try await base.own() }
  func createRun(_ draft: RunDraft) async throws(StoreFailure) -> CreatedRun { try await base.createRun(draft) }
  func deleteRun(_ id: RunID) async throws(StoreFailure) -> CommittedTurn { try await base.deleteRun(id) }
  func run(_ id: RunID) async throws(StoreFailure) -> RunRecord? { try await base.run(id) }
  func runs(_ filter: RunFilter) async throws(StoreFailure) -> Page<RunRecord> { try await base.runs(filter) }
  func unfinishedRuns() async throws(StoreFailure) -> [RunRecord] { try await base.unfinishedRuns() }
  func nodes(of run: RunID) async throws(StoreFailure) -> [NodeRecord] { try await base.nodes(of: run) }
  func node(_ id: NodeID, of run: RunID) async throws(StoreFailure) -> NodeRecord? {
    try await base.node(id, of: run)
  }
  func history(of run: RunID) async throws(StoreFailure) -> [RunEvent] { try await base.history(of: run) }
  func events(of run: RunID, after seq: Int64, limit: Int) async throws(StoreFailure) -> [StoredEvent] {
    try await base.events(of: run, after: seq, limit: limit)
  }
  func text(sha256: String) async throws(StoreFailure) -> String? { try await base.text(sha256: sha256) }
  func notices(of run: RunID?, after seq: Int64, limit: Int) async throws(StoreFailure) -> [StoredNotice] {
    try await base.notices(of: run, after: seq, limit: limit)
  }
  func bounds() async throws(StoreFailure) -> SequenceBounds { try await base.bounds() }
  func artifacts(of run: RunID?, prefix: String?) async throws(StoreFailure) -> [ArtifactRecord] {
    try await base.artifacts(of: run, prefix: prefix)
  }
  func dataVersion() async throws(StoreFailure) -> Int { try await base.dataVersion() }
  func owner() async throws(StoreFailure) -> OwnerInfo? { try await base.owner() }
}
