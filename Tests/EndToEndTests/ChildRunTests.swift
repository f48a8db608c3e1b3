import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

/// Runs that others start, in the built program.
@Suite(.timeLimit(.minutes(10))) struct ChildRunTests {
  /// A parent of two steps around a child of three, each of which says in a file that it ran; the child's second waits.
  private static func files(_ ready: Rendezvous) -> [String: String] {
    [
      "parent": """
      name: parent
      nodes:
        - {id: before, bash: 'echo before >> done.txt; echo cats'}
        - {id: call, depends_on: [before], workflow: child, with: {about: $before.output}}
        - {id: after, depends_on: [call], bash: 'echo "after: $call.output" >> done.txt'}
      """,
      "child": """
      name: child
      inputs: {about: {required: true}}
      returns: last
      nodes:
        - {id: first, bash: 'echo first >> done.txt'}
        - {id: hold, depends_on: [first], bash: 'echo hold >> done.txt; if [ ! -e go ]; then echo up > \(ready.path); exec sleep 1000; fi'}
        - {id: last, depends_on: [hold], bash: 'echo last >> done.txt; echo "all about $INPUTS.about"'}
      """,
    ]
  }

  private func ion() -> (BuiltIon, Rendezvous) {
    let ion = BuiltIon()
    let ready = Rendezvous(ion, "ready")
    for (name, text) in Self.files(ready) { ion.folder.write(text, to: "workspace/.ion/workflows/\(name).yaml") }
    return (ion, ready)
  }

  @Test func aServerKilledInMidChildCostsTheRunningStepAlone() async throws {
    let (ion, ready) = ion()
    let first = try Editor(ion)
    try await first.initialize(ion)
    let run = try #require(try await first.call("workflow/execute", ["workflow": "parent"])["runId"])
    #expect(await ready.line() == "up")
    let before = try #require(try await first.call("run/list", ["parentRunId": run])["runs"]?.arrayValue?.first)
    first.kill()
    _ = await first.exitCode()

    let second = try Editor(ion)
    try await second.initialize(ion)
    #expect(try await second.call("workflow/status", ["runId": run])["status"] == "interrupted")
    let child = try #require(before["runId"])
    #expect(before["parentRunId"] == run && before["parentNodeId"] == "call")
    let interrupted = try await second.call("workflow/status", ["runId": child])
    #expect(interrupted["status"] == "interrupted")
    #expect(ion.processesOfSteps().isEmpty)
    ion.folder.write("", to: "workspace/go")
    _ = try await second.call("workflow/resume", ["runId": run])
    #expect(try await second.call("workflow/wait", ["runId": run])["status"] == "succeeded")
    #expect(
      ion.folder.read("workspace/done.txt") == "before\nfirst\nhold\nhold\nlast\nafter: all about cats\n")
    let children = try await second.call("run/list", ["parentRunId": run])["runs"]?.arrayValue ?? []
    #expect(children.map { $0["runId"] } == [child] && children.first?["attempt"] == 2)
    #expect(try await second.quit() == 0)
  }

  @Test func aChildThatEndedWhileItsParentWasDownIsTakenAsItIs() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/parent.yaml": """
      name: parent
      nodes:
        - {id: call, workflow: child}
        - {id: after, depends_on: [call], bash: 'echo "after: $call.output" >> done.txt'}
      """,
      ".ion/workflows/child.yaml": "name: child\nnodes:\n  - {id: only, bash: 'echo only >> done.txt; echo result'}\n",
    ])
    // Wherever the server is killed, the child's one step runs once more at most, and never after it was seen to end.
    for told in 0...8 {
      ion.folder.write("", to: "workspace/done.txt")
      let first = try Editor(ion)
      try await first.initialize(ion)
      let run = try #require(try await first.call("workflow/execute", ["workflow": "parent"])["runId"])
      if told > 0 { await first.heard.turns(told) }
      first.kill()
      _ = await first.exitCode()
      let second = try Editor(ion)
      try await second.initialize(ion)
      let children = try await second.call("run/list", ["parentRunId": run])["runs"]?.arrayValue ?? []
      let hadEnded = children.first?["status"] == "succeeded"
      if try await second.call("workflow/status", ["runId": run])["status"] == "interrupted" {
        _ = try await second.call("workflow/resume", ["runId": run])
      }
      #expect(try await second.call("workflow/wait", ["runId": run])["status"] == "succeeded")
      let lines = (ion.folder.read("workspace/done.txt") ?? "").split(separator: "\n")
      #expect(lines.last == "after: result")
      #expect(lines.count { $0 == "only" } <= (hadEnded ? 1 : 2), "\(lines)")
      let after = try await second.call("run/list", ["parentRunId": run])["runs"]?.arrayValue ?? []
      #expect(after.count == 1 && (children.isEmpty || after[0]["runId"] == children[0]["runId"]))
      #expect(try await second.quit() == 0)
    }
  }

  @Test func theCommandLineShowsChildren() async throws {
    let (ion, _) = ion()
    ion.folder.write("", to: "workspace/go")
    let outcome = try await ion.run("run", "parent")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("✓ call succeeded"))
    let runs = try await ion.run("runs")
    let line = try #require(runs.output.split(separator: "\n").first)
    #expect(runs.output.split(separator: "\n").count == 1 && line.contains("parent"))
    let id = try #require(line.split(separator: " ").dropFirst().first)
    let shown = try await ion.run("show", String(id))
    #expect(shown.output.contains(", run "), "\(shown.output)")
    let children = try await ion.run("runs", "--children", String(id))
    let child = try #require(children.output.split(separator: " ").dropFirst().first)
    let childShown = try await ion.run("show", String(child))
    #expect(childShown.output.contains("child of \(id), node call"), "\(childShown.output)")
    let planned = try await ion.run("plan", "parent")
    #expect(planned.output.contains("child"))
  }
}
