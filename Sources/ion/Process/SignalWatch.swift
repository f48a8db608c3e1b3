internal import Glibc
internal import IonThread

/// Signals that people send, as a stream: a thread of its own waits for them, so that nothing runs in a handler.
struct SignalWatch {
  let signals: AsyncStream<Int32>

  /// Where the handler writes; a number that nothing else gets by itself.
  private static let wakeUp: Int32 = 199

  /// Watches for Ctrl-C, for a polite request to end, and for the end of the terminal. What whoever started the program
  /// had ignored stays ignored, as `nohup` wants it.
  init() {
    let (stream, continuation) = AsyncStream<Int32>.makeStream()
    signals = stream
    var ends: [Int32] = [-1, -1]
    pipe(&ends)
    dup2(ends[1], Self.wakeUp)
    for end in ends + [Self.wakeUp] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // The runtime's main thread takes every signal in the end, whatever is blocked: so a handler passes them on.
    for number in [SIGINT, SIGTERM, SIGHUP] where !Self.isIgnored(number) {
      signal(number) { number in
        var byte = UInt8(truncatingIfNeeded: number)
        write(SignalWatch.wakeUp, &byte, 1)
      }
    }
    let input = ends[0]
    do throws(ThreadFailure) {
      try DetachedThread.start {
        var byte: UInt8 = 0
        while true {
          if read(input, &byte, 1) == 1 { continuation.yield(Int32(byte)) }
        }
      }
    } catch {
      Console.warn("signals can't be waited for: \(String(cString: strerror(error.errorNumber)))")
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
