internal import Glibc

/// Signals that people send, as a stream: a thread of its own waits for them, so that nothing runs in a handler.
struct SignalWatch {
  let signals: AsyncStream<Int32>

  /// Blocks the signals in this thread and all that it starts from now on, and waits for them elsewhere. To be made
  /// before any other thread; children get an empty mask when they are started.
  init(_ numbers: [Int32]) {
    let (stream, continuation) = AsyncStream<Int32>.makeStream()
    signals = stream
    var set = sigset_t()
    sigemptyset(&set)
    for number in numbers { sigaddset(&set, number) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
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
