import Foundation
import IonJSON
import Testing

@testable import IonRPC

@Suite struct ConnectionLimitTests {
  @Test func tooManyRequestsAreRefusedWhileCancelsStillArrive() async throws {
    let barrier = Barrier()
    var table = HandlerTable()
    table.onRequest("wait", .serial) { _, _ in
      await barrier.wait()
      return .null
    }
    table.onRequest("status", .immediate) { _, _ in "alive" }
    var limits = ConnectionLimits.patient
    limits.requests = 3
    let peer = try RawPeer(table, limits: limits)
    try peer.send(RawPeer.request(1, "wait"), RawPeer.request(2, "wait"), RawPeer.request(3, "wait"))
    try peer.send(RawPeer.request(4, "wait"), RawPeer.request(5, "status"))
    let refused = await peer.next()
    #expect(refused?.answeredID == "4" && refused?.error?.code == -32803)
    #expect(refused?.error?.data == ["kind": "serverBusy", "retryable": true])
    #expect(await peer.next()?.result == "alive")
    try peer.send(RawPeer.cancel(2), RawPeer.request(6, "wait"))
    #expect(await peer.next()?.answeredID == "2")
    barrier.open()
    #expect(await peer.rest(3).map(\.answeredID) == ["1", "3", "6"])
  }

  @Test func theDefaultIs256Requests() {
    #expect(ConnectionLimits().requests == 256)
    #expect(ConnectionLimits().backlog == Backlog(bytes: 8 * 1024 * 1024, messages: 2000))
  }

  @Test func anIDInFlightCanNotBeTakenAgain() async throws {
    let barrier = Barrier()
    var table = HandlerTable()
    table.onRequest("wait", .concurrent) { _, _ in
      await barrier.wait()
      return "first"
    }
    let peer = try RawPeer(table)
    try peer.send(RawPeer.request(1, "wait"), RawPeer.request(1, "wait"))
    #expect(await peer.next()?.error?.code == -32600)
    barrier.open()
    #expect(await peer.next()?.result == "first")
    try peer.send(RawPeer.request(1, "wait"))
    #expect(await peer.next()?.result == "first", "an answered id is free again")
  }

  /// Whoever takes the messages sees that never more than the limit and one read are in flight.
  @Test func readingWaitsWhileTooManyBytesAreInFlight() async throws {
    var limits = ConnectionLimits.patient
    limits.inboundBytes = 100_000
    let pipe = Pipe()
    let (stream, sink) = AsyncStream<Inbound>.makeStream()
    let transport = DescriptorPair(
      input: dup(pipe.fileHandleForReading.fileDescriptor), output: dup(pipe.fileHandleForReading.fileDescriptor),
      framing: .contentLength)
    let reader = try InboundReader(transport, limits: limits, logger: quietLogger, sink: sink)
    reader.start()
    let frame = RawPeer.frame(RawPeer.notification("n", "[\"\(String(repeating: "x", count: 1000))\"]"))
    let writer = pipe.fileHandleForWriting
    Thread.detachNewThread {
      for _ in 0..<1000 { writer.write(Data(frame)) }
      writer.closeFile()
    }
    var inFlight = 0
    var total = 0
    for await item in stream {
      guard case .messages(let messages) = item else { break }
      total += messages.count
      inFlight += messages.reduce(0) { $0 + $1.byteCount }
      #expect(inFlight <= limits.inboundBytes + 64 * 1024)
      guard inFlight >= limits.inboundBytes else { continue }
      reader.release(inFlight)
      inFlight = 0
    }
    #expect(total == 1000)
    reader.finish()
    close(transport.output)
  }

  @Test func messagesThatWaitHoldTheReaderAndLetItGoOn() async throws {
    let (barrier, journal) = (Barrier(), Journal())
    var table = HandlerTable()
    table.onRequest("block", .serial) { _, _ in
      await barrier.wait()
      return .null
    }
    table.onNotification("edit", .serial) { _, _ in await journal.note("edit") }
    var limits = ConnectionLimits.patient
    limits.inboundBytes = 1000
    let peer = try RawPeer(table, limits: limits)
    try peer.send(RawPeer.request(1, "block"))
    try peer.send(bytes: (0..<200).flatMap { _ in RawPeer.frame(RawPeer.notification("edit", "[\"0123456789\"]")) })
    try peer.closeInput()
    barrier.open()
    #expect(await peer.rest().count == 1)
    #expect(await journal.entries.count == 200)
  }
}
