import IonTestSupport
import Testing

@Suite struct UsageTests {
  @Test(arguments: [
    (["rnu", "hello"], "did you mean `run`"), (["runs", "--limit", "0"], "--limit must be 1 to 1000"),
    (["runs", "--status", "done"], "- succeeded"), (["log", "x", "--stream", "stdout"], "--stream needs a node"),
    (["log", "x", "a", "--stream", "both"], "stderr"), (["run", "helo"], "Did you mean `hello`"),
    (["show", "x"], "There is no run `x`"), (["run"], "<workflow>"),
  ])
  func wrongUseIsToldInWordsOfTheCommandLine(arguments: [String], words: String) async throws {
    let ion = BuiltIon(files: [".ion/workflows/hello.yaml": "name: hello\nnodes: [{id: a, bash: echo}]\n"])
    let outcome = try await ion.start(arguments).end()
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(!outcome.errors.contains("/params") && outcome.output.isEmpty)
  }

  @Test func whatIsListedStandsInColumns() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/a.yaml": "name: a\nnodes: [{id: short, bash: echo}, {id: much-longer, bash: exit 1}]\n",
      ".ion/workflows/longer.yaml": "name: longer\nnodes: [{id: x, bash: echo}]\n",
    ])
    #expect(try await ion.run("run", "longer").status == 0)
    #expect(try await ion.run("run", "a").status == 1)
    let runs = try await ion.run("runs").output.split(separator: "\n")
    try #require(runs.count == 2)
    #expect(try column(of: "failed", in: runs[0]) == column(of: "succeeded", in: runs[1]))
    let id = try #require(runs[0].split(separator: " ").dropFirst().first)
    let nodes = try await ion.run("show", String(id)).output.split(separator: "\n").suffix(2).map { $0 }
    #expect(try column(of: "succeeded", in: nodes[0]) == column(of: "failed", in: nodes[1]))
  }

  @Test func whatWasSkippedAndWhatWasKeptIsSaidOnce() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - {id: a, bash: echo}
        - {id: b, depends_on: [a], bash: exit 1}
        - {id: c, depends_on: [b], bash: echo}
      """
    ])
    let first = try await ion.run("run", "w").output.split(separator: "\n")
    #expect(first.contains("– c skipped: b failed"))
    let end = try #require(first.last?.split(separator: " ").first { $0.count == 6 && $0 != "resume" })
    let second = try await ion.run("resume", String(end)).output
    #expect(second.contains("(kept: what it read has not changed)"))
  }

  @Test func nodeThatRanAgainIsShownWithItsAttempt() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - {id: kept, bash: echo}
        - {id: build, depends_on: [kept], bash: test -e mended}
        - {id: after, depends_on: [build], bash: echo}
      """
    ])
    let first = try await ion.run("run", "w").output
    #expect(first.contains("✗ build failed in ") && !first.contains("attempt"))
    let runs = try await ion.run("runs").output
    let id = String(try #require(runs.split(separator: " ").dropFirst().first))
    #expect(try await ion.run("resume", id).output.contains("✗ build failed on attempt 2 in "))
    ion.folder.write("", to: "workspace/mended")
    let last = try await ion.run("resume", id).output
    #expect(last.contains("✓ build succeeded on attempt 3 in ") && last.contains("✓ after succeeded in "))
  }

  @Test func attemptThatNeverWasIsRefusedAndNotAnEmptyLog() async throws {
    let ion = BuiltIon(files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: echo said}]\n"])
    #expect(try await ion.run("run", "w").status == 0)
    let runs = try await ion.run("runs").output
    let id = String(try #require(runs.split(separator: " ").dropFirst().first))
    #expect(try await ion.run("log", id, "a", "--attempt", "1").output == "said\n")
    let second = try await ion.run("log", id, "a", "--attempt", "2")
    #expect(second.status == 2 && second.errors == "ion: Node `a` has 1 attempt.\n")
  }

  private func column(of word: String, in line: Substring) throws -> Int {
    let start = try #require(line.firstRange(of: word)).lowerBound
    return line.distance(from: line.startIndex, to: start)
  }
}
