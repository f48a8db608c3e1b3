import Glibc
import IonEngine
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

/// What `initialize` makes of what clients say about themselves.
@Suite struct SessionStartTests {
  @Test(arguments: [
    "{}", "null", #"{"general":null,"window":null,"workspace":null,"textDocument":null,"experimental":null}"#,
    #"{"general":{"positionEncodings":null},"window":{"workDoneProgress":null},"experimental":{"ion":null}}"#,
    #"{"workspace":{"executeCommand":null,"workspaceFolders":null},"general":{"positionEncodings":[null,7]}}"#,
    #"{"workspace":{"executeCommand":{"dynamicRegistration":null}},"window":7,"experimental":{"ion":true}}"#,
  ])
  func everyOptionalCapabilityMayBeNull(capabilities: String) async throws {
    let server = try await ServerFixture.small()
    let result = await server.hello(try JSONParser().parse(Array(capabilities.utf8)))
    #expect(result?.at("capabilities.positionEncoding") == "utf-16")
    #expect(result?.at("capabilities.experimental") == nil)
    #expect(result?.at("serverInfo.name") == "ion")
  }

  @Test func absentParamsAreAnEmptyObject() async throws {
    let server = try await ServerFixture.small()
    #expect(await server.client.call("initialize")?["result"] != nil)
  }

  @Test(
    arguments: [
      (["utf-8", "utf-16"], "utf-8"), (["utf-32", "utf-8"], "utf-32"), (["utf-16"], "utf-16"), ([], "utf-16"),
      (["utf-7", "utf-32"], "utf-32"),
    ] as [([String], String)])
  func firstKnownPositionEncodingIsTaken(offered: [String], chosen: String) async throws {
    let server = try await ServerFixture.small()
    let encodings = JSONValue.array(offered.map(JSONValue.string))
    let result = await server.hello(["general": ["positionEncodings": encodings]])
    #expect(result?.at("capabilities.positionEncoding") == .string(chosen))
  }

  @Test func whoKnowsIonLearnsItsLimitsAndMethods() async throws {
    let server = try await ServerFixture.small()
    let ion = await server.hello()?.at("capabilities.experimental.ion")
    #expect(ion?["protocolVersion"] == 1)
    #expect(ion?.at("limits.jsonDepth") == 512)
    #expect(ion?.at("limits.frameBytes") == 67_108_864)
    #expect(ion?["methods"]?.arrayValue?.contains("workflow/execute") == true)
  }

  private static func facts(_ json: String) throws -> ClientFacts {
    ClientFacts(try JSONParser().parse(Array(json.utf8)))
  }

  @Test(
    arguments: [
      (
        #"{"workspaceFolders":[{"uri":"file:///a"},{"uri":"file:///b%20c"}],"rootUri":"file:///x","rootPath":"/y"}"#,
        ["/a", "/b c"]
      ),
      (#"{"workspaceFolders":[],"rootUri":"file:///x","rootPath":"/y"}"#, ["/x"]),
      (#"{"workspaceFolders":null,"rootUri":"file:///x"}"#, ["/x"]),
      (#"{"rootUri":null,"rootPath":"/y"}"#, ["/y"]), (#"{"rootUri":null,"rootPath":null}"#, []),
      (#"{"workspaceFolders":[{"uri":"untitled:1"},{"uri":"file:///a"},{"name":"x"}]}"#, ["/a"]),
      (#"{"rootUri":"zip:///x","rootPath":"/y"}"#, []),
    ] as [(String, [String])])
  func rootsComeFromTheFirstThatSaysSomething(params: String, roots: [String]) throws {
    #expect(try Self.facts(params).roots.map(\.text) == roots)
  }

  @Test(arguments: [
    (#"{"workspaceFolders":[{"uri":"ROOT","name":"w"}]}"#), (#"{"rootUri":"ROOT"}"#),
    (#"{"rootUri":null,"rootPath":"PATH"}"#),
  ])
  func rootsAreRegistered(params: String) async throws {
    let server = try await ServerFixture.small()
    server.fixture.folder.write("", to: "other/.keep")
    let root = server.fixture.folder.path.appending("other").text
    let text = params.replacing("ROOT", with: "file://" + root).replacing("PATH", with: root)
    _ = await server.client.call("initialize", try JSONParser().parse(Array(text.utf8)))
    let known = await server.fixture.engine.registered.map(\.codebase.root.text)
    #expect(known == [server.fixture.root.text, root])
  }

  @Test func rootThatIsNotThereStopsNobody() async throws {
    let server = try await ServerFixture.small()
    #expect(await server.hello(ServerFixture.ion, ["rootUri": "file:///nowhere/at/all"]) != nil)
  }

  @Test func folderIsDetachedOnlyWithTheLastOfItsCodebase() async throws {
    let server = try await ServerFixture.small(files: [".git/HEAD": "", "a/x": "", "b/x": ""])
    let uri = { (name: String) -> JSONValue in
      ["uri": .string("file://\(server.fixture.root.text)/\(name)"), "name": ""]
    }
    await server.hello(ServerFixture.ion, ["workspaceFolders": [uri("a"), uri("b")]])
    let change = { (removed: JSONValue) in
      server.client.notify("workspace/didChangeWorkspaceFolders", ["event": ["added": [], "removed": [removed]]])
    }
    change(uri("a"))
    _ = await server.client.call("test/echo")
    #expect(await server.fixture.engine.registered.count == 1)
    change(uri("b"))
    _ = await server.client.call("test/echo")
    #expect(await server.fixture.engine.registered.isEmpty)
  }

  // MARK: The client's process

  @Test(arguments: [true, false])
  func serverEndsWithTheProcessOfItsClient(isNamedByFlag: Bool) async throws {
    let clock = HandClock()
    let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("1000"), nil]
    defer { for argument in arguments { free(argument) } }
    var pid: pid_t = 0
    try #require(posix_spawn(&pid, "/bin/sleep", nil, nil, arguments, environ) == 0)
    let server = try await ServerFixture.small(clock: clock, clientProcess: isNamedByFlag ? pid : nil)
    await server.hello(ServerFixture.ion, isNamedByFlag ? [:] : ["processId": .integer(Int64(pid))])
    await clock.sleepers(1)
    clock.advance(by: .seconds(1))
    await clock.sleepers(1)
    #expect(await server.client.call("test/echo")?["result"] != nil)
    kill(pid, SIGKILL)
    #expect(waitpid(pid, nil, 0) == pid)
    clock.advance(by: .seconds(1))
    #expect(await server.client.exitCode() == 1)
  }

  @Test func processesThatMayNotBeSignalledAreAlive() {
    #expect(!ClientWatch.isGone(result: 0, error: 0))
    #expect(!ClientWatch.isGone(result: -1, error: EPERM))
    #expect(ClientWatch.isGone(result: -1, error: ESRCH))
  }

  @Test(
    arguments: [(#"{"processId":null}"#, nil), ("{}", nil), (#"{"processId":12}"#, 12), (#"{"processId":-1}"#, nil)]
      as [(String, Int32?)])
  func processIsWatchedOnlyWhereOneIsNamed(params: String, process: Int32?) throws {
    #expect(try Self.facts(params).processID == process)
  }
}
