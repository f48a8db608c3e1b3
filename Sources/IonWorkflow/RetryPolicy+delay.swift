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
    for _ in 2..<attempt where wait < limit && backoff > 1 { wait = min(wait * backoff, limit) }
    let chance = min(max(jitter, 0), 1)
    return .milliseconds(Int64((wait * (1 - chance) + wait * chance * min(max(dice, 0), 1)).rounded()))
  }

  /// A century in milliseconds: what waits are cut at so that they can be counted.
  private static let longestDelay = 100.0 * 365 * 24 * 60 * 60 * 1000
}

extension Duration {
  fileprivate var inMilliseconds: Double {
    max(0, Double(components.seconds) * 1000 + Double(components.attoseconds) / 1_000_000_000_000_000)
  }
}
