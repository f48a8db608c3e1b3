internal import IonLock
internal import IonThread

/// Threads of Ion's own for work that blocks: the pool that runs Swift's tasks has two threads on a small machine, and
/// one that waits for a process would take half of it.
///
/// A thread that has done its work waits for more, if not many do already: making one costs more than most of what short
/// steps need otherwise.
public enum OwnThread {
  public typealias Work = @Sendable () -> Void

  /// Runs a body on a thread that nothing else uses until it returns, and returns at once.
  ///
  /// - Throws: `.exhausted` where there can't be another thread.
  public static func perform(_ work: @escaping Work) throws(ProcessFailure) {
    do {
      try start(work)
    } catch {
      throw ProcessFailure("pthread_create", error)
    }
  }

  /// Where a thread finds its next work.
  private typealias Desk = Monitor<Work?>

  /// How many threads wait for work at most; others end.
  private static let mostWaiting = 8

  /// The stack of such a thread, in bytes; only what is touched takes memory. What a step printed is checked there, and
  /// that goes as deep as the value does.
  private static let stackSize = 4 * 1024 * 1024

  /// The desks of the threads that wait. The last one to have begun that gets the next work.
  private static let waiting = Guarded<[Desk]>([])

  /// Runs a body on a thread that nothing else uses until it returns.
  static func start(_ work: @escaping Work) throws(SystemError) {
    if let desk = waiting.withLock({ $0.popLast() }) { return desk.signal { $0 = work } }
    try make(Desk(work))
  }

  /// What every thread does, from its first work to its last.
  private static func run(_ desk: Desk) {
    while true {
      // Nothing of a work outlives it here.
      desk.wait { $0.take() }()
      let stays = waiting.withLock { waiting in
        guard waiting.count < mostWaiting else { return false }
        waiting.append(desk)
        return true
      }
      guard stays else { return }
    }
  }

  private static func make(_ desk: Desk) throws(SystemError) {
    do throws(ThreadFailure) {
      try DetachedThread.start(stackSize: stackSize) { run(desk) }
    } catch {
      throw SystemError(error.errorNumber)
    }
  }
}
