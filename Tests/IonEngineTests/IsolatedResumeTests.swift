import Foundation
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

@Suite struct IsolatedResumeTests {
  private static let yaml = """
    name: w
    worktree: {enabled: true}
    nodes:
      - {id: first, bash: echo first >> log}
      - {id: second, depends_on: [first], bash: 'test -e go && echo second >> log'}
    """

  @Test func resumeGoesOnInTheSameWorktree() async throws {
    let git = try await GitWorkspace(yaml: Self.yaml)
    let failed = try await git.isolatedRun()
    #expect(failed.status == .failed)
    try Data().write(to: URL(filePath: try git.inWorktree(failed, "go").text))
    _ = try await git.workspace.resume(failed.id, secrets: [:])
    let run = try await git.fixture.end(of: failed.id).run
    #expect(run.status == .succeeded && run.attempt == 2)
    #expect(run.request.isolation == failed.request.isolation)
    #expect(try String(contentsOfFile: git.inWorktree(run, "log").text, encoding: .utf8) == "first\nsecond\n")
    #expect(try await git.workspace.changes(of: run.id).files.map(\.path) == ["go", "log"])
  }

  @Test func takenChangesAreOpenAgainAfterAResume() async throws {
    let git = try await GitWorkspace(yaml: Self.yaml)
    let failed = try await git.isolatedRun()
    let taken = try await git.workspace.apply(failed.id, files: nil)
    #expect(taken.run.changes == .applied && !taken.isWorktreeGone)
    try Data().write(to: URL(filePath: try git.inWorktree(failed, "go").text))
    _ = try await git.workspace.resume(failed.id, secrets: [:])
    #expect(try await git.fixture.end(of: failed.id).run.changes == .partlyApplied)
    let changes = try await git.workspace.changes(of: failed.id)
    #expect(changes.files.map(\.isTaken) == [false, false])
    let rest = try await git.workspace.apply(failed.id, files: nil)
    #expect(rest.run.changes == .applied && rest.isWorktreeGone)
    #expect(git.read("log") == "first\nsecond\n")
  }

  @Test func worktreeThatIsGoneIsNotReplaced() async throws {
    let git = try await GitWorkspace(yaml: Self.yaml)
    let run = try await git.isolatedRun()
    try FileManager.default.removeItem(atPath: try git.inWorktree(run, "").text)
    let refusal = await failure { () async throws(EngineFailure) in
      try await git.workspace.resume(run.id, secrets: [:])
    }
    #expect(refusal?.message.contains("is gone") == true)
    #expect(
      await failure { () async throws(EngineFailure) in try await git.workspace.changes(of: run.id) }?.message
        .contains("is gone") == true)
    #expect(try await git.workspace.record(of: run.id).attempt == 1)
    // What is left of it can be dropped, and then it is told so.
    #expect(try await git.workspace.discard(run.id).changes == .discarded)
    #expect(try await git.run("branch", "--list", "ion/*").isEmpty)
  }

  /// Without its `.git`, everything that git does in the worktree would be done to the checkout around it.
  @Test func damagedWorktreeIsNotWorkedIn() async throws {
    let git = try await GitWorkspace(yaml: Self.yaml)
    let run = try await git.isolatedRun()
    try FileManager.default.removeItem(atPath: try git.inWorktree(run, ".git").text)
    for attempt in 0..<2 {
      let refusal = await failure { () async throws(EngineFailure) in
        if attempt == 0 {
          _ = try await git.workspace.resume(run.id, secrets: [:])
        } else {
          _ = try await git.workspace.apply(run.id, files: nil)
        }
      }
      #expect(refusal?.message.contains("is damaged") == true)
    }
    #expect(try await git.status().isEmpty)
    _ = try await git.workspace.discard(run.id)
    #expect(!FileManager.default.fileExists(atPath: try git.inWorktree(run, "").text))
  }

  @Test func discardedRunDoesNotGoOn() async throws {
    let git = try await GitWorkspace(yaml: Self.yaml)
    let run = try await git.isolatedRun()
    _ = try await git.workspace.discard(run.id)
    let refusal = await failure { () async throws(EngineFailure) in
      try await git.workspace.resume(run.id, secrets: [:])
    }
    #expect(refusal?.message.contains("were discarded with its worktree") == true)
  }

  @Test func interruptedRunKeepsItsWorktree() async throws {
    let git = try await GitWorkspace(
      yaml: """
        name: w
        worktree: {enabled: true}
        nodes: [{id: work, bash: 'echo x >> log; test -e go || sleep 1000'}]
        """)
    let started = try await git.fixture.start("w")
    await git.fixture.platform.until("work", is: .running)
    await git.fixture.engine.close(reason: "bye", grace: .milliseconds(100))
    let second = try await EngineFixture(
      environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": git.folder.path.text], folder: git.folder)
    let run = try await second.workspace.record(of: started.id)
    #expect(run.status == .interrupted)
    try Data().write(to: URL(filePath: try git.inWorktree(run, "go").text))
    _ = try await second.workspace.resume(started.id, secrets: [:])
    #expect(try await second.end(of: started.id).run.status == .succeeded)
    #expect(try String(contentsOfFile: git.inWorktree(run, "log").text, encoding: .utf8).hasSuffix("x\n"))
  }

  @Test func rerunGetsAWorktreeOfItsOwn() async throws {
    let git = try await GitWorkspace(yaml: Self.yaml)
    let run = try await git.isolatedRun()
    let again = try await git.workspace.rerun(run.id, from: nil, inputs: [:])
    let end = try await git.fixture.end(of: again.id).run
    #expect(end.request.isolation != nil && end.request.isolation?.worktree != run.request.isolation?.worktree)
    #expect(end.request.isolation?.origin == git.fixture.root)
    let refusal = await failure { () async throws(EngineFailure) in
      try await git.workspace.rerun(run.id, from: "second", inputs: [:])
    }
    #expect(refusal?.message.contains("in its worktree alone") == true)
  }
}
