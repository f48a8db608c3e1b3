internal import Glibc

/// A value behind a lock that threads can wait for, until it is as they need it. Tasks never wait here: that would block
/// a thread of their pool.
///
/// `@unchecked Sendable` because every access goes through the lock.
public final class Monitor<Value: Sendable>: @unchecked Sendable {
  private var value: Value
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  public init(_ value: Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Runs a short body with the value to itself, without telling those who wait.
  public func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(&value)
  }

  /// Runs a short body with the value to itself, then lets those who wait look at the value again.
  public func signal<Result>(_ body: (inout Value) -> Result) -> Result {
    withLock { value in
      defer { pthread_cond_broadcast(condition) }
      return body(&value)
    }
  }

  /// Blocks the calling thread until `body` returns a result; it is asked at once and after each `signal`.
  public func wait<Result>(_ body: (inout Value) -> Result?) -> Result {
    withLock { value in
      while true {
        if let result = body(&value) { return result }
        pthread_cond_wait(condition, mutex)
      }
    }
  }

  /// The same until an instant, nil for never: nil where it passes before `body` returns a result.
  public func wait<Result>(until instant: MonotonicInstant?, _ body: (inout Value) -> Result?) -> Result? {
    guard let instant else { return .some(wait(body)) }
    return withLock { value in
      while true {
        if let result = body(&value) { return result }
        var time = instant.time
        guard pthread_cond_timedwait(condition, mutex, &time) != ETIMEDOUT else { return body(&value) }
      }
    }
  }
}
