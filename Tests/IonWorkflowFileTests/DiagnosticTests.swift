import IonTestSupport
import IonWorkflow
import IonWorkflowFile
import Testing

/// What is said about wrong files, and exactly where.
@Suite struct DiagnosticTests {
  static let shapes: [MarkedText] = [
    MarkedText(
      "an unknown key", "name: a\n⟨unknownKey|colour⟩: red\nnodes: [{id: a, bash: x, ⟨unknownKey|dpends_on⟩: []}]"),
    MarkedText("a list where text is due", "name: ⟨wrongType|[a]⟩\nnodes: [{id: a, bash: x}]"),
    MarkedText("text where a list is due", "name: a\nnodes: ⟨wrongType|x⟩"),
    MarkedText("no boolean", "name: a\nmutates_checkout: ⟨wrongType|yes⟩\nnodes: [{id: a, bash: x}]"),
    MarkedText("a quoted boolean", "name: a\nmutates_checkout: ⟨wrongType|\"true\"⟩\nnodes: [{id: a, bash: x}]"),
    MarkedText("a number with zeros", "name: a\nmax_parallel: ⟨wrongType|010⟩\nnodes: [{id: a, bash: x}]"),
    MarkedText("a number out of range", "name: a\nmax_parallel: ⟨wrongValue|0⟩\nnodes: [{id: a, bash: x}]"),
    MarkedText("a time of day is no duration", "name: a\ntimeout: ⟨wrongValue|12:30⟩\nnodes: [{id: a, bash: x}]"),
    MarkedText(
      "no time at all", "name: a\ntimeout: ⟨wrongValue|0⟩\nnodes: [{id: a, bash: x, timeout: ⟨wrongValue|-5⟩}]"),
    MarkedText("units the wrong way round", "name: a\ntimeout: ⟨wrongValue|30m1h⟩\nnodes: [{id: a, bash: x}]"),
    MarkedText("a quoted number is no duration", "name: a\ntimeout: ⟨wrongValue|'90'⟩\nnodes: [{id: a, bash: x}]"),
    MarkedText("nothing where text is due", "name: a\nnodes:\n  - id: a\n    bash:⟨missingValue|⟩\n"),
    MarkedText(
      "a word of another language", "name: a\nnodes: [{id: a, bash: x, trigger_rule: ⟨wrongValue|all_sucess⟩}]"),
    MarkedText("no name", "⟨missingKey|⟩nodes: [{id: a, bash: x}]"),
    MarkedText("no nodes", "⟨missingKey|name⟩: a"),
    MarkedText("no node", "name: a\nnodes: ⟨wrongValue|[]⟩"),
    MarkedText("a node that is text", "name: a\nnodes: [⟨wrongType|x⟩]"),
    MarkedText("a workflow that is a list", "⟨wrongType|- a\n- b⟩"),
    MarkedText("an empty entry", "name: a\ntags: [⟨wrongType|[a]⟩]\nnodes: [{id: a, bash: x}]"),
    MarkedText("exec without a program", "name: a\nnodes: [{id: a, exec: ⟨wrongValue|[]⟩}]"),
  ]

  static let nodes: [MarkedText] = [
    MarkedText("no id", "name: a\nnodes: [{⟨missingKey|bash⟩: x}]"),
    MarkedText("a wrong id", "name: a\nnodes: [{id: ⟨wrongName|1a⟩, bash: x}, {id: ⟨wrongName|INPUTS⟩, bash: x}]"),
    MarkedText("one id twice", "name: a\nnodes: [{id: a, bash: x}, {id: ⟨duplicateID|a⟩, bash: x}]"),
    MarkedText("no kind", "name: a\nnodes: [{id: ⟨missingKind|a⟩, timeout: 3s}]"),
    MarkedText("a misspelt kind", "name: a\nnodes: [{id: a, ⟨unknownKey|⟨missingKind|promt⟩⟩: x}]"),
    MarkedText("two kinds", "name: a\nnodes: [{id: a, bash: x, ⟨severalKinds|finish⟩: y}]"),
    MarkedText(
      "unknown dependencies", "name: a\nnodes: [{id: one, bash: x}, {id: b, bash: x, depends_on: [⟨unknownNode|on⟩]}]"),
    MarkedText(
      "a dependency twice",
      "name: a\nnodes: [{id: b, bash: x}, {id: a, bash: x, depends_on: [b, ⟨duplicateDependency|b⟩]}]"),
    MarkedText(
      "itself",
      "name: a\nnodes: [{id: a, bash: x, depends_on: ⟨cycle|\"a\"⟩}]".replacing("⟨cycle|\"a\"⟩", with: "\"⟨cycle|a⟩\"")),
    MarkedText(
      "a cycle",
      "name: a\nnodes:\n  - {id: a, bash: x, depends_on: [c]}\n  - {id: b, bash: x, depends_on: [a]}\n  - {id: c, bash: x, depends_on: [b]}\n"
        .replacing("[c]", with: "[⟨cycle|c⟩]")),
    MarkedText("a script without a runtime", "name: a\nnodes: [{id: a, ⟨missingKey|script⟩: \"print(1)\"}]"),
    MarkedText(
      "a script outside of its folder", "name: a\nnodes: [{id: a, script: ⟨wrongValue|../x.py⟩, runtime: python}]"),
    MarkedText("a misspelt runtime", "name: a\nnodes: [{id: a, script: x.py, runtime: ⟨unknownRuntime|pyhton⟩}]"),
    MarkedText("a runtime of one's own", "name: a\nnodes: [{id: a, script: x.rb, runtime: ruby}]"),
    MarkedText("deps without uv", "name: a\nnodes: [{id: a, script: x.py, runtime: python, ⟨misplacedKey|deps⟩: [b]}]"),
    MarkedText("a key of another kind", "name: a\nnodes: [{id: a, bash: x, ⟨misplacedKey|runtime⟩: sh}]"),
    MarkedText("an agent's key", "name: a\nnodes: [{id: a, bash: x, ⟨misplacedKey|model⟩: big}]"),
    MarkedText("retry without a number", "name: a\nnodes: [{id: a, bash: x, retry: {⟨missingKey|delay_ms⟩: 3}}]"),
    MarkedText(
      "retry out of range",
      "name: a\nnodes: [{id: a, bash: x, retry: {max_attempts: 2, jitter: ⟨wrongValue|1.5⟩, on_exit_codes: [⟨wrongValue|0⟩]}}]"
    ),
    MarkedText(
      "a longest wait that is too short",
      "name: a\nnodes: [{id: a, bash: x, retry: {max_attempts: 2, ⟨shortMaximum|max_delay_ms⟩: 1s}}]"),
    MarkedText("one variable twice", "name: a\nnodes: [{id: a, bash: x, with: {b: 1, ⟨nameClash|B⟩: 2}}]"),
    MarkedText(
      "no variable", "name: a\nnodes: [{id: a, bash: x, env: {⟨wrongName|a-b⟩: 1, ⟨reservedName|ION_RUN_ID⟩: 2}}]"),
  ]

  static let references: [MarkedText] = [
    MarkedText(
      "in bash",
      "name: a\nnodes:\n  - id: plan\n    bash: x\n  - id: b\n    depends_on: [plan]\n    bash: |\n      echo \"$plan.output\"\n      echo ⟨unknownNode|$plann.output⟩\n"
    ),
    MarkedText("in a plain text", "name: a\nnodes: [{id: a, finish: it is ⟨unknownNode|$b.output⟩}]"),
    MarkedText("in single quotes", "name: a\nnodes: [{id: a, finish: 'it''s ⟨unknownNode|$b.output⟩'}]"),
    MarkedText(
      "in double quotes", #"name: a"# + "\n" + #"nodes: [{id: a, finish: "a\tb\u00e9 ⟨unknownNode|$b.output⟩"}]"#),
    MarkedText(
      "in a folded text",
      "name: a\nnodes:\n  - id: a\n    finish: >-\n      one\n      two ⟨unknownNode|$b.output⟩\n\n      three\n"),
    MarkedText("behind wide characters", "name: a\nnodes: [{id: a, finish: é🎈 ⟨unknownNode|$b.output⟩}]"),
    MarkedText(
      "over several lines", "name: a\nnodes:\n  - id: a\n    finish: one\n      two ⟨unknownNode|$b.output⟩\n"),
    MarkedText("an input", "name: a\ninputs: {topic: {}}\nnodes: [{id: a, finish: ⟨unknownInput|$INPUTS.topics⟩}]"),
    MarkedText("itself", "name: a\nnodes: [{id: a, bash: echo ⟨selfReference|$a.output⟩}]"),
    MarkedText("not upstream", "name: a\nnodes: [{id: a, bash: x}, {id: b, bash: ⟨notUpstream|$a.output⟩ $a.status}]"),
    MarkedText(
      "upstream from afar",
      "name: a\nnodes: [{id: a, bash: x}, {id: b, bash: x, depends_on: [a]}, {id: c, bash: $a.output, depends_on: [b]}]"
    ),
    MarkedText(
      "downstream",
      "name: a\nnodes: [{id: a, bash: ⟨cycle|⟨notUpstream|$b.output⟩⟩}, {id: b, bash: x, depends_on: [a]}]"),
    MarkedText(
      "in a script",
      "name: a\nnodes:\n  - id: my-plan\n    bash: x\n  - id: b\n    depends_on: [my-plan]\n    runtime: node\n    script: |\n      let $el = {}; $el.output = 1\n      log(`⟨referenceInScript|$my-plan.output⟩`, ⟨referenceInScript|$INPUTS.x⟩, $HOME)\n"
    ),
    MarkedText(
      "inside a literal",
      "name: a\nnodes: [{id: a, bash: x}, {id: b, bash: x, depends_on: [a], with: {l: [⟨referenceInLiteral|$a.output⟩]}}]"
    ),
    MarkedText("of a condition", "name: a\nnodes: [{id: a, bash: x, when: true && ⟨unknownNode|$b.output⟩ == 'x'}]"),
    MarkedText(
      "in the workflow's env",
      "name: a\nenv: {X: ⟨noNodeYet|$a.output⟩, Y: ⟨unknownInput|$INPUTS.z⟩}\nnodes: [{id: a, bash: x}]"),
    MarkedText(
      "a matrix",
      "name: a\nnodes: [{id: a, bash: echo ⟨unknownMatrix|$MATRIX.oss⟩ $MATRIX.os, matrix: {os: [linux]}}]"
    ),
    MarkedText(
      "an alias",
      "name: a\nx-y: &t echo ⟨unknownNode|$b.output⟩\nnodes: [{id: a, bash: *t}]".replacing(
        "x-y:", with: "⟨unknownKey|x-y⟩:")),
  ]

  static let conditions: [MarkedText] = [
    MarkedText("a plain one", "name: a\nnodes: [{id: a, bash: x, when: true ⟨CODE|=⟩ false}]")
  ]

  static let inputs: [MarkedText] = [
    MarkedText(
      "required with a default",
      "name: a\ninputs: {a: {required: true, ⟨requiredDefault|default⟩: x}}\nnodes: [{id: a, bash: x}]"),
    MarkedText(
      "a reference to what was dropped",
      "name: a\ninputs: {a: {type: ⟨wrongValue|int⟩}}\nnodes: [{id: a, bash: ⟨unknownInput|$INPUTS.a⟩}]"),
    MarkedText("an enum without values", "name: a\ninputs: {a: {⟨missingKey|type⟩: enum}}\nnodes: [{id: a, bash: x}]"),
    MarkedText(
      "values without an enum", "name: a\ninputs: {a: {⟨misplacedKey|values⟩: [b]}}\nnodes: [{id: a, bash: x}]"),
    MarkedText(
      "a default of another type",
      "name: a\ninputs: {a: {type: number, default: ⟨wrongType|x⟩}, b: {type: boolean, default: ⟨wrongType|yes⟩}, c: {type: enum, values: [red], default: ⟨wrongType|rad⟩}}\nnodes: [{id: a, bash: x}]"
    ),
    MarkedText(
      "a secret's default",
      "name: a\ninputs: {a: {type: secret, default: ⟨secretDefault|x⟩}}\nnodes: [{id: a, bash: x}]"),
    MarkedText(
      "names of secrets",
      "name: a\nsecrets: [A, ⟨wrongName|a-b⟩, ⟨reservedName|ARTIFACTS_DIR⟩, ⟨reservedName|ION_RUN_ID⟩]\nnodes: [{id: a, bash: x}]"
    ),
    MarkedText("a pattern", "name: a\ninputs: {a: {pattern: ⟨wrongValue|'['⟩}}\nnodes: [{id: a, bash: x}]"),
    MarkedText("a name with a hyphen", "name: a\ninputs: {⟨wrongName|a-b⟩: {}}\nnodes: [{id: a, bash: x}]"),
    MarkedText("names that clash", "name: a\ninputs: {a: {}, ⟨nameClash|A⟩: {}}\nnodes: [{id: a, bash: x}]"),
  ]

  @Test(arguments: shapes + nodes + references + inputs)
  func whatIsWrongIsReportedInItsPlace(_ file: MarkedText) {
    let reading = WorkflowReader.read(file.text)
    #expect(
      MarkedText.found(reading.diagnostics).symmetricDifference(file.expectations).sorted { "\($0)" < "\($1)" } == [],
      "\(reading.diagnostics.map { "\($0.code) \($0.range.start): \($0.message)" })")
    #expect((reading.definition == nil) == reading.diagnostics.contains { $0.severity == .error })
  }
}
