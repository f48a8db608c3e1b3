internal import CIonProcess
internal import Glibc

/// A descriptor that becomes readable at an instant of the boot clock, also when the machine slept through it: `poll`'s
/// own timeout stands still meanwhile.
struct BootTimer: ~Copyable {
  private var timer: Descriptor
  private var armed: BootInstant?

  init() throws(SystemError) { timer = try .made(by: ion_timer) }

  /// What to wait for; -1 once it is closed.
  var number: Int32 { timer.number }

  /// Makes sure that the descriptor becomes readable at an instant or earlier.
  mutating func wake(at instant: BootInstant) {
    if let armed, armed <= instant { return }
    armed = instant
    // It fails for no instant.
    _ = ion_timer_set(number, instant.nanoseconds)
  }

  /// Takes note that it became readable.
  mutating func reset() {
    var count: UInt64 = 0
    if read(number, &count, MemoryLayout<UInt64>.size) > 0 { armed = nil }
  }

  mutating func close() { timer.close() }
}
