import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

/// `ion init` and `ion new`: workflows that are made, and that run as they are.
@Suite struct AuthoringTests {
  private static let templates = [
    "hello", "plan-implement-review", "fix-issue", "review-changes", "explain-codebase", "release", "nightly-checks",
  ]

  @Test func aFirstWorkflowIsMadeAndRuns() async throws {
    let ion = BuiltIon()
    let made = try await ion.run("init")
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.contains("made .ion/workflows/hello.yaml") && made.output.contains("made .ion/config.yaml"))
    #expect(made.output.contains("ion run hello"))
    let check = try await ion.run("check")
    #expect(check.status == 0 && check.output == "2 checked, no errors\n", "\(check.output)")
    let run = try await ion.run("run", "hello", "--input", "who=Ada")
    #expect(run.status == 0)
    #expect(run.output.contains("greet | Hello Ada! It is "))
    #expect(run.output.contains("much skipped"))
  }

  @Test func filesThatAreThereStayAsTheyAre() async throws {
    let ion = BuiltIon(files: [".ion/config.yaml": "slots: {shells: 2}\n"])
    let made = try await ion.run("init", "--json")
    #expect(made.status == 0)
    #expect(
      try JSONParser().parse(made.output) == ["made": [".ion/workflows/hello.yaml"], "kept": [".ion/config.yaml"]])
    #expect(ion.folder.read("workspace/.ion/config.yaml") == "slots: {shells: 2}\n")
    ion.folder.write("mine", to: "workspace/.ion/workflows/hello.yaml")
    let again = try await ion.run("init")
    #expect(again.status == 0)
    #expect(again.output.contains("kept .ion/workflows/hello.yaml, which was there already"))
    #expect(ion.folder.read("workspace/.ion/workflows/hello.yaml") == "mine")
  }

  @Test func whatCantBeMadeIsSaid() async throws {
    let ion = BuiltIon(files: [".ion": "a file"])
    let made = try await ion.run("init")
    #expect(made.status == 1)
    #expect(made.errors.contains(".ion/workflows/hello.yaml can't be made: Not a directory"), "\(made.errors)")
    let nowhere = try await ion.run("init", "-C", "no/such/folder")
    #expect(nowhere.status != 0 && !nowhere.errors.isEmpty)
    #expect(!ion.folder.exists("workspace/no"))
  }

  @Test func templatesAreListed() async throws {
    let ion = BuiltIon()
    let list = try await ion.run("new", "--list")
    #expect(list.status == 0)
    let names = list.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
    #expect(names.map(String.init) == Self.templates)
    let shapes = try JSONParser().parse(try await ion.run("new", "--list", "--json").output)["templates"]?.arrayValue
    #expect(shapes?.count == Self.templates.count)
    #expect(shapes?.allSatisfy { $0["description"]?.stringValue?.isEmpty == false } == true)
    #expect(!ion.folder.exists("workspace/.ion"))
  }

  @Test(arguments: templates)
  func everyTemplateIsRight(template: String) async throws {
    let ion = BuiltIon()
    let made = try await ion.run("new", "my-\(template)", "--template", template)
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.hasPrefix("made .ion/workflows/my-\(template).yaml, from the template \(template)\n"))
    let text = try #require(ion.folder.read("workspace/.ion/workflows/my-\(template).yaml"))
    #expect(text.contains("\nname: my-\(template)\n"))
    #expect(!text.contains("ion run \(template)"))
    let check = try await ion.run("check")
    #expect(check.status == 0, "\(check.output)")
    // What this version doesn't do is all that there is to say.
    let problems = check.output.split(separator: "\n").dropLast().filter { !$0.hasPrefix("    ") }
    #expect(problems.allSatisfy { $0.contains("this version of Ion") }, "\(check.output)")
    #expect(try await ion.run("list").output.contains("✓ my-\(template)"))
  }

  @Test(arguments: [
    (["new"], "ion new NAME"), (["new", "a", "--list"], "takes no name"), (["new", "a/b"], "letters, digits"),
    (["new", ".a"], "letters, digits"), (["new", ""], "letters, digits"), (["new", "tidy.yaml"], "`ion new tidy`"),
    (["new", "a", "--template", "relaese"], "did you mean `release`?"),
    (["new", "a", "--template", "nothing-like-it"], "`ion new --list` lists them"),
  ])
  func whatIsWrongIsSaid(arguments: [String], message: String) async throws {
    let ion = BuiltIon()
    let outcome = try await ion.start(arguments).end()
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(!ion.folder.exists("workspace/.ion"))
  }

  @Test func noFileAndNoNameIsTakenTwice() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/deep/one.yml": "name: other\nnodes: [{id: a, bash: x}]\n", ".ion/workflows/two.yaml": "nonsense",
    ])
    for name in ["one", "other", "two"] {
      let outcome = try await ion.run("new", name)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("is called `\(name)` already"), "\(outcome.errors)")
    }
    #expect(ion.folder.read("workspace/.ion/workflows/two.yaml") == "nonsense")
    #expect(try await ion.run("new", "null").status == 0)
    #expect(try await ion.run("run", "null").status == 0)
  }
}

/// The templates that don't come with Ion, in a repository.
@Suite struct TemplateRunTests {
  @Test func aReleaseIsTaggedOnceSomebodySaysYes() async throws {
    let ion = try await AgentRepository.make()
    #expect(try await ion.run("new", "ship", "--template", "release").status == 0)
    let output = try await AgentRepository.runThroughGate(
      ion, ["ship", "--input", "version=1.2.0", "--input", "test=grep -q two a.txt"], ["--decision", "approve"])
    #expect(output.contains("tag | v1.2.0") && output.contains("push skipped"), "\(output)")
    #expect(ion.folder.exists("workspace/.git/refs/tags/v1.2.0"))
    let notes = try #require(
      FileManager.default.enumerator(atPath: ion.workspace.appending(".ion").text)?
        .compactMap { $0 as? String }.first { $0.hasSuffix("/notes.md") })
    #expect(ion.folder.read("workspace/.ion/\(notes)") == "# 1.2.0\n\n- Say two\n")
    let again = try await ion.run("run", "ship", "--input", "version=1.2.0")
    #expect(again.status == 1 && again.output.contains("there is a tag of this version already"), "\(again.output)")
    #expect(try await ion.run("run", "ship", "--input", "version=one").status == 2)
  }

  @Test func nightlyChecksSayWhatFailedAndHideNothing() async throws {
    let ion = try await AgentRepository.make()
    #expect(try await ion.run("new", "nightly", "--template", "nightly-checks").status == 0)
    let good = try await ion.run("run", "nightly", "--input", "test=true")
    #expect(good.status == 0, "\(good.output)")
    #expect(
      good.output.contains("summary | | test | succeeded |") && good.output.contains("summary | | lint | skipped |"))
    let bad = try await ion.run("run", "nightly", "--input", "lint=exit 3")
    #expect(bad.status == 1)
    #expect(bad.output.contains("summary | | lint | failed |"), "\(bad.output)")
    #expect(bad.output.contains("- Say two (Ada)"))
  }
}
