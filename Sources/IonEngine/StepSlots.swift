internal import DequeModule
internal import IonLock

/// How many steps may run in this process at once, over all runs. First come, first served. Any thread may ask and give
/// back, and nobody waits here.
public final class StepSlots: Sendable {
  /// Names one request for a slot.
  public struct Ticket: Hashable, Sendable {
    fileprivate let number: Int
  }

  /// What to do once the slot is there: briefly, for it is called by whoever gave the slot back.
  public typealias Grant = @Sendable () -> Void

  private struct State {
    var taken = 0
    var nextNumber = 0
    var queue = Deque<Ticket>()
    var grants: [Ticket: Grant] = [:]
  }

  private let capacity: Int
  private let state = Guarded(State())

  /// `capacity` is at least 1.
  public init(capacity: Int) { self.capacity = max(1, capacity) }

  /// Asks for a slot. `granted` is true where it was free at once; else `grant` is called when one is.
  public func request(_ grant: @escaping Grant) -> (ticket: Ticket, granted: Bool) {
    state.withLock { state in
      let ticket = Ticket(number: state.nextNumber)
      state.nextNumber += 1
      if state.taken < capacity {
        state.taken += 1
        return (ticket, true)
      }
      state.queue.append(ticket)
      state.grants[ticket] = grant
      return (ticket, false)
    }
  }

  /// Gives a slot back; the longest waiting request gets it.
  public func release() {
    let grant: Grant? = state.withLock { state in
      while let next = state.queue.popFirst() {
        if let grant = state.grants.removeValue(forKey: next) { return grant }
      }
      state.taken -= 1
      return nil
    }
    grant?()
  }

  /// Takes back a request that still waits; returns false where it was granted already.
  public func withdraw(_ ticket: Ticket) -> Bool { state.withLock { $0.grants.removeValue(forKey: ticket) != nil } }
}
