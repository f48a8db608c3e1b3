import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonWorkflowFile

@Suite struct EndNodeReadingTests {
  @Test func endNodesStandBehindTheOthersWithTheirPhase() throws {
    let reading = WorkflowReader.read(
      """
      name: a
      on_exit: [{id: last, bash: 'echo $main.status $good.status'}]
      on_success:
        - {id: good, bash: 'echo $main.output', matrix: {n: [1, 2]}}
        - {id: better, bash: x, depends_on: good}
      nodes: [{id: main, bash: x}]
      """)
    let nodes = try #require(reading.definition, "\(reading.diagnostics)").nodes
    #expect(nodes.map(\.id) == ["main", "good[1]", "good[2]", "good", "better", "last"])
    #expect(nodes.map(\.phase) == [.main, .onSuccess, .onSuccess, .onSuccess, .onSuccess, .onExit])
    #expect(reading.diagnostics == [])
  }

  static let faults: [MarkedText] = [
    MarkedText(
      "a dependency on the end", "nodes: [{id: m, bash: x, depends_on: [⟨endNode|e⟩]}]\non_exit: [{id: e, bash: x}]"),
    MarkedText(
      "what the end gives", "nodes: [{id: m, bash: 'echo ⟨endNode|$e.output⟩'}]\non_exit: [{id: e, bash: x}]"),
    MarkedText(
      "a dependency of the end", "nodes: [{id: m, bash: x}]\non_exit: [{id: e, bash: x, depends_on: [⟨unknownNode|m⟩]}]"
    ),
    MarkedText("an id twice", "nodes: [{id: m, bash: x}]\non_failure: [{id: ⟨shadowedID|m⟩, bash: x}]"),
    MarkedText(
      "an id in two lists",
      "nodes: [{id: m, bash: x}]\non_failure: [{id: e, bash: x}]\non_exit: [{id: ⟨shadowedID|e⟩, bash: x}]"),
    MarkedText("an end of the end", "nodes: [{id: m, bash: x}]\non_exit: [{id: e, ⟨misplacedKind|finish⟩: x}]"),
    MarkedText(
      "a later list",
      "nodes: [{id: m, bash: x}]\non_success: [{id: g, bash: 'echo ⟨endNode|$e.output⟩'}]\non_exit: [{id: e, bash: x}]"
    ),
    MarkedText("nothing", "nodes: [{id: m, bash: x}]\non_exit: [{id: e, bash: 'echo ⟨unknownNode|$n.output⟩'}]"),
  ]

  @Test(arguments: faults) func whatIsWrongIsReportedInItsPlace(_ file: MarkedText) {
    let reading = WorkflowReader.read(file.text, fileName: "a.yaml")
    let found = MarkedText.found(reading.diagnostics.filter { $0.severity != .information })
    #expect(found == Set(file.expectations), "\(reading.diagnostics)")
  }

  @Test func includedWorkflowsLeaveTheirEndsToTheirOwnRuns() throws {
    let reading = Shelf([
      "main":
        "name: main\nnodes: [{id: i, include: leaf}]\non_exit: [{id: e, include: leaf}, {id: z, bash: 'echo $e__x.output $i__x.output', depends_on: e}]",
      "leaf": "name: leaf\nnodes: [{id: x, bash: ':'}]\non_exit: [{id: y, bash: ':'}]",
    ]).read("main")
    let nodes = try #require(reading.definition, "\(reading.diagnostics)").nodes
    #expect(nodes.map(\.id) == ["i__x", "i", "e__x", "e", "z"])
    #expect(nodes.map(\.phase) == [.main, .main, .onExit, .onExit, .onExit])
    #expect(nodes[1].members == ["i__x"])
    #expect(reading.diagnostics.map(\.code) == ["endsLeftOut", "endsLeftOut"])
  }
}
