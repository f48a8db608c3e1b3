import Foundation
import IonJSON
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

@Suite struct IsolatedRunTests {
  @Test func runWorksOnTheLastCommitInAPlaceOfItsOwn() async throws {
    let git = try await GitWorkspace("cat a.txt > seen; pwd > place; git rev-parse --abbrev-ref HEAD > branch")
    git.write("my own, not committed\n", to: "a.txt")
    git.write("mine\n", to: "untracked.txt")
    let run = try await git.isolatedRun()
    #expect(run.status == .succeeded && run.changes == .pending)
    let place = try #require(run.request.isolation)
    #expect(run.request.workingPath == place.worktree && place.checkout == git.fixture.root)
    #expect(place.base == (try await git.run("rev-parse", "HEAD").trimmingCharacters(in: .newlines)))
    let inside = { (name: String) in try String(contentsOfFile: try git.inWorktree(run, name).text, encoding: .utf8) }
    #expect(try inside("seen") == "one\ntwo\nthree\nfour\nfive\n")
    #expect(try inside("place") == place.worktree.text + "\n")
    #expect(try inside("branch") == place.branch + "\n")
    #expect(git.read("a.txt") == "my own, not committed\n" && git.read("seen") == nil)
    #expect(try await git.status() == [" M a.txt", "?? untracked.txt"])
    #expect(
      git.fixture.platform.messages.contains {
        $0.hasPrefix("2 uncommitted changes of \(place.checkout) are not in the run's worktree")
      })
  }

  @Test func cleanCheckoutIsWarnedOfNothing() async throws {
    let git = try await GitWorkspace()
    _ = try await git.isolatedRun()
    #expect(git.fixture.platform.messages.contains { $0.hasPrefix("Works in a worktree of its own, on branch ion/") })
    #expect(!git.fixture.platform.messages.contains { $0.contains("uncommitted") })
  }

  @Test func whatTheStartSaysComesFirst() async throws {
    let git = try await GitWorkspace("touch made")
    var options = WorkflowExecutionOptions()
    options.isolation = .inherit
    let beside = try await git.fixture.run("w", options: options).run
    #expect(beside.request.isolation == nil && beside.changes == nil)
    #expect(git.read("made") == "")
    #expect(
      await failure { () async throws(EngineFailure) in try await git.workspace.changes(of: beside.id) }?.message
        .contains("is not isolated") == true)

    git.folder.write("name: plain\nnodes: [{id: a, bash: touch apart}]\n", to: "workspace/.ion/workflows/plain.yaml")
    options.isolation = .worktree
    let apart = try await git.fixture.run("plain", options: options).run
    #expect(apart.request.isolation != nil && git.read("apart") == nil)
  }

  @Test func childWorksInAWorktreeOfItsOwnWhereItsNodeSaysSo() async throws {
    let git = try await GitWorkspace(
      files: [
        "a.txt": "one\n",
        ".ion/workflows/child.yaml": "name: child\nnodes: [{id: a, bash: 'echo two >> a.txt; pwd'}]\n",
      ],
      yaml: """
        name: w
        nodes:
          - {id: apart, workflow: child, isolation: worktree}
          - {id: look, depends_on: [apart], bash: cat a.txt}
        """)
    let (run, nodes) = try await git.fixture.run("w")
    #expect(run.status == .succeeded && run.request.isolation == nil, "\(run.error ?? "")")
    #expect(nodes["look"]?.output?.text == "one")
    let child = try await git.workspace.record(of: try #require(nodes["apart"]?.child))
    let place = try #require(child.request.isolation)
    #expect(place.checkout == git.fixture.root && nodes["apart"]?.output?.text == place.worktree.text)
    #expect(child.changes == .pending)
    // Nothing of a child is lost with its parent.
    let refusal = await failure { () async throws(EngineFailure) in try await git.workspace.delete(run.id) }
    #expect(refusal?.message.contains("that run \(child.id) changed was neither taken nor discarded") == true)
    #expect(try await git.workspace.apply(child.id, files: nil).files.map(\.path) == ["a.txt"])
    #expect(git.read("a.txt") == "one\ntwo\n")
    try await git.workspace.delete(run.id)
    #expect(try await git.workspace.runs(RunFilter()).items.isEmpty)
  }

  @Test func childInAFolderWithoutARepositoryFailsItsNodeAndSaysWhy() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: apart, workflow: child, isolation: worktree}]\n",
      ".ion/workflows/child.yaml": "name: child\nnodes: [{id: a, bash: touch made}]\n",
    ])
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .failed && !fixture.folder.exists("workspace/made"))
    #expect(nodes["apart"]?.error?.contains("git") == true, "\(nodes["apart"]?.error ?? "")")
  }

  @Test func runFromAFolderWorksInThatFolder() async throws {
    let git = try await GitWorkspace("touch made", files: ["sub/deep/x": "x"])
    let folder = git.fixture.root.appending("sub/deep")
    let workflow = try git.workspace.workflow(named: "w")
    let started = try await git.workspace.execute(
      workflow, in: folder, message: "", options: WorkflowExecutionOptions()
    ).run
    let run = try await git.fixture.end(of: started.id).run
    #expect(run.status == .succeeded)
    #expect(run.request.workingPath == run.request.isolation?.worktree.appending("sub/deep"))
    #expect(try await git.workspace.changes(of: run.id).files.map(\.path) == ["sub/deep/made"])
    _ = try await git.workspace.apply(run.id, files: nil)
    #expect(git.read("sub/deep/made") == "")

    git.write("x", to: "fresh/x")
    let left = try await git.workspace.execute(
      workflow, in: git.fixture.root.appending("fresh"), message: "", options: WorkflowExecutionOptions()
    ).run
    #expect(left.status == .failed && left.error?.contains("is not in the last commit") == true)
  }

  @Test func isolatedRunsGoSideBySide() async throws {
    let git = try await GitWorkspace(
      "echo up; until test -e \"$INPUTS_GO\"; do sleep 0.02; done; echo x > \"$INPUTS_NAME\"",
      yaml: """
        name: w
        worktree: {enabled: true}
        inputs: {go: {required: true}, name: {required: true}}
        nodes: [{id: work, bash: 'until test -e "$INPUTS_GO"; do sleep 0.02; done; echo x > "$INPUTS_NAME"'}]
        """)
    var runs: [RunID] = []
    for name in ["first", "second"] {
      var options = WorkflowExecutionOptions()
      options.input = ["go": .string(git.folder.path.appending("go").text), "name": .string(name)]
      runs.append(try await git.fixture.start("w", options: options).id)
    }
    // Beside both, a run in the checkout itself.
    git.folder.write("name: plain\nnodes: [{id: a, bash: touch third}]\n", to: "workspace/.ion/workflows/plain.yaml")
    #expect(try await git.fixture.run("plain").run.status == .succeeded)
    git.folder.write("", to: "go")
    for (run, name) in zip(runs, ["first", "second"]) {
      #expect(try await git.fixture.end(of: run).run.status == .succeeded)
      #expect(try await git.workspace.changes(of: run).files.map(\.path) == [name])
    }
  }

  @Test func whatIsMissingFailsTheRunWithTheReason() async throws {
    let plain = try await EngineFixture(files: [".ion/workflows/w.yaml": GitWorkspace.workflow("touch made")])
    let noRepository = try await plain.run("w").run
    #expect(noRepository.status == .failed && noRepository.error?.contains("is in no git repository") == true)
    // It must not be taken for one that may work in the checkout.
    let resumed = await failure { () async throws(EngineFailure) in
      try await plain.workspace.resume(noRepository.id, secrets: [:])
    }
    #expect(resumed?.message.contains("never got a worktree of its own") == true)
    #expect(!plain.folder.exists("workspace/made"))

    let git = Git(["PATH": "/usr/bin:/bin"], for: "test", scratch: plain.folder.path.appending("git"))
    _ = try await git.succeed(["init", "--quiet"], in: plain.root)
    let noCommit = try await plain.run("w").run
    #expect(noCommit.status == .failed && noCommit.error?.contains("has no commit yet") == true)

    let noGit = try await EngineFixture(environment: ["PATH": "/nowhere"], folder: plain.folder)
    let alone = try await noGit.run("w").run
    #expect(alone.status == .failed && alone.error?.contains("need the program `git`") == true)
  }

  @Test func worktreeThatCannotBeMadeRefusesTheRun() async throws {
    let git = try await GitWorkspace("touch made")
    // A branch of that name keeps every branch below it from being made.
    try await git.run("branch", "ion")
    let (run, nodes) = try await git.fixture.run("w")
    #expect(run.status == .failed && run.error?.contains("worktree") == true)
    #expect(run.startedAt == nil && nodes["work"]?.status == .skipped)
    #expect(git.fixture.platform.messages.last?.hasPrefix("w did not start: ") == true)
    #expect(try await git.workspace.changes(of: run.id).files.isEmpty)
    // Once nothing stands in the way, it goes on.
    try await git.run("branch", "-D", "ion")
    _ = try await git.workspace.resume(run.id, secrets: [:])
    #expect(try await git.fixture.end(of: run.id).run.status == .succeeded)
    #expect(try await git.workspace.changes(of: run.id).files.map(\.path) == ["made"])
  }

  @Test func nothingOfTheRepositorysOwnProgramsRuns() async throws {
    let git = try await GitWorkspace("echo changed >> a.txt")
    let hooks = ["post-checkout", "post-index-change", "reference-transaction", "pre-commit", "post-commit"]
    for hook in hooks {
      git.write("#!/bin/sh\ntouch '\(git.folder.path)/ran-\(hook)'\n", to: ".git/hooks/\(hook)")
      chmod(git.fixture.root.appending(".git/hooks/\(hook)").text, 0o755)
    }
    let watcher = git.folder.write("#!/bin/sh\ntouch '\(git.folder.path)/ran-watcher'\n", to: "watcher")
    chmod(watcher.text, 0o755)
    for setting in ["core.fsmonitor", "core.pager", "diff.external", "core.editor"] {
      try await git.run("config", setting, watcher.text)
    }
    let run = try await git.isolatedRun()
    #expect(run.status == .succeeded)
    #expect(try await git.workspace.changes(of: run.id, patchLimit: 10_000).patch?.text.contains("+changed") == true)
    _ = try await git.workspace.apply(run.id, files: nil)
    let ran = try FileManager.default.contentsOfDirectory(atPath: git.folder.path.text).filter { $0.hasPrefix("ran-") }
    #expect(ran.isEmpty)
  }

  @Test func variablesOfGitAreNotTakenOver() async throws {
    let git = try await GitWorkspace(
      "touch made", variables: ["GIT_DIR": "/nowhere", "GIT_INDEX_FILE": "/nowhere/index", "GIT_WORK_TREE": "/"],
      folder: TemporaryFolder("ion-git"))
    let run = try await git.isolatedRun()
    #expect(run.request.isolation?.checkout == git.fixture.root)
    #expect(run.error == nil)
  }

  @Test func runThatIsCancelledWhileItIsMadeReadyLeavesNothing() async throws {
    // The cancel may come late: a step that changes nothing leaves nothing to be taken then.
    let git = try await GitWorkspace()
    let started = try await git.fixture.start("w")
    _ = try await git.workspace.cancel(started.id, node: nil, reason: "no", force: false)
    let run = try await git.fixture.end(of: started.id).run
    #expect([.cancelled, .succeeded].contains(run.status))
    try await git.workspace.delete(run.id)
    #expect(
      try await git.run("worktree", "list", "--porcelain").split(separator: "\n").count { $0.hasPrefix("worktree ") }
        == 1)
  }
}
