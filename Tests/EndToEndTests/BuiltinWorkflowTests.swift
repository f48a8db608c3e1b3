import Foundation
import IonJSON
import IonTestSupport
import Testing

/// The workflows that come with Ion, run by their names in a repository with agents of every kind.
@Suite(.timeLimit(.minutes(10))) struct BuiltinWorkflowTests {
  @Test(arguments: AgentRepository.Kind.allCases)
  func aPlanIsAgreedOnImplementedAndReviewed(by kind: AgentRepository.Kind) async throws {
    let ion = try await AgentRepository.make(
      answer: #"{"good": true, "summary": "It says three.", "findings": []}"#, kind: kind)
    let output = try await AgentRepository.runThroughGate(
      ion, ["plan-implement-review", "--message", "Say three", "--input", "test=grep -q three a.txt"],
      ["--text", "go on"])
    #expect(output.contains("✓ implement succeeded") && output.contains("✓ review succeeded"), "\(output)")
    #expect(ion.folder.read("workspace/a.txt")?.hasPrefix("one\ntwo\nthree\n") == true)
  }

  @Test(arguments: AgentRepository.Kind.allCases)
  func anIssueBecomesAPullRequest(by kind: AgentRepository.Kind) async throws {
    let ion = try await AgentRepository.make(kind: kind)
    let output = try await AgentRepository.runThroughGate(
      ion, ["fix-issue", "--input", "issue=42", "--input", "test=grep -q three a.txt"], ["--decision", "approve"])
    #expect(output.contains("open | https://example.org/pulls/1"), "\(output)")
    #expect(ion.folder.exists("origin/refs/heads/fix-42"))
  }

  @Test func aFixMayStayOnItsBranch() async throws {
    let ion = try await AgentRepository.make()
    let output = try await AgentRepository.runThroughGate(
      ion, ["fix-issue", "--input", "issue=42"], ["--decision", "keep"])
    #expect(output.contains("✓ commit succeeded") && output.contains("open skipped"), "\(output)")
    #expect(!ion.folder.exists("origin/refs/heads/fix-42") && ion.folder.exists("workspace/.git/refs/heads/fix-42"))
  }

  @Test(arguments: AgentRepository.Kind.allCases)
  func changesAreReviewedFromSeveralSides(by kind: AgentRepository.Kind) async throws {
    let ion = try await AgentRepository.make(
      answer: ##"{"ready": true, "report": "# Fine", "findings": []}"##, kind: kind)
    ion.folder.write("new\n", to: "workspace/b.txt")
    let outcome = try await ion.run("run", "review-changes")
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("changes | +new") && outcome.output.contains("save | # Fine"), "\(outcome.output)")
    if kind == .claude {
      #expect(outcome.output.contains("  look[safety]       fixed  10 in, 5 out, $0.50  session "), "\(outcome.output)")
      #expect(outcome.output.contains("  together ") && outcome.output.contains(" 50 in, 25 out, $2.50\n"))
    }
    for side in ["correctness", "safety", "tests", "clarity"] {
      #expect(outcome.output.contains("look[\(side)]"), "\(outcome.output)")
    }
  }

  @Test(arguments: AgentRepository.Kind.allCases)
  func aRepositoryIsExplained(by kind: AgentRepository.Kind) async throws {
    let ion = try await AgentRepository.make(answer: "# A guide", kind: kind)
    let outcome = try await ion.run("run", "explain-codebase")
    #expect(outcome.status == 0 && outcome.output.contains("save | # A guide"), "\(outcome.output)\(outcome.errors)")
    #expect(kind == .command || ion.folder.read("workspace/a.txt") == "one\ntwo\n")
  }

  @Test func whereNothingChangedThereIsNothingToReview() async throws {
    let ion = try await AgentRepository.make(answer: nil)
    let outcome = try await ion.run("run", "review-changes")
    #expect(outcome.status == 0 && outcome.output.contains("There is nothing to review."), "\(outcome.output)")
  }

  @Test func aRunOfOneIsResumedWithTheDefinitionThatItHad() async throws {
    let ion = try await AgentRepository.make(answer: nil)
    let failed = try await ion.run("run", "explain-codebase")
    #expect(failed.status == 1 && failed.output.contains("structure failed"), "\(failed.output)")
    let runs = try JSONParser().parse(try await ion.run("runs", "--json").output)["runs"]?.arrayValue
    let run = try #require(runs?.first)
    #expect(run["workflowUri"] == "ion:/workflows/explain-codebase.yaml")
    ion.folder.write("# A guide", to: "workspace/.ion/answer")
    ion.folder.write("nonsense", to: "workspace/.ion/workflows/explain-codebase.yaml")
    let resumed = try await ion.run("resume", try #require(run["runId"]?.stringValue))
    #expect(resumed.status == 0 && resumed.output.contains("save | # A guide"), "\(resumed.output)\(resumed.errors)")
  }

  @Test func theyAreListedAfterAllOthersAndHiddenByTheirNames() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/fix-issue.yaml": "name: mine\nnodes: [{id: a, bash: echo my own}]\n",
      ".ion/workflows/review.yaml": "name: review-changes\nnodes: [{id: a, bash: echo my review}]\n",
    ])
    let list = try JSONParser().parse(try await ion.run("list", "--json").output)["workflows"]?.arrayValue ?? []
    #expect(
      list.map { "\($0["scope"]?.stringValue ?? "") \($0["name"]?.stringValue ?? "")" } == [
        "workspace mine", "workspace review-changes", "builtin plan-implement-review", "builtin review-changes",
        "builtin explain-codebase",
      ])
    #expect(try await ion.run("list").output.contains("(comes with Ion)"))
    #expect(try await ion.run("run", "fix-issue").output.contains("a | my own"))
    #expect(try await ion.run("run", "review-changes").output.contains("a | my review"))
    #expect(try await ion.run("check").output == "2 checked, no errors\n")
  }
}
