import IonScheduler
import Testing

/// Seeded random histories: small workflows with everything in them, cancels, crashes, resumes and nonsense in between.
@Suite struct RunFuzzTests {
  static let historiesPerRow = 500

  @Test(arguments: 0..<20) func anyHistoryKeepsTheRules(row: Int) {
    for seed in row * Self.historiesPerRow..<(row + 1) * Self.historiesPerRow {
      var world = ToyWorld(seed: seed)
      let faults = world.play()
      #expect(faults.isEmpty, "seed \(seed): \(faults.prefix(3).joined(separator: "; "))")
      if !faults.isEmpty { return }
    }
  }
}
