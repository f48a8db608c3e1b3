internal import Glibc

/// A thread that nobody waits for, for work that blocks.
public enum DetachedThread {
  /// The signals of a thread's own faults. Blocked, they would end the process without a word about what went wrong.
  static let faults = [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP]

  /// Runs a body on a new thread. The process's signals belong to others: none is handled there, and a write to a closed
  /// pipe gives EPIPE.
  ///
  /// - Parameter stackSize: In bytes, of which only what is touched takes memory; nil is the system's usual.
  /// - Throws: Where the system has no thread to spare; the body is not run then.
  public static func start(stackSize: Int? = nil, _ body: @escaping @Sendable () -> Void) throws(ThreadFailure) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    if let stackSize { pthread_attr_setstacksize(&attributes, stackSize) }
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    let error = pthread_create(
      &thread, &attributes,
      { context in
        var signals = sigset_t()
        sigfillset(&signals)
        for fault in DetachedThread.faults { sigdelset(&signals, fault) }
        pthread_sigmask(SIG_SETMASK, &signals, nil)
        // Nothing of the body outlives it.
        if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    if error != 0 {
      work.release()
      throw ThreadFailure(errorNumber: error)
    }
  }

  private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}

/// Why a thread could not be made.
public struct ThreadFailure: Error, Hashable, Sendable {
  /// `EAGAIN`, as a rule.
  public var errorNumber: Int32

  /// For those who make threads.
  public init(errorNumber: Int32) { self.errorNumber = errorNumber }
}
