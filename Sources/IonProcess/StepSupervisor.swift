internal import CIonProcess
internal import Glibc

/// Sees one step through from its start to its end, on a thread of its own.
///
/// One thread for each running step, rather than one for all: a step whose disk is slow then holds up nobody else, and as
/// many run as there are slots. Most of its time it sleeps in one `poll`.
struct StepSupervisor: ~Copyable {
  /// How far the step has come.
  private enum Phase {
    case running
    /// It was asked to end; at the deadline it is ended.
    case asked(StepResult.Ending, deadline: BootInstant)
  }

  private let leader: StepLeader
  let requests: StepRequests
  /// What others write to the step's stdin; nil where nobody does.
  let feed: StepInputFeed?
  private let stopSignal: Int32
  private let limits: StepLimits
  private let started = BootInstant.now()
  private var timer: BootTimer
  private var pipes: StepPipes
  private var remains: StepRemains
  private var phase = Phase.running
  private var request: StepRequests.Request?
  private var isPatient = false
  /// When the step's silence was last allowed.
  private var patientUntil: BootInstant?
  private var hasLeaderEnded = false
  /// Somebody of the leader's group who outlives it and has been asked to end, too.
  private var follower = Descriptor.none

  private init(
    _ leader: consuming StepLeader, _ command: StepCommand, _ limits: StepLimits, _ requests: StepRequests,
    _ feed: StepInputFeed?, _ timer: consuming BootTimer, _ pipes: consuming StepPipes
  ) {
    remains = StepRemains(
      step: leader.step, leader: leader.identity.pid, startTicks: leader.identity.startTicks, marker: command.marker)
    self.leader = leader
    self.limits = limits
    self.requests = requests
    self.feed = feed
    self.timer = timer
    self.pipes = pipes
    stopSignal = command.stopSignal
  }

  /// Starts a command. Blocks for as long as that takes.
  static func start(
    _ command: StepCommand, _ output: OutputFiles, _ limits: StepLimits, _ taps: StepTaps
  ) throws(ProcessFailure) -> StepSupervisor {
    let launch = try Launch(command)
    let stdout = try opened("pipe", Pipe.open)
    let stderr = try opened("pipe", Pipe.open)
    let timer = try opened("timerfd", BootTimer.init)
    let requests = try opened("eventfd", StepRequests.init)
    let input = try opened("stdin") { () throws(SystemError) in try StepStdin(command.input) }
    let leader = try StepLeader.start(
      launch, stdin: input.reading.number, stdout: stdout.writing, stderr: stderr.writing)
    let pipes = StepPipes(
      stdout: stdout.reading, stderr: stderr.reading, files: output, secrets: command.secrets, taps: taps)
    return StepSupervisor(leader, command, limits, requests, input.feed, timer, pipes)
  }

  private static func opened<Opened: ~Copyable>(
    _ operation: String, _ open: () throws(SystemError) -> Opened
  ) throws(ProcessFailure) -> Opened {
    do { return try open() } catch { throw ProcessFailure(operation, error) }
  }

  var identity: ProcessIdentity { leader.identity }

  /// Waits for the end and brings it about where it must be; nothing of the step is left afterwards but the survivors.
  consuming func run() -> StepResult {
    while !isOver() { wait() }
    switch phase {
    case .running: return finish(nil)
    case .asked(let cause, _): return finish(cause)
    }
  }

  /// Sleeps until something happens, and takes up what was printed.
  private mutating func wait() {
    if let deadline = nextDeadline() { timer.wake(at: deadline) }
    var watched = [
      pipes.descriptor(.stdout), pipes.descriptor(.stderr), hasLeaderEnded ? -1 : leader.handle.number,
      follower.number, requests.descriptor, timer.number,
    ].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    watched.append(pollfd(fd: feed?.wanted ?? -1, events: Int16(POLLOUT), revents: 0))
    guard poll(&watched, nfds_t(watched.count), -1) > 0 else { return }
    let ready = watched.map { $0.revents != 0 }
    if ready[0] { pipes.move(.stdout) }
    if ready[1] { pipes.move(.stderr) }
    if ready[2] { hasLeaderEnded = true }
    if ready[3] { follower.close() }
    if ready[4] { takeRequests() }
    if ready[5] {
      timer.reset()
      pipes.releaseHeld()
    }
    if ready[6] { feed?.flush() }
  }

  private mutating func takeRequests() {
    let taken = requests.take()
    request = taken.request
    if isPatient && !taken.isPatient { patientUntil = .now() }
    isPatient = taken.isPatient
  }

  /// When the step's silence becomes too long; nil for never.
  private var endOfSilence: BootInstant? {
    guard let idle = limits.idleTimeout, !isPatient else { return nil }
    return max(pipes.lastOutput, patientUntil ?? pipes.lastOutput).advanced(by: idle)
  }

  private func nextDeadline() -> BootInstant? {
    switch phase {
    case .running:
      [
        limits.timeout.map(started.advanced), endOfSilence, pipes.releaseTime,
      ].compactMap(\.self).min()
    case .asked(_, let deadline): deadline
    }
  }

  /// Whether the step has come to its end, or must be brought to it now. An end that came by itself stands, whatever was
  /// asked for at the same time.
  private mutating func isOver() -> Bool {
    if case .running = phase {
      if hasLeaderEnded { return true }
      guard let (cause, deadline) = reasonToEnd() else { return false }
      ask(cause, deadline)
    }
    guard case .asked(let cause, let deadline) = phase else { return false }
    let nearest = min(deadline, request?.deadline ?? deadline)
    phase = .asked(cause, deadline: nearest)
    return BootInstant.now() >= nearest || hasGroupEnded()
  }

  private func reasonToEnd() -> (StepResult.Ending, BootInstant)? {
    if let request { return (.stopped(request.reason), request.deadline) }
    let now = BootInstant.now()
    let grace = now.advanced(by: limits.grace)
    if let failure = pipes.failure { return (.unrecorded(failure), grace) }
    if let timeout = limits.timeout, now >= started.advanced(by: timeout) { return (.timedOut, grace) }
    if let end = endOfSilence, now >= end { return (.idledOut, grace) }
    return nil
  }

  /// Asks the group to end. One that was suspended goes on, or it couldn't answer.
  private mutating func ask(_ cause: StepResult.Ending, _ deadline: BootInstant) {
    remains.noteDescendants()
    kill(-leader.identity.pid, stopSignal)
    kill(-leader.identity.pid, SIGCONT)
    phase = .asked(cause, deadline: deadline)
  }

  /// Whether the leader and everybody in its group have ended, each in good order.
  private mutating func hasGroupEnded() -> Bool {
    guard hasLeaderEnded else { return false }
    while follower.number < 0 {
      guard let entry = remains.findInGroup() else { return true }
      // One that can't be waited for has until the deadline.
      do { follower = try ProcessKill.follow(entry) } catch { return false }
    }
    return false
  }

  /// Ends what is left of the step, takes up its last output and reaps it.
  private consuming func finish(_ cause: StepResult.Ending?) -> StepResult {
    if !hasLeaderEnded { remains.noteDescendants() }
    kill(-leader.identity.pid, SIGKILL)
    // What follows opens descriptors; where they have run out, these can be had.
    requests.close()
    feed?.close()
    timer.close()
    let deadline = BootInstant.now().advanced(by: ProcessKill.patience)
    let hasEnded = hasLeaderEnded || leader.handle.becomesReadable(before: deadline)
    var remains = remains
    let others = ProcessKill.endAll(before: deadline) { remains.find() }
    pipes.drain()
    pipes.recordHeld()
    let exit = hasEnded ? leader.reap() : nil
    LivingSteps.end(leader.step)
    let failure = pipes.failure
    let (stdout, stderr) = pipes.finish()
    return StepResult(
      ending: cause ?? failure.map(StepResult.Ending.unrecorded) ?? Self.ending(exit), exit: exit, stdout: stdout,
      stderr: stderr, survivors: (hasEnded ? others : others + [leader.identity.pid]).sorted())
  }

  private static func ending(_ exit: ExitStatus?) -> StepResult.Ending {
    switch exit {
    case .exited(let code): .exited(code)
    case .signalled(let signal): .signalled(signal)
    case nil: .lost
    }
  }
}
