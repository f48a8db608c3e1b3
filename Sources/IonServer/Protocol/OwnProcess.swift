internal import Glibc
internal import IonProcess

/// What the system says of the process that runs this.
struct OwnProcess {
  var pid: Int
  /// Milliseconds since it started by the clock that goes on while the machine sleeps.
  var uptimeMs: Int64
  /// Memory in use (the resident set); nil where the system doesn't say.
  var memoryBytes: Int64?

  static func look() -> OwnProcess {
    var now = timespec()
    clock_gettime(CLOCK_BOOTTIME, &now)
    let ticksPerSecond = max(1, UInt64(sysconf(Int32(_SC_CLK_TCK))))
    let started = (ProcessIdentity.current()?.startTicks ?? 0) * 1_000 / ticksPerSecond
    let uptime = Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000 - Int64(started)
    return OwnProcess(pid: Int(getpid()), uptimeMs: max(0, uptime), memoryBytes: memory())
  }

  /// The second number in `/proc/self/statm`, in pages.
  private static func memory() -> Int64? {
    let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(file, &bytes, bytes.count)
    guard count > 0 else { return nil }
    let numbers = bytes[..<count].split(separator: UInt8(ascii: " "))
    guard numbers.count > 1, let pages = Int64(String(decoding: numbers[1], as: UTF8.self)) else { return nil }
    return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
  }
}
