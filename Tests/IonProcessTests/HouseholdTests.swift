import Foundation
import Glibc
import IonProcess
import IonWorkflow
import Testing

/// Processes that were left behind by a program that is gone, and what makes a process itself.
@Suite struct HouseholdTests {
  @Test func aProcessIsItselfOnlyWithItsStart() throws {
    let own = try #require(ProcessIdentity.current())
    #expect(own.pid == getpid())
    #expect(own.isAlive)
    #expect(!ProcessIdentity(pid: own.pid, startTicks: own.startTicks + 1, bootID: own.bootID).isAlive)
    #expect(!ProcessIdentity(pid: own.pid, startTicks: own.startTicks, bootID: "another boot").isAlive)
    #expect(ProcessIdentity(of: 0) == nil)
  }

  @Test func whatAKilledProgramLeftIsFoundByItsMarker() async throws {
    try await withHousehold { bench in
      let ours = "\(bench.folder.name)/node/1/a"
      let others = "\(bench.folder.name)-2/node/1/b"
      let pids = try await leftovers(of: bench, markers: [ours, others, ours])
      let survivors = await ProcessHousehold.stopLeftovers(
        facts: [], markers: ["ION_STEP_MARKER=\(bench.folder.name)/"], grace: .milliseconds(20))
      #expect(survivors == [])
      #expect(pids.map(isRunning) == [false, true, false])
      #expect(
        await ProcessHousehold.stopLeftovers(facts: [], markers: ["ION_STEP_MARKER=\(others)"], grace: .zero) == [])
      #expect(!isRunning(pids[1]))
    }
  }

  @Test func leftoversMayEndInGoodOrder() async throws {
    try await withHousehold { bench in
      let handler = "lambda *_: (open('saved', 'w').close(), os._exit(0))"
      let pids = try await leftovers(of: bench, markers: ["\(bench.folder.name)/a"], onTerm: handler)
      let survivors = await ProcessHousehold.stopLeftovers(
        facts: [], markers: ["ION_STEP_MARKER=\(bench.folder.name)/"], grace: .seconds(600))
      #expect(survivors == [])
      #expect(pids.allSatisfy { !isRunning($0) })
      #expect(access(bench.folder.appending("saved").text, F_OK) == 0)
    }
  }

  @Test func recordedProcessesAreEndedWithTheirSessions() async throws {
    try await withHousehold { bench in
      let pids = try await leftovers(of: bench, markers: ["-", "-"])
      let facts = try pids.map { try #require(ProcessIdentity(of: $0)) }
      #expect(await ProcessHousehold.stopLeftovers(facts: [facts[0]], markers: [], grace: .zero) == [])
      #expect(pids.map(isRunning) == [false, true])
      #expect(await ProcessHousehold.stopLeftovers(facts: facts, markers: [], grace: .zero) == [])
      #expect(pids.map(isRunning) == [false, false])
    }
  }

  @Test func anotherProcessWithARecordedNumberIsLeftAlone() async throws {
    try await withHousehold { bench in
      let pids = try await leftovers(of: bench, markers: ["-"])
      let real = try #require(ProcessIdentity(of: pids[0]))
      let earlier = ProcessIdentity(pid: real.pid, startTicks: real.startTicks - 1, bootID: real.bootID)
      let otherBoot = ProcessIdentity(pid: real.pid, startTicks: real.startTicks, bootID: "another boot")
      #expect(await ProcessHousehold.stopLeftovers(facts: [earlier, otherBoot], markers: [""], grace: .zero) == [])
      #expect(real.isAlive)
      #expect(await ProcessHousehold.stopLeftovers(facts: [real], markers: [], grace: .zero) == [])
      #expect(!real.isAlive)
    }
  }

  @Test func thisProcessIsNeverALeftover() async throws {
    let own = try #require(ProcessIdentity.current())
    #expect(await ProcessHousehold.stopLeftovers(facts: [own], markers: [], grace: .zero) == [])
    #expect(own.isAlive)
  }

  @Test func manyStepsAtOnceLeaveNothingOpenAndNoChildren() async throws {
    await #expect(processExitsWith: .success) {
      let bench = try Bench()
      let isLeaking = try await leaksDescriptors(rounds: 100) {
        try await withThrowingTaskGroup { group in
          for index in 0..<100 {
            group.addTask {
              let files = OutputFiles(bench.folder.appending(ProcessInfo.processInfo.globallyUniqueString))
              let result = try await StepProcess.start(bench.bash("echo \(index); exit 9"), output: files).result()
              return try OutputReader(files).tail(.stdout, limit: 10, isComplete: true).text == "\(index)\n"
                && result.ending == .exited(9)
            }
          }
          for try await isRight in group { #expect(isRight) }
        }
      }
      #expect(!isLeaking)
      for thread in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task") {
        #expect(try String(contentsOfFile: "/proc/self/task/\(thread)/children", encoding: .utf8) == "")
      }
    }
  }

  /// Runs a test beside a step of this process that is older than whatever the test leaves behind, so that no other step
  /// takes it for its own.
  private func withHousehold(_ body: (Bench) async throws -> Void) async throws {
    let keeper = try Bench()
    let gate = try keeper.gate("go")
    let step = try await keeper.start(keeper.bash("echo ready; read < go"))
    try await step.waitForText("ready")
    try await body(try Bench())
    gate.open()
    #expect(await step.process.result().ending == .exited(0))
  }

  private func isRunning(_ pid: Int32) -> Bool { ProcessIdentity(of: pid)?.isAlive == true }

  /// Lets a program start a process with each marker in a session of its own, and kills the program; their numbers. The
  /// program is a step: the markers aren't its own, so that it takes none of them along.
  private func leftovers(of bench: Bench, markers: [String], onTerm: String = "signal.SIG_IGN") async throws -> [Int32]
  {
    let script = """
      import os, signal, sys
      for marker in sys.argv[1:]:
        os.environ['ION_STEP_MARKER'] = marker
        ready, settled = os.pipe()
        os.set_inheritable(settled, True)
        if os.fork() == 0:
          os.setsid()
          body = '''import os, signal
      signal.signal(signal.SIGTERM, \(onTerm))
      os.write(%d, b"x")
      os.close(%d)
      signal.pause()'''
          os.execv(sys.executable, [sys.executable, '-c', body % (settled, settled)])
        os.close(settled)
        os.read(ready, 1)
      print(' '.join(open(f'/proc/self/task/{os.getpid()}/children').read().split()), flush=True)
      os.kill(os.getpid(), signal.SIGKILL)
      """
    let result = try await bench.run(bench.command("python3", ["-c", script] + markers))
    #expect(result.ending == .signalled(SIGKILL))
    let pids = try bench.pids()
    try #require(pids.count == markers.count)
    return pids
  }
}
