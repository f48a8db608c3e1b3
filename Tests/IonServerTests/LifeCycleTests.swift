import Foundation
import IonEngine
import IonJSON
import IonRPC
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

/// Where a session stands, and what it then answers (LSP 3.17, "Server lifecycle").
@Suite struct LifeCycleTests {
  @Test func requestsBeforeInitializeAreRefusedAndNotificationsDropped() async throws {
    let server = try await ServerFixture.small()
    #expect(await server.client.call("test/echo")?.at("error.code") == -32002)
    #expect(await server.client.call("shutdown")?.at("error.code") == -32002)
    server.client.notify("workspace/didChangeWorkspaceFolders", ["event": ["added": [], "removed": []]])
    #expect(await server.hello() != nil)
    #expect(await server.goodbye() == 0)
  }

  @Test func secondInitializeIsRefused() async throws {
    let server = try await ServerFixture.small()
    await server.hello()
    #expect(await server.client.call("initialize", ["capabilities": [:]])?.at("error.code") == -32600)
    #expect(await server.client.call("test/echo")?["result"] != nil)
  }

  @Test func initializeThatWasRefusedMayBeTriedAgain() async throws {
    let server = try await ServerFixture.small()
    #expect(await server.client.call("initialize", [])?.at("error.code") == -32602)
    let future: JSONValue = ["capabilities": ["experimental": ["ion": ["protocolVersion": 2]]]]
    let refused = await server.client.call("initialize", future)
    #expect(refused?.at("error.data.kind") == "versionUnsupported")
    #expect(await server.client.call("test/echo")?.at("error.code") == -32002)
    #expect(await server.hello() != nil)
  }

  @Test func afterShutdownNothingIsServed() async throws {
    let server = try await ServerFixture.small()
    await server.hello()
    #expect(await server.client.call("shutdown")?["result"] == .null)
    #expect(await server.client.call("test/echo")?.at("error.code") == -32600)
    #expect(await server.client.call("initialize", ["capabilities": [:]])?.at("error.code") == -32600)
    #expect(await server.client.call("shutdown")?.at("error.code") == -32600)
    server.client.notify("exit")
    #expect(await server.client.exitCode() == 0)
  }

  @Test func exitWithoutShutdownEndsWithOne() async throws {
    let server = try await ServerFixture.small()
    await server.hello()
    server.client.notify("exit")
    #expect(await server.client.exitCode() == 1)
  }

  @Test func exitBeforeInitializeEndsToo() async throws {
    let server = try await ServerFixture.small()
    server.client.notify("exit")
    #expect(await server.client.exitCode() == 1)
  }

  @Test func exitAsARequestIsNone() async throws {
    let server = try await ServerFixture.small()
    #expect(await server.client.call("exit")?.at("error.code") == -32002)
    await server.hello()
    #expect(await server.client.call("exit")?.at("error.code") == -32601)
    #expect(await server.goodbye() == 0)
  }

  @Test(arguments: [true, false])
  func endOfInputEndsAsExitDoes(isShutDown: Bool) async throws {
    let server = try await ServerFixture.small()
    await server.hello()
    if isShutDown { _ = await server.client.call("shutdown") }
    server.client.closeInput()
    #expect(await server.client.exitCode() == (isShutDown ? 0 : 1))
  }

  @Test func whatWasReadBeforeTheEndIsAnswered() async throws {
    let server = try await ServerFixture.small()
    await server.hello()
    let first = server.client.begin("test/echo", ["workflow": "a"])
    let second = server.client.begin("shutdown")
    server.client.closeInput()
    #expect(await server.client.answer(to: first)?.at("result.workflow") == "a")
    #expect(await server.client.answer(to: second)?["result"] == .null)
    #expect(await server.client.rest().isEmpty)
    #expect(await server.client.exitCode() == 0)
  }

  @Test func clientThatStopsReadingKeepsNobody() async throws {
    let server = try await ServerFixture.small()
    await server.hello()
    for _ in 0..<200 { server.client.begin("test/echo", ["workflow": .string(String(repeating: "x", count: 4096))]) }
    server.client.closeInput()
    #expect(await server.client.exitCode() == 1)
  }

  @Test func waitsEndWithTheInput() async throws {
    let server = try await ServerFixture.small(files: [
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: sleep 1000}]\n"
    ])
    await server.hello()
    let run = try #require(await server.client.call("workflow/execute", ["workflow": "w"])?.at("result.runId"))
    let wait = server.client.begin("workflow/wait", ["runId": run])
    server.client.closeInput()
    #expect(await server.client.answer(to: wait)?["result"] != nil)
    #expect(await server.client.exitCode() == 1)
    let id = try #require(run.stringValue)
    let row = try await server.fixture.workspace.record(of: .init(id))
    #expect(row.status == .interrupted)
    #expect(await server.fixture.workspace.hasLiveRuns == false)
  }

  @Test func shutdownInterruptsRunsAndExitWaitsForIt() async throws {
    let server = try await ServerFixture.small(files: [
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: trap '' TERM; sleep 1000}]\n"
    ])
    await server.hello()
    let run = try #require(await server.client.call("workflow/execute", ["workflow": "w"])?.at("result.runId"))
    #expect(await server.client.call("shutdown")?["result"] == .null)
    server.client.notify("exit")
    #expect(await server.client.exitCode() == 0)
    let row = try await server.fixture.workspace.record(of: .init(try #require(run.stringValue)))
    #expect(row.status == .interrupted)
  }

  @Test func runsOfDetachedFoldersGoOnAndEndWithTheSession() async throws {
    let server = try await ServerFixture.small(files: [
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: sleep 1000}]\n"
    ])
    await server.hello()
    let run = try #require(await server.client.call("workflow/execute", ["workflow": "w"])?.at("result.runId"))
    let folder: JSONValue = ["uri": server.rootURI, "name": "w"]
    server.client.notify("workspace/didChangeWorkspaceFolders", ["event": ["added": [], "removed": [folder]]])
    #expect(
      await server.client.call("workflow/execute", ["workflow": "w"])?.at("error.data.kind") == "codebaseNotRegistered")
    #expect(await server.fixture.workspace.hasLiveRuns)
    server.client.notify("workspace/didChangeWorkspaceFolders", ["event": ["added": [folder], "removed": []]])
    #expect(await server.client.call("test/echo")?["result"] != nil)
    let again = try await server.fixture.engine.workspace(nil)
    #expect(again === server.fixture.workspace)
    server.client.notify("workspace/didChangeWorkspaceFolders", ["event": ["added": [], "removed": [folder]]])
    server.client.notify("exit")
    #expect(await server.client.exitCode() == 1)
    let row = try await server.fixture.workspace.record(of: .init(try #require(run.stringValue)))
    #expect(row.status == .interrupted)
  }

  @Test func nothingIsMadeInAFolderThatIsMerelyOpened() async throws {
    let server = try await ServerFixture.small()
    await server.hello()
    #expect(await server.client.call("test/echo")?["result"] != nil)
    #expect(await server.goodbye() == 0)
    #expect(!server.fixture.folder.exists("workspace/.ion"))
  }

  @Test func sessionIsFreedAtItsEnd() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: sleep 1000}]\n"
    ])
    weak var freed: Session?
    do {
      var server = ServerFixture.server(fixture.engine)
      server.requests = SessionRequests.all
      let session = Session(server)
      freed = session
      let client = try WireClient { [server] in try await server.run(session, $0, clientProcess: nil) }
      _ = await client.call(
        "initialize", ["processId": .integer(Int64(getpid())), "capabilities": ServerFixture.ion])
      client.notify("initialized", [:])
      _ = await client.call("events/subscribe")
      _ = await client.call("workflow/execute", ["workflow": "w"])
      client.closeInput()
      #expect(await client.exitCode() == 1)
    }
    // Tasks that were cancelled may need a moment to let go of what they had.
    while freed != nil { await Task.yield() }
    #expect(freed == nil)
  }
}
