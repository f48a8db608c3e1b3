internal import CIonProcess
internal import Glibc

/// A file descriptor that is closed when nobody has it any more.
struct Descriptor: ~Copyable {
  /// -1 once it is closed.
  private(set) var number: Int32

  /// Takes over an open descriptor, or none: -1.
  init(owning number: Int32) { self.number = number }

  deinit { if number >= 0 { Glibc.close(number) } }

  /// No descriptor.
  static var none: Descriptor { Descriptor(owning: -1) }

  /// Opens a file that children don't inherit.
  static func open(_ path: String, _ flags: Int32, mode: mode_t = 0) throws(SystemError) -> Descriptor {
    let opened = Glibc.open(path, flags | O_CLOEXEC, mode)
    guard opened >= 0 else { throw .last }
    return Descriptor(owning: opened)
  }

  /// Opens what a function of the C target makes, which gives 0 or what it failed with.
  static func made(by make: (UnsafeMutablePointer<Int32>) -> Int32) throws(SystemError) -> Descriptor {
    var opened: Int32 = -1
    let failure = make(&opened)
    guard failure == 0 else { throw SystemError(failure) }
    return Descriptor(owning: opened)
  }

  /// A descriptor that becomes readable when a process ends; the process can't be mistaken for a later one.
  static func process(_ pid: Int32) throws(SystemError) -> Descriptor {
    try made { ion_pidfd_open(pid, $0) }
  }

  mutating func close() {
    if number >= 0 { Glibc.close(number) }
    number = -1
  }

  /// Waits until the descriptor is readable; false when the instant passes first.
  func becomesReadable(before deadline: BootInstant) -> Bool {
    while true {
      var polled = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
      if poll(&polled, 1, deadline.milliseconds(from: .now())) > 0 { return true }
      if BootInstant.now() >= deadline { return false }
    }
  }
}
