import IonAgents
import IonEngine
import IonProcess
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// Which sessions agents work in: of their own, of others, of the last run, and after they were cut off.
@Suite struct AgentSessionTests {
  private func fixture(
    _ yaml: String, agents: [ScriptedProvider], folder: TemporaryFolder? = nil
  ) async throws -> EngineFixture {
    let files = [".ion/workflows/w.yaml": yaml, ".ion/config.yaml": "provider: scripted"]
    guard let folder else { return try await EngineFixture(files: files, agents: agents) }
    return try await EngineFixture(agents: agents, folder: folder)
  }

  /// An agent whose turns have sessions of their own, or those that they are to go on in.
  private func remembering(_ answer: @escaping @Sendable (AgentRequest, Int) -> String = { "\($1)" })
    -> ScriptedProvider
  {
    ScriptedProvider { request, number in
      let session =
        switch request.session?.use {
        case .resume?: AgentSession(request.session?.id ?? "", .resumed)
        case .fork?: AgentSession("fork-\(number)", .forked)
        case nil: AgentSession("s\(number)")
        }
      return .plays([.sessionKnown(session)], .answered(answer(request, number)))
    }
  }

  @Test func aSessionIsFreshSharedOrACopy() async throws {
    let agent = remembering()
    let fixture = try await fixture(
      """
      name: w
      nodes:
        - {id: plan, prompt: Plan.}
        - {id: between, depends_on: [plan], bash: 'true'}
        - {id: build, depends_on: [between], prompt: Build., context: shared}
        - {id: judge, depends_on: [build], prompt: Judge.}
        - {id: other, depends_on: [judge], prompt: Again., context: {resume: plan}}
      """, agents: [agent])
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    let sessions = agent.requests.map { $0.session.map { "\($0.use) \($0.id)" } }
    #expect(sessions == [nil, "resume s0", nil, "fork s0"])
    #expect(nodes["build"]?.session == NodeSession("s0", of: "scripted"))
    #expect(nodes["other"]?.session == NodeSession("fork-3", of: "scripted"))
    #expect(
      agent.requests[1].session?.summary?.hasSuffix("0") == true, "what plan answered, should its session be gone")
    #expect(agent.prompts == ["Plan.", "Build.", "Judge.", "Again."])
  }

  @Test func aCopyWaitsForItsOriginalAndNeedsItsProvider() async throws {
    let agent = remembering()
    let other = ScriptedProvider("other") { _, _ in .answers("x") }
    let fixture = try await fixture(
      """
      name: w
      nodes:
        - {id: last, prompt: Go on., context: {resume: first}}
        - {id: wrong, prompt: Go on., provider: other, context: {resume: first}}
        - {id: first, prompt: Begin.}
      """, agents: [agent, other])
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .failed)
    #expect(agent.prompts == ["Begin.", "Go on."])
    #expect(
      nodes["wrong"]?.error
        == "context: `first` has a session of the provider `scripted`, which `other` can't go on in")
  }

  @Test(arguments: [(false, ["nil", "s0", "s0"]), (true, ["nil", "nil", "nil"])])
  func iterationsGoOnInOneSessionUnlessTheyAreFresh(_ isFresh: Bool, _ expected: [String]) async throws {
    let agent = remembering { _, number in number < 2 ? "more" : "DONE" }
    let fixture = try await fixture(
      """
      name: w
      nodes:
        - id: work
          loop: {prompt: Work., until: DONE, max_iterations: 5, fresh_context: \(isFresh)}
        - {id: after, depends_on: [work], prompt: Tell., context: shared}
      """, agents: [agent])
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded)
    #expect(agent.requests.prefix(3).map { $0.session?.id ?? "nil" } == expected)
    #expect(nodes["work"]?.session == nodes["work#3/work"]?.session)
    #expect(
      agent.requests.last?.session?.id == nodes["work"]?.session?.id, "a loop has the session of its last iteration")
  }

  @Test func theSessionOfTheLastRunIsKeptWhereThatIsWanted() async throws {
    let agent = remembering()
    let yaml = """
      name: w
      nodes:
        - {id: a, prompt: x, persist_session: true}
        - {id: b, depends_on: [a], prompt: x}
      """
    let fixture = try await fixture(yaml, agents: [agent])
    _ = try await fixture.run("w")
    _ = try await fixture.run("w")
    #expect(agent.requests.map { $0.session?.id } == [nil, nil, "s0", nil])
  }

  @Test func aRunThatWasCutOffGoesOnInItsAgentsSession() async throws {
    let waiting = ScriptedProvider { _, _ in .waits([.sessionKnown(AgentSession("s7")), .text("half of it")]) }
    let first = try await fixture("name: w\nnodes: [{id: a, prompt: Do it.}]\n", agents: [waiting])
    let started = try await first.start("w")
    await waiting.asked(1)
    await first.engine.close(reason: "the editor closed", grace: .zero)
    #expect(try await first.workspace.record(of: started.id).status == .interrupted)

    let agent = remembering()
    let second = try await fixture("", agents: [agent], folder: first.folder)
    _ = try await second.workspace.resume(started.id, secrets: [:])
    let (run, nodes) = try await second.end(of: started.id)
    #expect(run.status == .succeeded && nodes["a"]?.attempt == 2)
    let request = try #require(agent.requests.first)
    #expect(request.session?.id == "s7" && request.session?.use == .resume)
    #expect(request.session?.summary?.hasSuffix("half of it") == true)
    #expect(request.prompt.hasPrefix("You were interrupted") && request.prompt.hasSuffix("Do it."))
    let log = try await second.workspace.log(
      of: run.id, node: "a", attempt: 2, view: .stderr, offset: 0, limit: 1000)
    #expect(log.slice.text == "- goes on in its agent's session s7\n\n")
  }

  /// What a turn is asked, and what its log says of that, after one without a session was cut off that had done something.
  private func afterACutOff(
    that had: [AgentEvent]
  ) async throws -> (prompt: String, log: String, session: SessionRequest?) {
    let waiting = ScriptedProvider { _, _ in .waits(had) }
    let first = try await fixture("name: w\nnodes: [{id: a, prompt: Do it.}]\n", agents: [waiting])
    let started = try await first.start("w")
    await waiting.asked(1)
    await first.engine.close(reason: "the editor closed", grace: .zero)

    let agent = remembering()
    let second = try await fixture("", agents: [agent], folder: first.folder)
    _ = try await second.workspace.resume(started.id, secrets: [:])
    let (run, _) = try await second.end(of: started.id)
    #expect(run.status == .succeeded)
    let log = try await second.workspace.log(
      of: run.id, node: "a", attempt: 2, view: .stderr, offset: 0, limit: 1000)
    return (agent.prompts[0], log.slice.text, agent.requests[0].session)
  }

  @Test func withoutASessionANewOneIsToldWhatWasDone() async throws {
    let call = AgentEvent.toolCalled(ToolCall(id: "t", title: "Edit: a.txt"))
    let (prompt, log, session) = try await afterACutOff(that: [.text("half of it"), call])
    #expect(session == nil)
    #expect(prompt.contains("\n\nhalf of it\n\n- → `Edit: a.txt`\n") && prompt.hasSuffix("Do it."))
    #expect(log == "- attempt 1 was cut off, and has no session to go on in: a new one is told what was done\n\n")
  }

  @Test func withoutASessionAndWithoutAWordANewOneIsSaidToBegin() async throws {
    let (prompt, log, session) = try await afterACutOff(that: [])
    #expect(session == nil && prompt.hasPrefix("You were interrupted") && prompt.hasSuffix("Do it."))
    let word = "attempt 1 was cut off, and has no session to go on in: it said and did nothing, and a new one begins"
    #expect(log == "- \(word)\n\n")
  }

  @Test func aSessionIsWrittenDownBeforeItsTurnGoesOn() async throws {
    let agent = ScriptedProvider { _, _ in .waits([.sessionKnown(AgentSession("s1"))]) }
    let fixture = try await fixture("name: w\nnodes: [{id: a, prompt: x}]\n", agents: [agent])
    let started = try await fixture.start("w")
    await agent.asked(1)
    let row = try await fixture.workspace.nodes(of: started.id).first
    #expect(row?.session == NodeSession("s1", of: "scripted"))
    agent.end(.answered("done"))
    _ = try await fixture.end(of: started.id)
  }
}
