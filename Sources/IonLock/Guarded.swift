internal import Glibc

/// A value behind a lock, for the few places that plain threads and tasks share. Everything else is an actor's.
///
/// The lock is a pthread mutex: `Synchronization.Mutex` gives false positives under the thread sanitizer on Linux.
/// `@unchecked Sendable` because every access goes through `withLock`.
public final class Guarded<Value>: @unchecked Sendable {
  private var value: Value
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  public init(_ value: sending Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs a short body with the value to itself. The body must neither wait nor take another lock.
  public func withLock<Result, Failure: Error>(_ body: (inout sending Value) throws(Failure) -> sending Result)
    throws(Failure)
    -> sending Result
  {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
