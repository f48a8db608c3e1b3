import IonTestSupport
import IonWorkflow
import Testing

@testable import IonWorkflowFile

/// Files that are made to break their reader.
@Suite struct LimitTests {
  func codes(_ text: String, limits: ReadingLimits = .standard) -> [String] {
    WorkflowReader.read(text, limits: limits).diagnostics.map(\.code)
  }

  func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

  @Test func aFileThatIsTooLargeIsRefusedBeforeItIsRead() {
    var limits = ReadingLimits()
    limits.bytes = 100
    #expect(codes("name: a\nnodes: [{id: a, bash: x}]\n", limits: limits) == [])
    #expect(codes("name: a # \(repeated("x", 100))", limits: limits) == ["tooLarge"])
  }

  @Test func anAliasBombIsRefused() {
    var text = "name: a\nx0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...30 {
      text += "x\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n"
    }
    let reading = WorkflowReader.measured(Array(text.utf8))
    #expect(reading.reading.diagnostics.map(\.code) == ["aliasExpansion"])
    #expect(reading.work < 1000)
  }

  @Test func aKeyBombIsRefused() {
    var text = "x0: &a0 [x, x]\n"
    for level in 1...40 { text += "x\(level): &a\(level) {? *a\(level - 1) : *a\(level - 1)}\n" }
    #expect(codes(text) == ["complexKey"])
  }

  @Test func aMergeBombIsRefused() {
    let keys = (0..<1000).map { "k\($0): 1" }.joined(separator: ", ")
    let merges = (0..<1000).map { "x\($0): {<<: *a}\n" }.joined()
    let reading = WorkflowReader.measured(Array("x: &a {\(keys)}\n\(merges)".utf8))
    #expect(reading.reading.diagnostics.map(\.code) == ["aliasExpansion"])
    #expect(reading.work < 10_000)
  }

  @Test func aBombOfLongTextsIsRefused() {
    let uses = (0..<2000).map { "    e\($0): *t\n" }.joined()
    let text = "name: a\nnodes:\n- id: a\n  bash: &t \(repeated("x", 20_000))\n  env:\n\(uses)"
    #expect(codes(text) == ["aliasExpansion"])
    #expect(codes(text.replacing(repeated("x", 20_000), with: repeated("x", 400))) == [])
  }

  @Test func someAliasesAreAlwaysAllowed() {
    let items = Array(repeating: "*a", count: 90).joined(separator: ", ")
    let list = (0..<90).map { "v\($0)" }.joined(separator: ", ")
    #expect(codes("name: a\nnodes: [{id: a, bash: x, with: {a: &a [\(list)], b: [\(items)]}}]") == [])
  }

  @Test(arguments: ["[", "{a: ", "- ", "? ", "[[{a: "])
  func deepNestingIsRefused(_ opening: String) {
    #expect(codes("name: a\nx: \(opening.hasPrefix("-") ? "\n" : "")\(repeated(opening, 100_000))").count == 1)
  }

  @Test func depthIsCountedThroughAliases() {
    var text = "x0: &a0 [x]\n"
    for level in 1...1000 { text += "x\(level): &a\(level) [*a\(level - 1)]\n" }
    #expect(codes(text) == ["tooDeep"])
  }

  @Test func blocksMayBeAsDeepAsTheLimitSays() {
    func nested(_ depth: Int) -> String {
      "name: a\nnodes: [{id: a, bash: x, with: {v: \(repeated("[", depth))\(repeated("]", depth))}}]"
    }
    var limits = ReadingLimits()
    limits.depth = 20
    #expect(codes(nested(16), limits: limits) == [])
    #expect(codes(nested(17), limits: limits) == ["tooDeep"])
  }

  @Test func tooManyNodesAreRefused() {
    var limits = ReadingLimits()
    limits.nodes = 50
    func file(_ count: Int) -> String {
      "name: a\nnodes:\n" + (0..<count).map { "  - {id: n\($0), bash: x}\n" }.joined()
    }
    #expect(codes(file(50), limits: limits) == [])
    #expect(codes(file(51), limits: limits) == ["tooManyNodes"])
    let group = "  - id: g\n    loop_group: {max_iterations: 1, until: x, nodes: [{id: b, bash: x}]}\n"
    #expect(codes(file(49) + group, limits: limits) == ["tooManyNodes"])
  }

  @Test func tooManyValuesAreRefused() {
    #expect(codes("x: [\(repeated("a,", 700_000))]") == ["tooManyValues"])
  }

  @Test func aMegabyteOfTextIsJustAText() throws {
    let body = repeated("echo '0123456789'\n      ", 50_000)
    let file = MarkedText("large", "name: a\nnodes:\n  - id: a\n    bash: |\n      \(body)⟨unknownNode|$b.output⟩\n")
    #expect(MarkedText.found(WorkflowReader.read(file.text).diagnostics) == Set(file.expectations))
  }

  @Test func aLineOfAMegabyteIsRead() {
    let nodes = (0..<10_000).map { "{id: é\($0), bash: x}" }.joined(separator: ", ")
    let diagnostics = WorkflowReader.read("name: a\nnodes: [\(nodes)]").diagnostics
    #expect(diagnostics.count == 1001)
    #expect(diagnostics.last?.code == "tooManyFindings")
    #expect(diagnostics.last?.message == "9000 more findings are left out")
  }

  @Test func droppedErrorsStillRejectTheFile() {
    let keys = (0..<1000).map { "k\($0): 1\n" }.joined()
    let reading = WorkflowReader.read("name: a\n\(keys)nodes: [{id: a, bash: x}, {id: a, bash: x}]")
    #expect(reading.definition == nil && reading.isRejected)
  }

  @Test func theSearchForWhatWasMeantEndsSomewhere() {
    let nodes = (0..<3000).map { "  - {id: node\($0), bash: x, depends_on: [nod\($0)]}\n" }.joined()
    let diagnostics = WorkflowReader.read("name: a\nnodes:\n" + nodes).diagnostics
    #expect(diagnostics.filter { $0.hint != nil }.count == 66)
  }
}

/// Reading takes work in proportion to the file.
@Suite struct WorkTests {
  func work(_ count: Int, _ node: (Int) -> String) throws -> Int {
    let text = "name: a\nnodes:\n" + (0..<count).map { "  - " + node($0) + "\n" }.joined()
    let measured = WorkflowReader.measured(Array(text.utf8))
    #expect(try #require(measured.reading.definition).nodes.count == count)
    return measured.work
  }

  static let shapes: [(name: String, node: @Sendable (Int) -> String)] = [
    ("a chain", { "{id: n\($0), bash: echo, depends_on: [\($0 == 0 ? "" : "n\($0 - 1)")]}" }),
    ("a star", { $0 == 0 ? "{id: n0, bash: echo}" : "{id: n\($0), bash: $n0.output, depends_on: [n0]}" }),
    (
      "layers of ten",
      { index in
        let layer = index / 10
        let above = layer == 0 ? [] : (0..<10).map { "n\((layer - 1) * 10 + $0)" }
        return "{id: n\(index), exec: [echo, $INPUTS_X], depends_on: [\(above.joined(separator: ", "))]}"
      }
    ),
    (
      "reads from afar",
      { index in
        index == 0 ? "{id: n0, bash: echo}" : "{id: n\(index), bash: $n0.output, depends_on: [n\(index - 1)]}"
      }
    ),
    ("waits", { $0 == 0 ? "{id: n0, bash: echo}" : "{id: n\($0), bash: $n0.output}" }),
  ]

  @Test(arguments: shapes.indices)
  func tenTimesTheNodesAreTenTimesTheWork(_ shape: Int) throws {
    let node = Self.shapes[shape].node
    let small = try work(1000, node)
    let large = try work(10_000, node)
    #expect(large <= small * 21 / 2, "\(Self.shapes[shape].name): \(small), \(large)")
  }

  @Test func whatStandsUpstreamIsFoundForAnyNumberOfTargets() throws {
    // Every node reads one from far above, and the odd ones one that isn't above at all.
    let count = 300
    var text = "name: a\nnodes:\n"
    for index in 0..<count {
      let reads = index >= 20 ? "$a\(index - 20).output " : ""
      let apart = index % 2 == 1 ? "$b\(index).output" : ""
      text += "  - {id: a\(index), bash: echo \(reads)\(apart), depends_on: [\(index == 0 ? "" : "a\(index - 1)")]}\n"
      text += "  - {id: b\(index), bash: echo}\n"
    }
    let reading = WorkflowReader.read(text)
    #expect(reading.diagnostics.allSatisfy { $0.code == "notUpstream" } && reading.diagnostics.count == count / 2)
    let waiting = try #require(reading.definition).nodes.filter { !$0.waitsFor.isEmpty }
    #expect(waiting.allSatisfy { $0.waitsFor == [NodeID("b" + $0.id.rawValue.dropFirst())] })
    #expect(waiting.count == count / 2)
  }
}
