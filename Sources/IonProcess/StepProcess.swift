internal import IonLock

/// A running step: what it is, how it ends, and the way to end it.
///
/// Letting go of the value doesn't end the step.
public final class StepProcess: Sendable {
  /// What identifies its process, for as long as this boot lasts.
  public let facts: ProcessIdentity
  private let requests: StopRequests
  private let outcome: StepOutcome

  private init(_ facts: ProcessIdentity, _ requests: StopRequests, _ outcome: StepOutcome) {
    self.facts = facts
    self.requests = requests
    self.outcome = outcome
  }

  /// Starts a step and returns once its program runs.
  ///
  /// What it prints is added to the files as it arrives; then `onOutput` is called, in order, on the thread that reads:
  /// the step waits for it. It isn't called any more when `result` has returned. On failure nothing runs, and nothing is
  /// left open. Cancelling the task that awaits this doesn't end the step.
  public static func start(
    _ command: StepCommand, output: OutputFiles, limits: StepLimits = StepLimits(),
    onOutput: @escaping @Sendable (OutputChunk) -> Void = { _ in }
  ) async throws(ProcessFailure) -> StepProcess {
    let started = await withCheckedContinuation {
      (started: CheckedContinuation<Result<StepProcess, ProcessFailure>, Never>) in
      do throws(SystemError) {
        try OwnThread.start { supervise(command, output, limits, onOutput) { started.resume(returning: $0) } }
      } catch {
        started.resume(returning: .failure(ProcessFailure("pthread_create", error)))
      }
    }
    return try started.get()
  }

  /// Waits until the step has ended, nothing of it is left and its output is written down. May be asked any number of
  /// times, before the end and after. Cancelling the task that waits doesn't end the step or the wait: `stop` does.
  public func result() async -> StepResult { await outcome.value() }

  /// Asks the step to end: its stop signal to its group, SIGKILL after the grace, then everything else that it has
  /// started. Returns at once; `result` says when it is done.
  ///
  /// The first reason stands. Asking again can only make the end come earlier, and an end that came by itself stands.
  public func stop(reason: String, grace: Duration = StepLimits.usualGrace) {
    requests.add(reason: reason, grace: grace)
  }

  /// The whole life of a step, on its own thread.
  private static func supervise(
    _ command: StepCommand, _ output: OutputFiles, _ limits: StepLimits,
    _ onOutput: @escaping @Sendable (OutputChunk) -> Void, started: (Result<StepProcess, ProcessFailure>) -> Void
  ) {
    do throws(ProcessFailure) {
      let supervisor = try StepSupervisor.start(command, output, limits, onOutput)
      let outcome = StepOutcome()
      started(.success(StepProcess(supervisor.identity, supervisor.requests, outcome)))
      outcome.settle(supervisor.run())
    } catch {
      started(.failure(error))
    }
  }
}

/// A result that comes once, and whoever waits for it.
private final class StepOutcome: Sendable {
  private enum State {
    case open([CheckedContinuation<StepResult, Never>])
    case settled(StepResult)
  }

  private let state = Guarded(State.open([]))

  func value() async -> StepResult {
    await withCheckedContinuation { waiter in
      let result: StepResult? = state.withLock { state in
        switch state {
        case .settled(let result): return result
        case .open(let waiters):
          state = .open(waiters + [waiter])
          return nil
        }
      }
      if let result { waiter.resume(returning: result) }
    }
  }

  func settle(_ result: StepResult) {
    let waiters: [CheckedContinuation<StepResult, Never>] = state.withLock { state in
      guard case .open(let waiters) = state else { return [] }
      state = .settled(result)
      return waiters
    }
    for waiter in waiters { waiter.resume(returning: result) }
  }
}
