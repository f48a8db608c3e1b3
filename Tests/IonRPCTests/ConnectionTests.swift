import IonJSON
import IonRPC
import Testing

@Suite struct ConnectionTests {
  @Test func aRequestIsAnsweredWithItsResult() async throws {
    var table = HandlerTable()
    table.onRequest("echo", .concurrent) { params, _ in params ?? .null }
    let peers = try Peers(server: table)
    #expect(try await peers.client.call("echo", ["a": 1], within: nil) == ["a": 1])
    await #expect(throws: CallFailure.refused(.methodNotFound("$/none"))) {
      try await peers.client.call("$/none", within: nil)
    }
    let ends = await peers.end()
    #expect(ends.server == .endOfInput && ends.client == .closed)
  }
}
