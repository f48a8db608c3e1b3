internal import Glibc
public import IonStore

/// Time as the engine sees it: passed in, so that tests can turn it by hand.
public protocol EngineClock: Sendable {
  /// The wall clock, for people.
  var wallTime: WallTime { get }
  /// Returns after the duration by the boot clock, which goes on while the machine sleeps. Throws when cancelled.
  func sleep(for duration: Duration) async throws(CancellationError)
}

/// The machine's clocks.
public struct SystemClock: EngineClock {
  public init() {}

  public var wallTime: WallTime {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
  }

  public func sleep(for duration: Duration) async throws(CancellationError) {
    do {
      try await ContinuousClock().sleep(for: duration)
    } catch {
      throw CancellationError()
    }
  }
}
