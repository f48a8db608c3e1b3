import IonJSON
import IonTestSupport
import IonWorkflow
import IonWorkflowFile
import Testing

/// What is said about text that is no YAML, or YAML that a workflow file can't have.
@Suite struct SyntaxTests {
  static let files: [MarkedText] = [
    MarkedText("nothing", "⟨emptyFile|⟩"),
    MarkedText("a comment alone", "⟨emptyFile|⟩# nothing\n"),
    MarkedText("two documents", "name: a\nnodes: [{id: a, bash: x}]\n⟨severalDocuments|---⟩\nname: b\n"),
    MarkedText("a tab", "name: a\nnodes:\n⟨syntax|\t- id: a⟩\n"),
    MarkedText("a tab in a list", "name: a\nnodes:\n  - id: a\n⟨syntax|\tbash: x⟩\n"),
    MarkedText("a colon in a value", "name: a⟨syntax|: b⟩\n"),
    MarkedText("an open quote", "name: ⟨syntax|'a⟩\nnodes: []\n"),
    MarkedText("a backslash", #"name: ⟨syntax|"a\d"⟩"#),
    MarkedText("a bracket left open", "name: [a\nnodes⟨syntax|: b⟩\n"),
    MarkedText("a character that YAML keeps", "name: ⟨syntax|@a⟩\n"),
    MarkedText("a control character", "name: a⟨syntax|\u{1}b⟩\n"),
    MarkedText("a key without a colon", "name: a\n⟨syntax|nodes⟩\n"),
    MarkedText("a deeper key", "name: a\n b⟨syntax|: c⟩\n"),
    MarkedText("a list as a key", "name: a\n? ⟨complexKey|[b]⟩\n: c\n"),
    MarkedText("a mapping as a key", "name: a\n⟨complexKey|{b: c}: d⟩\n"),
    MarkedText("no key at all", "name: a\n?⟨missingKey|⟩\n: c\n"),
    MarkedText("no value", "name: {⟨syntax|: c}⟩\n"),
    MarkedText("one key twice", "name: a\nnodes: [{id: a, bash: x}]\n⟨duplicateKey|name⟩: b"),
    MarkedText(
      "one key twice, deep down", "name: a\nnodes: [{id: a, bash: x, ⟨duplicateKey|\"bash\"⟩: y, ⟨duplicateKey|id⟩: z}]"
    ),
    MarkedText("a tag of another language", "name: a\nnodes: [{id: a, bash: !sh ⟨unknownTag|x⟩}]"),
    MarkedText("a tag on a mapping", "name: a\nnodes: ⟨unknownTag|!!set [{id: a, bash: x}]⟩"),
    MarkedText("a tag that lies", "name: a\nmax_parallel: !!int ⟨wrongTag|⟨wrongType|x⟩⟩\nnodes: [{id: a, bash: x}]"),
    MarkedText("an alias of nothing", "name: ⟨unknownAnchor|*a⟩\n"),
    MarkedText("an alias inside of itself", "name: a\nenv: &e {A: ⟨aliasCycle|*e⟩}\n"),
    MarkedText("a merge cycle", "name: a\nenv: &e\n  <<: ⟨aliasCycle|*e⟩\n"),
    MarkedText("a merge of text", "name: a\nenv: {<<: ⟨wrongMerge|x⟩}\nnodes: [{id: a, bash: x}]"),
    MarkedText("two merges", "name: a\nenv: {<<: {A: 1}, ⟨duplicateKey|<<⟩: {B: 1}}\nnodes: [{id: a, bash: x}]"),
  ]

  @Test(arguments: files)
  func whatIsWrongIsReportedInItsPlace(_ file: MarkedText) {
    let reading = WorkflowReader.read(file.text)
    #expect(
      MarkedText.found(reading.diagnostics).symmetricDifference(file.expectations).sorted { "\($0)" < "\($1)" } == [],
      "\(reading.diagnostics.map { "\($0.code) \($0.range): \($0.message)" })")
    #expect(reading.definition == nil)
  }

  @Test func aDuplicateIsNamedWithTheLineOfTheFirstAndNothingElse() {
    let reading = WorkflowReader.read("name: a\n# \(String(repeating: "secret ", count: 20))\nname: b\n")
    let diagnostic = reading.diagnostics.first { $0.code == "duplicateKey" }
    #expect(diagnostic?.message == "`name` was already given on line 1")
  }

  @Test func bytesThatAreNoTextAreRefused() {
    let broken = WorkflowReader.read(Array("name: a\nb: é".utf8) + [0xFF, 0x41])
    #expect(broken.diagnostics.map(\.code) == ["encoding"])
    #expect(broken.diagnostics.first?.range.start == SourcePosition(line: 1, column: 4))
    #expect(WorkflowReader.read([0xFF, 0xFE, 0x61, 0x00]).diagnostics.map(\.code) == ["encoding"])
  }

  @Test func aByteOrderMarkCountsForNothing() {
    let reading = WorkflowReader.read(
      [0xEF, 0xBB, 0xBF] + Array("nam: a\nnodes: [{id: a, bash: x}]".utf8), fileName: "a.yml")
    #expect(reading.diagnostics.first { $0.code == "unknownKey" }?.range.end == SourcePosition(line: 0, column: 3))
  }

  @Test(arguments: ["\r\n", "\r", "\n"])
  func everyLineBreakCounts(_ lineBreak: String) {
    let file = MarkedText(
      "breaks",
      "name: a\nnodes:\n  - id: a\n    bash: |\n      echo\n      ⟨unknownNode|$b.output⟩\n    ⟨unknownKey|y⟩: z\n")
    let reading = WorkflowReader.read(file.text.replacing("\n", with: lineBreak))
    #expect(MarkedText.found(reading.diagnostics) == Set(file.expectations))
  }

  @Test func plainScalarsKeepTheirSpelling() throws {
    let words = ["yes", "on", "010", "1.10", "12:30", "0x1F", "+1", "1_000", ".5", "-0", "2024-01-01", "True1"]
    let pairs = words.enumerated().map { "k\($0.offset): \($0.element)" }.joined(separator: ", ")
    let definition = try #require(
      WorkflowReader.read("name: a\nnodes: [{id: a, bash: x, with: {\(pairs)}}]").definition)
    #expect(definition.nodes[0].bindings.map(\.value) == words.map { .literal(.string($0)) })
  }

  @Test func plainScalarsThatAreNoTextHaveTheirTypes() throws {
    let text =
      "name: a\nnodes: [{id: a, bash: x, with: {a: 1, b: -2.5, c: true, d: False, e: ~, f: null, g: 1e3, h: '1', i: !!str 1}}]"
    let definition = try #require(WorkflowReader.read(text).definition)
    #expect(
      definition.nodes[0].bindings.map(\.value) == [
        .literal(1), .literal(.number(JSONNumber(unchecked: "-2.5"))), .literal(true), .literal(false), .literal(.null),
        .literal(.null), .literal(.number(JSONNumber(unchecked: "1e3"))), .literal("1"), .literal("1"),
      ])
  }

  @Test func mergesAndAliasesWork() throws {
    let text = """
      name: a
      nodes:
        - &base
          id: a
          bash: &body echo 1
          env: &env {A: 1, B: 2}
        - <<: *base
          id: b
          env: {<<: [{B: 3, C: 4}, *env], A: 5}
        - {id: c, bash: *body}
      """
    let nodes = try #require(WorkflowReader.read(text).definition).nodes
    #expect(nodes.map(\.id) == ["a", "b", "c"])
    #expect(nodes.allSatisfy { $0.kind == .bash(BashBody.parse("echo 1").body) })
    let merged = nodes[1].environment.map { "\($0.name)=\($0.value.segments)" }
    #expect(
      merged
        == ["A", "B", "C"].map { name in
          let value = ["A": "5", "B": "3", "C": "4"][name] ?? ""
          return "\(name)=\([Template.Segment.text(value)])"
        })
  }
}
