import IonJSON
import IonRPC
import Testing

@Suite struct ConnectionBackPressureTests {
  /// The peer begins to read only after everything was said: a pipe's worth is written, the rest waits.
  @Test func durableMessagesWaitForASlowReaderInOrder() async throws {
    let peer = try RawPeer(HandlerTable())
    let filler = JSONValue.string(String(repeating: "x", count: 1000))
    for number in 0..<5000 { peer.connection.notify("event", [.integer(Int64(number)), filler]) }
    #expect(peer.connection.isBackedUp)
    #expect(peer.connection.backlog.messages > 2000)
    for number in 0..<5000 {
      let expected = Message.notification(method: "event", params: [.integer(Int64(number)), filler])
      guard await peer.next() != expected else { continue }
      Issue.record("event \(number) is missing or out of order")
      return
    }
    await peer.connection.waitUntilDrained()
    #expect(!peer.connection.isBackedUp)
  }

  @Test func latestWinsMessagesDoNotPileUp() async throws {
    let peer = try RawPeer(HandlerTable())
    let filler = JSONValue.string(String(repeating: "x", count: 1000))
    for _ in 0..<200 { peer.connection.notify("filler", [filler]) }
    for number in 0..<10_000 {
      let policy = OutgoingNotification.Policy.latest(key: "progress/\(number % 2)", merge: nil)
      peer.connection.send(OutgoingNotification("progress", [.integer(Int64(number))], policy: policy))
    }
    #expect(peer.connection.backlog.messages <= 202)
    peer.connection.notify("end")
    var progress: [JSONValue?] = []
    while let message = await peer.next(), message.method != "end" {
      if case .notification("progress", let params) = message { progress.append(params) }
    }
    #expect(Array(progress.suffix(2)) == [[9998], [9999]])
  }

  @Test func whoWaitsForTheDrainIsToldAtTheEndToo() async throws {
    var limits = ConnectionLimits.patient
    limits.flushTime = .zero
    let peer = try RawPeer(HandlerTable(), limits: limits)
    peer.connection.notify("large", [.string(String(repeating: "x", count: 10 << 20))])
    #expect(peer.connection.isBackedUp)
    let connection = peer.connection
    async let drained: Void = connection.waitUntilDrained()
    try peer.closeInput()
    #expect(await peer.reason() == .endOfInput)
    try peer.closeOutput()
    await drained
  }

  @Test func repliesPassASlowReaderUnharmed() async throws {
    var table = HandlerTable()
    table.onRequest("large", .serial) { _, _ in .string(String(repeating: "y", count: 300_000)) }
    let peer = try RawPeer(table)
    for id in 0..<10 { try peer.send(RawPeer.request(id, "large")) }
    try peer.send(RawPeer.request(10, "none"))
    let replies = await peer.rest(11)
    #expect(Set(replies.map(\.answeredID)).count == 11)
    #expect(replies.compactMap(\.result?.stringValue?.utf8.count) == Array(repeating: 300_000, count: 10))
  }
}
