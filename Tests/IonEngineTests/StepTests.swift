import IonEngine
import IonJSON
import IonProcess
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@Suite struct StepTests {
  /// Runs one workflow of these nodes and returns what each gave.
  static func outputs(
    _ yaml: String, files: [String: String] = [:], message: String = "", inputs: [String: JSONValue] = [:],
    environment: [String: String]? = nil
  ) async throws -> [NodeID: NodeRecord] {
    let fixture = try await EngineFixture(
      files: files.merging([".ion/workflows/w.yaml": yaml]) { $1 }, environment: environment)
    var options = WorkflowExecutionOptions()
    options.input = inputs
    return try await fixture.run("w", message: message, options: options).nodes
  }

  @Test func scriptsGetTheirValuesByWith() async throws {
    let nodes = try await Self.outputs(
      """
      name: w
      nodes:
        - id: plan
          bash: printf %s '{"title":"a \\"b\\" $(touch pwned)","n":3}'
        - id: py
          depends_on: [plan]
          runtime: python
          script: |
            import os, json
            print(os.environ["INPUTS_TITLE"], json.loads(os.environ["INPUTS_PLAN"])["n"], os.getcwd().endswith("workspace"))
          with: {title: $plan.output.title, plan: $plan.output, plain: 7}
        - id: sh
          depends_on: [plan]
          runtime: sh
          script: |
            printf '%s' "$INPUTS_TITLE"
          with: {title: "is: $plan.output.title"}
        - id: exec
          depends_on: [plan]
          exec: [printf, "%s|%s", $plan.output.title, "n=$plan.output.n"]
      """)
    #expect(nodes["plan"]?.error == nil)
    #expect(nodes["py"]?.error == nil)
    #expect(nodes["py"]?.output?.text == "a \"b\" $(touch pwned) 3 True")
    #expect(nodes["sh"]?.output?.text == "is: a \"b\" $(touch pwned)")
    #expect(nodes["exec"]?.output?.text == "a \"b\" $(touch pwned)|n=3")
  }

  @Test func environmentIsComposedInItsOrder() async throws {
    let nodes = try await Self.outputs(
      """
      name: w
      env: {A: workflow, B: workflow, INPUTS_X: workflow}
      inputs: {x: {default: from-input}}
      nodes:
        - id: a
          env: {B: node}
          bash: |
            echo "$A $B $C $INPUTS_X ${ION_SECRET:-none} $ION_NODE_ID $ION_ATTEMPT ${ION_RUN_ID:+run} $USER_MESSAGE"
            env | grep -c inherited || true
      """, files: [".ion/config.yaml": "env:\n  A: config\n  C: config\n"], message: "hello $(id)",
      environment: ["PATH": "/usr/bin:/bin", "ION_SECRET": "inherited", "ION_\u{301}X": "inherited", "C": "own"])
    #expect(nodes["a"]?.error == nil)
    #expect(nodes["a"]?.output?.text == "workflow node config from-input none a 1 run hello $(id)\n0")
  }

  @Test func largeValuesThatAreInheritedStayWhereTheyAre() async throws {
    let large = String(repeating: "y", count: 70_000)
    let nodes = try await Self.outputs(
      """
      name: w
      nodes:
        - id: bash
          bash: greet; echo ${#LARGE} ${#OTHER}
        - id: script
          runtime: sh
          script: echo ${#LARGE} ${LARGE_FILE:-none} $(wc -c < "$OTHER_FILE")
      """, files: [".ion/config.yaml": "env:\n  OTHER: \(large)\n"],
      environment: [
        "PATH": "/usr/bin:/bin", "LARGE": large, "OTHER": "own",
        "BASH_FUNC_greet%%": "() {  echo hello\n: \(large)\n}",
      ])
    #expect(nodes["bash"]?.error == nil)
    #expect(nodes["bash"]?.output?.text == "hello\n70000 70000")
    #expect(nodes["script"]?.output?.text == "70000 none 70000")
  }

  @Test func aFailureQuotesTheLastLinesWhateverEndsThem() async throws {
    let nodes = try await Self.outputs(
      """
      name: w
      nodes:
        - id: unix
          bash: printf 'line %s\\n' {1..20} >&2; exit 3
        - id: windows
          bash: printf 'line %s\\r\\n' {1..20} >&2; exit 3
      """)
    for id in ["unix", "windows"] as [NodeID] {
      let message = try #require(nodes[id]?.error)
      #expect(message.hasSuffix(": " + (13...20).map { "line \($0)" }.joined(separator: "\n")))
    }
  }

  @Test func namedScriptRunsAsItWasWhenTheRunBegan() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/scripts/greet.py": "print('first')",
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: gate
          bash: test -e go
        - id: greet
          depends_on: [gate]
          script: greet
          runtime: python
      """,
    ])
    let (failed, _) = try await fixture.run("w")
    #expect(failed.status == .failed)
    fixture.folder.write("print('second')", to: "workspace/.ion/scripts/greet.py")
    fixture.folder.write("", to: "workspace/go")
    _ = try await fixture.workspace.resume(failed.id, secrets: [:])
    let (run, nodes) = try await fixture.end(of: failed.id)
    #expect(run.status == .succeeded)
    #expect(nodes["greet"]?.output?.text == "first")
  }

  @Test func largeOutputsAreReadWhole() async throws {
    let nodes = try await Self.outputs(
      """
      name: w
      nodes:
        - id: big
          bash: head -c 3000000 /dev/zero | tr '\\0' x; echo end
        - id: bash
          depends_on: [big]
          bash: |
            v=$big.output; printf '%s %s' "${#v}" "${v: -3}"
        - id: py
          depends_on: [big]
          runtime: python
          script: |
            import os
            text = open(os.environ["INPUTS_BIG_FILE"]).read()
            print(len(text), text[-3:])
          with: {big: $big.output}
      """)
    #expect(nodes["big"]?.output?.length == 3_000_003)
    #expect(nodes["big"]?.output?.text == nil)
    #expect(nodes["bash"]?.output?.text == "3000003 end")
    #expect(nodes["py"]?.output?.text == "3000003 end")
  }

  @Test func binaryOutputSucceedsButCanNotBeRead() async throws {
    let nodes = try await Self.outputs(
      """
      name: w
      nodes:
        - id: binary
          bash: printf 'a\\0b'
        - id: reads
          depends_on: [binary]
          bash: echo $binary.output
      """)
    #expect(nodes["binary"]?.status == .succeeded)
    #expect(nodes["reads"]?.status == .failed)
    #expect(nodes["reads"]?.error?.contains("`binary`") == true)
  }

  @Test func conditionsDecideAndFailByName() async throws {
    let nodes = try await Self.outputs(
      """
      name: w
      nodes:
        - id: json
          bash: echo '{"ok":true,"n":10}'
        - id: met
          depends_on: [json]
          when: $json.output.ok && $json.output.n == 10.0
          bash: echo ran
        - id: unmet
          depends_on: [json]
          when: $json.output.n > 10
          bash: echo ran
        - id: broken
          depends_on: [json]
          when: $json.output.missing == 1
          bash: echo ran
      """)
    #expect(nodes["met"]?.status == .succeeded)
    #expect(nodes["unmet"]?.status == .skipped)
    #expect(nodes["broken"]?.status == .failed)
    #expect(nodes["broken"]?.error?.contains("missing") == true)
  }

  @Test func finishEndsTheRunAndStopsWhatRuns() async throws {
    let fixture = try await EngineFixture(
      files: [
        ".ion/workflows/w.yaml": """
        name: w
        nodes:
          - id: long
            bash: sleep 1000
          - id: check
            bash: echo nothing-to-do
          - id: done
            depends_on: [check]
            finish: "because $check.output"
          - id: after
            depends_on: [long]
            bash: echo never
        """
      ], slots: 2)
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded)
    #expect(run.error == "because nothing-to-do")
    #expect(nodes["long"]?.status == .cancelled || nodes["long"]?.status == .skipped)
    #expect(nodes["after"]?.status == .skipped)
  }

  @Test func missingProgramFailsByName() async throws {
    let nodes = try await Self.outputs(
      """
      name: w
      nodes:
        - id: a
          exec: [no-such-program-here, x]
        - id: b
          runtime: no-such-runtime
          script: "print('hi')"
      """)
    #expect(nodes["a"]?.error?.contains("no-such-program-here") == true)
    #expect(nodes["b"]?.error?.contains("no-such-runtime") == true)
  }

  @Test func timeoutFailsTheNodeAndKeepsWhatItPrinted() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, timeout: 200ms, bash: 'echo before; sleep 1000'}]\n"
    ])
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .failed)
    #expect(nodes["a"]?.error?.contains("timed out") == true)
    let log = try await fixture.workspace.log(
      of: run.id, node: "a", attempt: nil, view: .stdout, offset: 0, limit: 1000)
    #expect(log.slice.text == "before\n")
  }

  @Test func inputsAreCheckedBeforeAnythingStarts() async throws {
    let yaml = "name: w\ninputs: {n: {type: number, required: true}}\nnodes: [{id: a, bash: 'echo $INPUTS.n'}]\n"
    await #expect(throws: EngineFailure.self) { try await Self.outputs(yaml) }
    await #expect(throws: EngineFailure.self) { try await Self.outputs(yaml, inputs: ["n": "x"]) }
    #expect(try await Self.outputs(yaml, inputs: ["n": 3])["a"]?.output?.text == "3")
  }
}
