/// How a message queues behind those received before it.
public enum Ordering: Sendable {
  /// Handled on arrival, ahead of everything queued. Must not wait for a queued message.
  case immediate
  /// Waits for earlier `.serial` messages, then runs alongside others. For reads.
  case concurrent
  /// Waits for earlier `.serial` messages, and everything later but `.immediate` ones waits for it. For writes.
  case serial
}

/// Which messages may run: arrivals and ends in, starts out. A value without time or threads.
///
/// Each message has a ticket, a number that grows with arrival.
struct Lanes: Sendable {
  private var waiting: [Int: Ordering] = [:]
  /// The tickets of `waiting` in order, and those that were withdrawn.
  private var queue: ArraySlice<Int> = []
  private var runningSerial: Int?

  /// Returns whether the message starts now; else it waits.
  mutating func arrived(_ ticket: Int, _ ordering: Ordering) -> Bool {
    switch ordering {
    case .immediate: return true
    case .concurrent where runningSerial == nil && waiting.isEmpty: return true
    case .serial where runningSerial == nil && waiting.isEmpty:
      runningSerial = ticket
      return true
    case .concurrent, .serial:
      waiting[ticket] = ordering
      queue.append(ticket)
      return false
    }
  }

  /// Takes a message out that waits, so that it never starts. False: it doesn't wait.
  mutating func withdraw(_ ticket: Int) -> Bool { waiting.removeValue(forKey: ticket) != nil }

  /// Returns the messages that start because this one ended, in order of arrival.
  mutating func ended(_ ticket: Int) -> [Int] {
    guard runningSerial == ticket else { return [] }
    runningSerial = nil
    var started: [Int] = []
    while runningSerial == nil, let next = queue.popFirst() {
      guard let ordering = waiting.removeValue(forKey: next) else { continue }
      if ordering == .serial { runningSerial = next }
      started.append(next)
    }
    return started
  }
}
