import Testing

@testable import IonRPC

/// Lanes that `#expect` can change.
private final class LanesUnderTest {
  private var lanes = Lanes()

  func arrived(_ ticket: Int, _ ordering: Ordering) -> Bool { lanes.arrived(ticket, ordering) }
  func ended(_ ticket: Int) -> [Int] { lanes.ended(ticket) }
  func withdraw(_ ticket: Int) -> Bool { lanes.withdraw(ticket) }
}

@Suite struct LanesTests {
  @Test func serialMessagesRunOneAfterTheOther() {
    let lanes = LanesUnderTest()
    #expect(lanes.arrived(1, .serial))
    #expect(!lanes.arrived(2, .serial))
    #expect(!lanes.arrived(3, .serial))
    #expect(lanes.ended(1) == [2])
    #expect(lanes.ended(2) == [3])
    #expect(lanes.ended(3) == [])
    #expect(lanes.arrived(4, .serial))
  }

  @Test func concurrentMessagesWaitForEarlierSerialOnesAlone() {
    let lanes = LanesUnderTest()
    #expect(lanes.arrived(1, .concurrent))
    #expect(lanes.arrived(2, .serial))
    #expect(!lanes.arrived(3, .concurrent))
    #expect(!lanes.arrived(4, .concurrent))
    #expect(!lanes.arrived(5, .serial))
    #expect(!lanes.arrived(6, .concurrent))
    #expect(lanes.ended(1) == [])
    #expect(lanes.ended(2) == [3, 4, 5])
    #expect(lanes.ended(5) == [6])
  }

  @Test func immediateMessagesNeverWait() {
    let lanes = LanesUnderTest()
    #expect(lanes.arrived(1, .serial))
    #expect(lanes.arrived(2, .immediate))
    #expect(lanes.ended(2) == [])
  }

  @Test func aWithdrawnMessageNeverStarts() {
    let lanes = LanesUnderTest()
    #expect(lanes.arrived(1, .serial))
    #expect(!lanes.arrived(2, .serial))
    #expect(!lanes.arrived(3, .concurrent))
    #expect(lanes.withdraw(2))
    #expect(!lanes.withdraw(2) && !lanes.withdraw(1))
    #expect(lanes.ended(1) == [3])
    #expect(lanes.arrived(4, .serial))
  }

  /// Random arrivals, ends and withdrawals: each starts once, in order, and never beside a serial one before it.
  @Test(arguments: 0..<300) func anyHistoryKeepsTheRules(seed: Int) {
    var generator = SplitMix(seed)
    let lanes = LanesUnderTest()
    var running: [Int: Ordering] = [:]
    var waiting: [Int: Ordering] = [:]
    func start(_ tickets: [Int]) {
      for ticket in tickets {
        let ordering = waiting.removeValue(forKey: ticket)
        #expect(ordering != nil, "\(ticket) didn't wait")
        #expect(
          !running.contains { $0.value == .serial && $0.key < ticket }, "\(ticket) began before a serial one ended")
        #expect(!waiting.contains { $0.value == .serial && $0.key < ticket }, "\(ticket) overtook a serial one")
        running[ticket] = ordering
      }
      #expect(running.values.filter { $0 == .serial }.count <= 1)
    }
    for ticket in 1...60 {
      switch Int.random(in: 0..<5, using: &generator) {
      case 0, 1:
        guard let ended = running.keys.sorted().randomElement(using: &generator) else { continue }
        running[ended] = nil
        start(lanes.ended(ended))
      case 2:
        guard let withdrawn = waiting.keys.sorted().randomElement(using: &generator) else { continue }
        #expect(lanes.withdraw(withdrawn))
        waiting[withdrawn] = nil
      default:
        let ordering: Ordering = Bool.random(using: &generator) ? .serial : .concurrent
        waiting[ticket] = ordering
        if lanes.arrived(ticket, ordering) { start([ticket]) }
      }
    }
    while let ended = running.keys.sorted().randomElement(using: &generator) {
      running[ended] = nil
      start(lanes.ended(ended))
    }
    #expect(waiting.isEmpty, "everything starts in the end")
  }
}
