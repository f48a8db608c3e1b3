import IonWorkflow
import Testing

@Suite struct RetryPolicyDelayTests {
  private func policy(delay: Duration = .seconds(3), backoff: Double = 2, most: Duration? = nil, jitter: Double = 0)
    -> RetryPolicy
  {
    var policy = RetryPolicy(maxAttempts: 5)
    policy.delay = delay
    policy.backoff = backoff
    policy.maxDelay = most
    policy.jitter = jitter
    return policy
  }

  @Test func theFirstExecutionDoesNotWait() {
    #expect(policy().delay(beforeAttempt: 1, dice: 0.5) == .zero)
  }

  @Test func eachFurtherWaitIsMultiplied() {
    let waits = (2...5).map { policy().delay(beforeAttempt: $0, dice: 0) }
    #expect(waits == [.seconds(3), .seconds(6), .seconds(12), .seconds(24)])
  }

  @Test func noWaitIsLongerThanTheLongest() {
    let waits = (2...4).map { policy(most: .seconds(5)).delay(beforeAttempt: $0, dice: 0) }
    #expect(waits == [.seconds(3), .seconds(5), .seconds(5)])
  }

  @Test(arguments: [(0.0, 1500), (0.5, 2250), (0.999_999, 3000)]) func jitterLeavesAPartToTheDice(
    dice: Double, expected: Int
  ) {
    #expect(policy(jitter: 0.5).delay(beforeAttempt: 2, dice: dice) == .milliseconds(expected))
  }

  @Test func aBackoffWithoutBoundStaysCountable() {
    let wait = policy(backoff: 1e300).delay(beforeAttempt: 1000, dice: 0)
    #expect(wait == .seconds(100 * 365 * 24 * 60 * 60))
  }

  /// A policy that makes no sense, and the wait before the third execution that is made of it all the same.
  static let oddities: [(Duration, Double, Duration?, Double, Double, Duration)] = [
    (.seconds(3), .nan, nil, 0, 0, .seconds(3)),
    (.seconds(3), 0.5, nil, 0, 0, .seconds(3)),
    (.seconds(3), -2, nil, 0, 0, .seconds(3)),
    (.zero, .infinity, nil, 0, 0, .zero),
    (.seconds(3), .infinity, .seconds(10), 0, 0, .seconds(10)),
    (.seconds(-3), 2, nil, 0, 0, .zero),
    (.seconds(3), 2, .seconds(-1), 0, 0, .zero),
    (.seconds(3), 2, nil, .nan, 0.5, .seconds(6)),
    (.seconds(3), 2, nil, 7, 0.5, .seconds(3)),
    (.seconds(3), 2, nil, 1, .nan, .zero),
    (.seconds(3), 2, nil, 0.5, 9, .seconds(6)),
    (.seconds(Int64.max), 2, .seconds(1), 0, 0, .seconds(1)),
  ]

  @Test(arguments: oddities) func oddPolicyStillMakesAWait(
    delay: Duration, backoff: Double, most: Duration?, jitter: Double, dice: Double, expected: Duration
  ) {
    let odd = policy(delay: delay, backoff: backoff, most: most, jitter: jitter)
    #expect(odd.delay(beforeAttempt: 3, dice: dice) == expected)
  }

  @Test func boundedWaitIsKnownForAnyAttempt() {
    #expect(policy(most: .seconds(60)).delay(beforeAttempt: .max, dice: 0) == .seconds(60))
    #expect(policy(backoff: 1).delay(beforeAttempt: .max, dice: 0) == .seconds(3))
    #expect(policy(delay: .zero).delay(beforeAttempt: .max, dice: 0) == .zero)
  }
}
