import IonAgents
import IonEngine
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// What agents may not do without leave: by people, and by a node's own words.
@Suite struct AgentPermissionTests {
  private static let options: [PermissionRequest.Option] = [
    .init(id: "a1", title: "Allow", kind: .allowOnce), .init(id: "a2", title: "Always", kind: .allowAlways),
    .init(id: "r1", title: "No", kind: .rejectOnce),
  ]

  private static func request(_ id: String, _ tool: ToolCall? = nil) -> PermissionRequest {
    PermissionRequest(id: id, title: "Remove everything", tool: tool, diff: "-a\n+b\n", options: options)
  }

  private func fixture(
    _ node: String, _ agent: ScriptedProvider, folder: TemporaryFolder? = nil
  ) async throws -> EngineFixture {
    let files = [
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, prompt: x\(node)}]\n",
      ".ion/config.yaml": "provider: scripted",
    ]
    guard let folder else { return try await EngineFixture(files: files, agents: [agent]) }
    return try await EngineFixture(agents: [agent], folder: folder)
  }

  private func standing(_ fixture: EngineFixture) async throws -> (RunRecord, GateRecord) {
    let started = try await fixture.start("w")
    let run = try await fixture.workspace.wait(for: started.id, until: .standstill, timeout: nil).run
    let gates = try await fixture.workspace.gates(of: run.id).map(\.gate).filter { $0.state == .pending }
    return (run, try #require(gates.first))
  }

  @Test(arguments: [("approve", "a1"), ("allow-always", "a2"), ("reject", "r1")])
  func peopleAreAskedAndTheAgentGetsTheirAnswer(_ decision: String, _ option: String) async throws {
    let tool = ToolCall(id: "t", title: "rm", input: "rm -rf /", name: "Bash", kind: .execute, paths: ["/"])
    let agent = ScriptedProvider { _, _ in .waits([.permissionRequested(Self.request("p1", tool))]) }
    let fixture = try await fixture("", agent)
    let (run, gate) = try await standing(fixture)
    #expect(run.status == .awaitingApproval && run.hasWaitingAgents)
    #expect(try await fixture.workspace.nodes(of: run.id).first?.status == .awaitingApproval)
    #expect(gate.question?.options.map(\.id) == ["approve", "allow-always", "reject"])
    #expect(gate.question?.options.map(\.label) == ["Allow", "Always", "No"])
    #expect(
      gate.question?.message
        == "Remove everything\n\nrm\n\nTool: Bash\n\n- `/`\n\n```\nrm -rf /\n```\n\n```diff\n-a\n+b\n```")
    let answer = GateAnswer(decision: decision, decidedBy: "Ada")
    let answered = try await fixture.workspace.answer(gate.id, answer, secrets: [:])
    #expect(answered.gate.gate.state == .decided)
    #expect(await agent.answer(to: "p1") == option)
    await #expect(throws: EngineFailure.self) {
      try await fixture.workspace.answer(gate.id, GateAnswer(decision: "reject", decidedBy: "Bob"), secrets: [:])
    }
    agent.end(.answered("done"))
    let (ended, nodes) = try await fixture.end(of: run.id)
    #expect(ended.status == .succeeded && !ended.hasWaitingAgents && nodes["a"]?.gate?.answer?.decidedBy == "Ada")
  }

  @Test func theTimeThatPeopleTakeIsTheNodesToo() async throws {
    let clock = HandClock()
    let agent = ScriptedProvider { _, _ in .waits([.permissionRequested(Self.request("p1"))]) }
    let files = [
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, prompt: x}]\n", ".ion/config.yaml": "provider: scripted",
    ]
    let fixture = try await EngineFixture(files: files, clock: clock, agents: [agent])
    let (run, gate) = try await standing(fixture)
    clock.advance(by: .seconds(5))
    _ = try await fixture.workspace.answer(gate.id, GateAnswer(decision: "approve", decidedBy: "Ada"), secrets: [:])
    #expect(await agent.answer(to: "p1") == "a1")
    agent.end(.answered("done"))
    let row = try #require(try await fixture.end(of: run.id).nodes["a"])
    let (began, ended) = (try #require(row.startedAt), try #require(row.endedAt))
    #expect(ended - began == 5000)
  }

  @Test func oneThingIsAskedAfterTheOther() async throws {
    let agent = ScriptedProvider { _, _ in
      .waits([.permissionRequested(Self.request("p1")), .permissionRequested(Self.request("p2"))])
    }
    let fixture = try await fixture("", agent)
    let (run, first) = try await standing(fixture)
    let yes = GateAnswer(decision: "approve", decidedBy: "Ada")
    _ = try await fixture.workspace.answer(first.id, yes, secrets: [:])
    #expect(await agent.answer(to: "p1") == "a1")
    _ = try await fixture.workspace.wait(for: run.id, until: .standstill, timeout: nil)
    let gates = try await fixture.workspace.gates(of: run.id).map(\.gate)
    let second = try #require(gates.first { $0.state == .pending })
    #expect(second.id != first.id)
    agent.happens(.permissionWithdrawn("p2"))
    await fixture.platform.until("a", is: .running)
    agent.end(.answered("done"))
    let (ended, nodes) = try await fixture.end(of: run.id)
    #expect(ended.status == .succeeded && nodes["a"]?.gate?.state == .cancelled)
  }

  @Test(
    arguments: [
      ("allowed_tools: [Bash]", "a1"), ("allowed_tools: [execute]", "r1"), ("denied_tools: [Bash]", "r1"),
      ("allowed_tools: ['Bash(git *)']", "a1"), ("allowed_tools: ['Bash(git:*)']", "a1"),
      ("allowed_tools: ['Bash(npm *)']", "r1"), ("allowed_tools: [Bash], denied_tools: ['Bash(git push*)']", "r1"),
      ("allowed_tools: [Read]", "r1"),
    ])
  func aNodesOwnWordsAnswerForPeople(_ keys: String, _ option: String) async throws {
    let tool = ToolCall(id: "t", title: "git", input: "git push -f", name: "Bash", kind: .execute)
    let agent = ScriptedProvider { _, _ in .plays([.permissionRequested(Self.request("p1", tool))], .answered("ok")) }
    let fixture = try await fixture(", " + keys, agent)
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .succeeded)
    #expect(agent.permissions["p1"] == option)
  }

  @Test(
    arguments: [
      (["src/a.swift"], "a1"), (["src/a.swift", "b.swift"], "r1"), (["src/../b.swift"], "r1"), (["/etc/passwd"], "r1"),
    ])
  func filesAreAllowedByPatternsBelowTheWorkingPath(_ paths: [String], _ option: String) async throws {
    let tool = ToolCall(id: "t", title: "edit", kind: .edit, paths: paths)
    let agent = ScriptedProvider { _, _ in .plays([.permissionRequested(Self.request("p1", tool))], .answered("ok")) }
    let fixture = try await fixture(", allowed_tools: ['Edit(src/**)']", agent)
    _ = try await fixture.run("w")
    #expect(agent.permissions["p1"] == option)
  }

  @Test func noOptionIsGuessed() async throws {
    let request = PermissionRequest(
      id: "p1", title: "x", tool: ToolCall(id: "t", title: "x", name: "Bash"), options: [.init(id: "o", title: "Odd")])
    let agent = ScriptedProvider { _, _ in .plays([.permissionRequested(request)], .answered("ok")) }
    let fixture = try await fixture(", allowed_tools: [Bash]", agent)
    _ = try await fixture.run("w")
    #expect(agent.permissions["p1"] == .some(nil))
  }

  @Test func theRunsAroundAnAgentThatAsksWaitToo() async throws {
    let agent = ScriptedProvider { _, _ in .waits([.permissionRequested(Self.request("p1"))]) }
    let fixture = try await EngineFixture(
      files: [
        ".ion/workflows/w.yaml": "name: w\nnodes: [{id: outer, workflow: middle}]\n",
        ".ion/workflows/middle.yaml": "name: middle\nnodes: [{id: inner, workflow: last}]\n",
        ".ion/workflows/last.yaml": "name: last\nnodes: [{id: a, prompt: x}]\n",
        ".ion/config.yaml": "provider: scripted",
      ], agents: [agent])
    let (run, gate) = try await standing(fixture)
    #expect(run.status == .awaitingApproval && run.hasWaitingAgents)
    #expect(try await fixture.workspace.nodes(of: run.id).first?.summary == "an agent of its run asks for leave")
    _ = try await fixture.workspace.answer(
      gate.id, GateAnswer(decision: "approve", decidedBy: "Ada"), secrets: [:])
    #expect(await agent.answer(to: "p1") == "a1")
    agent.end(.answered("done"))
    let (ended, nodes) = try await fixture.end(of: run.id)
    #expect(ended.status == .succeeded && !ended.hasWaitingAgents && nodes["outer"]?.output?.text == "done")
  }

  @Test func aRunThatIsLeftWhileItsAgentAsksIsInterruptedAndAsksAnew() async throws {
    let agent = ScriptedProvider { _, number in
      .waits([.sessionKnown(AgentSession("s1")), .permissionRequested(Self.request("p\(number)"))])
    }
    let first = try await fixture("", agent)
    let (run, gate) = try await standing(first)
    await first.engine.close(reason: "the editor closed", grace: .zero)
    let left = try await first.workspace.record(of: run.id)
    #expect(left.status == .interrupted && !left.hasWaitingAgents)
    let closed = try await first.workspace.gates(of: run.id).map(\.gate)
    #expect(closed.map(\.state) == [.cancelled])

    let second = try await fixture("", agent, folder: first.folder)
    _ = try await second.workspace.resume(run.id, secrets: [:])
    _ = try await second.workspace.wait(for: run.id, until: .standstill, timeout: nil)
    let anew = try await second.workspace.gates(of: run.id).map(\.gate)
    #expect(anew.count == 1 && anew[0].state == .pending && anew[0].id != gate.id)
    #expect(agent.requests[1].session?.id == "s1")
    _ = try await second.workspace.cancel(run.id, node: nil, reason: "enough", force: false)
    let (ended, nodes) = try await second.end(of: run.id)
    #expect(ended.status == .cancelled && nodes["a"]?.gate?.state == .cancelled)
  }
}
