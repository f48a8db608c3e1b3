internal import Glibc

/// An instant of the clock that stands still while the machine sleeps: what whoever waits for a thread measures by.
public struct MonotonicInstant: Comparable, Sendable {
  private let nanoseconds: Int64

  /// The instant at which it is asked for.
  public static func now() -> MonotonicInstant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicInstant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  /// The instant a duration later, at the earliest now; durations that reach past the clock's range end there.
  public func advanced(by duration: Duration) -> MonotonicInstant {
    let (seconds, attoseconds) = duration.components
    let (whole, isLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, isPast) = nanoseconds.addingReportingOverflow(whole)
    let (exact, isOver) = sum.addingReportingOverflow(attoseconds / 1_000_000_000)
    if isLong || isPast || isOver { return MonotonicInstant(nanoseconds: seconds < 0 ? nanoseconds : .max) }
    return MonotonicInstant(nanoseconds: max(exact, nanoseconds))
  }

  /// How long it is from this instant to another.
  public func duration(to other: MonotonicInstant) -> Duration { .nanoseconds(other.nanoseconds - nanoseconds) }

  public static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// As the system has it.
  var time: timespec {
    timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
  }
}
