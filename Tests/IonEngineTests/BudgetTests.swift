import IonAgents
import IonEngine
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// What agents use is counted, and may be bounded.
@Suite struct BudgetTests {
  private static func fixture(_ yaml: String, _ agent: ScriptedProvider) async throws -> EngineFixture {
    try await EngineFixture(
      files: [".ion/workflows/w.yaml": yaml, ".ion/config.yaml": "provider: scripted"], agents: [agent])
  }

  private static func answering(_ usd: Double?) -> ScriptedProvider {
    ScriptedProvider { _, number in
      let used = [1, 2].map { AgentEvent.used(AgentUsage(inputTokens: 10 * $0, outputTokens: $0, usd: usd)) }
      return .plays(used, number == 0 ? .failed(AgentFailure(.overloaded, "busy")) : .answered("x"))
    }
  }

  @Test func whatAgentsUseStandsOnNodesAndRuns() async throws {
    let yaml = """
      name: w
      nodes:
        - {id: a, prompt: x, retry: {max_attempts: 2, delay_ms: 0}}
        - {id: b, depends_on: [a], prompt: x}
        - {id: c, bash: 'true'}
      """
    let fixture = try await Self.fixture(yaml, Self.answering(0.25))
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded)
    #expect(nodes["a"]?.usage == AgentUsage(inputTokens: 40, outputTokens: 4, usd: 0.5), "failed attempts cost, too")
    #expect(nodes["b"]?.usage == AgentUsage(inputTokens: 20, outputTokens: 2, usd: 0.25))
    #expect(run.usage == AgentUsage(inputTokens: 60, outputTokens: 6, usd: 0.75) && nodes["c"]?.usage == nil)
    let uncounted = try await Self.fixture(yaml, Self.answering(nil)).run("w").run
    #expect(uncounted.usage == AgentUsage(inputTokens: 60, outputTokens: 6))
  }

  @Test(arguments: [
    "loop: {prompt: x, until: NEVER, max_iterations: 6}",
    "loop_group: {until: NEVER, max_iterations: 6, nodes: [{id: b, prompt: x, BUDGET}]}",
  ])
  func aNodesBudgetIsThatOfAllItsIterations(_ loop: String) async throws {
    let agent = ScriptedProvider { _, _ in .plays([.used(AgentUsage(inputTokens: 1, usd: 1))], .answered("x")) }
    let budget = "maxBudgetUsd: 2.5"
    let node = loop.contains("BUDGET") ? loop.replacing("BUDGET", with: budget) : "\(loop), \(budget)"
    let fixture = try await Self.fixture("name: w\nnodes: [{id: a, \(node)}]\n", agent)
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .failed && run.error?.contains("$3.00 of a budget of $2.50") == true, "\(run.error ?? "")")
    #expect(agent.requests.map(\.budget) == [2.5, 1.5, 0.5])
    #expect(nodes["a"]?.usage == AgentUsage(inputTokens: 3, usd: 3) && run.usage == nodes["a"]?.usage)
  }

  @Test(
    arguments: [
      ("{tokens: 100}", "the run's agents have used 101 tokens of a budget of 100"),
      ("{usd: 0.5}", "the run's agents have used $0.505 of a budget of $0.50"),
    ])
  func aRunThatUsesMoreThanItMayIsStopped(_ budget: String, _ error: String) async throws {
    let agent = ScriptedProvider { _, number in
      number == 0
        ? .plays([.used(AgentUsage(inputTokens: 50, usd: 0.25))], .answered("x"))
        : .waits([
          .used(AgentUsage(inputTokens: 50, usd: 0.25)),
          .used(AgentUsage(inputTokens: 50, outputTokens: 1, usd: 0.255)),
        ])
    }
    let fixture = try await Self.fixture(
      """
      name: w
      budget: \(budget)
      nodes:
        - {id: a, prompt: x}
        - {id: b, depends_on: [a], prompt: x}
        - {id: c, depends_on: [b], bash: touch ran}
      on_failure: [{id: tell, bash: touch told}]
      """, agent)
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .failed && run.error == error)
    #expect(nodes["b"]?.status == .cancelled && nodes["c"]?.status == .cancelled)
    #expect(!fixture.folder.exists("workspace/ran") && fixture.folder.exists("workspace/told"))
  }

  @Test func aResumeBeyondTheBudgetAsksNobodyUntilThereIsMore() async throws {
    let used = [AgentEvent.used(AgentUsage(inputTokens: 60))]
    let agent = ScriptedProvider { _, number in number == 1 ? .waits(used) : .plays(used, .answered("x")) }
    func workflow(_ tokens: Int) -> String {
      """
      name: w
      budget: {tokens: \(tokens)}
      nodes:
        - {id: a, prompt: x}
        - {id: b, depends_on: [a], prompt: x}
        - {id: c, depends_on: [b], prompt: x}
      """
    }
    let fixture = try await Self.fixture(workflow(100), agent)
    let (first, _) = try await fixture.run("w")
    let error = "the run's agents have used 120 tokens of a budget of 100"
    #expect(first.error == error && agent.requests.count == 2)
    _ = try await fixture.workspace.resume(first.id, secrets: [:])
    let (second, _) = try await fixture.end(of: first.id)
    #expect(second.status == .failed && second.error == error && second.attempt == 2 && agent.requests.count == 2)
    fixture.folder.write(workflow(300), to: "workspace/.ion/workflows/w.yaml")
    _ = try await fixture.workspace.resume(first.id, secrets: [:], withCurrent: true)
    let (third, _) = try await fixture.end(of: first.id)
    #expect(third.status == .succeeded && third.usage == AgentUsage(inputTokens: 240), "\(third.error ?? "")")
    #expect(agent.requests.count == 4, "what had succeeded is kept")
  }

  /// A workflow whose child asks two agents.
  private static func family(_ budget: String, _ agent: ScriptedProvider) async throws -> EngineFixture {
    try await EngineFixture(
      files: [
        ".ion/workflows/w.yaml": """
        name: w
        \(budget)
        nodes:
          - {id: own, prompt: x}
          - {id: call, workflow: child, depends_on: [own]}
        """,
        ".ion/workflows/child.yaml": """
        name: child
        nodes:
          - {id: a, prompt: x}
          - {id: b, depends_on: [a], bash: test -e mended}
          - {id: c, depends_on: [b], prompt: x}
        """, ".ion/config.yaml": "provider: scripted",
      ], agents: [agent])
  }

  @Test func whatChildrenUseIsTheirParentsToo() async throws {
    let agent = ScriptedProvider { _, _ in .plays([.used(AgentUsage(inputTokens: 10, usd: 0.5))], .answered("x")) }
    let fixture = try await Self.family("", agent)
    let (first, nodes) = try await fixture.run("w")
    #expect(first.status == .failed)
    #expect(nodes["call"]?.usage == AgentUsage(inputTokens: 10, usd: 0.5))
    #expect(first.usage == AgentUsage(inputTokens: 20, usd: 1))
    // A child that is taken up again is not counted twice.
    fixture.folder.write("", to: "workspace/mended")
    _ = try await fixture.workspace.resume(first.id, secrets: [:])
    let (second, after) = try await fixture.end(of: first.id)
    #expect(second.status == .succeeded, "\(second.error ?? "")")
    #expect(after["call"]?.usage == AgentUsage(inputTokens: 20, usd: 1))
    #expect(second.usage == AgentUsage(inputTokens: 30, usd: 1.5))
  }

  @Test(arguments: [("", nil), ("budget: {tokens: 25}", "the run's agents have used 30 tokens of a budget of 25")])
  func whatItemsUseIsTheirRunsToo(_ budget: String, _ error: String?) async throws {
    let agent = ScriptedProvider { _, _ in .plays([.used(AgentUsage(inputTokens: 10, usd: 0.5))], .answered("x")) }
    let fixture = try await EngineFixture(
      files: [
        ".ion/workflows/w.yaml": """
        name: w
        \(budget)
        nodes:
          - {id: each, workflow: child, fan_out: {items: [1, 2, 3, 4], as: item, max_parallel: 1}}
        """,
        ".ion/workflows/child.yaml": "name: child\ninputs: {item: {}}\nnodes: [{id: a, prompt: x}]\n",
        ".ion/config.yaml": "provider: scripted",
      ], agents: [agent])
    let (run, nodes) = try await fixture.run("w")
    #expect(run.error == error && nodes["each[0]"]?.usage == AgentUsage(inputTokens: 10, usd: 0.5))
    let count = error == nil ? 4 : 3
    #expect(run.usage == AgentUsage(inputTokens: 10 * count, usd: 0.5 * Double(count)))
    #expect(nodes["each"]?.usage == run.usage, "it is counted once")
  }

  @Test func childThatUsesMoreThanItsParentMayIsStopped() async throws {
    let agent = ScriptedProvider { _, number in
      number == 0
        ? .plays([.used(AgentUsage(inputTokens: 50))], .answered("x"))
        : .waits([.used(AgentUsage(inputTokens: 51))])
    }
    let (run, nodes) = try await Self.family("budget: {tokens: 100}", agent).run("w")
    #expect(run.status == .failed && run.error == "the run's agents have used 101 tokens of a budget of 100")
    #expect(nodes["call"]?.status == .cancelled)
  }

  @Test func aNodeThatCostsMoreThanItMayFails() async throws {
    let agent = ScriptedProvider { _, number in
      number == 0
        ? .plays([.used(AgentUsage(usd: 0.5))], .failed(AgentFailure(.overloaded, "busy")))
        : .waits([.used(AgentUsage(usd: 0.25)), .used(AgentUsage(usd: 0.75))])
    }
    let fixture = try await Self.fixture(
      "name: w\nnodes: [{id: a, prompt: x, maxBudgetUsd: 1, retry: {max_attempts: 2, delay_ms: 0}}]\n", agent)
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .failed)
    #expect(nodes["a"]?.error == "its agents have used $1.25 of a budget of $1.00 (`maxBudgetUsd`)")
    #expect(nodes["a"]?.status == .failed && nodes["a"]?.usage?.usd == 1.25)
  }

  @Test func correctionsCountToo() async throws {
    let agent = ScriptedProvider { _, number in
      .plays([.used(AgentUsage(outputTokens: 5))], .answered(number == 0 ? "no" : "{}"))
    }
    let fixture = try await Self.fixture(
      "name: w\nnodes: [{id: a, prompt: x, output_format: {type: object}}]\n", agent)
    #expect(try await fixture.run("w").nodes["a"]?.usage == AgentUsage(outputTokens: 10))
  }

  @Test func aBudgetThatCanNotBeHeldIsSaid() async throws {
    let agent = ScriptedProvider(abilities: []) { _, _ in .answers("x") }
    let fixture = try await Self.fixture(
      "name: w\nbudget: {usd: 1}\nnodes: [{id: a, prompt: x, maxBudgetUsd: 1}]\n", agent)
    _ = try await fixture.run("w")
    #expect(
      fixture.platform.messages.contains("`a`: the provider `scripted` doesn't act on `maxBudgetUsd`, `budget`"))
  }

  @Test func aResumeCountsOn() async throws {
    let agent = ScriptedProvider { _, number in
      .plays([.used(AgentUsage(inputTokens: 60))], number == 0 ? .failed(AgentFailure(.refusal, "no")) : .answered("x"))
    }
    let fixture = try await Self.fixture("name: w\nbudget: {tokens: 100}\nnodes: [{id: a, prompt: x}]\n", agent)
    let (failed, _) = try await fixture.run("w")
    #expect(failed.usage?.tokens == 60)
    _ = try await fixture.workspace.resume(failed.id, secrets: [:])
    let (run, _) = try await fixture.end(of: failed.id)
    #expect(run.status == .failed && run.usage?.tokens == 120)
    #expect(run.error == "the run's agents have used 120 tokens of a budget of 100")
  }
}
