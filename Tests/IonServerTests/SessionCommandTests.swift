import IonEngine
import IonJSON
import IonTestSupport
import Testing

@testable import IonServer

/// `workspace/executeCommand`: Ion for clients that know only LSP.
@Suite struct SessionCommandTests {
  private static let files = [
    ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: ':'}]\n"
  ]

  private func execute(_ command: String, _ arguments: JSONValue?, _ server: ServerFixture) async -> JSONValue? {
    var params: JSONObject = ["command": .string(command)]
    params["arguments"] = arguments
    return await server.client.call("workspace/executeCommand", .object(params))
  }

  @Test func commandsAreAnnouncedWhereTheyCanNotBeRegistered() async throws {
    let server = try await ServerFixture.small()
    let provider = await server.hello([:])?.at("capabilities.executeCommandProvider")
    #expect(provider?["commands"] == ["ion.workflow.run"])
    #expect(await server.goodbye() == 0)
    #expect(server.client.asked.isEmpty)
  }

  @Test func commandsAreRegisteredAfterInitializedWhereTheClientAllowsIt() async throws {
    let server = try await ServerFixture.small()
    let result = await server.hello(["workspace": ["executeCommand": ["dynamicRegistration": true]]])
    #expect(result?.at("capabilities.executeCommandProvider") == nil)
    let register = try #require(await server.client.next("client/registerCapability"))
    #expect(register.at("params.registrations.0.method") == "workspace/executeCommand")
    #expect(register.at("params.registrations.0.registerOptions.commands") == ["ion.workflow.run"])
    server.client.refuse(register)
    #expect(await server.goodbye() == 0)
  }

  @Test func prefixIsTheClients() async throws {
    let server = try await ServerFixture.small(files: Self.files)
    let result = await server.hello([:], ["initializationOptions": ["commandPrefix": "ion2"]])
    #expect(result?.at("capabilities.executeCommandProvider.commands") == ["ion2.workflow.run"])
    #expect(await execute("ion2.workflow.run", [["workflow": "w"]], server)?.at("result.runId") != nil)
    #expect(await execute("ion.workflow.run", [["workflow": "w"]], server)?.at("error.code") == -32602)
  }

  @Test(arguments: ["", "a b", "é", #"x"y"#] as [JSONValue] + [7, .null])
  func prefixThatIsNoneIsIgnored(prefix: JSONValue) {
    #expect(ClientFacts(["initializationOptions": ["commandPrefix": prefix]]).commandPrefix == "ion")
  }

  @Test func runAnswersAtOnceWithTheRun() async throws {
    let server = try await ServerFixture.small(files: [
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: sleep 1000}]\n"
    ])
    await server.hello([:])
    let run = await execute("ion.workflow.run", [["workflow": "w"], "ignored"], server)
    #expect(run?.at("result.runId") != nil)
    #expect(await server.fixture.workspace.hasLiveRuns)
    #expect(await server.goodbye() == 0)
  }

  @Test func tokenOfTheRequestReachesTheRun() async throws {
    let server = try await ServerFixture.small(files: Self.files)
    await server.hello([:])
    server.client.begin(
      "workspace/executeCommand",
      ["command": "ion.workflow.run", "arguments": [["workflow": "w"]], "workDoneToken": "t"])
    let begin = await server.client.next("$/progress")
    #expect(begin?.at("params.token") == "t")
  }

  @Test(
    arguments: [
      (nil, "/params/arguments"), ([], "/params/arguments"), ([nil], "/params/arguments"),
      (["w"], "/params/arguments/0"),
      ([[:]], "/params/arguments/0"), ([["workflow": nil]], "/params/arguments/0"),
    ] as [(JSONValue?, JSONValue)])
  func whatIsMissingIsSaid(arguments: JSONValue?, path: JSONValue) async throws {
    let server = try await ServerFixture.small()
    await server.hello([:])
    let refused = await execute("ion.workflow.run", arguments, server)
    #expect(refused?.at("error.code") == -32602)
    #expect(refused?.at("error.data.path") == path)
    #expect(refused?.at("error.message")?.stringValue?.contains("`workflow` or `uri`") == true)
  }

  @Test func wrongArgumentsArePointedAt() async throws {
    let server = try await ServerFixture.small()
    await server.hello([:])
    let refused = await execute("ion.workflow.run", [["workflow": 7]], server)
    #expect(refused?.at("error.code") == -32602)
    #expect(refused?.at("error.data.path") == "/params/arguments/0/workflow")
  }

  @Test func unknownCommandsAreRefusedWithWhatThereIs() async throws {
    let server = try await ServerFixture.small()
    await server.hello([:])
    let refused = await execute("ion.workflow.fly", [], server)
    #expect(refused?.at("error.code") == -32602)
    #expect(refused?.at("error.message")?.stringValue?.contains("ion.workflow.run") == true)
    #expect(await server.client.call("workspace/executeCommand")?.at("error.data.path") == "/params/command")
  }

  @Test func everyCommandStandsForARequestOfTheProtocol() {
    #expect(
      ClientCommand.all.map(\.method) == [
        "workflow/execute", "workflow/cancel", "workflow/resume", "workflow/status", "approval/respond",
        "provider/doctor",
      ])
  }
}
