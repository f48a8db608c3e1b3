import Foundation
import Glibc
import IonProcess
import IonWorkflow
import Testing

/// What a step leaves behind when its process ends by itself: nothing.
@Suite struct StepEndTests {
  /// Runs a script that prints the numbers of what it leaves, and checks that nothing of it is there.
  private func expectNothingLeft(of command: StepCommand, in bench: Bench, count: Int = 1) async throws {
    let result = try await bench.run(command)
    #expect(result.ending == .exited(0))
    #expect(result.survivors == [])
    let pids = try bench.pids()
    #expect(pids.count == count)
    #expect(pids.filter { !isGone($0) } == [])
  }

  @Test func aBackgroundProcessEndsWithTheStep() async throws {
    let bench = try Bench()
    try await expectNothingLeft(of: bench.bash("sleep 1000 & echo $!; exit 0"), in: bench)
  }

  @Test func aProcessThatHoldsThePipeOpenDoesNotHoldTheStep() async throws {
    let bench = try Bench()
    try await expectNothingLeft(
      of: bench.bash("(trap '' HUP TERM INT; exec sleep 1000) & echo $!"), in: bench)
  }

  @Test func aProcessThatGoesOnPrintingDoesNotHoldTheStep() async throws {
    let bench = try Bench()
    let result = try await bench.run(bench.bash("yes & exit 0"))
    #expect(result.ending == .exited(0))
  }

  @Test func aDaemonInASessionOfItsOwnEndsWithTheStep() async throws {
    let bench = try Bench()
    try await expectNothingLeft(of: bench.python(Daemon.script(sessions: 1)), in: bench)
  }

  @Test func aDaemonThatForkedTwiceEndsWithTheStep() async throws {
    let bench = try Bench()
    try await expectNothingLeft(of: bench.python(Daemon.script(sessions: 2)), in: bench)
  }

  @Test func aDaemonWithoutEnvironmentEndsWithTheStep() async throws {
    // Nothing but its origin connects it with the step, so no other step may be there that could be its origin.
    await #expect(processExitsWith: .success) {
      let bench = try Bench()
      let result = try await bench.run(bench.python(Daemon.script(sessions: 2, keepsEnvironment: false)))
      #expect(result.survivors == [])
      let pids = try bench.pids()
      #expect(pids.count == 1 && pids.allSatisfy(isGone))
    }
  }

  @Test func aDaemonOfAnotherStepIsLeftAlone() async throws {
    let bench = try Bench()
    let gate = try bench.gate("go")
    let daemons = try await bench.start(bench.python(Daemon.script(sessions: 2, then: "open('go').readline()")))
    try await daemons.waitForText("\n")
    let daemon = try #require(try bench.pids().first)
    let other = try Bench()
    #expect(try await other.run(other.bash("sleep 1000 & exit 0")).ending == .exited(0))
    #expect(!isGone(daemon))
    gate.open()
    #expect(await daemons.process.result().ending == .exited(0))
    #expect(isGone(daemon))
  }

  @Test func twoHundredForkedChildrenEndWithTheStep() async throws {
    let bench = try Bench()
    let script = "for i in $(seq 200); do (trap '' TERM HUP; sleep 1000) & echo $!; done"
    try await expectNothingLeft(of: bench.bash(script), in: bench, count: 200)
  }

  @Test(.enabled(if: isAsked("ION_TEST_LARGE"))) func twoThousandForkedChildrenEndWithTheStep() async throws {
    let bench = try Bench()
    let script = "for i in $(seq 2000); do (trap '' TERM HUP; sleep 1000) & echo $!; done"
    try await expectNothingLeft(of: bench.bash(script), in: bench, count: 2000)
  }

  @Test func nothingOfTheStepStaysAZombie() async throws {
    await #expect(processExitsWith: .success) {
      let bench = try Bench()
      let script =
        "import os\nfor i in range(20):\n  if os.fork() == 0:\n    os.setsid()\n    os.fork()\n    os._exit(0)\n"
      for index in 0..<5 {
        let files = OutputFiles(bench.folder.appending("\(index)"))
        #expect(try await StepProcess.start(bench.python(script), output: files).result().ending == .exited(0))
      }
      let children = try String(contentsOfFile: "/proc/self/task/\(getpid())/children", encoding: .utf8)
      #expect(children == "")
    }
  }

  @Test func withoutASubreaperDaemonsAreFoundByTheirMarker() async throws {
    await #expect(processExitsWith: .success) {
      let bench = try Bench(isSubreaper: false)
      let result = try await bench.run(bench.python(Daemon.script(sessions: 2)))
      #expect(result.survivors == [])
      let pids = try bench.pids()
      #expect(pids.count == 1 && pids.allSatisfy { ProcessIdentity(of: $0)?.isAlive != true })
    }
  }
}
