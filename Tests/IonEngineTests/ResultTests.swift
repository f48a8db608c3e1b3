import Glibc
import IonEngine
import IonJSON
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// What governs a run's result: `output_format`, `returns`, `outcome_field`, `evidence_policy` and `requires`.
@Suite struct ResultTests {
  private static func fixture(
    _ yaml: String, files: [String: String] = [:], environment: [String: String]? = nil
  ) async throws -> EngineFixture {
    try await EngineFixture(files: files.merging([".ion/workflows/w.yaml": yaml]) { $1 }, environment: environment)
  }

  // MARK: output_format

  private static func node(_ script: String, _ format: String, _ rest: String = "") -> String {
    """
    name: w
    nodes:
      - id: plan
        bash: |
          \(script.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n      "))
        output_format: \(format)
    \(rest)
    """
  }

  @Test(arguments: [
    ("echo '{\"title\": \"x\"}'", "{type: object, required: [title]}"),
    ("printf '```json\\n{\"n\": 1.0}\\n```\\n'", "{properties: {n: {type: integer}}}"),
    ("echo '  [1, 2]  '", "{type: array, maxItems: 2}"),
    ("echo '\"text\"'", "{type: string, maxLength: 4}"),
    ("echo 12345678901234567890.5", "{exclusiveMaximum: 12345678901234567890.6}"),
    ("head -c 200000 /dev/zero | tr '\\0' ' '; echo '{\"title\": \"x\"}'", "{type: object, required: [title]}"),
  ])
  func anOutputThatFitsSucceeds(_ script: String, _ format: String) async throws {
    let (run, nodes) = try await Self.fixture(Self.node(script, format)).run("w")
    #expect(nodes["plan"]?.error == nil)
    #expect(run.status == .succeeded)
  }

  @Test(arguments: [
    ("echo '{\"titel\": 1}'", "{required: [title]}", "the value lacks the property `title`"),
    (
      "echo '{\"items\": [{\"n\": 1}, {\"n\": \"secret\"}]}'",
      "{properties: {items: {items: {properties: {n: {type: number}}}}}}", "`/items/1/n` must be a number, not a string"
    ),
    (
      "echo '[1, 2, 3, 4, 5]'", "{items: {type: string}}",
      "`/0` must be a string, not a number; `/1` must be a string, not a number; "
        + "`/2` must be a string, not a number; and more"
    ),
    ("echo hello", "{type: object}", "it is no JSON document (unexpected 'h' at byte 0)"),
    ("true", "{type: object}", "it is empty"),
    ("printf 'a\\0b'", "{type: string}", "it has a NUL byte or is not UTF-8"),
    ("echo '{} {}'", "{type: object}", "it is no JSON document (something follows the JSON value, at byte 3)"),
    (
      "head -c 100000 /dev/zero | tr '\\0' ' '; echo '[]'", "{type: object}",
      "the value must be an object, not an array"
    ),
  ])
  func anOutputThatDoesNotFitFailsAndSaysWhere(_ script: String, _ format: String, _ why: String) async throws {
    let fixture = try await Self.fixture(
      Self.node(script, format, "  - {id: next, depends_on: [plan], bash: echo $plan.output}"))
    let (run, nodes) = try await fixture.run("w")
    let message = "its output is not what `output_format` asks for: \(why)"
    #expect(nodes["plan"]?.error == message)
    #expect(nodes["plan"]?.status == .failed && nodes["plan"]?.output == nil)
    #expect(nodes["next"]?.status == .skipped)
    #expect(run.status == .failed && run.error == "plan failed: \(message)")
  }

  @Test func anExitCodeIsToldBeforeTheOutputIsLookedAt() async throws {
    let (_, nodes) = try await Self.fixture(Self.node("echo no; exit 3", "{type: object}")).run("w")
    #expect(nodes["plan"]?.exitCode == 3)
  }

  @Test(arguments: [("", 1), ("all", 2), ("transient", 1)])
  func aMismatchIsRetriedAsRetrySays(_ errors: String, _ attempts: Int) async throws {
    let retry =
      errors.isEmpty ? "" : "    retry: {max_attempts: 3, delay_ms: 0, backoff: 1, on_error: \(errors)}"
    let script = "test -e again && echo '{\"ok\": true}' || { touch again; echo nothing yet; }"
    let (run, nodes) = try await Self.fixture(Self.node(script, "{required: [ok]}", retry)).run("w")
    #expect(nodes["plan"]?.attempt == attempts)
    #expect(run.status == (errors == "all" ? .succeeded : .failed))
  }

  @Test func whatIsNestedVeryDeeplyIsRefused() async throws {
    let script = """
      for i in {1..300}; do printf '{"next":'; done
      printf null
      for i in {1..300}; do printf '}'; done
      """
    let (_, nodes) = try await Self.fixture(
      Self.node(script, "{properties: {next: {anyOf: [{$ref: '#'}, {type: 'null'}]}}}")
    ).run("w")
    #expect(nodes["plan"]?.error?.hasSuffix("is nested too deeply to be checked") == true)
  }

  // MARK: returns and outcome_field

  private static let judged = """
    name: w
    returns: judge
    outcome_field: good
    nodes:
      - id: judge
        bash: |
          test -e fail && exit 1
          printf '{"good": %s, "notes": ["a", 1.50]}' "$(cat good)"
        output_format:
          type: object
          properties: {good: {type: boolean}}
          required: [good]
      - id: last
        depends_on: [judge]
        bash: test ! -e stop
    """

  @Test(arguments: ["true", "false"])
  func aRunGivesWhatItsWorkflowReturns(_ good: String) async throws {
    let fixture = try await Self.fixture(Self.judged, files: ["good": good])
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .succeeded)
    #expect(run.result == RunResult(node: "judge", outcome: good == "true"))
    let output = try #require(try await fixture.workspace.output(of: run))
    #expect(output.value?.description == #"{"good":\#(good),"notes":["a",1.50]}"#)
    #expect(try await fixture.workspace.record(of: run.id).result == run.result)
  }

  @Test func aRunThatFailsGivesNothingUntilItIsResumed() async throws {
    let fixture = try await Self.fixture(Self.judged, files: ["good": "true", "stop": ""])
    let (failed, _) = try await fixture.run("w")
    #expect(failed.status == .failed && failed.result == nil)
    #expect(try await fixture.workspace.output(of: failed) == nil)
    try fixture.folder.move("workspace/stop", to: "stop")
    _ = try await fixture.workspace.resume(failed.id, secrets: [:])
    let (run, nodes) = try await fixture.end(of: failed.id)
    #expect(nodes["judge"]?.attempt == 1)
    #expect(run.result == RunResult(node: "judge", outcome: true))
  }

  @Test func anOutputThatIsNoDocumentIsText() async throws {
    let fixture = try await Self.fixture("name: w\nreturns: a\nnodes: [{id: a, bash: echo hello}]")
    let (run, _) = try await fixture.run("w")
    #expect(run.result == RunResult(node: "a", outcome: nil))
    #expect(try await fixture.workspace.output(of: run) == RunOutput(value: "hello", length: 5))
  }

  @Test func outputsInFilesAreGivenWholeOrNotAtAll() async throws {
    let fixture = try await Self.fixture(
      """
      name: w
      inputs: {size: {type: number}}
      returns: a
      nodes: [{id: a, bash: "head -c $INPUTS_SIZE /dev/zero | tr '\\\\0' x"}]
      """)
    for size in [100_000, 2_000_000] {
      var options = WorkflowExecutionOptions()
      options.input = ["size": .integer(Int64(size))]
      let (run, _) = try await fixture.run("w", options: options)
      let output = try #require(try await fixture.workspace.output(of: run))
      #expect(output.length == size)
      #expect(output.value == (size == 100_000 ? .string(String(repeating: "x", count: size)) : nil))
    }
  }

  @Test func aRunThatWasFinishedBeforeItsNodeGivesNothing() async throws {
    let fixture = try await Self.fixture(
      "name: w\nreturns: b\nnodes: [{id: a, finish: enough}, {id: b, depends_on: [a], bash: echo}]")
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .succeeded && run.result == nil)
  }

  // MARK: evidence_policy

  private static func proving(_ script: String) -> String {
    "name: w\nevidence_policy: {required: true}\nnodes:\n  - id: a\n    bash: |\n      \(script)\n"
  }

  @Test func aSuccessWithItsEvidenceIsOne() async throws {
    let fixture = try await Self.fixture(Self.proving("echo '{\"tests\": 3}' > \"$ARTIFACTS_DIR/evidence.json\""))
    #expect(try await fixture.run("w").run.status == .succeeded)
  }

  @Test(arguments: [
    ("true", ", and there is none ("), ("echo '{' > \"$ARTIFACTS_DIR/evidence.json\"", "is no JSON document: "),
    ("touch \"$ARTIFACTS_DIR/evidence.json\"", "is no JSON document: the JSON text ends too early, at byte 0"),
    ("mkdir \"$ARTIFACTS_DIR/evidence.json\"", "is no file"),
  ])
  func aSuccessWithoutItsEvidenceFailsSayingSo(_ script: String, _ why: String) async throws {
    let (run, nodes) = try await Self.fixture(Self.proving(script)).run("w")
    #expect(nodes["a"]?.status == .succeeded)
    #expect(run.status == .failed)
    #expect(run.error?.hasPrefix("`evidence_policy` asks for `$ARTIFACTS_DIR/evidence.json`") == true)
    #expect(run.error?.contains(why) == true)
  }

  @Test func evidenceThatIsBroughtLaterCountsOnAResume() async throws {
    let fixture = try await Self.fixture(Self.proving("true"))
    let (failed, _) = try await fixture.run("w")
    _ = try await fixture.workspace.resume(failed.id, secrets: [:])
    let (again, _) = try await fixture.end(of: failed.id)
    #expect(again.status == .failed && again.error == failed.error && again.attempt == 2)
    let artifacts = fixture.workspace.paths(of: failed.id).artifacts
    fixture.folder.write("[]", to: artifacts.appending("evidence.json").text)
    _ = try await fixture.workspace.resume(failed.id, secrets: [:])
    let (run, nodes) = try await fixture.end(of: failed.id)
    #expect(run.status == .succeeded && nodes["a"]?.attempt == 1)
  }

  @Test func aFailureNeedsNoEvidence() async throws {
    let (run, _) = try await Self.fixture(Self.proving("exit 3")).run("w")
    #expect(run.error?.hasPrefix("a failed: ") == true)
  }

  // MARK: requires

  @Test func everythingThatLacksIsNamedBeforeAnythingStarts() async throws {
    let fixture = try await Self.fixture(
      "name: w\nrequires: [bash, no-such-1, github, no-such-2]\nnodes: [{id: a, bash: touch started}]",
      environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"])
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .failed && nodes["a"]?.status == .pending)
    let error = try #require(run.error)
    #expect(
      error.hasPrefix("What the workflow `requires` is not there: the program `no-such-1` is not on the steps' PATH; "))
    #expect(error.contains("; the program `no-such-2` is not on the steps' PATH. Nothing was started."))
    #expect(error.contains("`github`") && !error.contains("`bash`"))
    #expect(!fixture.folder.exists("workspace/started"))
  }

  @Test func githubIsItsProgramLoggedIn() async throws {
    let gh = """
      #!/bin/sh
      test "$1 $2" = "auth status" || exit 2
      test -e "$HUB" && exit 0
      echo "You are not logged into any GitHub hosts." >&2
      exit 1
      """
    let fixture = try await Self.fixture(
      "name: w\nrequires: [github]\nenv: {HUB: in}\nnodes: [{id: a, bash: echo}]",
      files: [".ion/config.yaml": "env: {PATH: \"tools:/usr/bin:/bin\"}\n", "tools/gh": gh])
    #expect(chmod(fixture.root.appending("tools/gh").text, 0o755) == 0)
    let (failed, _) = try await fixture.run("w")
    #expect(
      failed.error?.contains(
        "`github`: `gh auth status` says: You are not logged into any GitHub hosts.; log in with `gh auth login`")
        == true)
    await #expect(throws: EngineFailure.self) { try await fixture.workspace.resume(failed.id, secrets: [:]) }
    fixture.folder.write("", to: "workspace/in")
    _ = try await fixture.workspace.resume(failed.id, secrets: [:])
    #expect(try await fixture.end(of: failed.id).run.status == .succeeded)
    #expect(try await fixture.run("w").run.status == .succeeded)
  }
}
