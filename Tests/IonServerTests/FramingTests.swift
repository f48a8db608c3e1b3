import IonEngine
import IonJSON
import IonTestSupport
import Testing

@testable import IonServer

/// Bytes as clients send them, against a whole server: what is served, what is refused, and that it stays in step.
@Suite struct FramingTests {
  private static let echo = #"{"jsonrpc":"2.0","id":7,"method":"test/echo","params":{"workflow":"é"}}"#

  private static func framed(_ header: String, _ body: String = echo) -> [UInt8] {
    Array(header.replacing("#", with: "\(body.utf8.count)").utf8) + Array(body.utf8)
  }

  /// Says hello, sends bytes, and asks once more whether anybody is there; returns what came in between.
  private func answers(to bytes: [UInt8], splitEvery size: Int? = nil) async throws -> [JSONValue] {
    let server = try await ServerFixture.small()
    await server.hello()
    if let size {
      for start in stride(from: 0, to: bytes.count, by: size) {
        server.client.send(bytes: Array(bytes[start..<min(start + size, bytes.count)]))
      }
    } else {
      server.client.send(bytes: bytes)
    }
    server.client.send(WireClient.request("last", "test/echo"))
    var found: [JSONValue] = []
    while let message = await server.client.next(), message["id"] != "last" { found.append(message) }
    return found
  }

  @Test(arguments: [
    "Content-Length: #\r\n\r\n", "content-length: #\r\n\r\n", "CONTENT-LENGTH:#\r\n\r\n",
    "Content-Length:     #\r\n\r\n",
    "Content-Length: #\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
    "Content-Type: application/vscode-jsonrpc; charset=utf8\r\nContent-Length: #\r\n\r\n",
    "X-Other: 1\r\nContent-Length: #\r\n\r\n", "Content-Length: #\r\nContent-Length: #\r\n\r\n",
  ])
  func headersAreReadInEverySpelling(header: String) async throws {
    let found = try await answers(to: Self.framed(header))
    #expect(found.map { $0.at("result.workflow") } == ["é"])
    #expect(found.first?["id"] == 7)
  }

  @Test func bytesMayComeInAnyPieces() async throws {
    let bytes = Self.framed("Content-Length: #\r\n\r\n")
    for size in [1, 3, 17] {
      let found = try await answers(to: bytes + bytes, splitEvery: size)
      #expect(found.count == 2)
    }
  }

  @Test func byteOrderMarkAndLoneSurrogatesAreServed() async throws {
    let body = "\u{FEFF}" + #"{"jsonrpc":"2.0","id":1,"method":"test/echo","params":{"workflow":"\ud800"}}"#
    let found = try await answers(to: Self.framed("Content-Length: #\r\n\r\n", body))
    #expect(found.first?.at("result.workflow") == "\u{FFFD}")
  }

  @Test(arguments: [
    "", "{", "nothing", #"{"jsonrpc":"2.0","id":1,"method":"test/echo""#,
  ])
  func bodiesThatAreNoJSONAreRefusedInStep(body: String) async throws {
    let found = try await answers(to: Self.framed("Content-Length: #\r\n\r\n", body))
    #expect(found.map { $0.at("error.code") } == [-32700])
    #expect(found.first?["id"] == .null)
  }

  @Test func nestingWithoutEndIsRefusedInStep() async throws {
    let body = String(repeating: "[", count: 20_000)
    let found = try await answers(to: Self.framed("Content-Length: #\r\n\r\n", body))
    #expect(found.map { $0.at("error.code") } == [-32700])
  }

  @Test func invalidTextIsRefusedInStep() async throws {
    let body =
      Array(#"{"jsonrpc":"2.0","id":1,"method":"test/echo","params":{"workflow":""#.utf8) + [0xC3, 0x28]
      + Array("\"}}".utf8)
    let found = try await answers(to: WireClient.frame(body))
    #expect(found.map { $0.at("error.code") } == [-32700])
  }

  @Test func anotherCharsetIsRefusedInStep() async throws {
    let found = try await answers(to: Self.framed("Content-Length: #\r\nContent-Type: text/x; charset=utf-16\r\n\r\n"))
    #expect(found.map { $0.at("error.code") } == [-32700])
  }

  @Test(arguments: [
    "Content-Type: x\r\n\r\n{}", "Content-Length: -1\r\n\r\n", "Content-Length: abc\r\n\r\n", "Content-Length: 2\n\n{}",
    "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "garbage\r\n\r\n", "Content-Length: 99999999999\r\n\r\n",
    "Content-Length: 67108865\r\n\r\n", "X: " + String(repeating: "y", count: 9_000) + "\r\n\r\n",
  ])
  func streamThatLostItsStepEndsTheServer(bytes: String) async throws {
    let server = try await ServerFixture.small()
    await server.hello()
    server.client.send(bytes: Array(bytes.utf8))
    let left = await server.client.rest()
    #expect(left.map { $0.at("error.code") } == [-32700])
    #expect(left.first?["id"] == .null)
    #expect(await server.client.exitCode() == 1)
  }

  @Test(
    arguments: [
      ("7", JSONValue.null), ("null", .null), ("[]", .null),
      (#"[{"jsonrpc":"2.0","id":1,"method":"test/echo"}]"#, .null),
      (#"{"id":5,"method":"test/echo"}"#, 5), (#"{"jsonrpc":"1.0","id":5,"method":"test/echo"}"#, 5),
      (#"{"jsonrpc":"2.0","id":5,"method":7}"#, 5), (#"{"jsonrpc":"2.0","id":5}"#, 5),
      (#"{"jsonrpc":"2.0","id":5,"method":"test/echo","params":"x"}"#, 5),
      (#"{"jsonrpc":"2.0","id":null,"method":"test/echo"}"#, .null),
      (#"{"jsonrpc":"2.0","id":1.5,"method":"test/echo"}"#, .null),
      (#"{"jsonrpc":"2.0","id":true,"method":"test/echo"}"#, .null),
      (#"{"jsonrpc":"2.0","id":{},"method":"test/echo"}"#, .null),
    ] as [(String, JSONValue)])
  func whatIsNoRequestGetsOneRefusal(body: String, id: JSONValue) async throws {
    let found = try await answers(to: Self.framed("Content-Length: #\r\n\r\n", body))
    #expect(found.map { $0.at("error.code") } == [-32600])
    #expect(found.first?["id"] == id)
  }

  @Test(arguments: ["7", "-9223372036854775808", "9223372036854775807", "0", #""7""#, #""""#, #""a/ü""#])
  func idsAreEchoedWithTypeAndValue(id: String) async throws {
    let found = try await answers(
      to: Self.framed("Content-Length: #\r\n\r\n", #"{"jsonrpc":"2.0","id":\#(id),"method":"test/echo"}"#))
    #expect(found.first?["id"]?.description == id)
    #expect(found.first?["result"] != nil)
  }

  @Test func absentAndNullParamsAreTheSame() async throws {
    let found = try await answers(
      to: Self.framed("Content-Length: #\r\n\r\n", #"{"jsonrpc":"2.0","id":1,"method":"test/echo","params":null}"#))
    #expect(found.first?["result"] == [:])
  }

  @Test func membersThatNobodyKnowsAreIgnoredAndNeverSent() async throws {
    let found = try await answers(
      to: Self.framed(
        "Content-Length: #\r\n\r\n", #"{"jsonrpc":"2.0","id":1,"method":"test/echo","extra":{},"params":{"more":1}}"#))
    #expect(found == [["jsonrpc": "2.0", "id": 1, "result": [:]]])
  }

  @Test(arguments: ["no/such", "$/no/such", "textDocument/hover"])
  func unknownRequestsAreRefusedAndUnknownNotificationsIgnored(method: String) async throws {
    let request = WireClient.request(1, method).serialized()
    let notification = WireClient.notification(method, [:]).serialized()
    let response = Array(#"{"jsonrpc":"2.0","id":99,"result":null}"#.utf8)
    let found = try await answers(to: [notification, request, response].flatMap(WireClient.frame))
    #expect(found.map { $0.at("error.code") } == [-32601])
  }

  @Test func cancelledIsSaidOnlyToWhoCancelled() async throws {
    let server = try await ServerFixture.small(drainTime: .zero)
    await server.hello()
    let held = server.client.begin("test/hold")
    let queued = server.client.begin("test/echo")
    let other = server.client.begin("test/echo", ["workflow": "kept"])
    server.client.notify("$/cancelRequest", ["id": queued])
    #expect(await server.client.answer(to: queued)?.at("error.code") == -32800)
    server.client.notify("$/cancelRequest", ["id": held])
    #expect(await server.client.answer(to: held)?.at("error.code") == -32800)
    #expect(await server.client.answer(to: other)?.at("result.workflow") == "kept")
    let last = server.client.begin("test/hold")
    server.client.closeInput()
    let code = await server.client.answer(to: last)?.at("error.code")
    #expect(code == -32803)
  }

  @Test func cancelledWaitIsSaidToBeCancelledAndTheRunGoesOn() async throws {
    let server = try await ServerFixture.small(files: [
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: sleep 1000}]\n"
    ])
    await server.hello()
    let run = try #require(await server.client.call("workflow/execute", ["workflow": "w"])?.at("result.runId"))
    let wait = server.client.begin("workflow/wait", ["runId": run])
    server.client.notify("$/cancelRequest", ["id": wait])
    #expect(await server.client.answer(to: wait)?.at("error.code") == -32800)
    #expect(await server.fixture.workspace.hasLiveRuns)
    #expect(await server.goodbye() == 0)
  }
}
