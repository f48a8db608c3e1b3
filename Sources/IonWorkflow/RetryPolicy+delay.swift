extension RetryPolicy {
  /// The wait before an execution: `delay` before the second, `backoff` times as long before each further one, at most
  /// `maxDelay`, of which `jitter` is left to the dice. Whole milliseconds; zero before the first execution.
  ///
  /// - Parameters:
  ///   - attempt: Which execution is to come, from 1.
  ///   - dice: Chance, 0 ..< 1; 0 gives the shortest wait that the jitter allows.
  public func delay(beforeAttempt attempt: Int, dice: Double) -> Duration {
    guard attempt > 1 else { return .zero }
    let limit = min(maxDelay.map(\.inMilliseconds) ?? Self.longestDelay, Self.longestDelay)
    var wait = min(delay.inMilliseconds, limit)
    if wait > 0, backoff > 1 {
      var left = attempt - 2
      while left > 0, wait < limit {
        wait = min(wait * backoff, limit)
        left -= 1
      }
    }
    let chance = jitter.clampedToUnit
    return .milliseconds(Int64((wait * (1 - chance) + wait * chance * dice.clampedToUnit).rounded()))
  }

  /// A century in milliseconds: what waits are cut at so that they can be counted.
  private static let longestDelay = 100.0 * 365 * 24 * 60 * 60 * 1000
}

extension Duration {
  fileprivate var inMilliseconds: Double {
    max(0, Double(components.seconds) * 1000 + Double(components.attoseconds) / 1_000_000_000_000_000)
  }
}

extension Double {
  /// The nearest number in 0…1; 0 for what is no number.
  fileprivate var clampedToUnit: Double { isNaN ? 0 : min(max(self, 0), 1) }
}
