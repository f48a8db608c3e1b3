import IonJSON
import IonRPC
import Testing

@Suite struct ConnectionCallTests {
  enum Add: WireRequest {
    static let method = "math/add"
    static let ordering = Ordering.concurrent
    struct Params: Codable, Sendable {
      var left: Int
      var right: [Double]?
    }
    struct Result: Codable, Sendable, Equatable { var sum: Double }
  }

  enum Said: WireNotification {
    static let method = "said"
    struct Params: Codable, Sendable { var text: String }
  }

  private func adding() -> HandlerTable {
    var table = HandlerTable()
    table.serve(Add.self) { params, _ throws(WireError) in
      Add.Result(sum: (params.right ?? []).reduce(Double(params.left), +))
    }
    return table
  }

  @Test func typesAreReadAndWritten() async throws {
    let peers = try Peers(server: adding())
    let sum = try await peers.client.call(Add.self, Add.Params(left: 1, right: [0.5, 2]), within: nil)
    #expect(sum == Add.Result(sum: 3.5))
    _ = await peers.end()
  }

  static let wrongParams: [(params: JSONValue?, path: JSONValue)] = [
    (nil, "/params/left"), ([:], "/params/left"), ([1], "/params"), (["left": 1.5], "/params/left"),
    (["left": 1, "right": [1, "x"]], "/params/right/1"),
  ]

  @Test(arguments: wrongParams) func paramsOfAnotherShapeAreNamed(params: JSONValue?, path: JSONValue) async throws {
    let peers = try Peers(server: adding())
    let failure = await #expect(throws: CallFailure.self) {
      try await peers.client.call("math/add", params, within: nil)
    }
    guard case .refused(let error)? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(error.code == -32602 && error.data == ["path": path])
    _ = await peers.end()
  }

  @Test func aResultThatHasNoJSONFormIsABug() async throws {
    var table = HandlerTable()
    table.serve(Add.self) { _, _ throws(WireError) in Add.Result(sum: .infinity) }
    let peers = try Peers(server: table)
    let message = "the result of math/add can't be written: /sum: inf has no JSON form"
    await #expect(throws: CallFailure.refused(.internalError(message))) {
      try await peers.client.call("math/add", ["left": 1], within: nil)
    }
    _ = await peers.end()
  }

  @Test func aResultOfAnotherShapeIsNamed() async throws {
    var table = HandlerTable()
    table.onRequest("math/add", .serial) { _, _ in ["sum": "three"] }
    let peers = try Peers(server: table)
    let reason = JSONDecodingFailure.Reason.mismatch(expected: "a number", found: "a string")
    await #expect(throws: CallFailure.malformedResult(JSONDecodingFailure(pointer: "/result/sum", reason: reason))) {
      try await peers.client.call(Add.self, Add.Params(left: 1), within: nil)
    }
    _ = await peers.end()
  }

  @Test func aHandlerCanAskThePeerAndIsNotBehindTheQueue() async throws {
    var table = HandlerTable()
    table.onRequest("ask", .serial) { params, context throws(WireError) in
      do throws(CallFailure) {
        return try await context.connection.call("confirm", params, within: nil)
      } catch { throw .internalError("\(error)") }
    }
    var clientTable = HandlerTable()
    clientTable.onRequest("confirm", .serial) { params, _ in ["confirmed": params ?? .null] }
    let peers = try Peers(server: table, client: clientTable)
    let first = peers.client.begin("ask", [1])
    let second = peers.client.begin("ask", [2])
    #expect(try await second.answer(within: nil) == ["confirmed": [2]])
    #expect(try await first.answer(within: nil) == ["confirmed": [1]])
    _ = await peers.end()
  }

  @Test func aCallThatTakesTooLongIsCancelledAtThePeer() async throws {
    let journal = Journal()
    var table = HandlerTable()
    table.onRequest("wait", .serial) { _, _ in
      await journal.note("started")
      await Barrier().wait()
      await journal.note("cancelled")
      return .null
    }
    let peers = try Peers(server: table)
    let call = peers.client.begin("wait")
    await journal.wait(for: 1)
    await #expect(throws: CallFailure.timedOut) { try await call.answer(within: .zero) }
    await journal.wait(for: 2)
    _ = await peers.end()
  }

  @Test func cancellingTheTaskCancelsTheCall() async throws {
    let journal = Journal()
    var table = HandlerTable()
    table.onRequest("wait", .serial) { _, _ in
      await journal.note("started")
      await Barrier().wait()
      await journal.note("cancelled")
      return .null
    }
    let peers = try Peers(server: table)
    let task = Task { () async throws(CallFailure) in try await peers.client.call("wait", within: nil) }
    await journal.wait(for: 1)
    task.cancel()
    await #expect(throws: CallFailure.cancelled) { try await task.value }
    await journal.wait(for: 2)
    _ = await peers.end()
  }

  @Test func whatWaitsForAnAnswerFailsWhenThePeerGoes() async throws {
    let peer = try RawPeer(HandlerTable())
    let call = peer.connection.begin("ask")
    guard case .request(RequestID(1), "ask", nil)? = await peer.next() else {
      Issue.record("the request didn't go out")
      return
    }
    try peer.closeInput()
    await #expect(throws: CallFailure.closed) { try await call.answer(within: nil) }
  }

  @Test func notificationsReachTheirHandler() async throws {
    let journal = Journal()
    var table = HandlerTable()
    table.onNotification("said", .serial) { params, _ in await journal.note(params?["text"]?.stringValue ?? "") }
    let peers = try Peers(server: table)
    try peers.client.notify(Said.self, Said.Params(text: "hello"))
    _ = await peers.end()
    #expect(await journal.entries == ["hello"])
  }
}
