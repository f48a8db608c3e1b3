import IonJSON
import IonJSONSchema
import IonTestSupport
import IonWorkflow
import IonWorkflowFile
import Testing

/// `output_format`, and what governs a run's result.
@Suite struct OutputFormatTests {
  private static func file(_ format: String, _ rest: String = "") -> String {
    "name: a\nnodes:\n  - id: plan\n    bash: x\n    output_format: \(format)\n\(rest)"
  }

  private static func reading(_ reference: String) -> String {
    file(
      "{type: object, additionalProperties: false, properties: {title: {type: string}, items: {type: array, items: {type: object}}}}",
      "  - {id: b, depends_on: [plan], bash: \"\(reference)\"}")
  }

  static let schemas: [MarkedText] = [
    MarkedText("an open object", file("{type: object}")),
    MarkedText("notes", file("{type: object, title: t, x-note: anything, format: date}")),
    MarkedText("no object", file("⟨wrongType|text⟩")),
    MarkedText("no type", file("{type: ⟨wrongSchema|strin⟩}")),
    MarkedText("deep inside", file("{properties: {a: {items: {minimum: ⟨wrongSchema|x⟩}}}}")),
    MarkedText("a type in a list", file("{anyOf: [{type: string}, {type: ⟨wrongSchema|text⟩}]}")),
    MarkedText("a pattern that is none", file("{pattern: ⟨wrongSchema|'a('⟩}")),
    MarkedText("a reference to nowhere", file("{properties: {a: {$ref: ⟨wrongSchema|'#/$defs/b'⟩}}}")),
    MarkedText("a whole part", file("{⟨wrongSchema|properties⟩: [a]}")),
    MarkedText("itself", "name: a\nnodes: [{id: a, bash: x, ⟨wrongSchema|output_format⟩: {$ref: '#'}}]"),
    MarkedText("a slip", file("{type: object, ⟨unknownKeyword|requried⟩: [a]}")),
    MarkedText("a slip inside", file("{properties: {a: {⟨unknownKeyword|minLenght⟩: 3}}}")),
    MarkedText("a name like a keyword", file("{properties: {requried: {type: string}}}")),
    MarkedText(
      "where there is no output", "name: a\nnodes: [{id: a, finish: x, ⟨misplacedKey|output_format⟩: {type: object}}]"),
  ]

  static let fields: [MarkedText] = [
    MarkedText("a field that there is", reading("echo $plan.output.title $plan.output $plan.status")),
    MarkedText("an item", reading("echo $plan.output.items[0].anything")),
    MarkedText("a field that there isn't", reading("echo ⟨unknownField|$plan.output.titel⟩")),
    MarkedText("a field of a text", reading("echo ⟨unknownField|$plan.output.title.size⟩")),
    MarkedText("an element of an object", reading("echo ⟨unknownField|$plan.output[0]⟩")),
    MarkedText(
      "in a condition",
      file(
        "{additionalProperties: false, properties: {ok: {}}}",
        "  - {id: b, depends_on: [plan], bash: x, when: ⟨unknownField|$plan.output.okay⟩}")),
    MarkedText(
      "an instance of several",
      "name: a\nnodes:\n  - {id: m, matrix: {os: [a, b]}, bash: x, output_format: {additionalProperties: false}}\n"
        + "  - {id: b, depends_on: [m], bash: 'echo $m.output[0].any'}"),
    MarkedText(
      "from inside of a group",
      file(
        "{additionalProperties: false, properties: {ok: {}}}",
        "  - {id: g, depends_on: [plan], loop_group: {max_iterations: 2, until_bash: x, nodes: [{id: i, bash: 'echo ⟨unknownField|$plan.output.no⟩'}]}}"
      )),
    MarkedText(
      "the iteration before",
      "name: a\nnodes: [{id: g, loop_group: {max_iterations: 2, until_bash: 'x ⟨unknownField|$i.output.no⟩', nodes: [{id: i, output_format: {additionalProperties: false}, bash: 'echo ⟨unknownField|$LOOP_PREV.i.output.no⟩'}]}}]"
    ),
    MarkedText(
      "an open object's field", file("{properties: {ok: {}}}", "  - {id: b, depends_on: [plan], bash: $plan.output.no}")
    ),
  ]

  @Test(arguments: schemas + fields)
  func isReportedWhereItStands(_ file: MarkedText) {
    let found = MarkedText.found(WorkflowReader.read(file.text).diagnostics)
    #expect(found.symmetricDifference(file.expectations).sorted { "\($0)" < "\($1)" } == [])
  }

  @Test func hintsNameWhatWasMeant() {
    let schema = WorkflowReader.read(Self.file("{requried: [a]}")).diagnostics
    #expect(schema.map(\.hint) == ["did you mean `required`?"])
    let near = WorkflowReader.read(Self.reading("$plan.output.titel")).diagnostics
    #expect(near.map(\.message) == ["the `output_format` of `plan` allows no field `titel` in `$plan.output`"])
    #expect(near.map(\.hint) == ["did you mean `title`?"])
    let far = WorkflowReader.read(Self.reading("$plan.output.q")).diagnostics
    #expect(far.map(\.hint) == ["there may be `title` or `items`"])
    let returns = WorkflowReader.read("name: a\nreturns: plam\nnodes: [{id: plan, bash: x}]").diagnostics
    #expect(returns.map(\.severity) == [.error])
    #expect(returns.map(\.hint) == ["did you mean `plan`?"])
  }

  @Test func whatAnIncludedWorkflowRequiresIsRequired() throws {
    let shelf = Shelf([
      "main": "name: main\nrequires: [jq]\nnodes: [{id: a, include: inner}]",
      "inner": "name: inner\nrequires: [github, jq]\nreturns: b\nnodes: [{id: b, bash: x, output_format: {}}]",
    ])
    let workflow = try #require(shelf.read("main").definition)
    #expect(workflow.requirements == ["jq", "github"])
    #expect(workflow.nodes[0].outputFormat != nil && workflow.nodes[1].outputFormat == nil)
  }

  @Test func theSchemasOfAFileHaveALimitTogether() {
    let nodes = (0..<150).map { "  - {id: n\($0), bash: x, output_format: {pattern: 'a{19000}'}}\n" }.joined()
    let reading = WorkflowReader.read("name: a\nnodes:\n" + nodes)
    #expect(reading.diagnostics.map(\.code) == ["schemasTooLarge"])
  }

  @Test func theRulesOfTheResultAreRead() throws {
    let workflow = try #require(
      WorkflowReader.read(
        """
        name: a
        returns: judge
        outcome_field: good
        evidence_policy: {required: true}
        requires: [github, jq]
        nodes:
          - id: judge
            bash: x
            output_format: {type: object, properties: {good: {type: boolean}}, required: [good]}
        """
      ).definition)
    #expect(workflow.returns == "judge" && workflow.outcomeField == "good")
    #expect(workflow.needsEvidence && workflow.requirements == ["github", "jq"])
    #expect(workflow.other.isEmpty && workflow.nodes[0].other.isEmpty)
    let format = try #require(workflow.nodes[0].outputFormat)
    #expect(format.accepts(["good": true]) && !format.accepts(["good": 1]))
  }

  @Test func withoutThemNothingIsAskedFor() throws {
    let workflow = try #require(
      WorkflowReader.read("name: a\nevidence_policy: {required: false}\nnodes: [{id: a, bash: x}]").definition)
    #expect(workflow.returns == nil && workflow.outcomeField == nil && !workflow.needsEvidence)
    #expect(workflow.requirements.isEmpty && workflow.nodes[0].outputFormat == nil)
  }
}
