import IonJSON
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

@Suite struct QueuedRunTests {
  private static let files = [
    ".ion/workflows/w.yaml": """
    name: w
    inputs: {name: {required: true}}
    nodes: [{id: work, bash: 'echo "$INPUTS_NAME" >> order; until test -e "go-$INPUTS_NAME"; do sleep 0.02; done'}]
    """
  ]

  private func start(_ name: String, in fixture: EngineFixture, queue: Bool = true) async throws -> RunRecord {
    var options = WorkflowExecutionOptions()
    options.input = ["name": .string(name)]
    options.queue = queue
    return try await fixture.start("w", options: options)
  }

  private func letGo(_ names: String..., in fixture: EngineFixture) {
    for name in names { fixture.folder.write("", to: "workspace/go-\(name)") }
  }

  private func isRunning(_ run: RunID, _ fixture: EngineFixture) async {
    await fixture.platform.until { notices in
      notices.contains { notice in
        guard notice.run == run, case .progress(let progress) = notice.notice else { return false }
        return progress.nodes.contains { $0.status == .running }
      }
    }
  }

  @Test func runsWaitInTheOrderInWhichTheyCame() async throws {
    let fixture = try await EngineFixture(files: Self.files)
    var runs: [RunRecord] = []
    for name in ["a", "b", "c", "d"] { runs.append(try await start(name, in: fixture)) }
    #expect(runs.allSatisfy { $0.status == .queued })
    await isRunning(runs[0].id, fixture)
    for run in runs.dropFirst() {
      let record = try await fixture.workspace.record(of: run.id)
      #expect(record.status == .queued && record.startedAt == nil)
      #expect(fixture.workspace.holder(ofPathFor: record)?.run == runs[0].id)
    }
    #expect(
      fixture.platform.messages.count { $0.contains("is queued") && $0.contains("in use by run \(runs[0].id)") } == 3)
    // One that doesn't want to wait fails as ever.
    await #expect(throws: EngineFailure.self) { try await start("e", in: fixture, queue: false) }
    letGo("a", "b", "c", "d", in: fixture)
    for run in runs { #expect(try await fixture.end(of: run.id).run.status == .succeeded) }
    #expect(fixture.folder.read("workspace/order") == "a\nb\nc\nd\n")
    #expect(fixture.workspace.holder(ofPathFor: try await fixture.workspace.record(of: runs[3].id)) == nil)
  }

  @Test func queuedRunIsCancelledAndTheNextComes() async throws {
    let fixture = try await EngineFixture(files: Self.files)
    let runs = [
      try await start("a", in: fixture), try await start("b", in: fixture), try await start("c", in: fixture),
    ]
    await isRunning(runs[0].id, fixture)
    _ = try await fixture.workspace.cancel(runs[1].id, node: nil, reason: "enough", force: false)
    let (cancelled, nodes) = try await fixture.end(of: runs[1].id)
    #expect(cancelled.status == .cancelled && cancelled.startedAt == nil && nodes["work"]?.attempt == 0)
    #expect(fixture.platform.messages.contains { $0 == "w was cancelled before it started: enough" })
    letGo("a", "c", in: fixture)
    #expect(try await fixture.end(of: runs[2].id).run.status == .succeeded)
    #expect(fixture.folder.read("workspace/order") == "a\nc\n")
  }

  @Test func queuedRunStaysQueuedWhenItsProcessEnds() async throws {
    let fixture = try await EngineFixture(files: Self.files)
    let running = try await start("a", in: fixture)
    let queued = [try await start("b", in: fixture), try await start("c", in: fixture)]
    await isRunning(running.id, fixture)
    await fixture.engine.close(reason: "bye", grace: .zero)

    // Who only looks leaves them alone.
    let looker = try await EngineFixture(folder: fixture.folder)
    #expect(try await looker.workspace.runs(RunFilter()).items.map(\.status) == [.queued, .queued, .interrupted])
    #expect(await !looker.workspace.hasLiveRuns)

    letGo("b", "c", in: fixture)
    let stayer = try await EngineFixture(goesOnWithQueued: true, folder: fixture.folder)
    try await stayer.workspace.reconcile()
    for run in queued { #expect(try await stayer.end(of: run.id).run.status == .succeeded) }
    #expect(fixture.folder.read("workspace/order") == "a\nb\nc\n")
    #expect(try await stayer.workspace.record(of: queued[0].id).attempt == 1)
  }

  @Test func queuedRunOfNoProcessIsCancelledOrGoneOnWithByItsName() async throws {
    let fixture = try await EngineFixture(files: Self.files)
    let running = try await start("a", in: fixture)
    let queued = [try await start("b", in: fixture), try await start("c", in: fixture)]
    await isRunning(running.id, fixture)
    await fixture.engine.close(reason: "bye", grace: .zero)
    let second = try await EngineFixture(folder: fixture.folder)
    let cancelled = try await second.workspace.cancel(queued[0].id, node: nil, reason: "no", force: false)
    #expect(cancelled.status == .cancelled && cancelled.error == "no")
    #expect(try await second.workspace.resume(queued[1].id, secrets: [:]).attempt == 1)
    letGo("c", in: fixture)
    #expect(try await second.end(of: queued[1].id).run.status == .succeeded)
    #expect(fixture.folder.read("workspace/order") == "a\nc\n")
  }

  @Test func secretsOfAQueuedRunHaveToBeGivenAgain() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": """
      name: w
      inputs: {name: {required: true}, key: {type: secret, required: true}}
      nodes: [{id: work, bash: 'until test -e "go-$INPUTS_NAME"; do sleep 0.02; done; echo "${#INPUTS_KEY}" >> order'}]
      """
    ])
    var options = WorkflowExecutionOptions()
    options.queue = true
    options.input = ["name": "a", "key": "12345"]
    let running = try await fixture.start("w", options: options)
    options.input["name"] = "b"
    let queued = try await fixture.start("w", options: options)
    await isRunning(running.id, fixture)
    await fixture.engine.close(reason: "bye", grace: .zero)
    let stayer = try await EngineFixture(goesOnWithQueued: true, folder: fixture.folder)
    try await stayer.workspace.reconcile()
    #expect(try await stayer.workspace.record(of: queued.id).status == .queued)
    letGo("b", in: fixture)
    _ = try await stayer.workspace.resume(queued.id, secrets: ["key": "1234567"])
    #expect(try await stayer.end(of: queued.id).run.status == .succeeded)
    #expect(fixture.folder.read("workspace/order") == "7\n")
  }

  @Test func otherStoresOfTheSameFolderAreWaitedFor() async throws {
    let fixture = try await EngineFixture(files: Self.files)
    let running = try await start("a", in: fixture)
    await isRunning(running.id, fixture)
    let clock = HandClock()
    let other = try await EngineFixture(clock: clock, folder: fixture.folder)
    let codebase = try await other.engine.register(fixture.root, id: "other", name: nil, isTrusted: nil).workspace
    var options = WorkflowExecutionOptions()
    options.queue = true
    options.input = ["name": "b"]
    let queued = try await codebase.execute(
      try codebase.workflow(named: "w"), in: nil, message: "", options: options
    ).run
    #expect(queued.status == .queued && codebase.holder(ofPathFor: queued)?.run == running.id)
    await clock.sleepers(1)
    letGo("a", "b", in: fixture)
    #expect(try await fixture.end(of: running.id).run.status == .succeeded)
    clock.advance(by: .milliseconds(250))
    #expect(try await codebase.wait(for: queued.id, timeout: nil).run.status == .succeeded)
    #expect(fixture.folder.read("workspace/order") == "a\nb\n")
  }
}
