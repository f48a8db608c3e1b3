import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@Suite(.timeLimit(.minutes(10))) struct SignalTests {
  private func stubborn() -> (ion: BuiltIon, ready: Rendezvous) {
    let ion = BuiltIon()
    let ready = Rendezvous(ion, "ready")
    ion.folder.write(CrashTests.stubborn(ready), to: "workspace/.ion/workflows/stubborn.yaml")
    return (ion, ready)
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
  func serverThatIsAskedToEndInterruptsItsRunsAndLeavesNothing(_ signal: Int32) async throws {
    let (ion, ready) = stubborn()
    let editor = try Editor(ion)
    try await editor.initialize(ion)
    let run = try #require(try await editor.call("workflow/execute", ["workflow": "stubborn"])["runId"])
    #expect(await ready.line() == "up")
    editor.kill(signal)
    #expect(await editor.exitCode() == 128 + signal)
    #expect(ion.processesOfSteps().isEmpty)
    // The client heard of it before the connection ended.
    #expect(await editor.until("stay", is: "interrupted") != nil)

    let second = try Editor(ion)
    try await second.initialize(ion)
    let status = try await second.call("workflow/status", ["runId": run])
    #expect(status["status"] == "interrupted")
    #expect(status["error"]?.stringValue?.contains("signal \(signal)") == true)
    ion.folder.write("", to: "workspace/go")
    _ = try await second.call("workflow/resume", ["runId": run])
    #expect(try await second.call("workflow/wait", ["runId": run])["status"] == "succeeded")
    #expect(try await second.quit() == 0)
  }

  @Test func idleServerEndsBySignal() async throws {
    let ion = BuiltIon()
    let editor = try Editor(ion)
    try await editor.initialize(ion)
    editor.kill(SIGTERM)
    #expect(await editor.exitCode() == 128 + SIGTERM)
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
  func commandThatIsAskedToEndCancelsItsRunAndLeavesNothing(_ signal: Int32) async throws {
    let ion = BuiltIon()
    let ready = Rendezvous(ion, "ready")
    ion.folder.write(
      "name: w\nnodes: [{id: a, bash: 'setsid sleep 1000 & echo up > \(ready.path); sleep 1000'}]\n",
      to: "workspace/.ion/workflows/w.yaml")
    let command = try ion.start(["run", "w"])
    #expect(await ready.line() == "up")
    command.kill(signal)
    let outcome = try await command.end()
    #expect(outcome.status == 130)
    #expect(outcome.output.contains("w cancelled"))
    #expect(ion.processesOfSteps().isEmpty)
  }

  /// The step and its child hear every request to end, and stay.
  @Test func secondCtrlCKillsAtOnce() async throws {
    let ion = BuiltIon()
    let ready = Rendezvous(ion, "ready")
    ion.folder.write(
      """
      name: w
      nodes:
        - id: a
          bash: |
            trap 'echo asked > \(ready.path)' TERM INT
            (trap '' TERM INT; exec setsid sleep 1000) &
            echo up > \(ready.path)
            while true; do wait; done
      """, to: "workspace/.ion/workflows/w.yaml")
    let terminal = try Terminal(ion, "run", "w")
    #expect(await ready.line() == "up")
    try terminal.type("\u{3}")
    #expect(await terminal.shows("press Ctrl-C again to kill it"))
    #expect(await ready.line() == "asked")
    #expect(!ion.processesOfSteps().isEmpty)
    try terminal.type("\u{3}")
    #expect(await terminal.shows("killing what the run runs"))
    #expect(await terminal.shows("w cancelled"))
    #expect(await terminal.exitCode() == 130)
    #expect(ion.processesOfSteps().isEmpty)
  }

  @Test func ignoredHangUpStaysIgnored() async throws {
    let ion = BuiltIon()
    let (ready, answer) = (Rendezvous(ion, "ready"), Rendezvous(ion, "answer"))
    ion.folder.write(
      "name: w\nnodes: [{id: a, bash: 'echo $PPID > \(ready.path); read -r line < \(answer.path)'}]\n",
      to: "workspace/.ion/workflows/w.yaml")
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-c", "trap '' HUP; exec \(BuiltIon.program.path) run w"]
    shell.environment = ion.environment
    shell.currentDirectoryURL = URL(filePath: ion.workspace.text)
    shell.standardOutput = FileHandle.nullDevice
    let (ended, sink) = AsyncStream<Int32>.makeStream()
    shell.terminationHandler = { sink.yield($0.terminationStatus) }
    try shell.run()
    let pid = try #require(Int32(await ready.line()))
    #expect(pid == shell.processIdentifier)
    kill(pid, SIGHUP)
    answer.say("go on")
    #expect(await ended.first { _ in true } == 0)
  }
}
