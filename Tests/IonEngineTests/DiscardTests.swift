import Foundation
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

@Suite struct DiscardTests {
  private func worktrees(_ git: GitWorkspace) async throws -> Int {
    try await git.run("worktree", "list", "--porcelain").split(separator: "\n").count { $0.hasPrefix("worktree ") }
  }

  @Test func worktreeAndBranchAreGoneAndAgainNothingChanges() async throws {
    let git = try await GitWorkspace("mkdir -p shut/in; touch shut/in/file; chmod 500 shut/in shut; echo x > new.txt")
    let run = try await git.isolatedRun()
    #expect(try await worktrees(git) == 2)
    for _ in 0..<2 {
      let dropped = try await git.workspace.discard(run.id)
      #expect(dropped.changes == .discarded && dropped.status == .succeeded)
    }
    #expect(try await worktrees(git) == 1)
    #expect(try await git.run("branch", "--list", "ion/*").isEmpty)
    #expect(try await git.status().isEmpty && git.read("new.txt") == nil)
    #expect(git.fixture.platform.messages.count { $0.hasPrefix("The worktree of w") } == 1)
    #expect(try await git.workspace.changes(of: run.id).state == .discarded)
    let refusal = await failure { () async throws(EngineFailure) in try await git.workspace.apply(run.id, files: nil) }
    #expect(refusal?.message.contains("its changes are discarded") == true)
    try await git.workspace.delete(run.id)
  }

  @Test func whatSomebodyPrunedOrRemovedIsDroppedAllTheSame() async throws {
    let git = try await GitWorkspace("echo x > new.txt")
    let run = try await git.isolatedRun()
    try FileManager.default.removeItem(atPath: try git.inWorktree(run, "").text)
    try await git.run("worktree", "prune")
    try await git.run("branch", "-D", "ion/\(run.id)")
    #expect(try await git.workspace.discard(run.id).changes == .discarded)
  }

  @Test func branchThatIsUsedElsewhereIsKept() async throws {
    let git = try await GitWorkspace("echo x > new.txt")
    let run = try await git.isolatedRun()
    let branch = try #require(run.request.isolation?.branch)
    try await git.run("checkout", "--quiet", "--ignore-other-worktrees", branch)
    // Git tells of the one or the other; with the run's own worktree on another branch, of this one.
    try await git.run("checkout", "--quiet", "--detach", in: try git.inWorktree(run, ""))
    let refusal = await failure { () async throws(EngineFailure) in try await git.workspace.discard(run.id) }
    #expect(refusal?.message.contains("is checked out at \(git.fixture.root)") == true)
    #expect(try await worktrees(git) == 2)
    try await git.run("checkout", "--quiet", "-")
    #expect(try await git.workspace.discard(run.id).changes == .discarded)
  }

  @Test func runThatGoesOnIsNotDropped() async throws {
    let git = try await GitWorkspace("sleep 1000")
    let run = try await git.fixture.start("w")
    await git.fixture.platform.until("work", is: .running)
    let refusal = await failure { () async throws(EngineFailure) in try await git.workspace.discard(run.id) }
    #expect(refusal?.message.contains("is running") == true)
    #expect(try await git.workspace.changes(of: run.id).files.isEmpty)
    _ = try await git.workspace.cancel(run.id, node: nil, reason: nil, force: true)
    _ = try await git.fixture.end(of: run.id)
    _ = try await git.workspace.discard(run.id)
  }

  @Test func runIsDeletedWithItsWorktreeOnceNothingIsLostByThat() async throws {
    let git = try await GitWorkspace("echo x > new.txt; echo y > other.txt")
    let run = try await git.isolatedRun()
    let refusal = await failure { () async throws(EngineFailure) in try await git.workspace.delete(run.id) }
    #expect(refusal?.message.contains("2 files that run \(run.id) changed were neither taken nor discarded") == true)
    await #expect(throws: EngineFailure.self) { try await git.workspace.deleteStore() }
    _ = try await git.workspace.apply(run.id, files: ["new.txt"])
    await #expect(throws: EngineFailure.self) { try await git.workspace.delete(run.id) }
    _ = try await git.workspace.discard(run.id)
    try await git.workspace.delete(run.id)
    #expect(git.read("new.txt") == "x\n")

    let idle = try await GitWorkspace(":")
    let nothing = try await idle.isolatedRun()
    try await idle.workspace.delete(nothing.id)
    #expect(try await worktrees(idle) == 1)
    #expect(try await idle.workspace.deleteStore())
  }
}
