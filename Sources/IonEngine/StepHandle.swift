internal import IonLock
internal import IonProcess

/// What the driver holds of a step that was told to start: a stop reaches it wherever it is on its way.
final class StepHandle: Sendable {
  private enum State: Sendable {
    case preparing
    /// Stopped before there was a process, which gets this long to end.
    case stopped(grace: Duration)
    case running(StepProcess)
    case ended
  }

  private struct Contents: Sendable {
    var state = State.preparing
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let contents = Guarded(Contents())

  /// Asks the step to end; `grace` is what it gets before it is killed. A second, shorter grace shortens the first.
  func stop(grace: Duration) {
    let process = contents.withLock { contents -> StepProcess? in
      switch contents.state {
      case .preparing:
        contents.state = .stopped(grace: grace)
        return nil
      case .running(let process): return process
      case .stopped(let earlier):
        contents.state = .stopped(grace: min(earlier, grace))
        return nil
      case .ended: return nil
      }
    }
    process?.stop(reason: "stopped", grace: grace)
  }

  /// Whether somebody asked the step to end before it had a process.
  var isStopped: Bool {
    contents.withLock { if case .stopped = $0.state { true } else { false } }
  }

  /// Notes the process, and ends it where a stop came first: its program may have begun by now.
  func began(_ process: StepProcess) {
    let grace = contents.withLock { contents -> Duration? in
      defer { contents.state = .running(process) }
      if case .stopped(let grace) = contents.state { return grace }
      return nil
    }
    if let grace { process.stop(reason: "stopped", grace: grace) }
  }

  /// Notes the end.
  func end() {
    let waiters = contents.withLock { contents in
      contents.state = .ended
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
        if case .ended = contents.state { return true }
        contents.waiters.append(continuation)
        return false
      }
      if isOver { continuation.resume() }
    }
  }
}
