import IonAgents
import IonEngine
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// What a session has cost, which its agent tells for all its turns together, and what its next turn knows of that.
@Suite struct SessionCostTests {
  private func fixture(
    _ yaml: String, _ agent: ScriptedProvider, folder: TemporaryFolder? = nil
  ) async throws -> EngineFixture {
    let files = [".ion/workflows/w.yaml": yaml, ".ion/config.yaml": "provider: scripted"]
    guard let folder else { return try await EngineFixture(files: files, agents: [agent]) }
    return try await EngineFixture(agents: [agent], folder: folder)
  }

  /// An agent whose sessions cost a dollar more with each turn of anybody's.
  private func counting(_ answer: @escaping @Sendable (Int) -> String = { "\($0)" }) -> ScriptedProvider {
    ScriptedProvider { request, number in
      let id = request.session?.id ?? "s\(number)"
      let cost = (request.session?.usd ?? 0) + 1
      return .plays(
        [
          .sessionKnown(AgentSession(id, request.session == nil ? .new : .resumed)),
          .sessionKnown(AgentSession(id, usd: cost - 0.5)), .used(AgentUsage(usd: 0.5)),
          .sessionKnown(AgentSession(id, usd: cost)), .used(AgentUsage(usd: 1)),
        ], .answered(answer(number)))
    }
  }

  private func costs(_ agent: ScriptedProvider) -> [Double?] { agent.requests.map { $0.session?.usd } }

  @Test func iterationsGoOnFromWhatTheirSessionHasCost() async throws {
    let agent = counting { $0 < 3 ? "more" : "DONE" }
    let yaml = "name: w\nnodes: [{id: l, loop: {prompt: Work., until: DONE, max_iterations: 5}}]\n"
    let (run, nodes) = try await fixture(yaml, agent).run("w")
    #expect(costs(agent) == [nil, 1, 2, 3])
    #expect(run.usage?.usd == 4 && nodes["l"]?.session?.usd == 4)
  }

  @Test func nodesThatShareASessionGoOnFromWhatAllHaveCost() async throws {
    let agent = counting()
    let fixture = try await fixture(
      """
      name: w
      nodes:
        - {id: a, prompt: x}
        - {id: b, depends_on: [a], prompt: x, context: shared}
        - {id: c, depends_on: [a, wait], prompt: x, context: shared}
        - {id: wait, depends_on: [b], bash: 'true'}
      """, agent)
    _ = try await fixture.run("w")
    #expect(costs(agent) == [nil, 1, 2])
  }

  @Test func whoIsAskedAgainGoesOnFromIt() async throws {
    let agent = counting { $0 < 2 ? "no" : "7" }
    let yaml = "name: w\nnodes: [{id: a, prompt: x, output_format: {type: integer}}]\n"
    let (run, _) = try await fixture(yaml, agent).run("w")
    #expect(costs(agent) == [nil, 1, 2] && run.usage?.usd == 3)
  }

  @Test func aResumeAndTheNextRunGoOnFromIt() async throws {
    let yaml = "name: w\nnodes: [{id: a, prompt: x, persist_session: true}]\n"
    let waiting = ScriptedProvider { _, _ in
      .waits([
        .sessionKnown(AgentSession("s7")), .sessionKnown(AgentSession("s7", usd: 2.5)), .used(AgentUsage(usd: 2.5)),
      ])
    }
    let first = try await fixture(yaml, waiting)
    let started = try await first.start("w")
    await waiting.asked(1)
    await first.engine.close(reason: "the editor closed", grace: .zero)
    let agent = counting()
    let second = try await fixture(yaml, agent, folder: first.folder)
    _ = try await second.workspace.resume(started.id, secrets: [:])
    let (run, nodes) = try await second.end(of: started.id)
    #expect(costs(agent) == [2.5] && run.usage?.usd == 3.5 && nodes["a"]?.session?.usd == 3.5)
    let (next, _) = try await second.run("w")
    #expect(costs(agent) == [2.5, 3.5] && next.usage?.usd == 1)
  }
}
