import IonEngine
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// How child runs end with their parents, by themselves, and go on with them.
@Suite struct ChildEndTests {
  private static let parent = """
    name: parent
    nodes:
      - {id: before, bash: 'echo before >> trace'}
      - {id: call, depends_on: [before], workflow: child}
      - {id: after, depends_on: [call], bash: 'echo "after $call.output" >> trace'}
    """
  private static let child = """
    name: child
    nodes:
      - {id: first, bash: 'echo first >> trace'}
      - {id: hold, depends_on: [first], bash: 'echo hold >> trace; test -e go || exec sleep 600'}
      - {id: last, depends_on: [hold], bash: 'echo last >> trace; echo result'}
    """

  private func fixture(_ parent: String = parent, _ child: String = child, folder: TemporaryFolder? = nil) async throws
    -> EngineFixture
  {
    try await EngineFixture(
      files: [".ion/workflows/parent.yaml": parent, ".ion/workflows/child.yaml": child], stopGrace: .seconds(1),
      folder: folder ?? TemporaryFolder("ion-children"))
  }

  /// Starts the parent, and returns it and its child once the child's step runs.
  private func started(_ fixture: EngineFixture) async throws -> (parent: RunID, child: RunID) {
    _ = try await fixture.workspace.subscribe(fixture.platform, run: nil, after: nil, output: false)
    let run = try await fixture.workspace.execute(
      try fixture.workspace.workflow(named: "parent"), in: nil, message: "", options: WorkflowExecutionOptions()
    ).run
    await fixture.platform.until("hold", is: .running)
    await fixture.platform.until("call", is: .running)
    let child = try await fixture.workspace.runs(RunFilter(family: .children(of: run.id))).items
    return (run.id, try #require(child.first?.id))
  }

  private func trace(_ fixture: EngineFixture) -> String {
    fixture.folder.read("workspace/trace")?.split(separator: "\n").joined(separator: " ") ?? ""
  }

  @Test(arguments: [nil, "call"] as [NodeID?])
  func cancellingTheParentOrTheNodeCancelsTheChild(_ node: NodeID?) async throws {
    let fixture = try await fixture()
    let (parent, child) = try await started(fixture)
    _ = try await fixture.workspace.cancel(parent, node: node, reason: "enough", force: false)
    let (run, nodes) = try await fixture.end(of: parent)
    #expect(run.status == (node == nil ? .cancelled : .failed))
    #expect(nodes["call"]?.status == .cancelled)
    let record = try await fixture.workspace.record(of: child)
    #expect(record.status == .cancelled)
    #expect(record.error?.contains("its parent, run \(parent)") == true, "\(record.error ?? "")")
    #expect(try await fixture.workspace.nodes(of: child).map(\.status) == [.succeeded, .cancelled, .cancelled])
    #expect(await !fixture.workspace.hasLiveRuns)
    #expect(await fixture.workspace.liveRuns.isEmpty)
  }

  @Test func cancellingTheChildAloneFailsTheNode() async throws {
    let fixture = try await fixture()
    let (parent, child) = try await started(fixture)
    _ = try await fixture.workspace.cancel(child, node: nil, reason: "not this", force: false)
    let (run, nodes) = try await fixture.end(of: parent)
    #expect(run.status == .failed)
    #expect(nodes["call"]?.error == "run \(child) of `child` was cancelled: not this")
    await #expect(
      throws: EngineFailure.invalidState(
        child, "Run \(child) is a child of run \(parent); resume that one, which goes on with its children.")
    ) { try await fixture.workspace.resume(child, secrets: [:]) }
    fixture.folder.write("", to: "workspace/go")
    _ = try await fixture.workspace.resume(parent, secrets: [:])
    #expect(try await fixture.end(of: parent).run.status == .succeeded)
    #expect(trace(fixture) == "before first hold hold last after result")
    let record = try await fixture.workspace.record(of: child)
    #expect(record.status == .succeeded && record.attempt == 2, "the same child goes on")
  }

  @Test func theNodesTimeoutStopsTheChild() async throws {
    let clock = HandClock()
    let fixture = try await EngineFixture(
      files: [
        ".ion/workflows/parent.yaml":
          "name: parent\nnodes:\n  - {id: call, workflow: child, timeout: 5m}\n",
        ".ion/workflows/child.yaml": Self.child,
      ], clock: clock, stopGrace: .seconds(1))
    let (parent, child) = try await started(fixture)
    await clock.sleepers(1)
    clock.advance(by: .seconds(300))
    let (run, nodes) = try await fixture.end(of: parent)
    #expect(run.status == .failed)
    #expect(nodes["call"]?.error == "it took longer than 5m")
    #expect(try await fixture.workspace.record(of: child).status == .cancelled)
  }

  @Test func aClosedWorkspaceInterruptsBothAndTheParentsResumeGoesOnWithBoth() async throws {
    let fixture = try await fixture()
    let (parent, child) = try await started(fixture)
    await fixture.engine.close(reason: "the editor closed", grace: .milliseconds(100))
    #expect(try await fixture.workspace.record(of: parent).status == .interrupted)
    #expect(try await fixture.workspace.record(of: child).status == .interrupted)

    let second = try await self.fixture(folder: fixture.folder)
    fixture.folder.write("", to: "workspace/go")
    _ = try await second.workspace.resume(parent, secrets: [:])
    let (run, nodes) = try await second.end(of: parent)
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(trace(fixture) == "before first hold hold last after result")
    #expect(nodes["call"]?.child == child && nodes["call"]?.attempt == 2)
    #expect(try await second.workspace.runs(RunFilter(family: .children(of: parent))).items.map(\.id) == [child])
  }

  @Test func aChildThatWouldReadSomethingElseBeginsAnew() async throws {
    let fixture = try await fixture(
      """
      name: parent
      nodes:
        - {id: before, always_run: true, bash: 'echo x >> runs; wc -l < runs'}
        - {id: call, workflow: child, input: $before.output}
      """)
    let (parent, child) = try await started(fixture)
    await fixture.engine.close(reason: "the editor closed", grace: .milliseconds(100))
    let second = try await EngineFixture(folder: fixture.folder)
    fixture.folder.write("", to: "workspace/go")
    _ = try await second.workspace.resume(parent, secrets: [:])
    #expect(try await second.end(of: parent).run.status == .succeeded)
    let children = try await second.workspace.runs(RunFilter(family: .children(of: parent))).items
    #expect(children.map(\.request.message) == ["2", "1"])
    #expect(children.map(\.status) == [.succeeded, .interrupted] && children.last?.id == child)
  }

  private static let asking = """
    name: child
    nodes:
      - {id: ask, approval: {message: 'Go on?', capture_response: true}}
      - {id: last, depends_on: [ask], bash: 'echo "$ask.output" >> trace; echo result'}
    """

  private func standing(_ fixture: EngineFixture) async throws -> RunRecord {
    let started = try await fixture.start("parent")
    return try await fixture.workspace.wait(for: started.id, until: .standstill, timeout: nil).run
  }

  private let yes = GateAnswer(decision: "approve", comment: "well", decidedBy: "Ada")

  @Test func aParentWaitsWithItsChild() async throws {
    let fixture = try await fixture(Self.parent, Self.asking)
    let run = try await standing(fixture)
    #expect(run.status == .awaitingApproval)
    let gate = try #require(try await fixture.workspace.gates(of: run).first)
    #expect(gate.run != run.id && gate.gate.node == "ask")
    #expect(fixture.platform.messages.contains { $0.contains("waits for an answer at `call`: run \(gate.run) waits") })
    _ = try await fixture.workspace.answer(gate.gate.id, yes, secrets: [:])
    #expect(try await fixture.end(of: run.id).run.status == .succeeded)
    #expect(trace(fixture) == "before well after result")
  }

  @Test func anAnswerAfterARestartGoesOnWithBoth() async throws {
    let fixture = try await fixture(Self.parent, Self.asking)
    let run = try await standing(fixture)
    await fixture.engine.close(reason: "the editor closed", grace: .milliseconds(100))
    let second = try await self.fixture(Self.parent, Self.asking, folder: fixture.folder)
    #expect(try await second.workspace.record(of: run.id).status == .awaitingApproval)
    let gate = try #require(try await second.workspace.gates(of: run.id).first)
    #expect(try await second.workspace.record(of: gate.run).status == .awaitingApproval)
    let answered = try await second.workspace.answer(gate.gate.id, yes, secrets: [:])
    #expect(answered.gate.gate.state == .decided)
    #expect(try await second.end(of: run.id).run.status == .succeeded)
    #expect(trace(fixture) == "before well after result")
    let child = try await second.workspace.record(of: gate.run)
    #expect(child.status == .succeeded && child.attempt == 1)
  }

  @Test(arguments: [true, false])
  func cancellingWhatWaitsInTheStoreEndsBoth(_ isParent: Bool) async throws {
    let fixture = try await fixture(Self.parent, Self.asking)
    let run = try await standing(fixture)
    await fixture.engine.close(reason: "the editor closed", grace: .milliseconds(100))
    let second = try await self.fixture(Self.parent, Self.asking, folder: fixture.folder)
    let child = try #require(try await second.workspace.gates(of: run.id).first?.run)
    _ = try await second.workspace.cancel(isParent ? run.id : child, node: nil, reason: "no", force: false)
    let (end, _) = try await second.end(of: run.id)
    #expect(end.status == (isParent ? .cancelled : .failed), "\(end.error ?? "")")
    #expect(try await second.workspace.wait(for: child, timeout: nil).run.status == .cancelled)
  }

  @Test func aWaitingChildTakesNoPlaceOfItsParent() async throws {
    let fixture = try await fixture(
      """
      name: parent
      max_parallel: 1
      nodes:
        - {id: call, workflow: child}
        - {id: beside, bash: 'echo beside >> trace'}
      """, Self.asking)
    let run = try await standing(fixture)
    #expect(trace(fixture) == "beside")
    let gate = try #require(try await fixture.workspace.gates(of: run).first)
    _ = try await fixture.workspace.answer(gate.gate.id, yes, secrets: [:])
    #expect(try await fixture.end(of: run.id).run.status == .succeeded)
  }

  @Test func anInterruptedParentIsResumedBeforeItsChildsGateIsAnswered() async throws {
    let parent = """
      name: parent
      nodes:
        - {id: call, workflow: child}
        - {id: hold, bash: 'test -e go || exec sleep 600'}
      """
    let fixture = try await fixture(parent, Self.asking)
    let run = try await fixture.start("parent")
    await fixture.platform.until("call", is: .awaitingApproval)
    await fixture.engine.close(reason: "the editor closed", grace: .milliseconds(100))
    let second = try await self.fixture(parent, Self.asking, folder: fixture.folder)
    let child = try #require(
      try await second.workspace.runs(RunFilter(family: .children(of: run.id))).items.first)
    #expect(child.status == .awaitingApproval)
    let gate = try #require(try await second.workspace.gates(of: child.id).first)
    await #expect(
      throws: EngineFailure.invalidState(
        child.id, "Run \(child.id) is a child of run \(run.id), which is interrupted; resume that one first.")
    ) { try await second.workspace.answer(gate.gate.id, yes, secrets: [:]) }
    fixture.folder.write("", to: "workspace/go")
    _ = try await second.workspace.resume(run.id, secrets: [:])
    _ = try await second.workspace.wait(for: run.id, until: .standstill, timeout: nil)
    _ = try await second.workspace.answer(gate.gate.id, yes, secrets: [:])
    #expect(try await second.end(of: run.id).run.status == .succeeded)
  }

  @Test func gatesDeepBelowAreReachedAfterARestart() async throws {
    let fixture = try await fixture(
      "name: parent\nnodes:\n  - {id: call, workflow: middle}\n", Self.asking)
    fixture.folder.write(
      "name: middle\nnodes:\n  - {id: call, workflow: child}\n", to: "workspace/.ion/workflows/middle.yaml")
    let run = try await standing(fixture)
    await fixture.engine.close(reason: "the editor closed", grace: .milliseconds(100))
    let second = try await EngineFixture(folder: fixture.folder)
    let gate = try #require(try await second.workspace.gates(of: run.id).first)
    _ = try await second.workspace.answer(gate.gate.id, yes, secrets: [:])
    let (end, nodes) = try await second.end(of: run.id)
    #expect(end.status == .succeeded, "\(end.error ?? "")")
    #expect(nodes["call"]?.output?.text == "result")
  }
}
