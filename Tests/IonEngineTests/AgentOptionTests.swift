import IonAgents
import IonEngine
import IonJSON
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// What a node's agent keys become in the requests of its turns.
@Suite struct AgentOptionTests {
  private static func fixture(
    _ node: String, _ agent: ScriptedProvider, files: [String: String] = [:], config: String = "provider: scripted"
  ) async throws -> EngineFixture {
    let own = [
      ".ion/workflows/w.yaml": "name: w\nnodes:\n  - {id: a, prompt: x, \(node)}\n", ".ion/config.yaml": config,
    ]
    return try await EngineFixture(files: own.merging(files) { $1 }, agents: [agent])
  }

  private static func answering(_ abilities: Set<AgentAbility> = Set(AgentAbility.allCases)) -> ScriptedProvider {
    ScriptedProvider(abilities: abilities) { _, _ in .answers("x") }
  }

  @Test func otherKeysReachTheProviderThatActsOnThem() async throws {
    let keys = """
      skills: [review], agents: {w: {description: d}}, hooks: {Stop: []}, fallbackModel: small, thinking: enabled, \
      settingSources: [user], betas: [b], sandbox: true, maxBudgetUsd: 2
      """
    let able = Self.answering()
    let fixture = try await Self.fixture(keys, able)
    _ = try await fixture.run("w")
    let request = try #require(able.requests.first)
    #expect(
      request.options == [
        "skills": ["review"], "agents": ["w": ["description": "d"]], "hooks": ["Stop": []], "fallbackModel": "small",
        "thinking": "enabled", "settingSources": ["user"], "betas": ["b"], "sandbox": true,
      ])
    #expect(request.budget == 2 && request.mcpServers.isEmpty)
    #expect(!fixture.platform.messages.contains { $0.contains("doesn't act on") })

    let simple = Self.answering([.betas])
    let other = try await Self.fixture(keys, simple)
    _ = try await other.run("w")
    #expect(simple.requests.first?.options == ["betas": ["b"]])
    #expect(
      other.platform.messages.filter { $0.contains("doesn't act on") } == [
        "`a`: the provider `scripted` doesn't act on `maxBudgetUsd`, `skills`, `agents`, `hooks`, `fallbackModel`, "
          + "`thinking`, `settingSources`, `sandbox`"
      ])
  }

  @Test func whatIonHoldsAProviderToIsSaidAsFarAsItGoes() async throws {
    let agent = ScriptedProvider(abilities: [.model], heldByIon: [.allowedTools, .deniedTools, .budget]) { _, _ in
      .answers("x")
    }
    let fixture = try await Self.fixture(
      "model: m, effort: low, allowed_tools: [Read], denied_tools: [Bash], maxBudgetUsd: 1", agent)
    _ = try await fixture.run("w")
    #expect(
      fixture.platform.messages.filter { $0.hasPrefix("`a`: ") } == [
        "`a`: the provider `scripted` doesn't act on `effort`",
        "`a`: Ion holds the provider `scripted` to `allowed_tools`, `denied_tools` where it asks leave or has Ion act for it, "
          + "and not in what it does by itself; to `maxBudgetUsd` where it reports what it uses",
      ])
  }

  @Test(arguments: [("tokens: 5", false), ("usd: 5", true)])
  func codexCountsTokensAndNoMoney(_ budget: String, _ isSaid: Bool) async throws {
    let codex = CodexProvider(ProviderDefinition(id: "codex"))
    #expect(codex.countsTokens && !codex.abilities.contains(.budget))
    let fixture = try await EngineFixture(
      files: [
        ".ion/workflows/w.yaml": "name: w\nbudget: {\(budget)}\nnodes: [{id: a, provider: codex, prompt: x}]\n",
        ".ion/config.yaml": "providers: {codex: {command: 'false'}}",
      ])
    _ = try await fixture.run("w")
    #expect(fixture.platform.messages.contains("`a`: the provider `codex` doesn't act on `budget`") == isSaid)
  }

  @Test func settingSourcesOfTheConfigurationHoldWhereANodeSaysNone() async throws {
    let agent = Self.answering()
    let config = "provider: scripted\nproviders: {scripted: {settingSources: [project]}}"
    _ = try await Self.fixture("model: m", agent, config: config).run("w")
    _ = try await Self.fixture("settingSources: []", agent, config: config).run("w")
    #expect(agent.requests.map { $0.options["settingSources"] } == [["project"], []])
  }

  @Test func whatIsLeftOfABudgetIsGivenToTheNextAttempt() async throws {
    let agent = ScriptedProvider { _, number in
      .plays(
        [.used(AgentUsage(inputTokens: 1, outputTokens: 1, usd: 0.75))],
        number == 0 ? .failed(AgentFailure(.crashed, "gone")) : .answered("x"))
    }
    let fixture = try await Self.fixture("maxBudgetUsd: 2, retry: {max_attempts: 2, delay_ms: 0}", agent)
    _ = try await fixture.run("w")
    #expect(agent.requests.map(\.budget) == [2, 1.25])
  }

  @Test(arguments: [
    ("mcp: {git: {command: git-mcp, args: [x]}}", ""),
    ("mcp: servers.json", #"{"git": {"command": "git-mcp", "args": ["x"]}}"#),
    ("mcp: servers.json", #"{"mcpServers": {"git": {"command": "git-mcp", "args": ["x"]}}}"#),
  ])
  func serversStandInTheNodeOrInAFile(_ node: String, _ file: String) async throws {
    let agent = Self.answering()
    let (run, _) = try await Self.fixture(node, agent, files: ["servers.json": file]).run("w")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(agent.requests.first?.mcpServers == ["git": ["command": "git-mcp", "args": ["x"]]])
    #expect(agent.requests.first?.options == [:])
  }

  @Test(arguments: [
    ("mcp: none.json", "There is no `mcp` file ", "/workspace/none.json."),
    ("mcp: broken.json", "The `mcp` file broken.json is no JSON: ", "."),
    ("mcp: list.json", "The `mcp` file list.json must be a JSON object", "names."),
    ("mcp: odd.json", "In the `mcp` file odd.json the server `s` has neither a `command` nor a `url`.", ""),
    ("mcp: {mcpServers: {s: 1}}", "In `mcp` the server `s` has neither", "."),
    ("mcp: .ion", "`mcp`: Ion can't read ", "/.ion: Is a directory."),
  ])
  func serversThatCannotBeReadFailTheNode(_ node: String, _ start: String, _ end: String) async throws {
    let agent = Self.answering()
    let files = ["broken.json": "{", "list.json": "[]", "odd.json": #"{"s": {"type": "http"}}"#]
    let (_, nodes) = try await Self.fixture(node, agent, files: files).run("w")
    let error = try #require(nodes["a"]?.error)
    #expect(error.hasPrefix(start) && error.hasSuffix(end), "\(error)")
    #expect(agent.requests.isEmpty)
  }

  @Test func aFileOfServersThatNobodyActsOnIsNotRead() async throws {
    let agent = Self.answering([])
    let (run, _) = try await Self.fixture("mcp: none.json", agent).run("w")
    #expect(run.status == .succeeded)
  }
}
