internal import IonLock
internal import IonProcess
internal import IonWorkflow

/// What the driver holds of a step that was told to start: a stop reaches it wherever it is on its way, and whatever it
/// does by then.
final class StepHandle: Sendable {
  /// Asks what runs to end; it gets this long before it is killed.
  typealias Stop = @Sendable (Duration) -> Void
  /// Takes an answer to what the step asked.
  typealias Take = @Sendable (GateID, GateAnswer) -> Void

  private struct Contents: Sendable {
    /// Ends what runs; nil while nothing does.
    var stop: Stop?
    /// Takes an answer to what the step asked; nil for one that asks nothing.
    var take: Take?
    /// What the step got to end in, once it was asked to.
    var grace: Duration?
    var hasEnded = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let contents = Guarded(Contents())

  /// Whether somebody asked the step to end.
  var isStopped: Bool { contents.withLock { $0.grace != nil } }

  /// Asks the step to end; `grace` is what it gets before it is killed. A second, shorter grace shortens the first.
  func stop(grace: Duration) {
    let stop = contents.withLock { contents -> Stop? in
      guard !contents.hasEnded else { return nil }
      contents.grace = min(contents.grace ?? grace, grace)
      return contents.stop
    }
    stop?(grace)
  }

  /// Notes what runs now, and ends it where a stop came first: its program may have begun by now.
  func began(_ stop: @escaping Stop) {
    let grace = contents.withLock { contents -> Duration? in
      guard !contents.hasEnded else { return nil }
      contents.stop = stop
      return contents.grace
    }
    if let grace { stop(grace) }
  }

  /// Notes who takes answers to what the step asks.
  func asks(_ take: @escaping Take) { contents.withLock { $0.take = take } }

  /// Hands the step an answer. It goes nowhere where the step has ended.
  func answer(_ gate: GateID, with answer: GateAnswer) { contents.withLock { $0.take }?(gate, answer) }

  /// The same of a process.
  func began(_ process: StepProcess) { began { process.stop(reason: "stopped", grace: $0) } }

  /// Notes the end.
  func end() {
    let waiters = contents.withLock { contents in
      contents.hasEnded = true
      (contents.stop, contents.take) = (nil, nil)
      let waiters = contents.waiters
      contents.waiters = []
      return waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns when the step has ended.
  func ended() async {
    await withCheckedContinuation { continuation in
      let isOver = contents.withLock { contents in
        if contents.hasEnded { return true }
        contents.waiters.append(continuation)
        return false
      }
      if isOver { continuation.resume() }
    }
  }
}
