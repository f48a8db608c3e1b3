import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonWorkflowFile

@Suite struct MatrixTests {
  private func nodes(_ text: String) throws -> [Node] {
    let reading = WorkflowReader.read("name: a\nnodes:\n" + text)
    return try #require(reading.definition, "\(reading.diagnostics)").nodes
  }

  @Test func combinationsStandInTheFilesOrderBeforeWhatStandsForThem() throws {
    let nodes = try nodes(
      """
        - {id: b, matrix: {os: [linux, mac], n: [1, "2", 3.10]}, bash: 'echo $MATRIX.os', when: $MATRIX.n != 1}
        - {id: c, depends_on: b, bash: 'echo $b.output[0]'}
      """)
    #expect(
      nodes.map(\.id) == [
        "b[linux,1]", "b[linux,2]", "b[linux,3.10]", "b[mac,1]", "b[mac,2]", "b[mac,3.10]", "b", "c",
      ])
    #expect(nodes[0].instance?.scope == ["os": "linux", "n": 1])
    #expect(nodes[1].instance?.scope == ["os": "linux", "n": "2"])
    #expect(nodes[2].instance?.values.map(\.text) == ["linux", "3.10"])
    #expect(nodes[0].when?.description == "$MATRIX.n != 1")
    #expect(nodes[6].kind == .matrix(Matrix(instances: Array(nodes.map(\.id).prefix(6)))))
    #expect(nodes[6].dependsOn == Array(nodes.map(\.id).prefix(6)))
    #expect(nodes[7].dependsOn == ["b"])
  }

  static let faults: [MarkedText] = [
    MarkedText("a value twice", "{id: b, bash: x, matrix: {n: [1, 2, ⟨duplicateValue|1⟩]}}"),
    MarkedText("an include", "{id: b, ⟨notRunnable|include⟩: x, ⟨misplacedMatrix,misplacedKey|matrix⟩: {n: [1]}}"),
    MarkedText("no values", "{id: b, bash: x, matrix: {n: ⟨wrongValue|[]⟩}}"),
    MarkedText("the same variable", "{id: b, bash: x, matrix: {n: [1], ⟨nameClash|N⟩: [2]}}"),
    MarkedText("another name", "{id: b, bash: 'echo ⟨unknownMatrix|$MATRIX.m⟩', matrix: {n: [1]}}"),
  ]

  @Test(arguments: faults) func whatIsWrongIsReportedInItsPlace(_ file: MarkedText) {
    let reading = WorkflowReader.read("name: a\nnodes:\n - " + file.text)
    let found = Set(reading.diagnostics.map { "\($0.code) \($0.range.start.column)" })
    let expected = Set(
      file.expectations.flatMap { mark in mark.code.split(separator: ",").map { "\($0) \(mark.range.start.column + 3)" }
      })
    #expect(found == expected, "\(reading.diagnostics)")
  }

  @Test func aProductOverTheBoundIsRefusedHoweverLarge() {
    let values = (0..<100).map(String.init).joined(separator: ", ")
    let large = "{id: b, bash: x, matrix: {a: [\(values)], b: [\(values)]}}"
    #expect(WorkflowReader.read("name: a\nnodes: [\(large)]").diagnostics.map(\.code) == ["largeMatrix"])
    let names = (0..<12).map { "n\($0): [\(values)]" }.joined(separator: ", ")
    let message = WorkflowReader.read("name: a\nnodes: [{id: b, bash: x, matrix: {\(names)}}]").diagnostics.first?
      .message
    #expect(message?.contains("far more than 1000 combinations") == true)
  }

  @Test func theNodesOfAllMatricesCount() {
    var limits = ReadingLimits()
    limits.nodes = 10
    let text =
      "name: a\nnodes: [{id: b, bash: x, matrix: {n: [1, 2, 3, 4, 5]}}, {id: c, bash: x, matrix: {n: [1, 2, 3, 4]}}]"
    #expect(WorkflowReader.read(text, limits: limits).diagnostics.map(\.code) == ["tooManyNodes"])
  }

  @Test func theWorkGrowsWithTheInstances() {
    func work(_ nodes: Int) -> Int {
      let values = (0..<1000).map(String.init).joined(separator: ", ")
      let list = (0..<nodes).map {
        "{id: n\($0), bash: 'echo $MATRIX.v', matrix: {v: [\(values)]}\($0 == 0 ? "" : ", depends_on: n\($0 - 1)")}"
      }
      return WorkflowReader.measured(Array("name: a\nnodes: [\(list.joined(separator: ", "))]".utf8)).work
    }
    #expect(work(10) < 3 * work(5))
  }

  @Test func instancesOfAnIncludedNodeStandBelowTheInclude() throws {
    let reading = Shelf([
      "main": "name: main\nnodes: [{id: i, include: leaf}, {id: z, bash: 'echo $i.output', depends_on: i}]",
      "leaf": "name: leaf\nnodes: [{id: b, bash: 'echo $MATRIX.n', matrix: {n: [x, y]}}]",
    ]).read("main")
    let nodes = try #require(reading.definition, "\(reading.diagnostics)").nodes
    #expect(nodes.map(\.id) == ["i__b[x]", "i__b[y]", "i__b", "i", "z"])
    #expect(nodes[0].instance?.of == "i__b")
    #expect(nodes[3].members == ["i__b"])
    #expect(nodes[3].dependsOn == ["i__b"])
  }
}
