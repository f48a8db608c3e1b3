internal import IonLock

/// A running step: what it is, how it ends, and the way to end it.
///
/// Letting go of the value doesn't end the step.
public final class StepProcess: Sendable {
  /// What identifies its process, for as long as this boot lasts.
  public let facts: ProcessIdentity
  private let requests: StepRequests
  private let feed: StepInputFeed?
  private let outcome: StepOutcome

  private init(
    _ facts: ProcessIdentity, _ requests: StepRequests, _ feed: StepInputFeed?, _ outcome: StepOutcome
  ) {
    self.facts = facts
    self.requests = requests
    self.feed = feed
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
    let outcome = StepOutcome()
    let started = await withCheckedContinuation {
      (started: CheckedContinuation<Result<StepProcess, ProcessFailure>, Never>) in
      begin(command, output, limits, StepTaps(onOutput: onOutput), outcome) { started.resume(returning: $0) }
    }
    return try started.get()
  }

  /// Starts a step, and tells how it goes: `start` and `result` for those who wait for nothing.
  ///
  /// `onStart` is called once its program runs, before any output is read, and `onEnd` when the step is over, or where it
  /// could not be started. `onBytes` is given what the program prints as it is, secrets and all, once it was written down.
  /// All of them run on the thread that sees the step through.
  public static func launch(
    _ command: StepCommand, output: OutputFiles, limits: StepLimits = StepLimits(),
    onOutput: @escaping @Sendable (OutputChunk) -> Void = { _ in },
    onBytes: (@Sendable (StepStream, UnsafeRawBufferPointer) -> Void)? = nil,
    onStart: @escaping @Sendable (StepProcess) -> Void,
    onEnd: @escaping @Sendable (Result<StepResult, ProcessFailure>) -> Void
  ) {
    let outcome = StepOutcome()
    begin(command, output, limits, StepTaps(onOutput: onOutput, onBytes: onBytes), outcome) { started in
      switch started {
      case .success(let process):
        outcome.whenSettled { onEnd(.success($0)) }
        onStart(process)
      case .failure(let failure): onEnd(.failure(failure))
      }
    }
  }

  /// Has a step started and seen through on a thread of its own; how the start went is told there.
  private static func begin(
    _ command: StepCommand, _ output: OutputFiles, _ limits: StepLimits,
    _ taps: StepTaps, _ outcome: StepOutcome,
    started: @escaping @Sendable (Result<StepProcess, ProcessFailure>) -> Void
  ) {
    do throws(SystemError) {
      try OwnThread.start { supervise(command, output, limits, taps, outcome, started: started) }
    } catch {
      started(.failure(ProcessFailure("pthread_create", error)))
    }
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

  /// Adds to what the program reads from its stdin, where that is `.open`. Never waits: what the program doesn't read yet
  /// is kept in memory, and what it never reads goes nowhere.
  public func write(_ bytes: some Sequence<UInt8>) {
    feed?.add(bytes)
    requests.wake()
  }

  /// Ends the program's stdin, behind everything that was written.
  public func closeInput() {
    feed?.end()
    requests.wake()
  }

  /// Whether the step may be silent without an end: somebody else has the word. Its silence is counted anew afterwards.
  public func setPatient(_ isPatient: Bool) { requests.setPatient(isPatient) }

  /// The whole life of a step, on its own thread.
  private static func supervise(
    _ command: StepCommand, _ output: OutputFiles, _ limits: StepLimits,
    _ taps: StepTaps, _ outcome: StepOutcome,
    started: (Result<StepProcess, ProcessFailure>) -> Void
  ) {
    do throws(ProcessFailure) {
      let supervisor = try StepSupervisor.start(command, output, limits, taps)
      started(.success(StepProcess(supervisor.identity, supervisor.requests, supervisor.feed, outcome)))
      outcome.settle(supervisor.run())
    } catch {
      started(.failure(error))
    }
  }
}

/// A result that comes once, and whoever waits for it.
private final class StepOutcome: Sendable {
  private enum State {
    case open([@Sendable (StepResult) -> Void])
    case settled(StepResult)
  }

  private let state = Guarded(State.open([]))

  func value() async -> StepResult {
    await withCheckedContinuation { waiter in whenSettled { waiter.resume(returning: $0) } }
  }

  /// Hands over the result as soon as it is there, on the thread that settles it, or at once.
  func whenSettled(_ take: @escaping @Sendable (StepResult) -> Void) {
    let result: StepResult? = state.withLock { state in
      switch state {
      case .settled(let result): return result
      case .open(let waiters):
        state = .open(waiters + [take])
        return nil
      }
    }
    if let result { take(result) }
  }

  func settle(_ result: StepResult) {
    let waiters: [@Sendable (StepResult) -> Void] = state.withLock { state in
      guard case .open(let waiters) = state else { return [] }
      state = .settled(result)
      return waiters
    }
    for waiter in waiters { waiter(result) }
  }
}
