internal import Glibc

/// What tells a process from every other one, also from a later one with the same pid.
struct ProcessIdentity: Hashable, Sendable {
  var pid: Int32
  /// Clock ticks since boot at which the process started; 0 where the system doesn't say.
  var startTicks: UInt64
  /// Empty where the system doesn't say.
  var bootID: String

  /// This process.
  static func current() -> ProcessIdentity {
    let pid = getpid()
    return ProcessIdentity(
      pid: pid, startTicks: startTicks(of: pid) ?? 0, bootID: firstLine(of: "/proc/sys/kernel/random/boot_id") ?? "")
  }

  /// Whether the process still runs.
  var isAlive: Bool {
    guard pid > 0, bootID == ProcessIdentity.current().bootID else { return false }
    return Self.startTicks(of: pid) == startTicks
  }

  /// Field 22 of `/proc/<pid>/stat`, see proc(5). The second field is a name in parentheses that may hold anything.
  private static func startTicks(of pid: Int32) -> UInt64? {
    guard let line = firstLine(of: "/proc/\(pid)/stat"), let name = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: name)...].split(separator: " ")
    return fields.count > 19 ? UInt64(fields[19]) : nil
  }

  private static func firstLine(of path: String) -> String? {
    readText(atPath: path)?.split(separator: "\n", omittingEmptySubsequences: false).first.map(String.init)
  }
}

/// A file's whole text, for small files of the system and of ours; nil where it can't be read.
func readText(atPath path: String) -> String? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  while true {
    var chunk = [UInt8](repeating: 0, count: 16384)
    let count = read(descriptor, &chunk, chunk.count)
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else { return nil }
    if count == 0 { return String(decoding: bytes, as: UTF8.self) }
    bytes += chunk[..<count]
  }
}
