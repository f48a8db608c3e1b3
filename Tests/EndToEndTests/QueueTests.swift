import IonJSON
import IonTestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct QueueTests {
  private static let waiting = "name: w\nnodes: [{id: b, bash: 'echo waited >> done.txt'}]\n"

  @Test func queuedRunOfAKilledServerIsGoneOnWithByTheNext() async throws {
    let held = try await HeldRun()
    held.ion.folder.write(Self.waiting, to: "workspace/.ion/workflows/after.yaml")
    let started = try await held.editor.call("workflow/execute", ["workflow": "after", "queue": true])
    let queued = try #require(started["runId"])
    #expect(started["status"] == "queued" && started["waitsFor"]?["runId"] == held.run)
    let status = try await held.editor.call("workflow/status", ["runId": queued])
    #expect(status["status"] == "queued" && status["waitsFor"]?["workflow"] == "w" && status["startedAt"] == nil)
    held.editor.kill()
    _ = await held.editor.exitCode()

    // A command that only looks tells the truth, and leaves it alone.
    #expect(try await held.ion.status(of: try #require(queued.stringValue)) == "queued")
    #expect(!held.ion.folder.exists("workspace/done.txt"))
    let second = try Editor(held.ion)
    try await second.initialize(held.ion)
    #expect(try await second.call("workflow/wait", ["runId": queued])["status"] == "succeeded")
    #expect(try await second.call("workflow/status", ["runId": held.run])["status"] == "interrupted")
    #expect(held.ion.folder.read("workspace/done.txt") == "waited\n")
    #expect(try await second.quit() == 0)
  }

  @Test func queuedRunStartsWhenThePathIsFreeOrIsCancelled() async throws {
    let held = try await HeldRun()
    held.ion.folder.write(Self.waiting, to: "workspace/.ion/workflows/after.yaml")
    var queued: [JSONValue] = []
    for _ in 0..<2 {
      queued.append(
        try #require(try await held.editor.call("workflow/execute", ["workflow": "after", "queue": true])["runId"]))
    }
    #expect(try await held.editor.call("workflow/cancel", ["runId": queued[0]])["runId"] == queued[0])
    #expect(try await held.editor.call("workflow/wait", ["runId": queued[0]])["status"] == "cancelled")
    held.goOn()
    #expect(try await held.editor.call("workflow/wait", ["runId": queued[1]])["status"] == "succeeded")
    #expect(held.ion.folder.read("workspace/done.txt") == "b\nwaited\n")
    #expect(try await held.editor.quit() == 0)
  }

  /// Another process has the codebase with its run: the command waits for that, too.
  @Test func commandWaitsForAnotherProcess() async throws {
    let held = try await HeldRun()
    held.ion.folder.write(Self.waiting, to: "workspace/.ion/workflows/after.yaml")
    #expect(try await held.ion.run("run", "after").status == 1)
    let command = try held.ion.start(["run", "after", "--queue"])
    held.goOn()
    let outcome = try await command.end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(held.ion.folder.read("workspace/done.txt") == "b\nwaited\n")
    #expect(try await held.editor.quit() == 0)
  }
}
