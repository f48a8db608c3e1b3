import Foundation
import IonJSON
import IonTestSupport
import Testing

@Suite struct CrashTests {
  static let chain = """
    name: chain
    nodes:
      - id: one
        bash: echo one >> done.txt
      - id: two
        depends_on: [one]
        bash: |
          echo two >> done.txt
          if [ ! -e go ]; then mkfifo wait; read -r line < wait; fi
      - id: three
        depends_on: [two]
        bash: echo three >> done.txt
    """

  @Test func killedRunResumesWhereItStoodAndLeavesNothing() async throws {
    let ion = BuiltIon(files: [".ion/workflows/chain.yaml": Self.chain])
    let first = try Editor(ion)
    try await first.initialize(ion)
    let started = try await first.call("workflow/execute", ["workflow": "chain"])
    let run = try #require(started["runId"])
    #expect(await first.until("two", is: "running") != nil)
    first.kill()
    _ = await first.exitCode()

    let second = try Editor(ion)
    try await second.initialize(ion)
    let status = try await second.call("workflow/wait", ["runId": run, "timeoutMs": 20_000])
    #expect(status["status"] == "interrupted")
    #expect(status["resumable"] == true)
    #expect(Self.processes(of: run.stringValue ?? "").isEmpty)

    ion.folder.write("", to: "workspace/go")
    let resumed = try await second.call("workflow/resume", ["runId": run])
    #expect(resumed["attempt"] == 2)
    let end = try await second.call("workflow/wait", ["runId": run])
    #expect(end["status"] == "succeeded")
    let lines = (ion.folder.read("workspace/done.txt") ?? "").split(separator: "\n")
    #expect(lines.filter { $0 == "one" }.count == 1)
    #expect(lines.filter { $0 == "two" }.count <= 2)
    #expect(lines.last == "three")
    #expect(try await second.quit() == 0)
    #expect(Self.processes(of: run.stringValue ?? "").isEmpty)
  }

  /// The processes that carry a run's marker.
  static func processes(of run: String) -> [String] {
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return folders.filter { pid in
      guard Int32(pid) != nil, let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ") else {
        return false
      }
      return String(decoding: environment, as: UTF8.self).contains("ION_STEP_MARKER=\(run)/")
    }
  }

  @Test func closedConnectionInterruptsTheRunAndEndsTheProgram() async throws {
    let ion = BuiltIon(files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: sleep 1000}]\n"])
    let editor = try Editor(ion)
    try await editor.initialize(ion)
    let run = try #require(try await editor.call("workflow/execute", ["workflow": "w"])["runId"])
    #expect(await editor.until("a", is: "running") != nil)
    editor.hangUp()
    #expect(await editor.exitCode() == 1)
    #expect(Self.processes(of: run.stringValue ?? "").isEmpty)
    let shown = try await ion.run("show", run.stringValue ?? "", "--json")
    #expect(shown.output.contains("\"status\":\"interrupted\""))
  }
}
