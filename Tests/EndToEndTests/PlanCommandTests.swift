import IonJSON
import IonTestSupport
import Testing

/// `ion plan`, by the built program.
@Suite struct PlanCommandTests {
  private static let files = [
    ".ion/workflows/build.yaml": """
    name: build
    inputs: {target: {default: arm64}}
    nodes:
      - {id: list, bash: touch started}
      - {id: make, depends_on: list, when: $list.output.fast == true, exec: [make, $INPUTS.target]}
      - {id: test, depends_on: make, bash: make test}
      - {id: always, depends_on: test, trigger_rule: all_done, bash: echo over}
    """,
    ".ion/workflows/asks.yaml": "name: asks\nnodes: [{id: a, prompt: hello}]\n",
    ".ion/workflows/bad.yaml": "name: bad\nnodes: [{id: a}]\n",
    "list.json": "{\"fast\": true}\n",
  ]

  @Test func planIsPlainLinesWhereNobodyLooks() async throws {
    let ion = BuiltIon(files: Self.files)
    let plan = try await ion.run("plan", "build", "--stub", "list=@list.json", "--input", "target=x86")
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(
      plan.output == """
        build would be succeeded: 4 run
        wave 1
          ▸ list  bash
              touch started
        wave 2
          ▸ make  exec
              make x86
              $list.output.fast = true
        wave 3
          ▸ test  bash
              make test
        wave 4
          ▸ always  bash
              echo over

        """)
    #expect(!ion.folder.exists("workspace/started") && !ion.folder.exists("workspace/.ion/codebases"))
  }

  @Test func whatIsUnknownSaysOnWhatItHangs() async throws {
    let ion = BuiltIon(files: Self.files)
    let plan = try await ion.run("plan", "build")
    #expect(plan.output.hasPrefix("build how it ends isn't certain: 2 run, 2 depends\n"))
    #expect(plan.output.contains("  ? make  exec\n      Whether it runs can't be known: its condition reads "))
    let failed = try await ion.run("plan", "build", "--assume", "list=failed")
    #expect(failed.output.contains("  – make  exec  It is not run: `list` fails.\n"))
    let json = try JSONParser().parse(try await ion.run("plan", "build", "--json").output)
    #expect(json["nodes"]?.arrayValue?.map { $0["verdict"] } == ["run", "depends", "depends", "run"])
  }

  @Test func skippedNodesAreDimOnATerminal() async throws {
    let ion = BuiltIon(files: Self.files)
    let terminal = try Terminal(ion, "plan", "build", "--assume", "list=skipped")
    #expect(await terminal.shows("\u{1B}[2m–\u{1B}[0m \u{1B}[2mmake  exec  It is not run"))
    #expect(await terminal.exitCode() == 0)
  }

  @Test func exitCodesTellMisuseFromWorkflowsThatCannotRun() async throws {
    let ion = BuiltIon(files: Self.files)
    #expect(try await ion.run("plan", "bad").status == 1)
    let asks = try await ion.run("plan", "asks")
    #expect(asks.status == 1 && asks.output.contains("it would not start: `a` needs an agent"))
    for misuse in [
      ["plan", "none"], ["plan", "build", "--stub", "list"], ["plan", "build", "--stub", "lst=x"],
      ["plan", "build", "--assume", "list=maybe"], ["plan", "build", "--stub", "list=@none"],
      ["plan", "build", "--input", "no=1"], ["plan", "build", "--stub", "list=x", "--assume", "list=failed"],
    ] {
      let outcome = try await ion.start(misuse).end()
      #expect(outcome.status == 2, "\(misuse): \(outcome.output)\(outcome.errors)")
    }
  }

  @Test func agentsAreNamedAndSoIsWhatIsMissing() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml":
        "name: w\nnodes: [{id: a, provider: pipe, model: m, prompt: one}, {id: b, provider: goose, prompt: two}]\n",
      ".ion/config.yaml": "providers: {pipe: {command: cat}}\n",
    ])
    let plan = try await ion.run("plan", "w")
    #expect(plan.status == 1)
    #expect(
      plan.output == """
        w would be succeeded: 2 run
          it would not start: `b` needs an agent, and the provider `goose` can't be started: the program `goose` is not on \
        PATH; install it (https://github.com/block/goose), and see `ion doctor goose`. Nothing was started.
        wave 1
          ▸ a  prompt  pipe, m
              one
          ▸ b  prompt  goose
              the provider `goose` can't be started: the program `goose` is not on PATH
              two

        """)
  }

  @Test func aWorkspaceThatCannotBeWrittenIsPlanned() async throws {
    let ion = BuiltIon(files: Self.files)
    // Nothing can be made where stores and runs would be.
    ion.folder.write("", to: "workspace/.ion/codebases")
    #expect(try await ion.run("plan", "build").status == 0)
    #expect(ion.folder.read("workspace/.ion/codebases") == "")
  }
}
