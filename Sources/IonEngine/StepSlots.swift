internal import DequeModule

/// How many steps may run in this process at once, over all runs. First come, first served.
public actor StepSlots {
  /// Names one request for a slot.
  public struct Ticket: Hashable, Sendable {
    fileprivate let number: Int
  }

  /// What to do once the slot is there.
  public typealias Grant = @Sendable () async -> Void

  private let capacity: Int
  private var taken = 0
  private var nextNumber = 0
  private var queue = Deque<Ticket>()
  private var grants: [Ticket: Grant] = [:]

  /// `capacity` is at least 1.
  public init(capacity: Int) { self.capacity = max(1, capacity) }

  /// Asks for a slot. `granted` is true where it was free at once; else `grant` is called when one is.
  public func request(_ grant: @escaping Grant) -> (ticket: Ticket, granted: Bool) {
    let ticket = Ticket(number: nextNumber)
    nextNumber += 1
    if taken < capacity {
      taken += 1
      return (ticket, true)
    }
    queue.append(ticket)
    grants[ticket] = grant
    return (ticket, false)
  }

  /// Gives a slot back; the longest waiting request gets it.
  public func release() async {
    while let next = queue.popFirst() {
      guard let grant = grants.removeValue(forKey: next) else { continue }
      await grant()
      return
    }
    taken -= 1
  }

  /// Takes back a request that still waits; returns false where it was granted already.
  public func withdraw(_ ticket: Ticket) -> Bool { grants.removeValue(forKey: ticket) != nil }
}
