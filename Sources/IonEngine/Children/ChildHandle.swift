internal import IonLock

/// Why a child run is to end before it is through.
enum ChildStop: Hashable, Sendable {
  /// Its node is to end; `reason` is shown to people.
  case cancelled(reason: String, isForced: Bool)
  /// The owner goes away.
  case interrupted(reason: String, grace: Duration)
  /// Its node took too long.
  case timedOut(reason: String)

  /// Passes it on to the child.
  func give(to driver: RunDriver) async {
    switch self {
    case .cancelled(let reason, let isForced): await driver.cancel(node: nil, reason: reason, force: isForced)
    case .interrupted(let reason, let grace): await driver.interrupt(reason: reason, grace: grace)
    case .timedOut(let reason): await driver.cancel(node: nil, reason: reason, force: false)
    }
  }
}

/// What a driver holds of a child run: a stop reaches it wherever it is on its way.
final class ChildHandle: Sendable {
  private struct Contents {
    var stops: [ChildStop] = []
    var driver: RunDriver?
    var hasEnded = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let contents = Guarded(Contents())

  /// The first reason why the child is to end; nil where nobody wants that.
  var stop: ChildStop? { contents.withLock { $0.stops.first } }

  /// Notes that the child is to end, and returns whom to tell; nil where it isn't live yet, or is over.
  func note(_ stop: ChildStop) -> RunDriver? {
    contents.withLock { contents in
      contents.stops.append(stop)
      return contents.hasEnded ? nil : contents.driver
    }
  }

  /// Notes the child's driver, and returns what it is to be told already.
  func began(_ driver: RunDriver) -> [ChildStop] {
    contents.withLock { contents in
      contents.driver = driver
      return contents.stops
    }
  }

  /// Notes the end.
  func end() {
    let waiters = contents.withLock { contents in
      (contents.hasEnded, contents.driver) = (true, nil)
      defer { contents.waiters = [] }
      return contents.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns when the child has ended, or was left waiting.
  func ended() async {
    await withCheckedContinuation { waiter in
      let isOver = contents.withLock { contents in
        if !contents.hasEnded { contents.waiters.append(waiter) }
        return contents.hasEnded
      }
      if isOver { waiter.resume() }
    }
  }
}
