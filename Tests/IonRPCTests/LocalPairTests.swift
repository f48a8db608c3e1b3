import IonJSON
import IonRPC
import Testing

/// Two connections within one process, without text between them.
@Suite struct LocalPairTests {
  private func echo() -> HandlerTable {
    var table = HandlerTable()
    table.onRequest("echo", .concurrent) { params, _ in params ?? "none" }
    table.onRequest("told", .serial) { _, context in
      for number in 0..<100 { context.connection.notify("n\(number)") }
      return "told"
    }
    return table
  }

  @Test func requestsAreAnsweredBothWaysAndNullParamsAreNone() async throws {
    let peers = try Peers(over: Transport.localPair(), server: echo(), client: echo())
    #expect(try await peers.client.call("echo", ["a": [1, nil]], within: nil) == ["a": [1, nil]])
    #expect(try await peers.server.call("echo", ["b": 2.5], within: nil) == ["b": 2.5])
    #expect(try await peers.client.call("echo", .null, within: nil) == "none")
    await #expect(throws: CallFailure.self) { try await peers.client.call("nothing", within: nil) }
    let ends = await peers.end()
    #expect(ends.server == .endOfInput && ends.client == .closed)
  }

  @Test func whatIsToldBeforeAnAnswerArrivesBeforeIt() async throws {
    let (arrivals, sink) = AsyncStream<String>.makeStream()
    var client = HandlerTable()
    client.gate = { message in
      sink.yield(message.method)
      return .pass
    }
    let peers = try Peers(over: Transport.localPair(), server: echo(), client: client)
    #expect(try await peers.client.call("told", within: nil) == "told")
    sink.finish()
    var methods: [String] = []
    for await method in arrivals { methods.append(method) }
    #expect(methods == (0..<100).map { "n\($0)" })
    _ = await peers.end()
  }

  @Test func whatIsSentBeforeThePeerRunsWaitsForIt() async throws {
    let (ours, theirs) = Transport.localPair()
    let client = try Connection(ours, handlers: HandlerTable(), limits: .patient, logger: quietLogger)
    let clientEnd = Task { await client.run() }
    async let answer = client.call("echo", [7], within: nil)
    let server = try Connection(theirs, handlers: echo(), limits: .patient, logger: quietLogger)
    let serverEnd = Task { await server.run() }
    #expect(try await answer == [7])
    #expect(!client.isBackedUp && client.backlog == Backlog(bytes: 0, messages: 0))
    server.close()
    #expect(await serverEnd.value == .closed)
    #expect(await clientEnd.value == .endOfInput)
    await #expect(throws: CallFailure.closed) { try await client.call("echo", within: nil) }
  }
}
