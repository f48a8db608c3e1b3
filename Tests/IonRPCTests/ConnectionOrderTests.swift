import IonJSON
import IonRPC
import Testing

@Suite struct ConnectionOrderTests {
  @Test func serialMessagesAreHandledInTheOrderOfArrival() async throws {
    let journal = Journal()
    var table = HandlerTable()
    table.onRequest("write", .serial) { params, _ in
      await journal.note("write \(params ?? .null)")
      return .null
    }
    table.onNotification("edit", .serial) { params, _ in await journal.note("edit \(params ?? .null)") }
    let peer = try RawPeer(table)
    let frames = (0..<50).flatMap {
      RawPeer.frame(RawPeer.request($0, "write", "[\($0)]")) + RawPeer.frame(RawPeer.notification("edit", "[\($0)]"))
    }
    try peer.send(bytes: frames)
    try peer.closeInput()
    #expect(await peer.rest().map(\.answeredID) == (0..<50).map(String.init))
    #expect(await journal.entries == (0..<50).flatMap { ["write [\($0)]", "edit [\($0)]"] })
  }

  @Test func concurrentRequestsOverlap() async throws {
    let barrier = Barrier()
    var table = HandlerTable()
    table.onRequest("wait", .concurrent) { _, _ in
      await barrier.wait()
      return "waited"
    }
    table.onRequest("open", .concurrent) { _, _ in
      barrier.open()
      return "opened"
    }
    let peer = try RawPeer(table)
    try peer.send(RawPeer.request(1, "wait"), RawPeer.request(2, "open"))
    #expect(await peer.rest(2).map(\.answeredID).sorted() == ["1", "2"])
  }

  @Test func readsWaitForEarlierWritesAndWritesForNoRead() async throws {
    let (journal, longPoll, writing) = (Journal(), Barrier(), Barrier())
    var table = HandlerTable()
    table.onRequest("poll", .concurrent) { _, _ in
      await longPoll.wait()
      return .null
    }
    table.onRequest("write", .serial) { _, _ in
      await journal.note("write")
      await writing.wait()
      await journal.note("written")
      return .null
    }
    table.onRequest("read", .concurrent) { _, _ in
      await journal.note("read")
      return .null
    }
    table.onRequest("ping", .immediate) { _, _ in .null }
    let peer = try RawPeer(table)
    try peer.send(
      RawPeer.request(1, "poll"), RawPeer.request(2, "write"), RawPeer.request(3, "read"), RawPeer.request(4, "ping"))
    #expect(await peer.next()?.answeredID == "4", "an immediate request overtakes the queue")
    await journal.wait(for: 1)
    writing.open()
    #expect(await peer.rest(2).map(\.answeredID) == ["2", "3"])
    longPoll.open()
    #expect(await peer.next()?.answeredID == "1")
    #expect(await journal.entries == ["write", "written", "read"])
  }

  @Test func aReplyPrecedesWhatItsHandlerCaused() async throws {
    var table = HandlerTable()
    table.onRequest("execute", .serial) { _, context in
      context.afterReply { context.connection.notify("fromAfterReply") }
      context.notify("held", ["number": 1])
      context.notify(OutgoingNotification("held", ["number": 2]))
      context.connection.notify("progress")
      return "started"
    }
    let peer = try RawPeer(table)
    try peer.send(RawPeer.request(1, "execute"))
    let messages = await peer.rest(5)
    #expect(messages.map { $0.method ?? $0.answeredID } == ["progress", "1", "held", "held", "fromAfterReply"])
    #expect(messages[2] == .notification(method: "held", params: ["number": 1]))
  }

  /// The life cycle as a gate: what it sees and in which order.
  @Test func theGateSeesMessagesInOrderAndDecides() async throws {
    let seen = AsyncStream<String>.makeStream()
    var table = HandlerTable()
    table.onRequest("initialize", .serial) { _, _ in "ready" }
    table.onRequest("work", .concurrent) { _, _ in "done" }
    table.gate = { message in
      seen.continuation.yield(message.method)
      switch (message.method, message.id) {
      case ("early", _?): return .refuse(.serverNotInitialized)
      case ("early", nil): return .refuse(.serverNotInitialized)
      case ("exit", _): return .end
      default: return .pass
      }
    }
    let peer = try RawPeer(table)
    try peer.send(
      RawPeer.request(1, "early"), RawPeer.notification("early"), RawPeer.request(2, "initialize"),
      RawPeer.cancel(77), RawPeer.request(3, "work"), RawPeer.notification("exit"), RawPeer.request(4, "work"))
    let replies = await peer.rest()
    #expect(replies.map(\.answeredID) == ["1", "2", "3"])
    #expect(replies[0].error?.code == -32002)
    #expect(await peer.reason() == .ended)
    seen.continuation.finish()
    #expect(await seen.stream.reduce(into: []) { $0.append($1) } == ["early", "early", "initialize", "work", "exit"])
  }
}

extension RawPeer {
  /// The next messages, as many as asked for.
  func rest(_ count: Int) async -> [Message] {
    var messages: [Message] = []
    while messages.count < count, let message = await next() { messages.append(message) }
    return messages
  }
}
