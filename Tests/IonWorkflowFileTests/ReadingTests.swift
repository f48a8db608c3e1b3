import IonJSON
import IonWorkflow
import IonWorkflowFile
import Testing

/// A whole file, key by key.
@Suite struct ReadingTests {
  static let file = """
    name: build
    description: Builds it.
    tags: [ci, fast]
    inputs:
      target: {type: enum, values: [debug, release], default: debug, description: What to build.}
      version: {type: string, default: 1.10}
      count: {type: number, required: true}
    env: {LEVEL: "3", EMPTY: , WHERE: $ARTIFACTS_DIR/x}
    timeout: 1h30m
    max_parallel: 4
    mutates_checkout: false
    nodes:
      - id: plan
        bash: |
          echo hello
      - id: compile
        description: Compiles.
        exec: [make, "-C", $INPUTS.target, $plan.output]
        depends_on: [plan]
        when: $plan.output == 'hello' && $INPUTS.count > 2
        trigger_rule: all_done
        retry: {max_attempts: 3, delay_ms: 250ms, backoff: 1.5, max_delay_ms: 10s, jitter: 0.5, on_error: transient, on_exit_codes: [2, 75]}
        timeout: 1500
        idle_timeout: 90s
        continue_on_error: true
        always_run: true
        output_type: log
        artifacts: ["out/**"]
        env: {A: x-$plan.output}
      - id: report
        script: |
          import os
          print(os.environ["INPUTS_PLAN"])
        runtime: uv
        deps: [rich]
        depends_on: plan
        with:
          plan: $plan.output
          title: "The $plan.output of it"
          text: plain
          dollars: $$5
          number: 3
          flags: [true, null, 1.5]
          maybe: {from: $plan.output.title, if_skipped: none}
      - id: named
        script: tidy.py
        runtime: python
      - id: stop
        cancel: no more
        when: $report.status == 'failed'
        depends_on: [report]
      - id: done
        finish: $compile.output
        depends_on: [compile]
    """

  func read(_ text: String) throws -> WorkflowDefinition {
    let reading = WorkflowReader.read(text, fileName: "file.yaml")
    return try #require(reading.definition, "\(reading.diagnostics)")
  }

  @Test func aWholeFileIsReadWithoutComplaint() {
    #expect(WorkflowReader.read(Self.file).diagnostics == [])
  }

  @Test func theWorkflowsKeysAreRead() throws {
    let workflow = try read(Self.file)
    #expect(workflow.name == "build")
    #expect(workflow.description == "Builds it.")
    #expect(workflow.tags == ["ci", "fast"])
    #expect(workflow.timeout == .seconds(5400))
    #expect(workflow.maxParallel == 4)
    #expect(!workflow.mutatesCheckout)
    #expect(workflow.environment.map(\.name) == ["LEVEL", "EMPTY", "WHERE"])
    #expect(workflow.environment[0].value == Template(segments: [.text("3")]))
    #expect(workflow.environment[1].value == Template(segments: []))
    #expect(
      workflow.environment[2].value
        == Template(segments: [.reference(Reference(.variable(.artifactsDirectory))), .text("/x")]))
    #expect(workflow.nodes.map(\.id) == ["plan", "compile", "report", "named", "stop", "done"])
  }

  @Test func inputsKeepTheirTypes() throws {
    let inputs = try read(Self.file).inputs
    #expect(inputs.map(\.name) == ["target", "version", "count"])
    #expect(inputs.map(\.kind) == [.enum, .string, .number])
    #expect(inputs[0].values == ["debug", "release"])
    #expect(inputs.map(\.defaultValue) == ["debug", "1.10", nil])
    #expect(inputs.map(\.isRequired) == [false, false, true])
    #expect(inputs[0].description == "What to build.")
  }

  @Test func aNodesKeysAreRead() throws {
    let node = try read(Self.file).nodes[1]
    #expect(node.description == "Compiles.")
    #expect(node.dependsOn == ["plan"] && node.waitsFor == [])
    #expect(try node.when == Condition.parse("$plan.output == 'hello' && $INPUTS.count > 2").condition)
    #expect(node.triggerRule == .allDone)
    #expect(node.timeout == .milliseconds(1500) && node.idleTimeout == .seconds(90))
    #expect(node.continueOnError && node.alwaysRun)
    #expect(node.outputType == "log" && node.artifacts == ["out/**"])
    #expect(node.environment == [EnvironmentEntry(name: "A", value: Template.parse("x-$plan.output").template)])
    var retry = RetryPolicy(maxAttempts: 3)
    retry.delay = .milliseconds(250)
    retry.backoff = 1.5
    retry.maxDelay = .seconds(10)
    retry.jitter = 0.5
    retry.onError = .transient
    retry.onExitCodes = [2, 75]
    #expect(node.retry == retry)
  }

  @Test func kindsAreRead() throws {
    let nodes = try read(Self.file).nodes
    #expect(nodes[0].kind == .bash(BashBody.parse("echo hello\n").body))
    #expect(
      nodes[1].kind == .exec(["make", "-C", "$INPUTS.target", "$plan.output"].map { Template.parse($0).template }))
    let program = "import os\nprint(os.environ[\"INPUTS_PLAN\"])\n"
    #expect(nodes[2].kind == .script(Script(source: .inline(program), runtime: "uv", dependencies: ["rich"])))
    #expect(nodes[3].kind == .script(Script(source: .named("tidy.py"), runtime: "python")))
    #expect(nodes[4].kind == .cancel(Template(segments: [.text("no more")])))
    #expect(nodes[5].kind == .finish(Template(segments: [.reference(Reference(.output("compile")))])))
  }

  @Test func bindingsKeepTheirTypes() throws {
    let bindings = try read(Self.file).nodes[2].bindings
    let plan = Reference(.output("plan"))
    #expect(
      bindings == [
        Binding(name: "plan", value: .reference(plan, ifSkipped: nil)),
        Binding(
          name: "title", value: .template(Template(segments: [.text("The "), .reference(plan), .text(" of it")]))),
        Binding(name: "text", value: .literal("plain")),
        Binding(name: "dollars", value: .literal("$5")),
        Binding(name: "number", value: .literal(3)),
        Binding(name: "flags", value: .literal([true, nil, .number(JSONNumber(unchecked: "1.5"))])),
        Binding(
          name: "maybe", value: .reference(Reference(.output("plan"), path: [.field("title")]), ifSkipped: "none")),
      ])
  }

  @Test func nodesKnowWhereTheyStand() throws {
    let nodes = try read(Self.file).nodes
    #expect(nodes[0].range.start == SourcePosition(line: 12, column: 4))
    #expect(nodes[0].range.end == SourcePosition(line: 14, column: 16))
    #expect(nodes[0].idRange.start == SourcePosition(line: 12, column: 8))
    #expect(nodes[0].idRange.end == SourcePosition(line: 12, column: 12))
  }

  @Test func theFilesNameStandsInForAMissingName() throws {
    let reading = WorkflowReader.read("nodes: [{id: a, bash: x}]", fileName: "flows/nightly.v2.yaml")
    #expect(reading.definition?.name == "nightly.v2")
    #expect(reading.diagnostics.map(\.code) == ["missingName"])
    #expect(WorkflowReader.read("nodes: [{id: a, bash: x}]").definition == nil)
  }

  @Test func aRejectedFileStillSaysItsName() {
    let reading = WorkflowReader.read("name: broken\nnodes: []")
    #expect(reading.definition == nil && reading.name == "broken")
  }

  @Test func aSingleDependencyNeedsNoList() throws {
    #expect(try read(Self.file).nodes[2].dependsOn == ["plan"])
  }
}
