import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@Suite(.timeLimit(.minutes(10))) struct StoreLossTests {
  @Test func storeThatIsDeletedUnderARunGivesItUpAndServesOn() async throws {
    let held = try await HeldRun(third: true)
    try removeAtOnce(held.ion.store().text)
    held.goOn()
    let end = await end(of: held)
    #expect(end?["error"]?.stringValue?.contains("was removed") == true)
    #expect(end?["nodes"]?.arrayValue?.allSatisfy { $0["status"] == "interrupted" } == true)
    #expect(held.ion.processesOfSteps().isEmpty)
    #expect(held.ion.folder.read("workspace/done.txt") == nil)
    #expect(try await execute(held) == "succeeded")
    let runs = try await held.editor.call("run/list")["runs"]?.arrayValue
    #expect(runs?.map { $0["status"] } == ["succeeded"])
    #expect(try await held.editor.quit() == 0)
  }

  @Test func commandWhoseStoreIsDeletedEnds() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - {id: a, bash: 'rm -r .ion/codebases'}
        - {id: b, bash: 'sleep 1000'}
      """
    ])
    let outcome = try await ion.run("run", "w")
    #expect(outcome.status == 1)
    // Where the run is given up before the command has asked for it once, nobody knows it any more.
    #expect(outcome.errors.contains("was removed") || outcome.errors.contains("There is no run"))
    #expect(ion.processesOfSteps().isEmpty)
  }

  @Test func storeThatIsDeletedWhileIdleIsMadeAnew() async throws {
    let held = try await HeldRun(third: true)
    held.goOn()
    #expect(try await held.editor.call("workflow/wait", ["runId": held.run])["status"] == "succeeded")
    try removeAtOnce(held.ion.store().text)
    #expect(try await held.editor.call("run/list")["runs"] == [])
    #expect(try await execute(held) == "succeeded")
    #expect(try await held.editor.call("run/list")["runs"]?.arrayValue?.count == 1)
    #expect(try await held.editor.quit() == 0)
  }

  /// What SQLite still has in memory may serve for a while; then the damage is found, and the store rebuilt.
  @Test func storeThatIsOverwrittenWhileIdleIsRebuiltInPassing() async throws {
    let held = try await HeldRun(third: true)
    held.goOn()
    #expect(try await held.editor.call("workflow/wait", ["runId": held.run])["status"] == "succeeded")
    let file = try held.ion.store().appending("store.sqlite")
    let size = try #require(FileManager.default.contents(atPath: file.text)).count
    let handle = try FileHandle(forWritingTo: URL(filePath: file.text))
    try handle.write(contentsOf: Data(repeating: 0x5A, count: size))
    try handle.close()
    #expect(truncate(file.text + "-wal", 0) == 0)
    _ = try await held.editor.call("run/list")
    #expect(try await execute(held) == "succeeded")
    #expect(FileManager.default.fileExists(atPath: file.text + ".damaged-1"))
    #expect(try await held.editor.quit() == 0)
    #expect(try await held.ion.run("runs").status == 0)
  }

  /// The write-ahead log has everything that was not yet brought into the database's file.
  @Test func storeThatIsEmptiedBetweenRunsIsMovedAsideWithItsLog() async throws {
    let ion = BuiltIon(files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: echo hi}]\n"])
    #expect(try await ion.run("run", "w").status == 0)
    let file = try ion.store().appending("store.sqlite")
    let log = try #require(FileManager.default.contents(atPath: file.text + "-wal"))
    #expect(!log.isEmpty)
    #expect(truncate(file.text, 0) == 0)
    let listed = try await ion.run("runs")
    #expect(listed.status == 0)
    #expect(listed.errors.contains("store.sqlite.damaged-1"))
    #expect(FileManager.default.contents(atPath: file.text + ".damaged-1-wal") == log)
    #expect(try await ion.run("run", "w").status == 0)
  }

  @Test func workspaceThatIsDeletedUnderARunIsNotMadeAgain() async throws {
    let held = try await HeldRun(third: true)
    try removeAtOnce(held.ion.workspace.text)
    held.goOn()
    #expect(await end(of: held) != nil)
    #expect(!held.ion.folder.exists("workspace"))
    held.editor.hangUp()
    #expect(await held.editor.exitCode() == 1)
    #expect(held.ion.processesOfSteps().isEmpty)
    #expect(!held.ion.folder.exists("workspace"))
  }

  @Test func logsAndArtifactsThatAreDeletedCostNothingElse() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - {id: a, bash: 'echo out of a; echo made > "$ARTIFACTS_DIR/a.txt"'}
        - {id: b, depends_on: [a], bash: 'test -e go && echo $a.output'}
      """
    ])
    let editor = try Editor(ion)
    try await editor.initialize(ion)
    let run = try #require(try await editor.call("workflow/execute", ["workflow": "w"])["runId"])
    #expect(try await editor.call("workflow/wait", ["runId": run])["status"] == "failed")
    for name in ["logs", "artifacts"] {
      try removeAtOnce(ion.store().appending(name).text)
    }
    let log = try await editor.call("run/log", ["runId": run, "nodeId": "a"])
    #expect(log["text"] == "")
    let artifact = try #require(
      try await editor.call("artifact/list", ["runId": run])["artifacts"]?.arrayValue?.first?["uri"])
    await #expect(throws: (any Error).self) { try await editor.call("artifact/read", ["uri": artifact]) }
    ion.folder.write("", to: "workspace/go")
    _ = try await editor.call("workflow/resume", ["runId": run])
    #expect(try await editor.call("workflow/wait", ["runId": run])["status"] == "succeeded")
    let second = try await editor.call("run/log", ["runId": run, "nodeId": "b", "stream": "stdout"])
    #expect(second["text"] == "out of a\n")
    #expect(try await editor.quit() == 0)
  }

  /// What is told of the run when it is given up.
  private func end(of held: HeldRun) async -> JSONValue? {
    await held.editor.heard.first { $0 == "workflow/progress" && $1["status"] == "interrupted" }
  }

  /// How the workflow's next run ends.
  private func execute(_ held: HeldRun) async throws -> JSONValue? {
    let run = try #require(try await held.editor.call("workflow/execute", ["workflow": "w"])["runId"])
    held.goOn()
    return try await held.editor.call("workflow/wait", ["runId": run])["status"]
  }
}
