import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

/// Children for each of some items, in the built program.
@Suite(.timeLimit(.minutes(10))) struct FanOutTests {
  /// A parent with four items, one after the other; the third one's child waits.
  private func ion() -> (BuiltIon, Rendezvous) {
    let ion = BuiltIon()
    let ready = Rendezvous(ion, "ready")
    let files = [
      "parent": """
      name: parent
      nodes:
        - {id: list, bash: 'echo list >> done.txt; echo "[\\"a\\", \\"b\\", \\"hold\\", \\"d\\"]"'}
        - {id: each, depends_on: [list], workflow: child, fan_out: {items: $list.output, as: item, max_parallel: 1}}
        - {id: after, depends_on: [each], bash: 'echo "after: $each.output" >> done.txt'}
      """,
      "child": """
      name: child
      mutates_checkout: false
      inputs: {item: {required: true}}
      nodes:
        - {id: first, bash: 'echo "first $INPUTS.item" >> done.txt'}
        - {id: second, depends_on: [first], bash: 'if [ "$INPUTS.item" = hold ] && [ ! -e go ]; then echo up > \(ready.path); exec sleep 1000; fi; echo "did $INPUTS.item"'}
      """,
    ]
    for (name, text) in files { ion.folder.write(text, to: "workspace/.ion/workflows/\(name).yaml") }
    return (ion, ready)
  }

  @Test func aServerKilledInMidFanOutCostsTheRunningStepAlone() async throws {
    let (ion, ready) = ion()
    let first = try Editor(ion)
    try await first.initialize(ion)
    let run = try #require(try await first.call("workflow/execute", ["workflow": "parent"])["runId"])
    #expect(await ready.line() == "up")
    first.kill()
    _ = await first.exitCode()

    let second = try Editor(ion)
    try await second.initialize(ion)
    let interrupted = try await second.call("workflow/status", ["runId": run, "nodes": true])
    #expect(interrupted["status"] == "interrupted")
    #expect(ion.processesOfSteps().isEmpty)
    let rows = interrupted["nodes"]?.arrayValue ?? []
    #expect(
      rows.compactMap { $0["nodeId"]?.stringValue }.prefix(6) == [
        "list", "each", "after", "each[0]", "each[1]", "each[2]",
      ])
    #expect(
      rows.dropFirst(3).prefix(3).map { $0["status"] } == ["succeeded", "succeeded", "interrupted"]
        && rows[3]["baseId"] == "each" && rows[5]["item"] == 2)
    ion.folder.write("", to: "workspace/go")
    _ = try await second.call("workflow/resume", ["runId": run])
    #expect(try await second.call("workflow/wait", ["runId": run])["status"] == "succeeded")
    #expect(
      ion.folder.read("workspace/done.txt")
        == "list\nfirst a\nfirst b\nfirst hold\nfirst d\nafter: [\"did a\",\"did b\",\"did hold\",\"did d\"]\n")
    let children = try await second.call("run/list", ["parentRunId": run])["runs"]?.arrayValue ?? []
    #expect(children.count == 4 && children.map { $0["attempt"] } == [1, 2, 1, 1])
    #expect(try await second.quit() == 0)
  }

  @Test func theCommandLineCountsItemsThatAreMany() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/parent.yaml": """
      name: parent
      nodes:
        - {id: list, exec: [sh, -c, 'printf "[0"; i=1; while [ $i -lt 60 ]; do printf ",$i"; i=$((i+1)); done; echo "]"']}
        - {id: each, depends_on: [list], workflow: child, fan_out: {items: $list.output, as: item}}
      """,
      ".ion/workflows/child.yaml": """
      name: child
      mutates_checkout: false
      inputs: {item: {}}
      nodes:
        - {id: only, bash: 'test "$INPUTS.item" != 7'}
      """,
    ])
    let outcome = try await ion.run("run", "parent")
    #expect(outcome.status == 1, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("· each: ") && $0.contains(" of 60 items through") })
    #expect(lines.contains { $0.hasPrefix("✗ each[7] failed") })
    #expect(!lines.contains { $0.contains("each[8]") } && lines.count < 20, "\(lines.count) lines")
    #expect(lines.contains { $0.contains("each failed") && $0.contains("1 of 60 items failed: each[7] failed: run ") })
    let runs = try await ion.run("runs")
    let id = try #require(runs.output.split(separator: " ").dropFirst().first)
    let shown = try await ion.run("show", String(id))
    #expect(shown.output.contains("each[7]") && shown.output.split(separator: "\n").count < 10)
    let report = try await ion.run("report", String(id), "--format", "mermaid")
    #expect(report.output.contains("#91;7#93;") && !report.output.contains("#91;8#93;"), "\(report.errors)")
    let planned = try await ion.run("plan", "parent")
    #expect(planned.output.contains("each  workflow"))
  }
}
