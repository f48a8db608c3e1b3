import IonJSON
import IonRPC
import IonTestSupport
import Testing

@Suite struct CommandTests {
  @Test func limitsOfTheUsersConfigurationHold() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml":
        "name: w\nnodes: [{id: a, env: {BIG: '\(String(repeating: "x", count: 3000))'}, bash: ':'}]\n"
    ])
    ion.folder.write(
      "limits: {frame_bytes: 2000, requests_in_flight: 7, environment_bytes: 2500}\n",
      to: "home/.config/ion/config.yaml")
    let editor = try Editor(ion)
    let hello = try await editor.initialize(ion)
    let limits = hello["capabilities"]?["experimental"]?["ion"]?["limits"]
    #expect(limits?["frameBytes"] == 2000)
    #expect(limits?["requestsInFlight"] == 7)
    await #expect(throws: CallFailure.self) {
      try await editor.call("workflow/list", ["filler": .string(String(repeating: "x", count: 2000))])
    }
    #expect(await editor.exitCode() == 1)
    let outcome = try await ion.run("run", "w")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("arguments and environment are too large"))
  }

  @Test func everyLineOfAShortRunIsShownOnce() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: bytes
          bash: printf 'one\\xfftwo\\nlast of bytes\\n'
        - id: end
          depends_on: [bytes]
          bash: echo "out of end"; echo "err of end" >&2
      """
    ])
    let outcome = try await ion.run("run", "w")
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    for line in ["bytes | one\u{FFFD}two", "bytes | last of bytes", "end | out of end", "end | err of end"] {
      #expect(lines.count { $0 == line } == 1, "\(line) in \(lines)")
    }
    let end = try #require(lines.firstIndex { $0.hasPrefix("✓ end") })
    #expect(try #require(lines.firstIndex(of: "end | out of end")) < end)
    #expect(lines.last?.hasPrefix("✓ w succeeded") == true)
  }

  @Test func includedWorkflowsAreCheckedAndRun() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/leaf.yaml":
        "name: leaf\ninputs: {who: {required: true}}\nnodes: [{id: say, bash: 'echo hello $INPUTS.who'}]\n",
      ".ion/workflows/main.yaml":
        "name: main\nnodes: [{id: it, include: leaf, with: {who: you}}, {id: end, bash: 'echo so $it.output', depends_on: it}]\n",
      ".ion/workflows/wrong.yaml": "name: wrong\nnodes: [{id: it, include: lef}]\n",
    ])
    let check = try await ion.run("check", ".ion/workflows/main.yaml")
    #expect(check.status == 0, "\(check.output)")
    let wrong = try await ion.run("check", ".ion/workflows/wrong.yaml")
    #expect(wrong.status == 1)
    #expect(wrong.output.contains("wrong.yaml:2:27: error: no workflow is called `lef`"))
    #expect(wrong.output.contains("did you mean `leaf`?"))
    let outcome = try await ion.run("run", "main")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("it__say | hello you\n"))
    #expect(outcome.output.contains("end | so hello you\n"))
    #expect(outcome.output.contains("✓ it succeeded"))
  }

  @Test func instancesOfAMatrixAreNamedOnTheCommandLine() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/m.yaml": """
      name: m
      nodes:
        - {id: b, matrix: {os: [linux, 'mac/arm'], n: [1]}, bash: 'echo on $MATRIX.os $MATRIX_N'}
        - {id: end, depends_on: b, bash: 'echo "$b.output"'}
      """
    ])
    #expect(try await ion.run("check").status == 0)
    let outcome = try await ion.run("run", "m")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("b[mac%2Farm,1] | on mac/arm 1\n"))
    #expect(outcome.output.contains(#"end | ["on linux 1","on mac/arm 1"]"#))
    let runs = try await ion.run("runs", "--json")
    let id = try #require(
      try JSONParser().parse(runs.output)["runs"]?.arrayValue?.first?["runId"]?.stringValue)
    #expect(try await ion.run("log", id, "b[mac%2Farm,1]").output == "on mac/arm 1\n")
    #expect(try await ion.run("why", id, "b[linux,1]").output.contains("it depends on nothing"))
    #expect(try await ion.run("why", id, "b").output.contains("it stands for 2 nodes"))
    let again = try await ion.run("rerun", id, "--from", "b[linux,1]")
    #expect(again.status == 0)
  }

  @Test func testOfALoopThatGoesOnIsNoFailureToLookAt() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/l.yaml": """
      name: l
      nodes:
        - id: rounds
          loop_group:
            max_iterations: 3
            until_bash: '[ "$(wc -l < count)" -ge 2 ]'
            nodes: [{id: round, bash: echo x >> count}]
      """
    ])
    let outcome = try await ion.run("run", "l")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("\u{21bb} rounds#1/until_bash says not yet in "))
    #expect(outcome.output.contains("\u{2713} rounds#2/until_bash succeeded in "))
    #expect(!outcome.output.contains("\u{2717}"))
    let broken = BuiltIon(files: [
      ".ion/workflows/l.yaml":
        "name: l\nnodes: [{id: r, loop_group: {max_iterations: 3, until_bash: kill -9 $$, nodes: [{id: n, bash: 'true'}]}}]\n"
    ])
    let failed = try await broken.run("run", "l")
    #expect(failed.status == 1)
    #expect(failed.output.contains("\u{2717} r#1/until_bash failed in "))
  }

  @Test func whatIsDoneAtTheEndIsDoneByWhatCameOfTheRun() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/e.yaml": """
      name: e
      nodes: [{id: work, bash: 'echo "${INPUTS_HOW}"; [ "$INPUTS_HOW" = well ]'}]
      inputs: {how: {default: well}}
      on_success: [{id: praise, bash: 'echo so it is $work.output'}]
      on_failure: [{id: blame, bash: 'echo it is $work.status'}]
      on_exit: [{id: clean, bash: 'echo clean'}]
      """
    ])
    #expect(try await ion.run("check").output.hasSuffix("1 checked, no errors\n"))
    let good = try await ion.run("run", "e")
    #expect(good.status == 0)
    #expect(good.output.contains("praise | so it is well\n"))
    #expect(good.output.contains("– blame skipped: the run succeeded\n"))
    let bad = try await ion.run("run", "e", "--input", "how=badly")
    #expect(bad.status == 1)
    #expect(bad.output.contains("blame | it is failed\n"))
    let lines = bad.output.split(separator: "\n")
    #expect(
      try #require(lines.firstIndex { $0.hasPrefix("✓ blame") })
        < (try #require(lines.firstIndex { $0 == "clean | clean" })))
  }

  @Test func exitCodeSaysHowTheRunEnded() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/bad.yaml": "name: bad\nnodes: [{id: a, bash: exit 3}]\n",
      ".ion/workflows/stop.yaml": "name: stop\nnodes: [{id: a, cancel: enough}]\n",
    ])
    #expect(try await ion.run("run", "bad").status == 1)
    #expect(try await ion.run("run", "stop").status == 130)
    #expect(try await ion.run("run", "bad", "--input", "nonsense").status == 2)
    let unknown = try await ion.run("run", "missing")
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("missing"))
  }
}
