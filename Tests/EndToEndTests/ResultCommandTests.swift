import IonJSON
import IonTestSupport
import Testing

/// What governs a run's result, by the built program.
@Suite struct ResultCommandTests {
  private static let files = [
    ".ion/workflows/judge.yaml": """
    name: judge
    returns: judge
    outcome_field: good
    nodes:
      - id: judge
        bash: cat verdict.json
        output_format:
          type: object
          properties: {good: {type: boolean}, notes: {type: array, items: {type: string}}}
          required: [good]
          additionalProperties: false
    """,
    ".ion/workflows/needy.yaml":
      "name: needy\nrequires: [no-such-program, sh]\nnodes: [{id: a, bash: touch started}]\n",
    "verdict.json": #"{"good": true, "notes": ["é\n"]}"#,
  ]

  @Test func aTextOfLinesIsShownInLines() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/poem.yaml": "name: poem\nreturns: a\nnodes: [{id: a, bash: 'echo one; seq 2 80'}]\n"
    ])
    let terminal = try Terminal(ion, "run", "poem")
    #expect(await terminal.shows("output:\r\n    one\r\n    2\r\n"))
    #expect(await terminal.shows("    60\r\n    … 20 more lines"))
    #expect(await terminal.exitCode() == 0)
    let plain = try await ion.run("run", "poem")
    #expect(plain.output.contains("\n  output: \"one\\n2\\n"))
  }

  @Test func whatTheLastNodePrintedIsShownWhereATreeWasSeen() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/hello.yaml": """
      name: hello
      nodes: [{id: a, bash: echo unseen}, {id: b, depends_on: [a], bash: 'echo hidden >&2; echo Hello; echo there'}]
      """,
      ".ion/workflows/two.yaml": "name: two\nnodes: [{id: a, bash: echo one}, {id: b, bash: echo other}]\n",
    ])
    let terminal = try Terminal(ion, "run", "hello")
    #expect(await terminal.shows("hello succeeded in"))
    #expect(await terminal.shows("\r\n  output:\r\n    Hello\r\n    there\r\n"))
    #expect(await terminal.exitCode() == 0)
    let other = try Terminal(ion, "run", "two")
    #expect(await other.shows("two succeeded in"))
    #expect(await !other.shows("output:"))
  }

  @Test func aRunSaysWhatItGave() async throws {
    let ion = BuiltIon(files: Self.files)
    let plain = try await ion.run("run", "judge")
    #expect(plain.status == 0)
    #expect(plain.output.hasSuffix("\n  outcome: true\n  output: {\"good\":true,\"notes\":[\"é\\n\"]}\n"))
    let json = try await ion.run("run", "judge", "--json")
    let last = try JSONParser().parse(String(try #require(json.output.split(separator: "\n").last)))
    #expect(last["run"]?["output"] == ["good": true, "notes": ["é\n"]] && last["run"]?["outcome"] == true)
    let id = try #require(last["run"]?["runId"]?.stringValue)
    let shown = try await ion.run("show", id)
    #expect(shown.output.contains("  outcome: true\n  output: {\"good\":true"))
    let shownAsJSON = try JSONParser().parse(try await ion.run("show", id, "--json").output)
    #expect(shownAsJSON["output"] == last["run"]?["output"])
  }

  @Test func anOutputThatDoesNotFitFailsTheRun() async throws {
    let ion = BuiltIon(files: Self.files)
    ion.folder.write(#"{"good": "yes", "note": 1}"#, to: "workspace/verdict.json")
    let outcome = try await ion.run("run", "judge")
    #expect(outcome.status == 1)
    #expect(
      outcome.output.contains(
        "its output is not what `output_format` asks for: `/good` must be a boolean, not a string; "
          + "`/note` is a property that is not allowed; there may be `good`, `notes`"))
    let check = try await ion.run("check")
    #expect(check.status == 0)
  }

  @Test func whatLacksIsNamedBeforeTheFirstStep() async throws {
    let ion = BuiltIon(files: Self.files)
    let outcome = try await ion.run("run", "needy")
    #expect(outcome.status == 1)
    #expect((outcome.output + outcome.errors).contains("the program `no-such-program` is not on the steps' PATH"))
    #expect(!ion.folder.exists("workspace/started"))
  }
}
