internal import Glibc

/// An instant of the clock that starts with the machine and goes on while it sleeps.
struct BootInstant: Comparable {
  let nanoseconds: Int64

  static func now() -> BootInstant {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return BootInstant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  /// The instant a duration later; durations that reach past the clock's range (292 years) end there.
  func advanced(by duration: Duration) -> BootInstant {
    let (seconds, attoseconds) = duration.components
    let (whole, isLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, isPast) = nanoseconds.addingReportingOverflow(whole)
    if isLong || isPast { return BootInstant(nanoseconds: seconds < 0 ? 0 : .max) }
    let (exact, isOver) = sum.addingReportingOverflow(attoseconds / 1_000_000_000)
    return BootInstant(nanoseconds: isOver ? .max : max(0, exact))
  }

  /// Whole milliseconds from one instant to a later one, rounded up, as `poll` takes them; 0 for one that has passed.
  func milliseconds(from start: BootInstant) -> Int32 {
    guard self > start else { return 0 }
    return Int32(clamping: (nanoseconds - start.nanoseconds) / 1_000_000 + 1)
  }

  static func < (left: BootInstant, right: BootInstant) -> Bool { left.nanoseconds < right.nanoseconds }
}
