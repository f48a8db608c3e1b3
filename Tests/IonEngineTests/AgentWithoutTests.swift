import IonAgents
import IonEngine
import IonProcess
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// What agents go without that their nodes ask for, and who hears of it.
@Suite struct AgentWithoutTests {
  private func run(
    _ node: String, _ events: [AgentEvent], _ outcome: AgentOutcome = .answered("ok")
  ) async throws -> (fixture: EngineFixture, run: RunRecord, node: NodeRecord) {
    let agent = ScriptedProvider { _, _ in .plays(events, outcome) }
    let fixture = try await EngineFixture(
      files: [
        ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, prompt: x\(node)}]\n",
        ".ion/config.yaml": "provider: scripted",
      ], agents: [agent])
    let (run, nodes) = try await fixture.run("w")
    return (fixture, run, try #require(nodes["a"]))
  }

  @Test func aModelThatIsNotInUseIsNotRecordedAndPeopleHearOfIt() async throws {
    let (fixture, run, node) = try await run(", model: huge", [.wentWithout(.model, "it has one model")])
    #expect(run.status == .succeeded && node.provider == "scripted" && node.model == nil)
    #expect(fixture.platform.notices.contains { $0.notice == .message(level: .warning, text: "`a`: it has one model") })
  }

  @Test func peopleHearOfItWhileTheAgentWorks() async throws {
    let agent = ScriptedProvider { _, _ in
      .waits([.sessionKnown(AgentSession("s")), .wentWithout(.model, "it has one")])
    }
    let fixture = try await EngineFixture(
      files: [
        ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, prompt: x, model: huge}]\n",
        ".ion/config.yaml": "provider: scripted",
      ], agents: [agent])
    let run = try await fixture.start("w")
    await fixture.platform.until { $0.contains { $0.notice == .message(level: .warning, text: "`a`: it has one") } }
    let row = try #require(try await fixture.workspace.nodes(of: run.id).first)
    #expect(row.status == .running && row.model == nil && row.session?.id == "s")
    agent.end(.answered("ok"))
    #expect(try await fixture.end(of: run.id).run.status == .succeeded)
  }

  @Test func anEffortThatIsNotInUseLeavesTheModel() async throws {
    let (fixture, _, node) = try await run(", model: huge", [.wentWithout(.effort, "it knows no effort")])
    #expect(node.model == "huge")
    #expect(
      fixture.platform.notices.contains { $0.notice == .message(level: .warning, text: "`a`: it knows no effort") })
  }

  @Test func variablesOfServersThatAreNotSetAreNamedInTheLog() async throws {
    let (fixture, run, _) = try await run(", mcp: {git: {command: x, env: {A: '${HOME}${NOT_SET_HERE}'}}}", [])
    let log = try await fixture.workspace.log(of: run.id, node: "a", attempt: nil, view: .stderr, offset: 0, limit: 500)
    #expect(log.slice.text.contains("`mcp` has variables that aren't set: `NOT_SET_HERE`"))
  }

  @Test func whoWantsToKnowWhoAsksIsToldOfTheTrial() async throws {
    let (_, _, node) = try await run("", [], .failed(AgentFailure(.authentication, "Please run /login")))
    #expect(node.error == "Please run /login; `ion doctor scripted` says more")
  }
}
