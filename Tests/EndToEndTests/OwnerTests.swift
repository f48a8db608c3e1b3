import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@Suite(.timeLimit(.minutes(10))) struct OwnerTests {
  private func held() -> (ion: BuiltIon, ready: Rendezvous, answer: Rendezvous) {
    let ion = BuiltIon()
    let (ready, answer) = (Rendezvous(ion, "ready"), Rendezvous(ion, "answer"))
    ion.folder.write(
      "name: w\nnodes: [{id: a, bash: 'echo x >> ran.txt; echo up > \(ready.path); read -r line < \(answer.path)'}]\n",
      to: "workspace/.ion/workflows/w.yaml")
    return (ion, ready, answer)
  }

  @Test func editorHearsOfRunsOfTheCommandLine() async throws {
    let ion = BuiltIon(files: [".ion/workflows/quick.yaml": "name: quick\nnodes: [{id: a, bash: 'echo hello'}]\n"])
    let editor = try Editor(ion)
    try await editor.initialize(ion)
    _ = try await editor.call("events/subscribe", ["output": "full"])
    #expect(try await ion.run("run", "quick").status == 0)
    let end = await editor.heard.first { $0 == "workflow/progress" && $1["status"] == "succeeded" }
    #expect(end?["nodes"]?.arrayValue?.first?["nodeId"] == "a")
    let output = await editor.heard.first { method, _ in method == "workflow/output" }
    #expect(output?["text"] == "hello\n")
    #expect(try await editor.quit() == 0)
  }

  @Test func secondRunIsRefusedNamingTheOwnerAlsoWhileThatIsStopped() async throws {
    let (ion, ready, answer) = held()
    let owner = try ion.start(["run", "w"])
    _ = await ready.line()
    for signal in [SIGCONT, SIGSTOP] {
      owner.kill(signal)
      let refused = try await ion.run("run", "w")
      #expect(refused.status == 1)
      #expect(refused.errors.contains("process \(owner.process.processIdentifier)"))
      #expect(try await ion.run("runs").output.contains("running"))
    }
    owner.kill(SIGCONT)
    answer.say("go on")
    #expect(try await owner.end().status == 0)
    #expect(ion.folder.read("workspace/ran.txt") == "x\n")
  }

  @Test func deathOfAnotherOwnerEndsTheWaitForItsRun() async throws {
    let (ion, ready, _) = held()
    let owner = try ion.start(["run", "w"])
    _ = await ready.line()
    let editor = try Editor(ion)
    try await editor.initialize(ion)
    let run = try #require(try await editor.call("run/list")["runs"]?.arrayValue?.first)
    #expect(run["status"] == "running")
    async let end = editor.call("workflow/wait", ["runId": run["runId"] ?? .null])
    owner.kill(SIGKILL)
    #expect(try await end["status"] == "interrupted")
    #expect(try await editor.quit() == 0)
    #expect(ion.processesOfSteps().isEmpty)
  }

  /// Who deletes the lock's file makes two owners of one store: the one that came later goes on, the other stops itself.
  @Test func ownerWhoseLockIsDeletedStopsItself() async throws {
    let (ion, ready, _) = held()
    let editor = try Editor(ion)
    try await editor.initialize(ion)
    let run = try #require(try await editor.call("workflow/execute", ["workflow": "w"])["runId"]?.stringValue)
    _ = await ready.line()
    try removeAtOnce(ion.store().appending("owner.lock").text)
    #expect(try await ion.status(of: run) == "interrupted")
    #expect(await editor.until("a", is: "interrupted") != nil)
    #expect(ion.processesOfSteps().isEmpty)
    #expect(try await editor.call("workflow/status", ["runId": .string(run)])["status"] == "interrupted")
    #expect(try await editor.quit() == 0)
  }

  @Test func manyAtOnceRunOneAtATimeOrSayWhoDoes() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: 'mkdir alone && echo x >> ran.txt && rmdir alone'}]\n"
    ])
    let commands = try (0..<8).map { _ in try ion.start(["run", "w"]) }
    var successes = 0
    for command in commands {
      let outcome = try await command.end()
      if outcome.status == 0 {
        successes += 1
      } else {
        #expect(outcome.errors.contains("Another Ion (process") || outcome.errors.contains("is in use by run"))
      }
    }
    #expect(successes > 0)
    #expect(ion.folder.read("workspace/ran.txt") == String(repeating: "x\n", count: successes))
    let listed = try await ion.run("runs", "--status", "succeeded", "--json")
    #expect(try JSONParser().parse(listed.output)["runs"]?.arrayValue?.count == successes)
  }
}
