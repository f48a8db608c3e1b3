import IonScheduler
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

/// Runs that go on with what stands in their workflow's file today.
@Suite struct CurrentDefinitionTests {
  private static let file = ".ion/workflows/w.yaml"

  private static func workflow(b: String = "echo b >> order; exit 1", more: String = "") -> String {
    """
    name: w
    inputs: {level: {type: number, default: 3}}
    nodes:
      - id: a
        bash: echo a >> order; echo "from a"
      - id: b
        depends_on: [a]
        bash: \(b)
      - id: d
        bash: echo d >> other
    \(more)
    """
  }

  /// A run of the workflow that has failed at `b`.
  private static func failed() async throws -> (EngineFixture, RunID) {
    let fixture = try await EngineFixture(files: [file: workflow()])
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .failed)
    return (fixture, run.id)
  }

  private static func rewrite(_ fixture: EngineFixture, _ text: String) {
    fixture.folder.write(text, to: "workspace/" + file)
  }

  @Test func whatIsUnchangedIsKeptAndTheMendedNodeRuns() async throws {
    let (fixture, id) = try await Self.failed()
    // A comment moves every node; a node is new, and one is gone.
    Self.rewrite(
      fixture,
      "# mended\n"
        + Self.workflow(b: "echo mended >> order; echo \"$a.output\"")
        .replacing("  - id: d\n    bash: echo d >> other\n", with: "")
        + "  - id: last\n    depends_on: [b]\n    bash: echo last >> order; echo \"$b.output\"\n")
    _ = try await fixture.workspace.resume(id, secrets: [:], withCurrent: true)
    let (run, nodes) = try await fixture.end(of: id)
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(run.attempt == 2)
    #expect(fixture.folder.read("workspace/order") == "a\nb\nmended\nlast\n")
    #expect(try await fixture.workspace.nodes(of: id).map(\.node) == ["a", "b", "last"])
    #expect(nodes["a"]?.attempt == 1 && nodes["b"]?.attempt == 2)
    #expect(nodes["last"]?.output?.text == "from a")
    #expect(run.counts == [.succeeded: 3])
    let story = try await fixture.workspace.history(of: "b", in: id)
    #expect(story.executions.map(\.status) == [.failed, .succeeded])
  }

  @Test func theLogGivesTheSameRunToANewOwner() async throws {
    let (fixture, id) = try await Self.failed()
    Self.rewrite(fixture, Self.workflow(b: "echo again >> order; exit 2"))
    _ = try await fixture.workspace.resume(id, secrets: [:], withCurrent: true)
    #expect(try await fixture.end(of: id).run.status == .failed)
    // From here on the run's own definition is the second one, whatever the file says.
    Self.rewrite(fixture, "nonsense: [")
    let home = try await fixture.workspace.opened().home
    let record = try await fixture.workspace.record(of: id)
    let past = try await WorkflowExecutor(home: home).hydrate(record)
    #expect(past.run.attempt == 2 && past.run.status == .failed)
    let rows = try await fixture.workspace.nodes(of: id)
    #expect(past.run.nodes.map(\.status) == rows.map(\.status))
    #expect(past.run.nodes.map(\.attempt) == rows.map(\.attempt))
    #expect(past.run.nodes.map(\.output) == rows.map(\.output))
    _ = try await fixture.workspace.resume(id, secrets: [:])
    _ = try await fixture.end(of: id)
    #expect(fixture.folder.read("workspace/order") == "a\nb\nagain\nagain\n")
  }

  @Test func aChangedUpstreamRunsAgainWithAllThatFollows() async throws {
    let (fixture, id) = try await Self.failed()
    Self.rewrite(fixture, Self.workflow(b: "echo b >> order").replacing("from a", with: "now"))
    _ = try await fixture.workspace.resume(id, secrets: [:], withCurrent: true)
    let (run, nodes) = try await fixture.end(of: id)
    #expect(run.status == .succeeded)
    #expect(fixture.folder.read("workspace/order") == "a\nb\na\nb\n")
    #expect(fixture.folder.read("workspace/other") == "d\n")
    #expect(nodes["a"]?.attempt == 2)
  }

  @Test func theWorkflowsEnvironmentIsPartOfEveryNode() async throws {
    let (fixture, id) = try await Self.failed()
    Self.rewrite(fixture, Self.workflow(b: "echo b >> order") + "env: {A: b}\n")
    _ = try await fixture.workspace.resume(id, secrets: [:], withCurrent: true)
    _ = try await fixture.end(of: id)
    #expect(fixture.folder.read("workspace/other") == "d\nd\n")
  }

  @Test func aChangedScriptIsAChangedNode() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/scripts/greet.sh": "echo first >> order",
      Self.file: """
      name: w
      nodes:
        - {id: greet, script: greet, runtime: sh}
        - {id: end, depends_on: [greet], bash: test -e go}
      """,
    ])
    let (run, _) = try await fixture.run("w")
    fixture.folder.write("echo second >> order", to: "workspace/.ion/scripts/greet.sh")
    fixture.folder.write("", to: "workspace/go")
    _ = try await fixture.workspace.resume(run.id, secrets: [:], withCurrent: true)
    #expect(try await fixture.end(of: run.id).run.status == .succeeded)
    #expect(fixture.folder.read("workspace/order") == "first\nsecond\n")
  }

  @Test func textsThatOnlyLookTheSameAreAChange() async throws {
    func text(_ word: String) -> String {
      "name: w\nnodes:\n  - {id: a, bash: 'echo \(word) >> order'}\n  - {id: b, bash: test -e go}\n"
    }
    let fixture = try await EngineFixture(files: [Self.file: text("\u{e9}")])
    let (run, _) = try await fixture.run("w")
    Self.rewrite(fixture, text("e\u{301}"))
    fixture.folder.write("", to: "workspace/go")
    _ = try await fixture.workspace.resume(run.id, secrets: [:], withCurrent: true)
    _ = try await fixture.end(of: run.id)
    #expect(fixture.folder.read("workspace/order").map { Array($0.utf8) } == Array("\u{e9}\ne\u{301}\n".utf8))
  }

  @Test func inputsAreCheckedByTheNewDefinition() async throws {
    let (fixture, id) = try await Self.failed()
    let added = Self.workflow(b: "echo $INPUTS.who $INPUTS.level >> order")
      .replacing("inputs: {level: {type: number, default: 3}}", with: "inputs: {who: {required: true}}")
    Self.rewrite(fixture, added.replacing("$INPUTS.level", with: ""))
    await #expect(throws: EngineFailure.self) {
      try await fixture.workspace.resume(id, secrets: [:], withCurrent: true)
    }
    Self.rewrite(
      fixture,
      Self.workflow(b: "echo $INPUTS.who $INPUTS.level >> order")
        .replacing(
          "inputs: {level: {type: number, default: 3}}",
          with: "inputs: {level: {type: number, default: 9}, who: {default: me}}"))
    _ = try await fixture.workspace.resume(id, secrets: [:], withCurrent: true)
    #expect(try await fixture.end(of: id).run.status == .succeeded)
    #expect(fixture.folder.read("workspace/order") == "a\nb\nme 3\n")
  }

  @Test func aRunThatNeverBeganBeginsWithTheCurrentDefinition() async throws {
    let fixture = try await EngineFixture(files: [
      Self.file: "name: w\nnodes: [{id: a, bash: echo a >> order}]\n", ".ion/config.yaml": "provider: [",
    ])
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .failed && run.attempt == 1)
    fixture.folder.write("", to: "workspace/.ion/config.yaml")
    Self.rewrite(fixture, "name: w\nnodes: [{id: b, bash: echo b >> order}]\n")
    let resumed = try await fixture.workspace.resume(run.id, secrets: [:], withCurrent: true)
    #expect(resumed.attempt == 2)
    #expect(try await fixture.end(of: run.id).run.status == .succeeded)
    #expect(fixture.folder.read("workspace/order") == "b\n")
  }

  @Test(arguments: [
    "name: w\nnodes: [{id: a}]\n", nil,
  ])
  func aDefinitionThatCanNotBeRunIsRefusedAndChangesNothing(_ text: String?) async throws {
    let (fixture, id) = try await Self.failed()
    let before = try await fixture.workspace.record(of: id)
    if let text { Self.rewrite(fixture, text) } else { try fixture.folder.move("workspace/" + Self.file, to: "gone") }
    do throws(EngineFailure) {
      _ = try await fixture.workspace.resume(id, secrets: [:], withCurrent: true)
      Issue.record("it was resumed")
    } catch {
      switch error {
      case .workflowInvalid(_, let diagnostics, _): #expect(!diagnostics.isEmpty)
      case .workflowNotFound(let name, _): #expect(name.hasSuffix("w.yaml"))
      default: Issue.record(error)
      }
    }
    #expect(try await fixture.workspace.record(of: id) == before)
  }
}
