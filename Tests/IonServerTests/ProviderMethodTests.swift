import IonAgents
import IonEngine
import IonJSON
import IonRPC
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

/// An agent of which a test says what a checkup finds.
private final class TriedProvider: AgentProvider {
  let id: String
  let abilities: Set<AgentAbility> = [.model, .sessions]
  private let finds: @Sendable (AgentRequest) async -> AgentCheckup

  init(_ id: String, finds: @escaping @Sendable (AgentRequest) async -> AgentCheckup) {
    self.id = id
    self.finds = finds
  }

  func checkUp(_ request: AgentRequest) async -> AgentCheckup { await finds(request) }

  func start(_ request: AgentRequest, onEvent: @escaping @Sendable (AgentEvent) -> Void) -> any AgentTurn {
    Issue.record("a checkup takes no turn")
    return NoTurn()
  }

  private struct NoTurn: AgentTurn {
    func cancel(grace: Duration) {}
    func answer(_ request: String, with option: String?) {}
  }
}

/// `provider/list` and `provider/doctor`.
@Suite struct ProviderMethodTests {
  private static let config = [
    ".ion/config.yaml": """
    env: {GREETING: hello}
    providers:
      pipe: {command: /bin/cat, args: [-u, '{model}'], model: m}
      gone: {command: no-such-agent}
      talker: {kind: acp}
      inner: {env: {MODE: quiet}}
    """
  ]

  @Test func everythingThatIsKnownWithoutAStartIsListed() async throws {
    let desk = try await MethodDesk(
      files: Self.config, agents: [TriedProvider("inner") { _ in AgentCheckup() }])
    let list = try await desk.json(ListProviders.self)
    let providers = try #require(list["providers"]?.arrayValue)
    #expect(providers.map { $0["providerId"] } == ["inner", "pipe", "gone", "talker"])
    #expect(
      providers[0] == [
        "providerId": "inner", "source": "embedded", "default": false, "abilities": ["model", "context"],
        "heldByIon": [],
      ])
    #expect(
      providers[1] == [
        "providerId": "pipe", "kind": "command", "source": "configured", "command": "/bin/cat",
        "args": ["-u", "{model}"],
        "program": "/bin/cat", "model": "m", "default": false, "abilities": ["model"], "heldByIon": [],
      ])
    #expect(providers[2]["program"] == nil && providers[2]["error"]?.stringValue?.contains("no-such-agent") == true)
    #expect(providers[3]["error"]?.stringValue?.contains("`talker`") == true)
  }

  @Test(arguments: [
    ("provider: pipe\nproviders: {pipe: {command: /bin/cat}, gone: {command: no-such-agent}}", ["pipe"]),
    ("providers: {pipe: {command: /bin/cat}, gone: {command: no-such-agent}}", ["pipe"]),
    ("providers: {pipe: {command: /bin/cat}, other: {command: /bin/cat}}", []),
    ("provider: gone\nproviders: {pipe: {command: /bin/cat}, gone: {command: no-such-agent}}", ["gone"]),
    ("provider: pip\nproviders: {pipe: {command: /bin/cat}}", ["pip"]),
  ])
  func theOneThatIsTakenByItselfIsMarked(_ config: String, _ marked: [String]) async throws {
    let desk = try await MethodDesk(files: [".ion/config.yaml": config])
    let list = try await desk.call(ListProviders.self)
    #expect(list.providers.filter(\.default).map(\.providerId) == marked)
    #expect(
      list.providers.filter { $0.error?.contains("did you mean `pipe`?") == true }.count == (marked == ["pip"] ? 1 : 0))
  }

  @Test func aCheckupSaysWhatWasFound() async throws {
    let inner = TriedProvider("inner") { request in
      var checkup = AgentCheckup(program: request.environment.last { $0.0 == "MODE" }?.1)
      checkup.version = request.environment.last { $0.0 == "GREETING" }?.1
      checkup.protocolVersion = request.workingPath.name
      checkup.authentication = .needed
      checkup.signIns = [AgentCheckup.SignIn(id: "key", name: "A key")]
      checkup.duration = .milliseconds(1_234)
      checkup.stderr = "hm"
      return checkup
    }
    let desk = try await MethodDesk(files: Self.config, agents: [inner])
    let checks = try #require(try await desk.json(DoctorProviders.self)["checks"]?.arrayValue)
    #expect(
      checks[0] == [
        "providerId": "inner", "source": "embedded", "default": false, "condition": "signInNeeded", "program": "quiet",
        "version": "hello",
        "protocolVersion": "workspace", "authentication": "needed", "signIns": [["methodId": "key", "name": "A key"]],
        "durationMs": 1_234, "hint": "sign in with the agent's own program", "stderr": "hm",
      ])
    #expect(checks[1]["condition"] == "untried" && checks[1]["program"] == "/bin/cat" && checks[1]["error"] == nil)
    #expect(checks[2]["condition"] == "missing" && checks[2]["hint"]?.stringValue?.contains("install it") == true)
    #expect(checks[3]["condition"] == "failing" && checks[3]["hint"] == nil)
    #expect(desk.folder.names(in: "locks") == [], "nothing of it is left")
  }

  @Test func failuresHaveTheirConditions() async throws {
    let kinds: [(AgentFailure.Kind, String?, ProviderCheck.Condition)] = [
      (.authentication, "/p", .signInNeeded), (.unstartable, nil, .missing), (.unstartable, "/p", .failing),
      (.timedOut, "/p", .failing), (.crashed, "/p", .failing),
    ]
    for (kind, program, condition) in kinds {
      let agent = TriedProvider("inner") { _ in
        var checkup = AgentCheckup(program: program)
        checkup.failure = AgentFailure(kind, "it went wrong")
        checkup.hint = "mend it"
        return checkup
      }
      let desk = try await MethodDesk(agents: [agent])
      let check = try #require(try await desk.call(DoctorProviders.self).checks.first)
      #expect(check.condition == condition && check.error == "it went wrong" && check.hint == "mend it")
    }
  }

  @Test(arguments: [
    (AgentFailure.Kind.crashed, "start `my-agent --acp` by hand, and see what it says"), (.unsupported, "update it"),
    (.protocolFault, "look whether it is an agent of this `kind`, and whether its `args` start it as one"),
    (.overloaded, "try again later"),
  ])
  func whatToDoAboutAFailingOneIsSaid(_ kind: AgentFailure.Kind, _ hint: String) async throws {
    let agent = TriedProvider("inner") { _ in
      var checkup = AgentCheckup(program: "/p")
      checkup.failure = AgentFailure(kind, "it went wrong")
      return checkup
    }
    let desk = try await MethodDesk(
      files: [".ion/config.yaml": "providers: {inner: {command: my-agent, args: [--acp, '{model}']}}"], agents: [agent])
    #expect(try await desk.call(DoctorProviders.self).checks.first?.hint == hint)
  }

  /// Each of them answers once both were asked.
  @Test func allAreTriedSideBySide() async throws {
    let meeting = Meeting(of: 2)
    let agents = ["one", "two"].map { id in
      TriedProvider(id) { _ in
        await meeting.join()
        return AgentCheckup(program: id)
      }
    }
    let desk = try await MethodDesk(agents: agents)
    #expect(try await desk.call(DoctorProviders.self).checks.map(\.program) == ["one", "two"])
  }

  @Test func oneAloneCanBeTried() async throws {
    let other = TriedProvider("other") { _ in
      Issue.record("nobody asked for it")
      return AgentCheckup()
    }
    let desk = try await MethodDesk(files: Self.config, agents: [other])
    let checks = try await desk.call(DoctorProviders.self, ["providerId": "pipe"]).checks
    #expect(checks.map(\.providerId) == ["pipe"])
    let refusal = await desk.refusal(DoctorProviders.self, ["providerId": "pipes"])
    #expect(refusal?.data?["kind"] == "providerNotFound" && refusal?.data?["suggestions"] == ["pipe"])
    #expect(refusal?.message == "There is no provider `pipes` here. Did you mean `pipe`?")
  }

  @Test func nothingIsStartedWhereTheWorkspaceIsNotTrusted() async throws {
    let desk = try await MethodDesk(files: Self.config)
    await desk.fixture.workspace.trust(false)
    #expect(await desk.refusal(DoctorProviders.self)?.data?["kind"] == "workspaceNotTrusted")
    #expect(try await desk.call(ListProviders.self).providers.count == 4)
  }

  @Test func aBrokenConfigurationIsSaid() async throws {
    let desk = try await MethodDesk(files: [".ion/config.yaml": "providers: 7"])
    for refusal in [await desk.refusal(ListProviders.self), await desk.refusal(DoctorProviders.self)] {
      #expect(refusal?.data?["kind"] == "unusable" && refusal?.message.contains("config.yaml is broken") == true)
    }
  }

  @Test(arguments: [nil, [], [nil], [["providerId": "pipe"]]] as [JSONValue?])
  func theCommandNeedsNoArgument(_ arguments: JSONValue?) async throws {
    let server = try await ServerFixture(files: Self.config)
    await server.hello([:])
    var params: JSONObject = ["command": "ion.provider.doctor"]
    params["arguments"] = arguments
    let answer = await server.client.call("workspace/executeCommand", .object(params))
    let ids = answer?.at("result.checks")?.arrayValue?.map { $0["providerId"] ?? .null }
    #expect(ids == (arguments?.arrayValue?.first?.objectValue == nil ? ["pipe", "gone", "talker", "inner"] : ["pipe"]))
    #expect(await server.goodbye() == 0)
  }
}

/// Lets nobody go on before all are there.
private actor Meeting {
  private let size: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(of size: Int) { self.size = size }

  func join() async {
    await withCheckedContinuation { continuation in
      waiting.append(continuation)
      guard waiting.count == size else { return }
      for guest in waiting { guest.resume() }
      waiting = []
    }
  }
}
