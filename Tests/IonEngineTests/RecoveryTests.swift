import IonEngine
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@Suite struct RecoveryTests {
  static let workflow = """
    name: w
    nodes:
      - id: first
        bash: echo first >> order
      - id: slow
        depends_on: [first]
        bash: echo slow >> order; test -e go || sleep 1000
      - id: last
        depends_on: [slow]
        bash: echo last >> order
    """

  @Test func closedWorkspaceInterruptsItsRunsAndTheyResume() async throws {
    let fixture = try await EngineFixture(files: [".ion/workflows/w.yaml": Self.workflow])
    let started = try await fixture.start("w")
    await fixture.platform.until("slow", is: .running)
    await fixture.engine.close(reason: "the editor closed", grace: .milliseconds(100))
    let interrupted = try await fixture.workspace.record(of: started.id)
    #expect(interrupted.status == .interrupted)
    #expect(interrupted.error?.contains("the editor closed") == true)

    let second = try await EngineFixture(folder: fixture.folder)
    fixture.folder.write("", to: "workspace/go")
    _ = try await second.workspace.resume(started.id, secrets: [:])
    let (run, nodes) = try await second.end(of: started.id)
    #expect(run.status == .succeeded)
    #expect(nodes["first"]?.attempt == 1)
    #expect(nodes["slow"]?.attempt == 2)
    #expect(fixture.folder.read("workspace/order") == "first\nslow\nslow\nlast\n")
  }

  @Test func nothingStartsInAWorkspaceThatCloses() async throws {
    let fixture = try await EngineFixture(files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: ':'}]\n"])
    await fixture.engine.close(reason: "bye", grace: .zero)
    await #expect(throws: EngineFailure.self) { try await fixture.start("w") }
  }

  @Test func retryWaitsByTheClockAndThenSucceeds() async throws {
    let clock = HandClock()
    let fixture = try await EngineFixture(
      files: [
        ".ion/workflows/w.yaml": """
        name: w
        nodes:
          - id: flaky
            retry: {max_attempts: 3, delay_ms: 60000}
            bash: echo x >> tries; test "$(wc -l < tries)" -ge 2
        """
      ], clock: clock)
    let started = try await fixture.start("w")
    await clock.sleepers(1)
    let waiting = try await fixture.workspace.record(of: started.id)
    #expect(waiting.status == .running)
    clock.advance(by: .seconds(60))
    let (run, nodes) = try await fixture.end(of: started.id)
    #expect(run.status == .succeeded)
    #expect(nodes["flaky"]?.attempt == 2)
  }

  @Test(arguments: [-1, 1])
  func wallClockThatIsSetMeanwhileChangesNoWaitAndNoOrder(_ days: Int64) async throws {
    let clock = HandClock()
    let fixture = try await EngineFixture(
      files: [
        ".ion/workflows/w.yaml": """
        name: w
        nodes:
          - id: flaky
            retry: {max_attempts: 3, delay_ms: 60000}
            bash: echo x >> tries; test "$(wc -l < tries)" -ge 2
        """
      ], clock: clock)
    let first = try await fixture.start("w")
    await clock.sleepers(1)
    clock.setWall(by: days * 86_400_000)
    #expect(try await fixture.workspace.record(of: first.id).status == .running)
    clock.advance(by: .seconds(60))
    let (run, nodes) = try await fixture.end(of: first.id)
    #expect(run.status == .succeeded && nodes["flaky"]?.attempt == 2)
    let second = try await fixture.run("w").run
    #expect(try await fixture.workspace.runs(RunFilter()).items.map(\.id) == [second.id, first.id])
    let numbers = fixture.platform.notices.map(\.seq)
    #expect(numbers == numbers.sorted())
  }

  @Test func storeThatIsLostGivesTheRunUpAndIsOpenedAnew() async throws {
    let fixture = try await EngineFixture(files: [".ion/workflows/w.yaml": Self.workflow])
    // Who follows the codebase goes on hearing of it.
    let follower = RecordingPlatform()
    _ = try await fixture.workspace.subscribe(follower, run: nil, after: nil, output: false)
    let lost = try await fixture.start("w")
    await fixture.platform.until("slow", is: .running)
    let before = try await fixture.workspace.storeState().id
    let base = "workspace/.ion/codebases/\(fixture.workspace.codebase.id)"
    try fixture.folder.move(base, to: "moved away")
    fixture.folder.write("", to: "workspace/go")
    _ = try await fixture.workspace.cancel(lost.id, node: nil, reason: nil, force: true)
    #expect(try await fixture.workspace.wait(for: lost.id, timeout: nil).run.status == .interrupted)
    #expect(try await fixture.workspace.storeState().id != before)
    await #expect(throws: EngineFailure.runNotFound(lost.id.rawValue)) {
      try await fixture.workspace.record(of: lost.id)
    }
    #expect(try await fixture.run("w").run.status == .succeeded)
    #expect(follower.progress.last?.status == .succeeded)
  }

  @Test func rerunTakesOverWhatIsUpstream() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: up
          bash: echo x >> ups; head -c 100000 /dev/zero | tr '\\0' y
        - id: down
          depends_on: [up]
          bash: v=$up.output; echo "${#v}" >> downs
      """
    ])
    let (first, _) = try await fixture.run("w")
    let second = try await fixture.workspace.rerun(first.id, from: "down", inputs: [:])
    #expect(second.parent == first.id)
    let (run, nodes) = try await fixture.end(of: second.id)
    #expect(run.status == .succeeded)
    #expect(nodes["up"]?.attempt == 0)
    #expect(fixture.folder.read("workspace/ups") == "x\n")
    #expect(fixture.folder.read("workspace/downs") == "100000\n100000\n")
    try await fixture.workspace.delete(first.id)
    await #expect(throws: EngineFailure.self) { try await fixture.workspace.record(of: first.id) }
  }

  @Test func sameIdempotencyKeyGivesTheSameRun() async throws {
    let fixture = try await EngineFixture(files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: ':'}]\n"])
    var options = WorkflowExecutionOptions()
    options.idempotencyKey = "once"
    let workflow = try fixture.workspace.workflow(named: "w")
    let first = try await fixture.workspace.execute(workflow, in: nil, message: "", options: options)
    _ = try await fixture.end(of: first.run.id)
    let second = try await fixture.workspace.execute(workflow, in: nil, message: "", options: options)
    #expect(second.run.id == first.run.id && !second.created && first.created)
    await #expect(throws: EngineFailure.store(.idempotencyConflict(key: "once"))) {
      try await fixture.workspace.execute(workflow, in: nil, message: "other", options: options)
    }
  }

  @Test func waitEndsWithItsTimeOrItsTask() async throws {
    let clock = HandClock()
    let fixture = try await EngineFixture(
      files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, timeout: 1h, bash: sleep 1000}]\n"], clock: clock)
    let started = try await fixture.start("w")
    await fixture.platform.until("a", is: .running)
    let timed = Task { try await fixture.workspace.wait(for: started.id, timeout: .seconds(5)) }
    await clock.sleepers(1)
    clock.advance(by: .seconds(5))
    #expect(try await timed.value.timedOut)
    let cancelled = Task { try await fixture.workspace.wait(for: started.id, timeout: nil) }
    cancelled.cancel()
    #expect(try await cancelled.value.run.status == .running)
    _ = try await fixture.workspace.cancel(started.id, node: nil, reason: nil, force: true)
    #expect(try await fixture.end(of: started.id).run.status == .cancelled)
  }

  @Test func untrustedWorkspaceStartsNothing() async throws {
    let fixture = try await EngineFixture(files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: ':'}]\n"])
    await fixture.workspace.trust(false)
    await #expect(throws: EngineFailure.workspaceNotTrusted(fixture.workspace.codebase.id)) {
      try await fixture.start("w")
    }
    await fixture.workspace.trust(true)
    #expect(try await fixture.run("w").run.status == .succeeded)
  }

  @Test func folderThatCanNotBeMadeFailsTheRunAtOnce() async throws {
    let fixture = try await EngineFixture(files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: ':'}]\n"])
    let (first, _) = try await fixture.run("w")
    #expect(first.status == .succeeded)
    let base = ".ion/codebases/\(fixture.workspace.codebase.id)/artifacts"
    try await fixture.workspace.delete(first.id)
    try fixture.folder.replaceFolder("workspace/" + base, withFile: "in the way")
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .failed)
    #expect(run.error?.contains("artifacts") == true)
  }
}
