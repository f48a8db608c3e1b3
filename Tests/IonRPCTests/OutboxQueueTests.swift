import IonJSON
import Testing

@testable import IonRPC

@Suite struct OutboxQueueTests {
  private func put(_ queue: inout OutboxQueue, _ key: String, _ params: JSONValue, merge: Merge? = nil) {
    let notification = OutgoingNotification("n", params, policy: .latest(key: key, merge: merge))
    queue.put(notification, key: key, merge: merge, framing: .lines)
  }

  private func drain(_ queue: inout OutboxQueue) -> [String] {
    var texts: [String] = []
    while let frame = queue.next() {
      queue.sent(frame)
      texts.append(String(decoding: frame.dropLast(), as: UTF8.self))
    }
    #expect(queue.backlog == Backlog(bytes: 0, messages: 0) && queue.isEmpty)
    return texts
  }

  private func text(_ params: String) -> String { #"{"jsonrpc":"2.0","method":"n","params":"# + params + "}" }

  @Test func framesLeaveInOrder() {
    var queue = OutboxQueue()
    for number in 0..<5 { queue.append(Array("\(number)\n".utf8)) }
    #expect(queue.backlog == Backlog(bytes: 10, messages: 5))
    #expect(drain(&queue) == ["0", "1", "2", "3", "4"])
  }

  @Test func theNewestOfAKeyStandsInTheWaitingOnesPlace() {
    var queue = OutboxQueue()
    put(&queue, "a", [1])
    queue.append(Array("x\n".utf8))
    put(&queue, "b", [2])
    put(&queue, "a", [333])
    #expect(queue.backlog.messages == 3)
    #expect(drain(&queue) == [text("[333]"), "x", text("[2]")])
  }

  @Test func aMergeSeesBothAndMayKeepThemApart() {
    var queue = OutboxQueue()
    let join: Merge = { waiting, newer in
      let all = (waiting?.arrayValue ?? []) + (newer?.arrayValue ?? [])
      return all.count <= 3 ? .replaced(.array(all)) : .separate
    }
    for number in 1...5 { put(&queue, "a", [.integer(Int64(number))], merge: join) }
    #expect(drain(&queue) == [text("[1,2,3]"), text("[4,5]")])
  }

  @Test func whatIsBeingWrittenIsNotReplaced() {
    var queue = OutboxQueue()
    put(&queue, "a", [1])
    let first = queue.next()
    put(&queue, "a", [2])
    #expect(queue.backlog.messages == 2, "the one being written still counts")
    if let first { queue.sent(first) }
    #expect(drain(&queue) == [text("[2]")])
  }

  @Test func keysAreComparedByBytes() {
    var queue = OutboxQueue()
    put(&queue, "\u{E9}", [1])
    put(&queue, "e\u{301}", [2])
    #expect(drain(&queue) == [text("[1]"), text("[2]")])
  }

  /// Against a plain list of what waits.
  @Test(arguments: 0..<100) func anyUseGivesWhatAListWould(seed: Int) {
    var generator = SplitMix(seed)
    var queue = OutboxQueue()
    var model: [(key: String?, text: String)] = []
    var given: [String] = []
    var expected: [String] = []
    for number in 0..<80 {
      switch Int.random(in: 0..<4, using: &generator) {
      case 0:
        guard let frame = queue.next() else { continue }
        queue.sent(frame)
        given.append(String(decoding: frame.dropLast(), as: UTF8.self))
        expected.append(model.removeFirst().text)
      case 1:
        queue.append(Array("plain \(number)\n".utf8))
        model.append((nil, "plain \(number)"))
      default:
        let key = "k\(Int.random(in: 0..<4, using: &generator))"
        put(&queue, key, [.integer(Int64(number))])
        if let place = model.firstIndex(where: { $0.key == key }) {
          model[place].text = text("[\(number)]")
        } else {
          model.append((key, text("[\(number)]")))
        }
      }
      let bytes = model.reduce(0) { $0 + $1.text.utf8.count + 1 }
      #expect(queue.backlog == Backlog(bytes: bytes, messages: model.count))
    }
    #expect(given + drain(&queue) == expected + model.map(\.text))
  }
}
