internal import Glibc
internal import IonEngine

/// Looks every second whether a client's process is still there.
struct ClientWatch: Sendable {
  let process: Int32
  let clock: any EngineClock

  /// Returns true once the process is gone; false when the task is cancelled before.
  func isGone() async -> Bool {
    while !Task.isCancelled {
      if Self.isGone(result: kill(process, 0), error: errno) { return true }
      do { try await clock.sleep(for: .seconds(1)) } catch { return false }
    }
    return false
  }

  /// What `kill` with signal 0 says of a process: one that may not be signalled (EPERM) is alive.
  static func isGone(result: Int32, error: Int32) -> Bool { result != 0 && error == ESRCH }
}
