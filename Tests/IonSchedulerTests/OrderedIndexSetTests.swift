import Testing

@testable import IonScheduler

@Suite struct OrderedIndexSetTests {
  @Test(arguments: [1, 63, 64, 65, 4096, 4097, 300_000]) func behavesLikeASortedSet(bound: Int) {
    var dice = SeededDice(seed: UInt64(bound))
    var set = OrderedIndexSet(bound: bound)
    var expected: Set<Int> = []
    for round in 0..<600 {
      let index = Int.random(in: 0..<bound, using: &dice)
      if Bool.random(using: &dice) {
        set.insert(index)
        expected.insert(index)
      } else {
        let victim = round % 3 == 0 ? index : expected.min() ?? index
        set.remove(victim)
        expected.remove(victim)
      }
      #expect(set.count == expected.count)
      #expect(set.first == expected.min())
      #expect(set.contains(index) == expected.contains(index))
    }
    #expect(set.members == expected.sorted())
  }

  @Test(arguments: [0, 1, 63, 64, 65, 4095, 4096, 262_144]) func growsAsIfItHadAlwaysBeenSoLarge(start: Int) {
    var dice = SeededDice(seed: UInt64(start))
    var grown = OrderedIndexSet(bound: start)
    var bound = start
    var members: Set<Int> = []
    for step in [1, 1, 62, 1, 64, 4_000, 5_000, 300_000] {
      if bound > 0 { for _ in 0..<3 { members.insert(.random(in: 0..<bound, using: &dice)) } }
      for index in members { grown.insert(index) }
      bound += step
      grown.grow(to: bound)
      members.insert(bound - 1)
      grown.insert(bound - 1)
      var large = OrderedIndexSet(bound: bound)
      for index in members { large.insert(index) }
      #expect(grown == large)
      #expect(grown.members == members.sorted())
    }
  }

  @Test func theWayItWasFilledLeavesNoTrace() {
    var forward = OrderedIndexSet(bound: 5000)
    var backward = OrderedIndexSet(bound: 5000)
    for index in stride(from: 0, to: 5000, by: 7) { forward.insert(index) }
    for index in stride(from: 0, to: 5000, by: 7).reversed() { backward.insert(index) }
    backward.insert(1)
    backward.remove(1)
    #expect(forward == backward)
  }

  @Test func anEmptySetHasNothing() {
    let set = OrderedIndexSet(bound: 0)
    #expect(set.isEmpty && set.first == nil && set.members.isEmpty)
  }
}
