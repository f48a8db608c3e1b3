import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

/// `ion init` and `ion new`: workflows that are made, and that run as they are.
@Suite struct AuthoringTests {
  @Test func aFirstWorkflowIsMadeAndRuns() async throws {
    let ion = BuiltIon()
    let made = try await ion.run("init")
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.contains("made .ion/workflows/hello.yaml") && made.output.contains("made .ion/config.yaml"))
    #expect(made.output.contains("ion run hello"))
    let check = try await ion.run("check")
    #expect(check.status == 0 && check.output == "1 checked, no errors\n", "\(check.output)")
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
    #expect(names == ["hello", "plan-implement-review", "fix-issue", "release", "nightly-checks"])
    let shapes = try JSONParser().parse(try await ion.run("new", "--list", "--json").output)["templates"]?.arrayValue
    #expect(shapes?.count == 5)
    #expect(shapes?.allSatisfy { $0["description"]?.stringValue?.isEmpty == false } == true)
    #expect(!ion.folder.exists("workspace/.ion"))
  }

  @Test(arguments: ["hello", "plan-implement-review", "fix-issue", "release", "nightly-checks"])
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

/// The templates in a repository, with an agent and a `gh` that say what the tests let them say.
@Suite struct TemplateRunTests {
  private static func repository(agent answer: String = "done") async throws -> BuiltIon {
    let folder = TemporaryFolder("ion-e2e")
    let ion = BuiltIon(
      files: [
        "a.txt": "one\n", "setup.sh": setUp, ".ion/answer": answer,
        ".ion/config.yaml": "provider: fixed\nproviders: {fixed: {command: agent}}\n",
      ],
      variables: ["PATH": "\(folder.path.text)/workspace/.ion/bin:/usr/local/bin:/usr/bin:/bin"], folder: folder)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["setup.sh"]
    process.environment = ion.environment
    process.currentDirectoryURL = URL(filePath: ion.workspace.text)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let (ended, sink) = AsyncStream<Void>.makeStream()
    process.terminationHandler = { _ in sink.finish() }
    try process.run()
    for await _ in ended {}
    try #require(process.terminationStatus == 0)
    return ion
  }

  private static let setUp = """
    set -e
    git init --quiet --bare --initial-branch=main ../origin
    git init --quiet --initial-branch=main .
    git remote add origin "$PWD/../origin"
    echo /.ion/ >.git/info/exclude
    mkdir -p .ion/bin
    cat >.ion/bin/gh <<'END'
    #!/bin/sh
    case "$1 $2" in
      "auth status") exit 0 ;;
      "issue view") printf '{"number": %s, "title": "It says too little", "body": "It should say three."}' "$3" ;;
      "pr create") echo "https://example.org/pulls/1" ;;
      *) exit 1 ;;
    esac
    END
    cat >.ion/bin/agent <<'END'
    #!/bin/sh
    cat >/dev/null
    echo three >>a.txt
    cat .ion/answer
    END
    chmod +x .ion/bin/*
    git config user.name Ada && git config user.email ada@example.org
    git add a.txt && git commit --quiet -m 'Begin'
    git tag -a v0.1.0 -m v0.1.0
    echo two >>a.txt && git commit --quiet -am 'Say two'
    rm setup.sh
    """

  @Test func aReleaseIsTaggedOnceSomebodySaysYes() async throws {
    let ion = try await Self.repository()
    #expect(try await ion.run("new", "ship", "--template", "release").status == 0)
    let output = try await runThroughGate(
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

  /// Runs a workflow to its gate, answers that, and returns the run as `ion show` has it.
  private func runThroughGate(_ ion: BuiltIon, _ arguments: [String], _ answer: [String]) async throws -> String {
    let waiting = try await ion.start(["run"] + arguments).end()
    #expect(waiting.status == 3, "\(waiting.output) \(waiting.errors)")
    let runs = try await ion.run("runs", "--json")
    let id = try #require(try JSONParser().parse(runs.output)["runs"]?.arrayValue?.first?["runId"]?.stringValue)
    let approved = try await ion.start(["approve", id] + answer).end()
    #expect(approved.status == 0, "\(approved.output) \(approved.errors)")
    return approved.output
  }

  @Test func aPlanIsAgreedOnImplementedAndReviewed() async throws {
    let ion = try await Self.repository(agent: #"{"good": true, "findings": []}"#)
    #expect(try await ion.run("new", "work", "--template", "plan-implement-review").status == 0)
    let output = try await runThroughGate(
      ion, ["work", "--message", "Say three", "--input", "test=grep -q three a.txt"], ["--text", "go on"])
    #expect(output.contains("✓ implement succeeded") && output.contains("✓ review succeeded"), "\(output)")
    #expect(ion.folder.read("workspace/a.txt")?.hasPrefix("one\ntwo\nthree\n") == true)
  }

  @Test func anIssueBecomesAPullRequest() async throws {
    let ion = try await Self.repository()
    #expect(try await ion.run("new", "fix", "--template", "fix-issue").status == 0)
    let output = try await runThroughGate(
      ion, ["fix", "--input", "issue=42", "--input", "test=grep -q three a.txt"], ["--decision", "approve"])
    #expect(output.contains("open | https://example.org/pulls/1"), "\(output)")
    #expect(ion.folder.exists("origin/refs/heads/fix-42"))
  }

  @Test func nightlyChecksSayWhatFailedAndHideNothing() async throws {
    let ion = try await Self.repository()
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
