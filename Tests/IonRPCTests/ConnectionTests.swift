import IonJSON
import IonRPC
import Testing

@Suite struct ConnectionTests {
  private func echo() -> HandlerTable {
    var table = HandlerTable()
    table.onRequest("echo", .concurrent) { params, _ in params ?? .null }
    return table
  }

  @Test(arguments: [Framing.contentLength, .lines]) func aRequestIsAnsweredWithItsResult(framing: Framing) async throws
  {
    let peers = try Peers(framing: framing, server: echo())
    #expect(try await peers.client.call("echo", ["a": 1], within: nil) == ["a": 1])
    #expect(try await peers.client.call("echo", within: nil) == .null)
    let ends = await peers.end()
    #expect(ends.server == .endOfInput && ends.client == .closed)
  }

  @Test func anUnknownRequestIsRefusedAndAnUnknownNotificationIgnored() async throws {
    let peer = try RawPeer(echo())
    try peer.send(RawPeer.notification("$/none"), RawPeer.request(1, "$/none"), RawPeer.notification("none"))
    try peer.send(RawPeer.request(2, "none"), RawPeer.request(3, "echo"))
    try peer.closeInput()
    let replies = await peer.rest().sorted { $0.answeredID < $1.answeredID }
    #expect(replies.map(\.error?.code) == [-32601, -32601, nil])
    #expect(replies.map(\.answeredID) == ["1", "2", "3"])
  }

  @Test func idsAreEchoedWithTypeAndValue() async throws {
    let peer = try RawPeer(echo())
    let ids = ["7", "\"7\"", "-9223372036854775808", "123456789012345678901234567890", "\"\"", "0"]
    for id in ids { try peer.send(#"{"jsonrpc":"2.0","id":\#(id),"method":"echo"}"#) }
    try peer.closeInput()
    #expect(await peer.rest().map(\.answeredID).sorted() == ids.sorted())
  }

  /// What is wrong with one message is answered, and the next is served.
  @Test(arguments: MessageTests.refused) func aRefusedMessageLeavesTheStreamInStep(
    body: String, id: RequestID?, code: Int
  ) async throws {
    let peer = try RawPeer(echo())
    try peer.send(body, RawPeer.request(99, "echo"))
    let first = await peer.next()
    // An empty body is no frame at all, and refused as such.
    guard case .response(let answered, .failure(let error)) = first else {
      Issue.record("got \(String(describing: first))")
      return
    }
    #expect(answered == id && error.code == code)
    #expect(await peer.next()?.answeredID == "99")
    try peer.closeInput()
    #expect(await peer.rest().isEmpty)
    #expect(await peer.reason() == .endOfInput)
  }

  @Test(arguments: FrameDecoderTests.fatal) func aLostStepIsAnsweredAndEndsTheConnection(row: FramingRow) async throws {
    var limits = ConnectionLimits.patient
    limits.frame = FrameDecoderTests.limits
    let peer = try RawPeer(echo(), limits: limits)
    try peer.send(bytes: RawPeer.frame(RawPeer.request(1, "echo")) + row.bytes)
    let replies = await peer.rest()
    #expect(replies.map(\.answeredID).sorted() == ["-", "1"])
    #expect(replies.compactMap(\.error?.code) == [-32700])
    guard case .fault(let fault)? = row.outputs.first else { return }
    #expect(await peer.reason() == .desynchronised(fault))
  }

  @Test func aResponseNobodyWaitsForIsIgnored() async throws {
    let peer = try RawPeer(echo())
    try peer.send(
      #"{"jsonrpc":"2.0","id":5,"result":1}"#, #"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":""}}"#)
    try peer.send(RawPeer.request(1, "echo"))
    #expect(await peer.next()?.answeredID == "1")
    try peer.closeInput()
    #expect(await peer.rest().isEmpty)
  }

  @Test func linesThatAreNoMessagesAreNoise() async throws {
    let peer = try RawPeer(echo(), framing: .lines)
    let lines = [
      "", "starting up…", "[1]", "  ", "{", "3", RawPeer.request(1, "echo") + "\r", RawPeer.request(2, "none"),
    ]
    try peer.send(bytes: Array(lines.map { $0 + "\n" }.joined().utf8) + [0xFF, 0x0A])
    try peer.closeInput()
    #expect(await peer.reason() == .endOfInput)
  }

  @Test func manyMessagesInOneWriteAreAllServed() async throws {
    let peer = try RawPeer(echo())
    try peer.send(bytes: (0..<200).flatMap { RawPeer.frame(RawPeer.request($0, "echo", "[\($0)]")) })
    try peer.closeInput()
    let replies = await peer.rest()
    #expect(Set(replies.map(\.answeredID)).count == 200)
    #expect(replies.allSatisfy { "[\($0.answeredID)]" == $0.result?.description })
  }

  @Test func bytesThatArriveOneByOneAreServed() async throws {
    let peer = try RawPeer(echo())
    for byte in RawPeer.frame(RawPeer.request(1, "echo", #"{"é":"\ud83d\ude39"}"#)) { try peer.send(bytes: [byte]) }
    #expect(await peer.next()?.result == ["é": "😹"])
  }

  /// Whatever comes: the connection ends, and all it said were messages.
  @Test(arguments: 0..<150) func noInputCrashesOrHangsIt(seed: Int) async throws {
    var generator = SplitMix(seed)
    var bytes: [UInt8] = []
    for number in 0..<8 {
      let texts = [
        RawPeer.request(number, "echo"), RawPeer.notification("x"), RawPeer.cancel(1), #"{"id":1,"result":1}"#,
      ]
      bytes += RawPeer.frame(texts.randomElement(using: &generator) ?? "")
    }
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes.remove(at: place)
      default: bytes.insert(contentsOf: (0..<5).map { _ in UInt8.random(in: 0...255, using: &generator) }, at: place)
      }
    }
    let peer = try RawPeer(echo())
    try peer.send(bytes: bytes)
    try peer.closeInput()
    for reply in await peer.rest() {
      if case .response = reply { continue }
      Issue.record("said \(reply)")
    }
    switch await peer.reason() {
    case .endOfInput, .desynchronised: break
    case let other: Issue.record("ended by \(other)")
    }
  }
}
