import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonWorkflowFile

/// Workflow files by name, as a catalog would find them.
struct Shelf {
  var files: [String: String]

  init(_ files: [String: String]) { self.files = files }

  func read(_ name: String, limits: ReadingLimits = .standard) -> WorkflowReading {
    WorkflowReader.read(
      Array((files[name] ?? "").utf8), fileName: name + ".yaml", path: AbsolutePath("/w/\(name).yaml"), limits: limits,
      including: resolver)
  }

  var resolver: IncludeResolver {
    { [files] name throws(CatalogFailure) in
      guard let text = files[name], let path = AbsolutePath("/w/\(name).yaml") else {
        throw CatalogFailure.notFound(name, near: Spelling.nearest(to: name, among: files.keys))
      }
      return IncludedFile(path: path, bytes: Array(text.utf8))
    }
  }
}

@Suite struct IncludeTests {
  static let lint = """
    name: lint
    returns: report
    env: {GREETING: "hello $INPUTS.who"}
    inputs:
      who: {required: true}
      level: {type: number, default: 3}
    nodes:
      - {id: start, bash: 'echo $INPUTS.who'}
      - {id: other, bash: 'echo "$start.output"', depends_on: start, when: $start.output != 'x'}
      - {id: report, exec: [echo, "$start.output/$other.status"], depends_on: [start, other]}
      - {id: extra, bash: 'true', depends_on: [other], trigger_rule: all_done}
    """

  private static func main(_ include: String, _ more: String = "") -> String {
    "name: main\nnodes:\n  - {id: plan, bash: echo world}\n  - {id: chk, include: lint, \(include)}\n\(more)"
  }

  private func nodes(_ main: String) throws -> [Node] {
    let reading = Shelf(["main": main, "lint": Self.lint]).read("main")
    return try #require(reading.definition, "\(reading.diagnostics)").nodes
  }

  @Test func theNodesStandInThePlaceOfTheIncludeWhichSettlesBehindThem() throws {
    let nodes = try nodes(
      Self.main(
        "with: {who: $plan.output}, depends_on: plan, when: $plan.status == 'succeeded', trigger_rule: all_done"))
    #expect(nodes.map(\.id) == ["plan", "chk__start", "chk__other", "chk__report", "chk__extra", "chk"])
    #expect(nodes[1].dependsOn == ["plan"])
    #expect(nodes[1].triggerRule == .allDone)
    #expect(nodes[1].when?.description == "$plan.status == \"succeeded\"")
    #expect(nodes[2].dependsOn == ["chk__start"])
    #expect(nodes[2].when?.description == "$chk__start.output != \"x\"")
    #expect(nodes[5].dependsOn == ["chk__report", "chk__extra"])
    #expect(nodes[5].waitsFor == ["chk__start", "chk__other"])
    #expect(
      nodes[5].kind
        == .include(
          Include(
            workflow: "lint", members: ["chk__start", "chk__other", "chk__report", "chk__extra"], result: "chk__report")
        ))
    #expect(nodes.map(\.include) == [nil, "chk", "chk", "chk", "chk", nil])
    // What stands elsewhere is shown where its include stands.
    #expect(Set(nodes.dropFirst().map(\.range)).count == 1)
  }

  @Test func referencesInEveryTextLeadIntoTheInclude() throws {
    let nodes = try nodes(Self.main("with: {who: $plan.output}, depends_on: plan"))
    #expect(
      nodes[1].references.map(\.root) == [
        .boundInput(of: "chk", "who"), .boundInput(of: "chk", "who"),
      ])
    #expect(nodes[1].environment.map(\.name) == ["GREETING"])
    #expect(nodes[2].references.contains(Reference(.output("chk__start"))))
    #expect(nodes[3].references.contains(Reference(.status("chk__other"))))
    let body = if case .bash(let body) = nodes[2].kind { body } else { nil as BashBody? }
    #expect(body?.text == "echo \"$start.output\"")
    #expect(body?.rewritten().text == "echo \"${ION_V0}\"")
  }

  @Test func aNodeThatAlwaysRunsDoesNotWhereTheIncludeIsNotEntered() throws {
    let nodes = try nodes(Self.main("with: {who: a}, depends_on: plan, when: $plan.output == 'y'"))
    #expect(nodes[4].when?.description == "$plan.status == \"succeeded\" && $plan.output == \"y\"")
    #expect(nodes[5].when == nil)
  }

  @Test func inputsAreBoundAsTheyAreDeclared() throws {
    let text = Self.main("with: {who: 'x-$plan.output', level: 7}, depends_on: plan")
    let reading = Shelf(["main": text, "lint": Self.lint]).read("main")
    let inputs = try #require(reading.definition?.includes.first).inputs
    #expect(inputs.map(\.declaration.name) == ["who", "level"])
    #expect(inputs[1].value == .literal(7))
    #expect(inputs[0].value.references == [Reference(.output("plan"))])
    #expect(reading.included.map(\.path.name) == ["lint.yaml"])
  }

  static let faults: [MarkedText] = [
    MarkedText("no such workflow", "name: main\nnodes: [{id: a, include: ⟨unknownWorkflow|lnt⟩}]"),
    MarkedText("a missing input", "name: main\nnodes: [{id: a, include: ⟨missingInput|lint⟩}]"),
    MarkedText(
      "an unknown input", "name: main\nnodes: [{id: a, include: lint, with: {who: x, ⟨unknownInput|whom⟩: y}}]"),
    MarkedText(
      "an input of the wrong type",
      "name: main\nnodes: [{id: a, include: lint, with: {who: x, level: ⟨wrongType|high⟩}}]"),
    MarkedText(
      "a node that the include doesn't bring",
      "name: main\nnodes: [{id: a, include: lint, with: {who: x}}, {id: b, bash: 'echo ⟨unknownNode|$a__strat.output⟩', depends_on: [a, ⟨unknownNode|a__nope⟩]}]"
    ),
    MarkedText(
      "an id that is taken",
      "name: main\nnodes: [{id: a__start, bash: x}, {id: ⟨duplicateID|a⟩, include: lint, with: {who: x}}]"),
    MarkedText(
      "a key without meaning",
      "name: main\nnodes: [{id: a, include: lint, with: {who: x}, ⟨misplacedKey|retry⟩: {max_attempts: 2}}]"),
    MarkedText("a file with errors", "name: main\nnodes: [{id: a, include: ⟨includedFile|broken⟩}]"),
    MarkedText("a file that includes itself", "name: main\nnodes: [{id: a, include: ⟨includeCycle|main⟩}]"),
  ]

  @Test(arguments: faults)
  func whatIsWrongIsReportedInItsPlace(_ file: MarkedText) {
    let shelf = Shelf([
      "main": file.text, "lint": Self.lint.replacing("returns: report\n", with: ""),
      "broken": "name: broken\nnodes:\n  - {id: a, bash: x, depends_on: [b]}\n",
    ])
    let reading = shelf.read("main")
    #expect(
      MarkedText.found(reading.diagnostics).symmetricDifference(file.expectations).sorted { "\($0)" < "\($1)" } == [],
      "\(reading.diagnostics.map { "\($0.code) \($0.range.start): \($0.message)" })")
  }

  @Test func namesThatAreNearAreOffered() {
    let reading = Shelf(["main": "name: main\nnodes: [{id: a, include: lnt}]", "lint": Self.lint]).read("main")
    #expect(reading.diagnostics.first?.hint == "did you mean `lint`?")
    #expect(reading.missingIncludes == ["lnt"])
  }

  @Test func aFaultInsideIsToldWithItsFileAndPlace() throws {
    let reading = Shelf([
      "main": "name: main\nnodes: [{id: a, include: mid}]", "mid": "name: mid\nnodes: [{id: a, include: broken}]",
      "broken": "name: broken\nnodes:\n  - {id: a, bash: x, depends_on: [b]}\n",
    ]).read("main")
    let diagnostic = try #require(reading.diagnostics.first)
    #expect(diagnostic.related.map(\.path.name) == ["mid.yaml", "broken.yaml"])
    let last = try #require(diagnostic.related.last)
    #expect(last.line == "  - {id: a, bash: x, depends_on: [b]}")
    #expect(last.range.start == SourcePosition(line: 2, column: 34))
    #expect(last.message == "error: no node has the id `b`")
  }

  @Test func cyclesAndDepthAreNamedFileByFile() {
    func chain(_ names: [String]) -> [String: String] {
      var files: [String: String] = [:]
      for (name, next) in zip(names, names.dropFirst()) {
        files[name] = "name: \(name)\nnodes: [{id: i, include: \(next)}]"
      }
      return files
    }
    let cycle = Shelf(chain(["a", "b", "c", "a"])).read("a")
    #expect(cycle.diagnostics.first?.related.last?.message.contains("`a` → `b` → `c` → `a`") == true)
    var files = chain(["a", "b", "c", "d", "e"])
    files["e"] = "name: e\nnodes: [{id: n, bash: x}]"
    let deep = Shelf(files).read("a")
    #expect(deep.diagnostics.map(\.code) == ["includeDepth"])
    #expect(deep.diagnostics.first?.message.hasSuffix("`a` → `b` → `c` → `d` → `e`") == true)
    #expect(Shelf(files).read("b").definition?.nodes.map(\.id) == ["i__i__i__n", "i__i__i", "i__i", "i"])
  }

  @Test func inputsArePassedDownThroughIncludes() throws {
    let reading = Shelf([
      "main": "name: main\ninputs: {top: {}}\nnodes: [{id: m, include: mid, with: {x: $INPUTS.top}}]",
      "mid":
        "name: mid\ninputs: {x: {}}\nnodes: [{id: p, bash: echo}, {id: i, include: leaf, with: {y: '$p.output $INPUTS.x'}, depends_on: p}]",
      "leaf": "name: leaf\ninputs: {y: {}}\nnodes: [{id: n, bash: 'echo $INPUTS.y'}]",
    ]).read("main")
    let definition = try #require(reading.definition, "\(reading.diagnostics)")
    #expect(definition.nodes.map(\.id) == ["m__p", "m__i__n", "m__i", "m"])
    #expect(definition.includes.map(\.id) == ["m", "m__i"])
    #expect(definition.includes[0].inputs.first?.value.references == [Reference(.input("top"))])
    #expect(
      definition.includes[1].inputs.first?.value.references
        == [Reference(.output("m__p")), Reference(.boundInput(of: "m", "x"))])
    #expect(definition.nodes[1].references == [Reference(.boundInput(of: "m__i", "y"))])
    #expect(
      definition.referencesByInclude["m__i"]
        == [Reference(.output("m__p")), Reference(.boundInput(of: "m", "x")), Reference(.input("top"))])
  }

  @Test func groupsGetTheNodesOfTheirIncludes() throws {
    let reading = Shelf([
      "main": """
      name: main
      nodes:
        - id: l
          loop_group:
            until: done
            max_iterations: 2
            nodes:
              - {id: a, bash: echo}
              - {id: i, include: leaf, with: {y: $a.output}, depends_on: a}
              - {id: z, bash: 'echo $i.output $i__n.status', depends_on: i}
      """, "leaf": "name: leaf\ninputs: {y: {}}\nsecrets: [S]\nnodes: [{id: n, bash: 'echo $INPUTS.y'}]",
    ]).read("main")
    let definition = try #require(reading.definition, "\(reading.diagnostics)")
    #expect(reading.diagnostics.isEmpty)
    #expect(definition.allNodes.map(\.id) == ["l", "a", "i__n", "i", "z"])
    #expect(definition.includes.map(\.id) == ["i"])
    #expect(definition.secrets == ["S"])
  }

  @Test func includesOfTwoGroupsDifferInTheirIds() {
    let group = { (id: String) in
      "  - {id: \(id), loop_group: {until: x, max_iterations: 2, nodes: [{id: i, include: leaf}]}}\n"
    }
    let reading = Shelf([
      "main": "name: main\nnodes:\n" + group("l") + group("m"), "leaf": "name: leaf\nnodes: [{id: n, bash: x}]",
    ]).read("main")
    #expect(reading.diagnostics.map(\.code) == ["duplicateID"])
    #expect(reading.diagnostics.first?.message == "`i` is the id of the include on line 3 already")
  }

  @Test func whatAnIncludeBringsIntoAGroupIsNotThereAround() {
    let reading = Shelf([
      "main": """
      name: main
      nodes:
        - {id: i__n, bash: x}
        - {id: l, loop_group: {until: x, max_iterations: 2, nodes: [{id: i, include: leaf}]}}
      """, "leaf": "name: leaf\nnodes: [{id: n, bash: x}]",
    ]).read("main")
    #expect(reading.diagnostics.map(\.code) == ["duplicateID"])
  }

  @Test func tooManyNodesAreRefusedBeforeTheyAreMade() {
    var limits = ReadingLimits()
    limits.nodes = 20
    let wide = "name: wide\nnodes: [\((0..<9).map { "{id: n\($0), bash: x}" }.joined(separator: ", "))]"
    let main = "name: main\nnodes: [\((0..<3).map { "{id: i\($0), include: wide}" }.joined(separator: ", "))]"
    #expect(
      Shelf(["main": main, "wide": wide]).read("main", limits: limits).diagnostics.map(\.code) == ["tooManyNodes"])
  }

  @Test func theFrozenTextReadsToTheSameWorkflow() throws {
    let shelf = Shelf(["main": Self.main("with: {who: $plan.output}, depends_on: plan"), "lint": Self.lint])
    let reading = shelf.read("main")
    let text = FrozenWorkflow.text(of: shelf.files["main"] ?? "", reading)
    #expect(FrozenWorkflow.read(text, fileName: "main.yaml").definition == reading.definition)
    #expect(reading.definition != nil)
    let plain = Shelf(["main": "name: main\nnodes: [{id: a, bash: x}]"])
    #expect(FrozenWorkflow.text(of: plain.files["main"] ?? "", plain.read("main")) == plain.files["main"])
  }

  @Test func aChainOfManyFilesIsReadWithoutCallingItself() {
    var files: [String: String] = [:]
    for number in 0..<2000 { files["f\(number)"] = "name: f\(number)\nnodes: [{id: i, include: f\(number + 1)}]" }
    files["f2000"] = "name: f2000\nnodes: [{id: n, bash: x}]"
    let library = IncludeLibrary(limits: .standard, Shelf(files).resolver)
    let first = library.reading(of: Array((files["f0"] ?? "").utf8), at: AbsolutePath("/w/f0.yaml"), fileName: nil)
    #expect(first.reading.definition == nil)
    let late = library.reading(of: Array((files["f1998"] ?? "").utf8), at: AbsolutePath("/w/f1998.yaml"), fileName: nil)
    #expect(late.reading.definition?.nodes.count == 3)
    #expect(late.work == 0)
  }
}
