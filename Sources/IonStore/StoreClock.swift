internal import Glibc

/// Where the store gets its times from; handed in, so that tests can move them.
public struct StoreClock: Sendable {
  /// The wall clock.
  public var wall: @Sendable () -> WallTime
  /// Milliseconds since the machine started, by a clock that runs on while it sleeps.
  public var boot: @Sendable () -> Int64

  public init(wall: @escaping @Sendable () -> WallTime, boot: @escaping @Sendable () -> Int64) {
    self.wall = wall
    self.boot = boot
  }

  /// The machine's clocks.
  public static let system = StoreClock(wall: { read(CLOCK_REALTIME) }, boot: { read(CLOCK_BOOTTIME) })

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
