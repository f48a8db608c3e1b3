import IonJSON
import IonRPC
import Testing

@Suite struct ConnectionCancelTests {
  /// A table whose `wait` waits for its cancellation; `started` tells when.
  private func waiting(_ journal: Journal, _ ordering: Ordering = .serial) -> HandlerTable {
    var table = HandlerTable()
    table.onRequest("wait", ordering) { params, _ throws(WireError) in
      await journal.note("started")
      await Barrier().wait()
      if params?["returns"] == true { return "a result after all" }
      throw params?["throws"] == "cancelled" ? .requestCancelled : WireError(code: -32803, message: "own error")
    }
    table.onRequest("ping", .immediate) { _, _ in .null }
    return table
  }

  @Test(arguments: [#"{"throws":"cancelled"}"#, "{}"]) func aCancelledRequestIsAnsweredSo(params: String) async throws {
    let journal = Journal()
    let peer = try RawPeer(waiting(journal))
    try peer.send(RawPeer.request(1, "wait", params))
    await journal.wait(for: 1)
    try peer.send(RawPeer.cancel(1))
    #expect(await peer.next()?.error == .requestCancelled)
  }

  @Test func aResultThatCameInSpiteOfTheCancelIsGiven() async throws {
    let journal = Journal()
    let peer = try RawPeer(waiting(journal))
    try peer.send(RawPeer.request(1, "wait", #"{"returns":true}"#))
    await journal.wait(for: 1)
    try peer.send(RawPeer.cancel(1))
    #expect(await peer.next()?.result == "a result after all")
  }

  @Test func aCancelOvertakesTheQueueAndItsRequestNeverRuns() async throws {
    let journal = Journal()
    let peer = try RawPeer(waiting(journal))
    try peer.send(
      RawPeer.request(1, "wait"), RawPeer.request(2, "wait"), RawPeer.request(3, "wait"), RawPeer.cancel(2),
      RawPeer.cancel(3))
    let cancelled = await peer.rest(2)
    #expect(cancelled.map(\.answeredID) == ["2", "3"])
    #expect(cancelled.allSatisfy { $0.error == .requestCancelled })
    try peer.send(RawPeer.cancel(1))
    #expect(await peer.next()?.answeredID == "1")
    try peer.closeInput()
    #expect(await peer.rest().isEmpty)
    #expect(await journal.entries == ["started"])
  }

  @Test func aCancelThatNamesNoRequestInFlightIsIgnored() async throws {
    let peer = try RawPeer(waiting(Journal()))
    try peer.send(RawPeer.request(1, "ping"))
    #expect(await peer.next()?.answeredID == "1")
    try peer.send(
      RawPeer.cancel(1), RawPeer.cancel(9), RawPeer.notification("$/cancelRequest", "[]"),
      RawPeer.notification("$/cancelRequest", #"{"id":null}"#), RawPeer.request(2, "ping"))
    #expect(await peer.next()?.answeredID == "2")
  }

  @Test func theIDsTypeIsPartOfIt() async throws {
    let journal = Journal()
    let peer = try RawPeer(waiting(journal))
    try peer.send(
      RawPeer.request(1, "wait"), RawPeer.notification("$/cancelRequest", #"{"id":"1"}"#), RawPeer.request(2, "ping"))
    #expect(await peer.next()?.answeredID == "2")
    await journal.wait(for: 1)
    try peer.send(RawPeer.cancel(1))
    #expect(await peer.next()?.answeredID == "1")
  }

  @Test func nobodyIsToldOfACancelThatNobodyAskedFor() async throws {
    var table = HandlerTable()
    table.onRequest("odd", .concurrent) { _, _ throws(WireError) in throw .requestCancelled }
    let peer = try RawPeer(table)
    try peer.send(RawPeer.request(1, "odd"))
    let error = await peer.next()?.error
    #expect(error?.code == -32803 && error?.data?["retryable"] == true)
  }
}
