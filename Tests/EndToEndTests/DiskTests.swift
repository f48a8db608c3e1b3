import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@Suite(.timeLimit(.minutes(10)), .enabled(if: SmallDisk.isPossible, "mounting is not permitted here"))
struct DiskTests {
  /// Fills the disk, lets the first step end, and returns once the run is paused.
  private func pause(_ held: HeldRun, _ disk: SmallDisk) async throws {
    try disk.fill()
    held.goOn()
    let status = try await Self.leave("running", held.run, held.editor)
    #expect(status["status"] == "paused")
    #expect(status["pauseReason"] == "disk")
  }

  @Test func runPausesWithoutRoomAndGoesOnWithIt() async throws {
    let disk = try SmallDisk(megabytes: 2)
    let held = try await HeldRun(BuiltIon(folder: disk.folder))
    try await pause(held, disk)
    #expect(held.ion.folder.read("workspace/done.txt") == nil)
    try disk.free()
    #expect(try await held.editor.call("workflow/wait", ["runId": held.run])["status"] == "succeeded")
    #expect(held.ion.folder.read("workspace/done.txt") == "b\n")
    #expect(try await held.editor.quit() == 0)
  }

  @Test func pausedRunKeepsNobodyFromLeavingAndResumesLater() async throws {
    let disk = try SmallDisk(megabytes: 2)
    let held = try await HeldRun(BuiltIon(folder: disk.folder))
    try await pause(held, disk)
    held.editor.hangUp()
    #expect(await held.editor.exitCode() == 1)
    #expect(held.ion.processesOfSteps().isEmpty)
    try disk.free()
    let run = try #require(held.run.stringValue)
    #expect(try await held.ion.status(of: run) == "interrupted")
    held.goOn()
    #expect(try await held.ion.run("resume", run).status == 0)
    #expect(held.ion.folder.read("workspace/done.txt") == "b\n")
  }

  @Test func outputWithoutRoomFailsItsStepAndSaysWhy() async throws {
    let disk = try SmallDisk(megabytes: 2)
    let ion = BuiltIon(
      files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: 'head -c 5000000 /dev/zero'}]\n"],
      folder: disk.folder)
    let editor = try Editor(ion)
    try await editor.initialize(ion)
    let run = try #require(try await editor.call("workflow/execute", ["workflow": "w"])["runId"])
    // What the step printed is in the way of its end, until somebody removes it.
    _ = try await Self.leave("running", run, editor)
    try removeAtOnce(ion.store().appending("logs").text)
    let end = try await editor.call("workflow/wait", ["runId": run])
    #expect(end["status"] == "failed")
    #expect(end["error"]?.stringValue?.contains("No space left on device") == true)
    #expect(try await editor.quit() == 0)
  }

  /// Asks for a run's status until it is another one.
  private static func leave(_ status: JSONValue, _ run: JSONValue, _ editor: Editor) async throws -> JSONValue {
    while true {
      let answer = try await editor.call("workflow/status", ["runId": run])
      if answer["status"] != status && answer["status"] != "queued" { return answer }
    }
  }

  @Test func nothingIsBegunWithoutRoom() async throws {
    let disk = try SmallDisk(megabytes: 2)
    let ion = BuiltIon(
      files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: 'echo x >> ran.txt'}]\n"], folder: disk.folder)
    #expect(try await ion.run("run", "w").status == 0)
    try disk.fill()
    let refused = try await ion.run("run", "w")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("no room left"))
    let listed = try await ion.run("runs", "--json")
    #expect(try JSONParser().parse(listed.output)["runs"]?.arrayValue?.map { $0["status"] } == ["succeeded"])
    try disk.free()
    #expect(ion.folder.read("workspace/ran.txt") == "x\n")
    #expect(try await ion.run("run", "w").status == 0)
  }

  @Test func readOnlyWorkspaceCanBeLookedAt() async throws {
    let disk = try SmallDisk(megabytes: 2)
    let ion = BuiltIon(
      files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: echo hi}]\n"], folder: disk.folder)
    try disk.makeReadOnly(true)
    #expect(try await ion.run("list").output.contains("w"))
    #expect(try await ion.run("check").status == 0)
    let early = try await ion.run("runs")
    #expect(early.status == 0 && early.output.contains("No runs yet"))
    let refused = try await ion.run("run", "w")
    #expect(refused.status == 1 && refused.errors.contains("Read-only file system"))
    try disk.makeReadOnly(false)
    #expect(try await ion.run("run", "w").status == 0)
    try disk.makeReadOnly(true)
    #expect(try await ion.run("runs").output.contains("succeeded"))
    let again = try await ion.run("run", "w")
    #expect(again.status == 1 && again.errors.contains("Read-only file system"))
    try disk.makeReadOnly(false)
  }
}
