import IonTestSupport
import IonWorkflow
import IonWorkflowFile
import Testing

/// What loops, gates, children, groups and results must hold to, and what is said where they don't.
@Suite struct RuleTests {
  static func file(_ nodes: String) -> String { "name: a\nnodes:\n  - {id: first, bash: x}\n\(nodes)" }

  static let loops: [MarkedText] = [
    MarkedText(
      "an endless loop", file("  - {id: a, ⟨endlessLoop|loop⟩: {prompt: x, max_iterations: 2}}")),
    MarkedText("no limit", file("  - {id: a, loop: {⟨missingKey|prompt⟩: x, until: x}}")),
    MarkedText("nothing to do", file("  - {id: a, ⟨missingKey|loop⟩: {until: x, max_iterations: 1}}")),
    MarkedText(
      "two things to do", file("  - {id: a, loop: {prompt: x, ⟨severalKinds|command⟩: y, until: x, max_iterations: 1}}")
    ),
    MarkedText(
      "a message nobody sees",
      file("  - {id: a, loop: {prompt: x, until: x, max_iterations: 1, ⟨misplacedKey|gate_message⟩: y}}")),
    MarkedText(
      "a field of nothing",
      file("  - {id: a, loop: {prompt: x, ⟨missingKey|until_field⟩: y, max_iterations: 1}}")),
    MarkedText("a command out of its folder", file("  - {id: a, command: ⟨wrongValue|a/b⟩}")),
    MarkedText(
      "a key of another place",
      file("  - {id: a, bash: x, ⟨unknownKey|max_iterations⟩: 3, retry: {max_attempts: 1, ⟨unknownKey|timeout⟩: 3}}")),
  ]

  static let groups: [MarkedText] = [
    MarkedText(
      "a node called like the loop's test",
      file(
        "  - {id: a, loop_group: {until_bash: x, max_iterations: 1, nodes: [{id: ⟨duplicateID|until_bash⟩, bash: x}]}}")
    ),
    MarkedText(
      "no nodes", file("  - {id: a, loop_group: {nodes: ⟨wrongValue|[]⟩, until: x, max_iterations: 1}}")),
    MarkedText(
      "an id from outside",
      file(
        "  - {id: a, loop_group: {until: x, max_iterations: 1, nodes: [{id: ⟨shadowedID|first⟩, bash: x}]}}"
      )),
    MarkedText(
      "a dependency to the outside",
      file(
        "  - {id: a, loop_group: {until: x, max_iterations: 1, nodes: [{id: b, bash: x, depends_on: [⟨unknownNode|first⟩]}]}}"
      )),
    MarkedText(
      "a dependency to the inside",
      file(
        "  - {id: a, loop_group: {until: x, max_iterations: 1, nodes: [{id: b, bash: x}]}}\n  - {id: c, bash: ⟨unknownNode|$b.output⟩, depends_on: [⟨unknownNode|b⟩]}"
      )),
    MarkedText(
      "a body that reads the outside",
      file(
        "  - {id: a, loop_group: {until: x, max_iterations: 1, nodes: [{id: b, bash: ⟨notUpstream|$first.output⟩}]}}"
      )),
    MarkedText(
      "a body that reads its own group",
      file(
        "  - {id: a, loop_group: {until: x, max_iterations: 1, nodes: [{id: b, bash: ⟨selfReference|$a.output⟩}]}}"
      )),
    MarkedText(
      "a cycle inside",
      file(
        "  - {id: a, loop_group: {until: x, max_iterations: 1, nodes: [{id: b, bash: x, depends_on: [⟨cycle|c⟩]}, {id: c, bash: x, depends_on: [b]}]}}"
      )),
    MarkedText(
      "what was before, outside of a group",
      file("  - {id: a, bash: ⟨unknownNode|$LOOP_PREV.first.output⟩, depends_on: [first]}")),
    MarkedText(
      "what was before, of a node that isn't there",
      file(
        "  - {id: a, loop_group: {until: x, max_iterations: 1, nodes: [{id: b, bash: ⟨unknownNode|$LOOP_PREV.first.output⟩ $LOOP_PREV.b.output}]}}"
      )),
  ]

  static let gates: [MarkedText] = [
    MarkedText("no message", file("  - {id: a, approval: {⟨missingKey|capture_response⟩: true}}")),
    MarkedText(
      "no way to approve",
      file("  - {id: a, approval: {message: x, ⟨missingDecision|decisions⟩: [{id: aprove}]}}")),
    MarkedText(
      "a decision twice",
      file("  - {id: a, approval: {message: x, decisions: [{id: approve}, {id: ⟨duplicateID|approve⟩}]}}")
    ),
    MarkedText(
      "a decision that is no word",
      file("  - {id: a, approval: {message: x, decisions: [{id: approve}, {id: ⟨wrongName|Ask Again⟩}]}}")
    ),
    MarkedText(
      "an agent's keys on a gate that has none", file("  - {id: a, approval: {message: x}, ⟨misplacedKey|model⟩: m}")),
    MarkedText(
      "an agent's keys on a gate whose rejections are revised",
      file("  - {id: a, approval: {message: x, on_reject: {prompt: y}}, model: m, allowed_tools: [Read]}")),
    MarkedText(
      "both ways to reject",
      file(
        "  - {id: a, approval: {message: x, decisions: [{id: approve}], ⟨severalKinds|on_reject⟩: {prompt: y}}}"
      )),
    MarkedText(
      "a default that is none",
      file("  - {id: a, approval: {message: x, timeout: 1h, default: ⟨unknownDecision|reject-it⟩}}")),
    MarkedText(
      "a default without a time",
      file("  - {id: a, approval: {message: x, ⟨missingKey|default⟩: reject}}")),
    MarkedText(
      "a form that is wrong",
      file("  - {id: a, approval: {message: x, form: {q: {type: ⟨wrongValue|text⟩}}}}")),
    MarkedText(
      "a secret that would be kept",
      file("  - {id: a, approval: {message: x, form: {q: {type: ⟨secretField|secret⟩}}}}")),
    MarkedText(
      "keys of steps",
      file(
        "  - {id: a, ⟨misplacedKey|retry⟩: {max_attempts: 2}, ⟨misplacedKey|timeout⟩: 1h, approval: {message: x, timeout: 1h}}"
      )),
  ]

  static let children: [MarkedText] = [
    MarkedText(
      "both ways to give values", file("  - {id: a, workflow: b, ⟨severalKinds|input⟩: x, with: {y: 1}}")),
    MarkedText(
      "keys of steps on a child",
      file("  - {id: a, workflow: b, ⟨misplacedKey|env⟩: {A: x}, ⟨misplacedKey|idle_timeout⟩: 1h, timeout: 1h}")),
    MarkedText("items that are text", file("  - {id: a, workflow: b, fan_out: {items: ⟨noReference|'[1]'⟩, as: i}}")),
    MarkedText(
      "items that aren't there",
      file("  - {id: a, workflow: b, fan_out: {items: ⟨unknownNode|$c.output⟩, as: i}}")),
    MarkedText(
      "nodes of an include",
      file(
        "  - {id: inc, ⟨notRunnable|include⟩: b}\n  - {id: a, bash: $inc__x.output ⟨unknownNode|$ink__x.output⟩, depends_on: [inc__y]}"
      )),
    MarkedText("no items", file("  - {id: a, workflow: b, fan_out: {⟨missingKey|as⟩: i}}")),
    MarkedText(
      "a message that is the item", file("  - {id: a, workflow: b, ⟨misplacedKey|input⟩: x, fan_out: {items: [1]}}")),
    MarkedText(
      "two values for one input",
      file("  - {id: a, workflow: b, with: {⟨severalKinds|i⟩: 1, j: 2}, fan_out: {items: [1], as: i}}")),
    MarkedText(
      "a field of an item's output, and one of the list",
      file(
        "  - {id: a, workflow: b, fan_out: {items: [1]}, output_format: {type: object, properties: {x: {}}}}\n"
          + "  - {id: c, bash: '$a.output[0].x', depends_on: [a]}")),
    MarkedText(
      "a reference that is none", file("  - {id: a, bash: x, with: {v: {from: ⟨noReference|$first⟩, if_skipped: 1}}}")),
    MarkedText("a literal with a from", file("  - {id: a, bash: x, with: {v: {from: me, to: you}}}")),
    MarkedText(
      "no node's session", file("  - {id: a, prompt: x, context: {resume: ⟨unknownNode|b⟩}}")
    ),
  ]

  static let results: [MarkedText] = [
    MarkedText("no such node", "name: a\nreturns: ⟨unknownNode|b⟩\nnodes: [{id: a, bash: x}]"),
    MarkedText(
      "an outcome of nothing", "name: a\n⟨missingKey|outcome_field⟩: good\nnodes: [{id: a, bash: x}]"),
    MarkedText(
      "an outcome without a form",
      "name: a\nreturns: a\noutcome_field: ⟨missingKey|good⟩\nnodes: [{id: a, bash: x}]"),
    MarkedText(
      "an outcome of another name",
      "name: a\nreturns: a\noutcome_field: ⟨unknownField|goood⟩\nnodes: [{id: a, bash: x, output_format: {properties: {good: {type: boolean}}, required: [good]}}]"
    ),
    MarkedText(
      "an outcome that may be missing",
      "name: a\nreturns: a\noutcome_field: ⟨wrongField|good⟩\nnodes: [{id: a, bash: x, output_format: {properties: {good: {type: boolean}}}}]"
    ),
    MarkedText(
      "an outcome of several",
      "name: a\nreturns: a\noutcome_field: ⟨wrongField|good⟩\nnodes: [{id: a, bash: x, matrix: {os: [a]}, output_format: {properties: {good: {type: boolean}}, required: [good]}}]"
    ),
    MarkedText("another runner", "name: a\nrunner: ⟨wrongValue|cloud⟩\nnodes: [{id: a, bash: x}]"),
  ]

  static let conditions: [MarkedText] = [
    MarkedText(
      "half an operator", file("  - {id: a, bash: x, depends_on: [first], when: $first.output ⟨badCondition|=⟩ 'x'}")),
    MarkedText(
      "an answer in the agent's own words",
      file(
        "  - {id: ask, prompt: x}\n  - {id: a, bash: x, depends_on: [ask], when: \"true && !(⟨freeFormComparison|$ask.output⟩ == 'yes')\"}"
      )),
    MarkedText(
      "an answer that has a form",
      file(
        "  - {id: ask, prompt: x, output_format: {type: object}}\n  - {id: a, bash: x, depends_on: [ask], when: $ask.output.ok == 'yes'}"
      )),
  ]

  @Test(arguments: loops + groups + gates + children + results + conditions)
  func whatIsWrongIsReportedInItsPlace(_ file: MarkedText) {
    let reading = WorkflowReader.read(file.text)
    #expect(
      MarkedText.found(reading.diagnostics).symmetricDifference(file.expectations).sorted { "\($0)" < "\($1)" } == [],
      "\(reading.diagnostics.map { "\($0.code) \($0.range.start): \($0.message)" })")
    #expect((reading.definition == nil) == reading.isRejected)
  }

  @Test func aGroupWaitsForWhatItsBodyReads() throws {
    let text = Self.file(
      "  - {id: a, loop_group: {until: x, max_iterations: 1, nodes: [{id: b, bash: $first.output}, {id: c, bash: $b.output}]}}"
    )
    let nodes = try #require(WorkflowReader.read(text).definition).nodes
    #expect(nodes[1].waitsFor == ["first"])
    let group = if case .loopGroup(let group) = nodes[1].kind { group } else { nil as LoopGroup? }
    #expect(group?.nodes.map(\.waitsFor) == [[], ["b"]])
  }

  @Test func whatDependsOnAnIncludedNodeDependsOnTheInclude() throws {
    let text = Self.file("  - {id: inc, include: b}\n  - {id: a, bash: $inc__x.output, depends_on: [inc__y, inc__z]}")
    #expect(try #require(WorkflowReader.read(text).definition).nodes.map(\.dependsOn) == [[], [], ["inc"]])
  }

  @Test func cyclesAreNamedNodeByNode() {
    let nodes = (0..<5).map { "{id: n\($0), bash: x, depends_on: [n\(($0 + 1) % 5)]}" }.joined(separator: ", ")
    let diagnostic = WorkflowReader.read("name: a\nnodes: [\(nodes)]").diagnostics.first
    #expect(diagnostic?.message == "these nodes wait for each other: `n0` → `n1` → `n2` → `n3` → `n4` → `n0`")
    let long = (0..<100).map { "{id: n\($0), bash: x, depends_on: [n\(($0 + 1) % 100)]}" }.joined(separator: ", ")
    let message = WorkflowReader.read("name: a\nnodes: [\(long)]").diagnostics.first?.message ?? ""
    #expect(message.contains("`n19` → … 60 more … → `n80`") && message.hasSuffix("`n99` → `n0`"))
  }

  /// A file, and what the hint of its first diagnostic says.
  static let hints: [(text: String, hint: String)] = [
    ("name: a\nnodes: [{id: a, bash: x, dependson: []}]", "did you mean `depends_on`?"),
    ("name: a\nnodes: [{id: build, bash: x}, {id: b, bash: x, depends_on: [biuld]}]", "did you mean `build`?"),
    ("name: a\nnodes: [{id: a, bash: x, max_iterations: 3}]", "it belongs in `loop` or `loop_group`"),
    ("name: a\nnodes: [{id: a, bash: x, deps: [y]}]", "it belongs on a node of the kind `script`"),
    (
      "name: a\nnodes: [{id: a, approval: {message: x}, model: m}]", "only an `approval` with `on_reject` has an agent"
    ),
    ("name: a\nnodes: [{id: a, bash: x, trigger_rule: all_sucess}]", "did you mean `all_success`?"),
    ("name: a\ninputs: {topic: {}}\nnodes: [{id: a, bash: $INPUTS.topci}]", "did you mean `topic`?"),
    ("name: a\nnodes: [{id: a, bash: $INPUTS.x}]", "declare it: `inputs: {x: {}}`"),
    ("name: a\nmutates_checkout: no\nnodes: [{id: a, bash: x}]", "write `false`"),
    ("name: a\nmutates_checkout: 'true'\nnodes: [{id: a, bash: x}]", "write `true` without quotes"),
    ("name: a\nmax_parallel: '3'\nnodes: [{id: a, bash: x}]", "leave the quotes out"),
    ("name: a\nmax_parallel: 010\nnodes: [{id: a, bash: x}]", "a number has no leading zeros"),
    ("name: a\ntimeout: '90'\nnodes: [{id: a, bash: x}]", "a text names its unit; a bare number is milliseconds"),
    ("name: a\ntags: ci\nnodes: [{id: a, bash: x}]", "write `[ci]`"),
    ("name: a\nnods: [{id: a, bash: x}]", "did you mean `nodes`?"),
    ("name: a\nnodes: [{id: a, bsh: x}]", "did you mean `bash`?"),
    (
      "name: a\nnodes: [{id: p-q, bash: x}, {id: b, script: 'f($p-q.output)', runtime: node, depends_on: [p-q]}]",
      "write `with: {p_q: $p-q.output}`, and read INPUTS_P_Q"
    ),
    ("name: a\nnodes: [{id: a, script: 'f($INPUTS.x)', runtime: node}]", "read INPUTS_X from the environment"),
    ("name: a\nnodes: [{id: a, bash: x}, {id: b, bash: $a.output}]", "add `a` to `depends_on`"),
    ("name: a\nnodes:\n\t- a", "YAML indents with spaces"),
  ]

  @Test(arguments: hints.indices)
  func hintsSayWhatToDo(_ index: Int) {
    let reading = WorkflowReader.read(Self.hints[index].text)
    #expect(reading.diagnostics.contains { $0.hint == Self.hints[index].hint }, "\(reading.diagnostics)")
  }

  @Test func cosmeticFaultsCostTheKeyAndNotTheFile() throws {
    let reading = WorkflowReader.read(
      """
      name: a
      description: [a]
      tags: {a: b}
      effort: enormous
      inputs: {good: {default: 1}, bad: {type: int}}
      nodes: [{id: a, bash: echo $INPUTS.good, description: }]
      """)
    let workflow = try #require(reading.definition)
    #expect(reading.diagnostics.map(\.severity) == Array(repeating: .warning, count: 5))
    #expect(workflow.tags == [] && workflow.description == nil && workflow.agent.effort == nil)
    #expect(workflow.inputs.map(\.name) == ["good"])
    #expect(reading.diagnostics.allSatisfy { $0.message.hasSuffix("; it is left out") })
  }
}
