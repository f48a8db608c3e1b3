import IonEngine
import IonJSON
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

/// Gates at clients that know only LSP: a message with buttons, and a gate that waits on whatever comes of it.
@Suite struct GateDialogTests {
  private static func files(_ approval: String) -> [String: String] {
    [
      ".ion/workflows/w.yaml":
        "name: w\nnodes: [{id: review, approval: \(approval)}, {id: ship, depends_on: [review], bash: 'touch shipped'}]\n"
    ]
  }

  private static let usual = files("{message: Release it?}")

  private func start(_ server: ServerFixture) async -> String {
    let answer = await server.client.call(
      "workspace/executeCommand", ["command": "ion.workflow.run", "arguments": [["workflow": "w"]]])
    return answer?.at("result.runId")?.stringValue ?? ""
  }

  /// The server's next request to ask a person.
  private func question(_ server: ServerFixture) async throws -> JSONValue {
    try #require(await server.client.next("window/showMessageRequest"))
  }

  @Test func aButtonAnswersTheGate() async throws {
    let server = try await ServerFixture(files: Self.usual)
    await server.hello([:], ["clientInfo": ["name": "Kate"]])
    let run = await start(server)
    let asked = try await question(server)
    #expect(asked.at("params.message") == "w: review\nRelease it?")
    #expect(asked.at("params.actions") == [["title": "Approve"], ["title": "Reject"]])
    server.client.reply(to: asked, ["title": "Approve"])
    let said = await server.client.next("window/showMessage")
    #expect(said?.at("params.message")?.stringValue?.hasPrefix("w succeeded") == true)
    let gate = try await server.fixture.workspace.gates(of: RunID(run)).first?.gate
    #expect(gate?.answer?.decidedBy == "Kate")
    #expect(await server.goodbye() == 0)
  }

  @Test(arguments: [.null, ["title": "Neither"]] as [JSONValue]) func noDecisionLeavesTheGate(reply: JSONValue)
    async throws
  {
    let server = try await ServerFixture(files: Self.usual)
    await server.hello([:])
    let run = await start(server)
    let asked = try await question(server)
    server.client.reply(to: asked, reply)
    let id = "\(run)/review/1"
    let answer = await server.client.call(
      "workspace/executeCommand",
      ["command": "ion.approval.respond", "arguments": [["approvalId": .string(id), "optionId": "approve"]]])
    #expect(answer?.at("result.state") == "decided")
    #expect(await server.goodbye() == 0)
  }

  @Test func aClientThatCantAskIsToldHowToAnswer() async throws {
    let server = try await ServerFixture(files: Self.usual)
    await server.hello([:])
    let run = await start(server)
    server.client.refuse(try await question(server))
    let said = await server.client.next("window/showMessage")
    #expect(said?.at("params.message")?.stringValue?.contains("approvalId \(run)/review/1") == true)
    #expect(await server.goodbye() == 0)
  }

  @Test(arguments: [
    "{message: M, form: {v: {type: string, required: true}}}",
    "{message: M, decisions: [{id: approve}, {id: b}, {id: c}, {id: d}, {id: e}]}",
    "{message: M, decisions: [{id: approve}]}",
  ]) func whatFitsNoMessageBoxIsOnlyTold(approval: String) async throws {
    let server = try await ServerFixture(files: Self.files(approval))
    await server.hello([:])
    _ = await start(server)
    let said = await server.client.next("window/showMessage")
    #expect(said?.at("params.message")?.stringValue?.contains("ion.approval.respond") == true)
    #expect(server.client.asked.allSatisfy { $0["method"] != "window/showMessageRequest" })
    #expect(await server.goodbye() == 0)
  }

  @Test func aQuestionThatIsAnsweredElsewhereIsTakenBack() async throws {
    let server = try await ServerFixture(files: Self.usual)
    await server.hello([:])
    let run = await start(server)
    let asked = try await question(server)
    _ = await server.client.call(
      "workspace/executeCommand",
      [
        "command": "ion.approval.respond",
        "arguments": [["approvalId": .string("\(run)/review/1"), "optionId": "approve"]],
      ]
    )
    let taken = await server.client.next("$/cancelRequest")
    #expect(taken?.at("params.id") == asked["id"])
    #expect(await server.goodbye() == 0)
  }

  @Test func questionsComeOneAtATime() async throws {
    let server = try await ServerFixture(files: [
      ".ion/workflows/w.yaml":
        "name: w\nnodes: [{id: a, approval: {message: First?}}, {id: b, approval: {message: Second?}}]\n"
    ])
    await server.hello([:])
    _ = await start(server)
    let first = try await question(server)
    #expect(first.at("params.message") == "w: a\nFirst?")
    server.client.reply(to: first, ["title": "Approve"])
    let second = try await question(server)
    #expect(second.at("params.message") == "w: b\nSecond?")
    server.client.reply(to: second, ["title": "Approve"])
    let said = await server.client.next("window/showMessage")
    #expect(said?.at("params.message")?.stringValue?.hasPrefix("w succeeded") == true)
    #expect(await server.goodbye() == 0)
  }

  @Test func aClientThatComesLaterIsAskedAndHearsOfTheEnd() async throws {
    let first = try await ServerFixture(files: Self.usual)
    await first.hello([:])
    _ = await start(first)
    _ = try await question(first)
    #expect(await first.goodbye() == 0)

    let second = try await ServerFixture(folder: first.fixture.folder)
    await second.hello([:])
    second.client.reply(to: try await question(second), ["title": "Approve"])
    let said = await second.client.next("window/showMessage")
    #expect(said?.at("params.message")?.stringValue?.hasPrefix("w succeeded") == true)
    #expect(second.fixture.folder.exists("workspace/shipped"))
    #expect(await second.goodbye() == 0)
  }

  @Test func aClientThatKnowsGatesIsToldOfThemWhenItComes() async throws {
    let first = try await ServerFixture(files: Self.usual)
    await first.hello([:])
    let run = await start(first)
    _ = try await question(first)
    #expect(await first.goodbye() == 0)

    let second = try await ServerFixture(folder: first.fixture.folder)
    await second.hello()
    let told = await second.client.next("approval/didChange")
    #expect(told?.at("params.approvalId") == .string("\(run)/review/1") && told?.at("params.state") == "pending")
    #expect(second.client.asked.isEmpty)
    #expect(await second.goodbye() == 0)
  }

  @Test func aClientMayLeaveItsGatesToTheServer() async throws {
    let server = try await ServerFixture(files: Self.usual)
    await server.hello(["experimental": ["ion": ["protocolVersion": 1, "approvals": false]]])
    _ = await server.client.call("workflow/execute", ["workflow": "w"])
    server.client.reply(to: try await question(server), ["title": "Reject"])
    var last: JSONValue?
    while let news = await server.client.next("workflow/progress") {
      last = news.at("params.status")
      if last == "cancelled" { break }
    }
    #expect(last == "cancelled")
    #expect(await server.goodbye() == 0)
  }
}
