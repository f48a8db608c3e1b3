internal import IonLock
internal import IonProcess

/// The process of a turn, which may be cancelled before there is one.
final class TurnProcess: Sendable {
  private enum State: Sendable {
    case starting
    /// Cancelled before there was a process, which gets this long to end.
    case cancelled(grace: Duration)
    case running(StepProcess)
    case ended
  }

  private let state = Guarded(State.starting)

  /// What runs; nil before and after.
  var process: StepProcess? { state.withLock { if case .running(let process) = $0 { process } else { nil } } }

  /// Notes what runs now, and ends it where a cancel came first.
  func began(_ process: StepProcess) {
    let grace = state.withLock { state -> Duration? in
      defer { state = .running(process) }
      if case .cancelled(let grace) = state { return grace }
      return nil
    }
    if let grace { process.stop(reason: "cancelled", grace: grace) }
  }

  /// Asks the process to end. A second, shorter grace shortens the first.
  func cancel(grace: Duration) {
    let process = state.withLock { state -> StepProcess? in
      switch state {
      case .starting: state = .cancelled(grace: grace)
      case .cancelled(let earlier): state = .cancelled(grace: min(earlier, grace))
      case .running(let process): return process
      case .ended: break
      }
      return nil
    }
    process?.stop(reason: "cancelled", grace: grace)
  }

  func ended() { state.withLock { $0 = .ended } }
}
