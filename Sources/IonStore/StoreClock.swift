internal import Glibc

/// Where the store gets its times from; handed in, so that tests can move them.
public struct StoreClock: Sendable {
  /// The wall clock.
  public var wall: @Sendable () -> WallTime
  /// Milliseconds since the machine started, by a clock that runs on while it sleeps.
  public var boot: @Sendable () -> Int64

  /// Returns after the duration, or throws when the task is cancelled.
  public var sleep: @Sendable (Duration) async throws(CancellationError) -> Void

  public init(
    wall: @escaping @Sendable () -> WallTime, boot: @escaping @Sendable () -> Int64,
    sleep: @escaping @Sendable (Duration) async throws(CancellationError) -> Void
  ) {
    self.wall = wall
    self.boot = boot
    self.sleep = sleep
  }

  /// The machine's clocks.
  public static let system = StoreClock(
    wall: { read(CLOCK_REALTIME) }, boot: { read(CLOCK_BOOTTIME) },
    sleep: { duration throws(CancellationError) in
      do { try await ContinuousClock().sleep(for: duration) } catch { throw CancellationError() }
    })

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
