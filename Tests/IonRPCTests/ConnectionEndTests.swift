import IonJSON
import IonRPC
import Testing

@Suite struct ConnectionEndTests {
  private func ping() -> HandlerTable {
    var table = HandlerTable()
    table.onRequest("ping", .serial) { params, _ in params ?? .null }
    return table
  }

  @Test func everythingIsAnsweredWhenThePeerWritesAndClosesAtOnce() async throws {
    for _ in 0..<20 {
      let peer = try RawPeer(ping())
      try peer.send(bytes: (0..<50).flatMap { RawPeer.frame(RawPeer.request($0, "ping")) })
      try peer.closeInput()
      #expect(await peer.rest().map(\.answeredID) == (0..<50).map(String.init))
      #expect(await peer.reason() == .endOfInput)
    }
  }

  @Test func anInputThatEndsAtOnceIsAnEnd() async throws {
    let peer = try RawPeer(ping())
    try peer.closeInput()
    #expect(await peer.rest().isEmpty)
    #expect(await peer.reason() == .endOfInput)
  }

  @Test func aMessageThatIsCutShortIsNotAnswered() async throws {
    let peer = try RawPeer(ping())
    try peer.send(bytes: Array(RawPeer.frame(RawPeer.request(1, "ping")).dropLast()))
    try peer.closeInput()
    #expect(await peer.rest().isEmpty)
    #expect(await peer.reason() == .endOfInput)
  }

  @Test func theEndOfTheInputIsToldOnceAndBeforeHandlersAreWaitedFor() async throws {
    let (barrier, journal) = (Barrier(), Journal())
    var table = HandlerTable()
    table.onRequest("wait", .serial) { _, _ in
      await journal.note("started")
      await barrier.wait()
      return "let go by the end of the input"
    }
    table.inputDidEnd = { reason in
      #expect(reason == .endOfInput)
      barrier.open()
    }
    let peer = try RawPeer(table)
    try peer.send(RawPeer.request(1, "wait"))
    await journal.wait(for: 1)
    try peer.closeInput()
    #expect(await peer.rest().map(\.result) == ["let go by the end of the input"])
  }

  @Test func whatDoesNotEndByItselfIsCancelledAndAnswered() async throws {
    let journal = Journal()
    var table = ping()
    table.onRequest("wait", .serial) { _, _ throws(WireError) in
      await journal.note("started")
      await Barrier().wait()
      throw .requestCancelled
    }
    var limits = ConnectionLimits.patient
    limits.drainTime = .zero
    let peer = try RawPeer(table, limits: limits)
    try peer.send(RawPeer.request(1, "wait"), RawPeer.request(2, "ping"))
    await journal.wait(for: 1)
    try peer.closeInput()
    let replies = await peer.rest()
    #expect(replies.map(\.answeredID).sorted() == ["1", "2"])
    #expect(replies.allSatisfy { $0.error?.data?["kind"] == "connectionClosing" })
  }

  @Test func aHandlerThatIgnoresItsCancellationIsGivenUp() async throws {
    let (journal, answered) = (Journal(), Barrier())
    var table = HandlerTable()
    table.onRequest("stubborn", .serial) { _, context in
      await journal.note("started")
      await Task { await answered.wait() }.value
      context.notify("tooLate")
      await journal.note("ended")
      return "too late"
    }
    var limits = ConnectionLimits.patient
    limits.drainTime = .zero
    limits.cancelTime = .zero
    let peer = try RawPeer(table, limits: limits)
    try peer.send(RawPeer.request(1, "stubborn"))
    await journal.wait(for: 1)
    try peer.closeInput()
    let replies = await peer.rest()
    #expect(replies.map(\.answeredID) == ["1"] && replies[0].error?.data?["kind"] == "connectionClosing")
    answered.open()
    await journal.wait(for: 2)
  }

  @Test func aPeerThatTakesNothingMoreEndsTheConnection() async throws {
    let peer = try RawPeer(ping())
    try peer.closeOutput()
    try peer.send(RawPeer.request(1, "ping"))
    #expect(await peer.reason() == .outputFailed(errorNumber: 32))
  }

  @Test func aPeerThatReadsNothingCanNotHoldUpTheEnd() async throws {
    var limits = ConnectionLimits.patient
    limits.flushTime = .zero
    let peer = try RawPeer(ping(), limits: limits)
    peer.connection.notify("large", [.string(String(repeating: "x", count: 1 << 20))])
    try peer.closeInput()
    #expect(await peer.reason() == .endOfInput)
  }

  @Test func aPeerThatLetsTooMuchWaitIsGivenUp() async throws {
    var limits = ConnectionLimits.patient
    limits.outboundBytes = 200_000
    limits.flushTime = .zero
    let peer = try RawPeer(ping(), limits: limits)
    for _ in 0..<20 { peer.connection.notify("n", [.string(String(repeating: "x", count: 20_000))]) }
    #expect(await peer.reason() == .outputOverflowed)
  }

  @Test func closingWritesWhatWasSentBefore() async throws {
    let peer = try RawPeer(ping())
    for number in 0..<100 { peer.connection.notify("n\(number)") }
    peer.connection.close()
    #expect(await peer.rest().map(\.method) == (0..<100).map { "n\($0)" })
    #expect(await peer.reason() == .closed)
    peer.connection.notify("into the void")
    await #expect(throws: CallFailure.closed) { try await peer.connection.call("ping", within: nil) }
  }

  @Test func aCancelledTaskStillFlushes() async throws {
    let (transport, other) = try Transport.pair()
    let connection = try Connection(transport, handlers: ping(), logger: quietLogger)
    let client = try Connection(other, handlers: ping(), logger: quietLogger)
    let clientEnd = Task { await client.run() }
    let end = Task { await connection.run() }
    #expect(try await client.call("ping", [1], within: nil) == [1])
    end.cancel()
    #expect(await end.value == .closed)
    #expect(await clientEnd.value == .endOfInput)
  }
}
