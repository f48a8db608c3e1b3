import IonJSON
import Testing

@testable import IonRPC

@Suite struct ReplySlotTests {
  /// What went out of a slot, in order.
  private final class Said: Sendable {
    private let (stream, continuation) = AsyncStream<String>.makeStream()

    var sink: ReplySlot.Sink {
      ReplySlot.Sink(
        reply: { [continuation] id, result in
          switch result {
          case .success(let json): continuation.yield("\(id): \(json)")
          case .failure(let error): continuation.yield("\(id): \(error.code)")
          }
        },
        notify: { [continuation] notification in continuation.yield(notification.method) })
    }

    func all() async -> [String] {
      continuation.finish()
      return await stream.reduce(into: []) { $0.append($1) }
    }
  }

  @Test func whatIsHeldBackFollowsTheReply() async {
    let said = Said()
    let slot = ReplySlot(RequestID(1), sink: said.sink)
    slot.notify(OutgoingNotification("first"))
    slot.afterReply { said.sink.notify(OutgoingNotification("action")) }
    slot.notify(OutgoingNotification("second"))
    #expect(slot.isOpen)
    slot.answer(.success(true))
    #expect(!slot.isOpen)
    slot.notify(OutgoingNotification("third"))
    slot.afterReply { said.sink.notify(OutgoingNotification("late action")) }
    #expect(await said.all() == ["1: true", "first", "second", "action", "third", "late action"])
  }

  @Test func aSlotThatIsDroppedAnswersByItself() async {
    let said = Said()
    do { _ = ReplySlot(RequestID("x"), sink: said.sink) }
    #expect(await said.all() == ["\"x\": -32603"])
  }

  @Test func aReplyAfterTheSlotWasGivenUpGoesNowhere() async {
    let said = Said()
    let slot = ReplySlot(RequestID(1), sink: said.sink)
    slot.abandon(.connectionClosing)
    slot.answer(.success(1))
    slot.abandon(.connectionClosing)
    #expect(await said.all() == ["1: -32803"])
  }

  @Test func aSecondReplyIsABug() async {
    await #expect(processExitsWith: .failure) {
      let slot = ReplySlot(RequestID(1), sink: ReplySlot.Sink(reply: { _, _ in }, notify: { _ in }))
      slot.answer(.success(1))
      slot.answer(.success(2))
    }
  }

  @Test(arguments: 0..<20) func aNotificationThatRacesWithTheReplyComesAfterIt(round: Int) async {
    let said = Said()
    let slot = ReplySlot(RequestID(1), sink: said.sink)
    await withTaskGroup { group in
      for number in 0..<8 { group.addTask { slot.notify(OutgoingNotification("n\(number)")) } }
      group.addTask { slot.answer(.success(nil)) }
    }
    let all = await said.all()
    #expect(all.first == "1: null" && all.count == 9)
  }
}
