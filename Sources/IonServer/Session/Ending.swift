internal import IonLock

/// Something that ends once, and whose end cuts waits short.
final class Ending: Sendable {
  private struct State {
    var hasHappened = false
    var nextNumber = 0
    var waits: [Int: AsyncStream<Never>.Continuation] = [:]
  }

  private let state = Guarded(State())

  /// Cancels the waits that are under way, and all later ones at once.
  func happen() {
    let waits = state.withLock { state in
      state.hasHappened = true
      defer { state.waits = [:] }
      return Array(state.waits.values)
    }
    for wait in waits { wait.finish() }
  }

  /// Runs a wait that is cancelled by the end, and returns what it says then.
  func cutShort<Value: Sendable>(_ wait: @escaping @Sendable () async -> Value) async -> Value {
    let (end, sink) = AsyncStream<Never>.makeStream()
    let number = state.withLock { state in
      state.nextNumber += 1
      if state.hasHappened { sink.finish() } else { state.waits[state.nextNumber] = sink }
      return state.nextNumber
    }
    defer { state.withLock { $0.waits[number] = nil } }
    return await withTaskGroup(of: Value?.self) { group in
      group.addTask { await wait() }
      group.addTask {
        for await _ in end {}
        return nil
      }
      while let first = await group.next() {
        group.cancelAll()
        if let value = first { return value }
      }
      preconditionFailure("a wait always returns a value")
    }
  }
}
