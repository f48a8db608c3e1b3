import IonEngine
import IonJSON
import IonProcess
import IonScheduler
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// Runs with secrets: what steps get, and what is kept of it.
@Suite struct SecretTests {
  private static let secret = "t0ken-of-ours"
  private static let key = "ions-own-key"

  private func fixture(_ yaml: String, files: [String: String] = [:]) async throws -> EngineFixture {
    try await EngineFixture(
      files: files.merging([".ion/workflows/w.yaml": yaml]) { $1 },
      environment: [
        "PATH": "/usr/local/bin:/usr/bin:/bin", "TOKEN": Self.secret, "EMPTY": "", "KEY": Self.key,
      ])
  }

  @Test func stepsGetASecretAndShowNothingOfIt() async throws {
    let fixture = try await fixture(
      """
      name: w
      secrets: [TOKEN, KEY]
      nodes:
        - id: use
          bash: |
            [ "$TOKEN $KEY $OTHER" = "t0ken-""of-ours ions-""own-key none" ]; echo "right: $?"
            echo "it is $TOKEN"; echo "$KEY" >&2
        - id: read
          depends_on: use
          bash: echo "got $use.output"
        - id: fail
          env: {AUTH: "Bearer t0ken-"}
          bash: printf %s "$AUTH" >&2; echo of-ours >&2; exit 3
      """, files: [".ion/config.yaml": "env: {inherit: [PATH], OTHER: none}\n"])
    let (run, nodes) = try await fixture.run("w")
    #expect(nodes["use"]?.output?.text == "right: 0\nit is ***")
    #expect(nodes["read"]?.output?.text == "got right: 0\nit is ***")
    #expect(nodes["fail"]?.error == "exit code 3: Bearer ***")
    #expect(run.status == .failed)
    let log = try await fixture.workspace.log(
      of: run.id, node: "use", attempt: nil, view: .merged, offset: 0, limit: 1000)
    #expect(log.slice.text == "right: 0\nit is ***\n***\n")
    #expect(try fixture.places(of: Self.secret) == [])
    #expect(try fixture.places(of: Self.key) == [])
  }

  @Test func aMissingSecretIsNamedBeforeTheFirstStep() async throws {
    let fixture = try await fixture(
      "name: w\nsecrets: [TOKEN, EMPTY, ABSENT]\nnodes: [{id: a, bash: touch started}]")
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .failed)
    #expect(
      run.error
        == "`EMPTY`, `ABSENT` are secrets of the workflow and not set; set them in the environment that Ion is started "
        + "in, or in `env` of the config. Nothing was started.")
    #expect(nodes["a"]?.status == .pending)
    fixture.folder.write("env: {EMPTY: some-value, ABSENT: more}\n", to: "workspace/.ion/config.yaml")
    _ = try await fixture.workspace.resume(run.id, secrets: [:])
    #expect(try await fixture.end(of: run.id).run.status == .succeeded)
    fixture.folder.write("env: {EMPTY: some-value}\n", to: "workspace/.ion/config.yaml")
    let again = try await fixture.run("w").run
    #expect(again.error?.hasPrefix("`ABSENT` is a secret of the workflow and not set; set it in") == true)
  }

  @Test func secretInputsAreHiddenInWhatNodesSay() async throws {
    let fixture = try await fixture(
      """
      name: w
      inputs: {pass: {type: secret}}
      nodes:
        - id: use
          bash: echo "$INPUTS.pass" | rev | rev; echo "<$INPUTS_PASS>" >&2
        - {id: spawn, exec: ["/nowhere/$INPUTS.pass"]}
        - {id: count, bash: "echo $(( $INPUTS.pass + 1 ))"}
        - id: stop
          depends_on: [use, spawn, count]
          trigger_rule: all_done
          cancel: it was $INPUTS.pass
      """)
    var options = WorkflowExecutionOptions()
    options.input = ["pass": .string(Self.secret)]
    let (run, nodes) = try await fixture.run("w", options: options)
    #expect(run.status == .cancelled && run.error?.contains("it was ***") == true, "\(run.error ?? "")")
    #expect(nodes["use"]?.output?.text == "***")
    #expect(nodes["stop"]?.output?.text == "it was ***")
    #expect(nodes["spawn"]?.error?.contains("/nowhere/***") == true, "\(nodes["spawn"]?.error ?? "")")
    #expect(nodes["count"]?.status == .failed)
    #expect(try fixture.places(of: Self.secret) == [])
    let told = try await fixture.workspace.history(of: "spawn", in: run.id)
    #expect(told.executions.last?.error?.contains("/nowhere/***") == true)
  }

  @Test func whatAnIncludedWorkflowKeepsSecretIsKept() async throws {
    let fixture = try await fixture(
      "name: w\nnodes: [{id: in, include: inner}]",
      files: [".ion/workflows/inner.yaml": "name: inner\nsecrets: [TOKEN]\nnodes: [{id: a, bash: echo $TOKEN}]"])
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded && nodes["in__a"]?.output?.text == "***")
    #expect(try fixture.places(of: Self.secret) == [])
  }
}
