import Glibc
import IonProcess
import IonWorkflow
import Testing

/// Ending a step that wouldn't end by itself.
@Suite struct StopTests {
  private let long = Duration.seconds(600)
  private let short = Duration.milliseconds(20)

  @Test func aStoppedStepEndsWithTheReason() async throws {
    let bench = try Bench()
    let step = try await bench.start(bench.bash("echo ready; sleep 1000"))
    try await step.waitForText("ready")
    step.process.stop(reason: "cancelled", grace: long)
    let result = await step.process.result()
    #expect(result.ending == .stopped("cancelled"))
    #expect(result.exit == .signalled(SIGTERM))
    #expect(try bench.text(.stdout) == "ready\n")
  }

  @Test func aStepMayEndInGoodOrder() async throws {
    let bench = try Bench()
    let step = try await bench.start(bench.bash("trap 'echo saved; exit 7' TERM; echo ready; sleep 1000 & wait"))
    try await step.waitForText("ready")
    step.process.stop(reason: "cancelled", grace: long)
    let result = await step.process.result()
    #expect(result.ending == .stopped("cancelled"))
    #expect(result.exit == .exited(7))
    #expect(try bench.text(.stdout) == "ready\nsaved\n")
  }

  @Test func theStepsOwnStopSignalIsUsed() async throws {
    let bench = try Bench()
    var command = bench.bash("trap 'exit 8' INT; echo ready; sleep 1000")
    command.stopSignal = SIGINT
    let step = try await bench.start(command)
    try await step.waitForText("ready")
    step.process.stop(reason: "cancelled", grace: long)
    #expect(await step.process.result().exit == .exited(8))
  }

  @Test func thoseInTheGroupGetTheGraceToo() async throws {
    let bench = try Bench()
    let script = "(trap 'read < go; echo saved; exit' TERM; echo ready; sleep 1000 & wait) & wait"
    let gate = try bench.gate("go")
    let step = try await bench.start(bench.bash(script))
    try await step.waitForText("ready")
    step.process.stop(reason: "cancelled", grace: long)
    // The leader doesn't wait for its child, which is let go on only now.
    await becomesZombie(step.process.facts.pid)
    gate.open()
    let result = await step.process.result()
    #expect(result.exit == .signalled(SIGTERM))
    #expect(try bench.text(.stdout) == "ready\nsaved\n")
  }

  @Test func whoIgnoresTheSignalIsKilledAfterTheGrace() async throws {
    let bench = try Bench()
    let step = try await bench.start(bench.bash("trap '' TERM; echo ready; sleep 1000"))
    try await step.waitForText("ready")
    step.process.stop(reason: "cancelled", grace: short)
    let result = await step.process.result()
    #expect(result.ending == .stopped("cancelled"))
    #expect(result.exit == .signalled(SIGKILL))
  }

  @Test func daemonsEndWithAStoppedStep() async throws {
    let bench = try Bench()
    // One with an environment and an origin, one with neither.
    let script = [true, false].map { Daemon.script(sessions: $0 ? 2 : 1, keepsEnvironment: $0) }.joined(separator: "\n")
    let step = try await bench.start(bench.python(script + "\nprint('ready', flush=True)\nsignal.pause()"))
    try await step.waitForText("ready")
    step.process.stop(reason: "cancelled", grace: short)
    let result = await step.process.result()
    #expect(result.survivors == [])
    let pids = try bench.text(.stdout).split(separator: "\n").compactMap { Int32($0) }
    #expect(pids.count == 2)
    #expect(pids.filter { !isGone($0) } == [])
  }

  @Test func aSuspendedStepCanBeStopped() async throws {
    let bench = try Bench()
    let step = try await bench.start(bench.bash("echo ready; kill -STOP $$"))
    try await step.waitForText("ready")
    step.process.stop(reason: "cancelled", grace: long)
    #expect(await step.process.result().exit == .signalled(SIGTERM))
  }

  @Test func theFirstReasonStandsAndTheEarliestGrace() async throws {
    let bench = try Bench()
    let step = try await bench.start(bench.bash("trap '' TERM; echo ready; sleep 1000"))
    try await step.waitForText("ready")
    step.process.stop(reason: "first", grace: long)
    step.process.stop(reason: "second", grace: short)
    step.process.stop(reason: "third", grace: long)
    #expect(await step.process.result().ending == .stopped("first"))
  }

  @Test func stoppingWhatHasEndedChangesNothing() async throws {
    let bench = try Bench()
    let process = try await bench.start(bench.bash("exit 2")).process
    let result = await process.result()
    process.stop(reason: "late")
    #expect(await process.result() == result)
    #expect(result.ending == .exited(2))
  }

  @Test func aStopThatRacesWithTheEndGivesOneResult() async throws {
    let bench = try Bench()
    for index in 0..<40 {
      let files = OutputFiles(bench.folder.appending("\(index)"))
      let process = try await StepProcess.start(bench.command("true"), output: files)
      await withTaskGroup { group in
        for reason in ["a", "b"] { group.addTask { process.stop(reason: reason) } }
      }
      let result = await process.result()
      switch result.ending {
      case .exited(0): #expect(result.exit == .exited(0))
      case .stopped("a"), .stopped("b"): #expect([.exited(0), .signalled(SIGTERM)].contains(result.exit))
      default: Issue.record("\(result)")
      }
      #expect(await process.result() == result)
    }
  }

  @Test func aTimeoutEndsTheStepAndKeepsItsOutput() async throws {
    let bench = try Bench()
    let limits = StepLimits(timeout: .seconds(1), grace: short)
    let result = try await bench.run(bench.bash("echo kept; trap '' TERM; sleep 1000"), limits: limits)
    #expect(result.ending == .timedOut)
    #expect(try bench.text(.stdout) == "kept\n")
  }

  @Test func silenceEndsTheStepThatMayNotIdle() async throws {
    let bench = try Bench()
    let limits = StepLimits(idleTimeout: .milliseconds(100), grace: long)
    let result = try await bench.run(bench.bash("sleep 1000"), limits: limits)
    #expect(result.ending == .idledOut)
    #expect(result.exit == .signalled(SIGTERM))
  }

  @Test func whoPrintsDoesNotIdle() async throws {
    let bench = try Bench()
    let script = "for i in 1 2 3 4 5 6 7 8 9; do sleep 0.2; echo $i >&$((i % 2 + 1)); done; exit 3"
    let result = try await bench.run(bench.bash(script), limits: StepLimits(idleTimeout: .milliseconds(1500)))
    #expect(result.ending == .exited(3))
  }

  @Test func aStepThatEndsInTimeIsNotTimedOut() async throws {
    let bench = try Bench()
    let limits = StepLimits(timeout: long, idleTimeout: long)
    #expect(try await bench.run(bench.bash(":"), limits: limits).ending == .exited(0))
  }

  /// Waits until a process has ended; it is reaped by whoever supervises it.
  private func becomesZombie(_ pid: Int32) async {
    while ProcessIdentity(of: pid)?.isAlive == true { await Task.yield() }
  }
}
