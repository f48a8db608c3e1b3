import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@Suite(.timeLimit(.minutes(10))) struct IsolationTests {
  /// A workspace that is a repository with one commit.
  private static func repository(_ files: [String: String]) async throws -> BuiltIon {
    let setUp = """
      name: set-up
      nodes:
        - id: commit
          bash: |
            git init -q; git add --all; git reset -q .ion/workflows/set-up.yaml
            git -c user.name=Ada -c user.email=ada@example.org commit -q -m first
            rm .ion/workflows/set-up.yaml
      """
    let ion = BuiltIon(files: files.merging([".ion/workflows/set-up.yaml": setUp]) { $1 })
    #expect(try await ion.run("run", "set-up").status == 0)
    return ion
  }

  /// What git says about the workspace.
  private static func git(_ ion: BuiltIon, _ arguments: String) async throws -> String {
    let script = "name: ask\nmutates_checkout: false\nnodes: [{id: ask, bash: 'git \(arguments)'}]\n"
    ion.folder.write(script, to: "ask.yaml")
    ion.folder.write(script, to: "home/.config/ion/workflows/ask.yaml")
    let outcome = try await ion.run("run", "ask")
    #expect(outcome.status == 0)
    return outcome.output.split(separator: "\n").filter { $0.hasPrefix("ask | ") }.map { $0.dropFirst(6) }
      .joined(separator: "\n")
  }

  @Test func killedRunGoesOnInItsWorktreeAndIsTakenFileByFile() async throws {
    let ion = try await Self.repository([
      "notes.txt": "one\ntwo\nthree\nfour\nfive\n",
      ".ion/workflows/w.yaml": """
      name: w
      worktree: {enabled: true}
      nodes:
        - {id: first, bash: 'echo first > first.txt; sed -i s/two/TWO/ notes.txt'}
        - {id: second, depends_on: [first], bash: 'test -e go || { touch began; sleep 1000; }; echo second > second.txt; rm -f go began'}
      """,
    ])
    let first = try Editor(ion)
    try await first.initialize(ion)
    let run = try #require(try await first.call("workflow/execute", ["workflow": "w"])["runId"])
    _ = await first.until("second", is: "running")
    let worktree = try #require(
      try await first.call("workflow/status", ["runId": run])["isolation"]?["worktreeUri"]?.stringValue)
    first.kill()
    _ = await first.exitCode()

    let second = try Editor(ion)
    try await second.initialize(ion)
    #expect(try await second.call("workflow/status", ["runId": run])["status"] == "interrupted")
    #expect(ion.processesOfSteps().isEmpty)
    try Data().write(to: URL(filePath: String(worktree.dropFirst(7)) + "/go"))
    #expect(try await second.call("workflow/resume", ["runId": run])["attempt"] == 2)
    #expect(try await second.call("workflow/wait", ["runId": run])["status"] == "succeeded")

    try await Self.take(run, in: ion, second)
    #expect(!FileManager.default.fileExists(atPath: String(worktree.dropFirst(7))))
    #expect(try await second.quit() == 0)
    #expect(try await Self.git(ion, "branch --list ion/*").isEmpty)
  }

  /// Looks at what the run changed, takes what can be had, meets a conflict, and drops the rest.
  private static func take(_ run: JSONValue, in ion: BuiltIon, _ editor: Editor) async throws {
    let changes = try await editor.call("run/changes", ["runId": run])
    #expect(changes["files"]?.arrayValue?.map { $0["path"] } == ["first.txt", "notes.txt", "second.txt"])
    #expect(changes["diff"]?.stringValue?.contains("-two\n+TWO\n") == true)
    #expect(changes["state"] == "pending" && !ion.folder.exists("workspace/first.txt"))
    #expect(ion.folder.read("workspace/notes.txt") == "one\ntwo\nthree\nfour\nfive\n")

    let applied = try await editor.call("run/apply", ["runId": run, "files": ["second.txt"]])
    #expect(applied["remaining"] == 2 && applied["state"] == "partlyApplied")
    #expect(ion.folder.read("workspace/second.txt") == "second\n" && !ion.folder.exists("workspace/first.txt"))

    ion.folder.write("one\nzwei\nthree\nfour\nfive\n", to: "workspace/notes.txt")
    await #expect(throws: (any Error).self) { try await editor.call("run/apply", ["runId": run]) }
    #expect(!ion.folder.exists("workspace/first.txt"))
    _ = try await editor.call("run/apply", ["runId": run, "files": ["first.txt"]])
    #expect(try await editor.call("run/discard", ["runId": run])["isolation"]?["changes"] == "discarded")
    #expect(ion.folder.read("workspace/notes.txt") == "one\nzwei\nthree\nfour\nfive\n")
  }

  @Test func commandLineShowsTakesAndDrops() async throws {
    let ion = try await Self.repository([
      "notes.txt": "one\n",
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: 'echo two >> notes.txt; echo x > new.txt'}]\n",
    ])
    ion.folder.write("mine\n", to: "workspace/mine.txt")
    let outcome = try await ion.run("run", "w", "--isolation", "worktree")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("2 files changed, +2 −0, on ion/"))
    #expect(outcome.output.contains("! 1 uncommitted change of \(ion.workspace) is not in the run's worktree"))
    #expect(ion.folder.read("workspace/notes.txt") == "one\n")
    let listed = try await ion.run("runs", "--workflow", "w", "--json")
    let id = try #require(try JSONParser().parse(listed.output)["runs"]?.arrayValue?.first?["runId"]?.stringValue)

    let files = try await ion.run("changes", id)
    #expect(files.status == 0 && files.output.hasPrefix("A new.txt    +1 −0\nM notes.txt  +1 −0\n"))
    #expect(try await ion.run("changes", id, "--diff", "notes.txt").output.hasSuffix("@@ -1 +1,2 @@\n one\n+two\n"))
    #expect(try await ion.run("changes", id, "notes.txt").status == 2)
    #expect(try await ion.run("apply", id, "none.txt").status == 2)

    ion.folder.write("other\n", to: "workspace/new.txt")
    let refused = try await ion.run("apply", id)
    #expect(refused.status == 1 && refused.errors.contains("`new.txt`: the checkout has another file there"))
    #expect(ion.folder.read("workspace/notes.txt") == "one\n")
    let taken = try await ion.run("apply", id, "notes.txt")
    #expect(taken.status == 0 && taken.output == "✓ notes.txt  written\n1 file taken, 1 left.\n")
    #expect(ion.folder.read("workspace/notes.txt") == "one\ntwo\n")
    #expect(try await ion.run("discard", id).output.contains("are gone"))
    #expect(try await ion.run("discard", id).status == 0)
    #expect(ion.folder.read("workspace/new.txt") == "other\n" && ion.folder.read("workspace/mine.txt") == "mine\n")
  }

  @Test func workspaceWithoutARepositoryIsToldSo() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml": "name: w\nworktree: {enabled: true}\nnodes: [{id: a, bash: touch x}]\n"
    ])
    let outcome = try await ion.run("run", "w")
    #expect(outcome.status == 1 && outcome.output.contains("is in no git repository"))
    #expect(!ion.folder.exists("workspace/x"))
    #expect(try await ion.run("run", "w", "--isolation", "inherit").status == 0)
    #expect(ion.folder.exists("workspace/x"))
  }
}
