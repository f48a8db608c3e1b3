internal import Glibc

/// Signals that people send, as a stream: a thread of its own waits for them, so that nothing runs in a handler.
struct SignalWatch {
  let signals: AsyncStream<Int32>

  /// Ctrl-C, and a polite request to end.
  private static var watched: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGTERM)
    return set
  }

  /// Blocks the signals in this thread and all that it starts from now on; children get an empty mask.
  static func block() {
    var set = watched
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Lets the signals end the program, as they do by themselves.
  static func allow() {
    var set = watched
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// Waits for the signals, which `block` has blocked.
  init() {
    let (stream, continuation) = AsyncStream<Int32>.makeStream()
    signals = stream
    let set = Self.watched
    let box = Unmanaged.passRetained(Waiter(set: set, continuation: continuation))
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let waiter = Unmanaged<Waiter>.fromOpaque(argument).takeRetainedValue()
        var set = waiter.set
        while true {
          var number: Int32 = 0
          if sigwait(&set, &number) == 0 { waiter.continuation.yield(number) }
        }
      }, box.toOpaque())
    pthread_detach(thread)
  }

  private final class Waiter: Sendable {
    let set: sigset_t
    let continuation: AsyncStream<Int32>.Continuation

    init(set: sigset_t, continuation: AsyncStream<Int32>.Continuation) {
      self.set = set
      self.continuation = continuation
    }
  }
}
