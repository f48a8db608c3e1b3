internal import IonLock

/// Something that happens once and that tasks can wait for.
final class Latch: Sendable {
  private struct State {
    var isOpen = false
    var nextWaiter = 0
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    /// Waiters that were cancelled before they began to wait.
    var cancelled: Set<Int> = []
  }

  private let state = Guarded(State())

  var isOpen: Bool { state.withLock { $0.isOpen } }

  /// Lets everyone go who waits or will wait; opening again changes nothing.
  func open() {
    let waiters = state.withLock { state in
      state.isOpen = true
      defer { state.waiters = [:] }
      return state.waiters
    }
    for waiter in waiters.values { waiter.resume() }
  }

  /// Returns once the latch is open, or the task is cancelled.
  func wait() async {
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let goesOn = state.withLock { state in
          if state.isOpen || state.cancelled.remove(id) != nil { return true }
          state.waiters[id] = continuation
          return false
        }
        if goesOn { continuation.resume() }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        guard !state.isOpen else { return nil as CheckedContinuation<Void, Never>? }
        guard let waiter = state.waiters.removeValue(forKey: id) else {
          state.cancelled.insert(id)
          return nil
        }
        return waiter
      }
      waiter?.resume()
    }
  }

  /// Waits no longer than the time given. Returns whether the latch is open.
  func wait(atMost time: Duration) async -> Bool {
    if isOpen { return true }
    await withTaskGroup { group in
      group.addTask { await self.wait() }
      group.addTask {
        // A cancelled timer has ended too.
        do { try await Task.sleep(for: time) } catch { return }
      }
      await group.next()
      group.cancelAll()
    }
    return isOpen
  }
}
