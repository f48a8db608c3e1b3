import Foundation
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

@Suite struct ChangeTakingTests {
  private static let files = [
    "a.txt": "one\ntwo\nthree\nfour\nfive\n", "gone.txt": "gone\n", "moved.txt": "1\n2\n3\n4\n5\n6\n",
    "tool": "#!/bin/sh\n",
    ".gitignore": "*.log\n", "dir/inner": "inner\n",
  ]
  private static let script = """
    sed -i s/two/TWO/ a.txt
    rm gone.txt
    mkdir -p new; mv moved.txt new/place.txt
    chmod +x tool
    printf 'a\\0b' > data.bin
    ln -s a.txt link
    echo noise > x.log
    echo committed > committed.txt; git add committed.txt
    git -c user.name=a -c user.email=a@b commit -q -m inner committed.txt
    """

  private func lines(_ changes: RunChanges) -> [String] {
    changes.files.map { file in
      let size = file.additions.map { "+\($0)-\(file.deletions ?? 0)" } ?? "binary"
      return
        "\(file.status.rawValue) \(file.oldPath.map { $0 + ">" } ?? "")\(file.path) \(size)\(file.isTaken ? " taken" : "")"
    }
  }

  @Test func everythingThatDiffersIsListed() async throws {
    let git = try await GitWorkspace(Self.script, files: Self.files)
    let run = try await git.isolatedRun()
    let changes = try await git.workspace.changes(of: run.id, patchLimit: 1_000_000)
    #expect(
      lines(changes) == [
        "modified a.txt +1-1", "added committed.txt +1-0", "added data.bin binary", "deleted gone.txt +0-1",
        "added link +1-0", "renamed moved.txt>new/place.txt +0-0", "modified tool +0-0",
      ])
    #expect(changes.files.last?.oldMode == "100644" && changes.files.last?.mode == "100755")
    #expect(changes.state == .pending && changes.complaints.isEmpty)
    let patch = try #require(changes.patch)
    #expect(patch.text.contains("-two\n+TWO\n") && patch.text.contains("rename to new/place.txt"))
    #expect(!patch.isCut && !patch.text.contains("noise"))
    let one = try await git.workspace.changes(of: run.id, files: ["tool"], patchLimit: 1_000_000)
    #expect(one.patch?.text.hasPrefix("diff --git a/tool b/tool\nold mode 100644\nnew mode 100755\n") == true)
    let short = try await git.workspace.changes(of: run.id, patchLimit: 40).patch
    #expect(short?.isCut == true && short?.text == "diff --git a/a.txt b/a.txt\n")
    // Looking leaves nothing behind.
    #expect(try await git.status().isEmpty)
    let kept = git.workspace.paths(of: run.id).gitScratch
    #expect(try FileManager.default.contentsOfDirectory(atPath: kept.text).isEmpty)
  }

  @Test func allOfItIsTaken() async throws {
    let git = try await GitWorkspace(Self.script, files: Self.files)
    let run = try await git.isolatedRun()
    let taken = try await git.workspace.apply(run.id, files: nil)
    #expect(taken.files.map { "\($0.path) \($0.how)" }.contains("gone.txt removed"))
    #expect(taken.files.allSatisfy { $0.how == .written || $0.how == .removed })
    #expect(taken.remaining == 0 && taken.run.changes == .applied)
    #expect(
      try await git.status() == [
        " M a.txt", " D gone.txt", " D moved.txt", " M tool", "?? committed.txt", "?? data.bin", "?? link",
        "?? new/place.txt",
      ])
    #expect(git.read("a.txt") == "one\nTWO\nthree\nfour\nfive\n" && git.read("data.bin") == "a\0b")
    // It committed something: that is not thrown away with the worktree.
    #expect(!taken.isWorktreeGone)
    #expect(try await git.workspace.changes(of: run.id).state == .applied)
    #expect(try await git.workspace.record(of: run.id).changes == .applied)
    #expect(git.fixture.platform.messages.last?.hasPrefix("7 files of w") == true)
    let nothing = try await git.workspace.apply(run.id, files: nil)
    #expect(nothing.files.isEmpty && nothing.remaining == 0)
  }

  @Test func chosenFilesAreTakenAndTheRestIsLeft() async throws {
    let git = try await GitWorkspace(Self.script, files: Self.files)
    let run = try await git.isolatedRun()
    let taken = try await git.workspace.apply(run.id, files: ["new/", "./tool"])
    #expect(taken.files.map(\.path) == ["new/place.txt", "tool"] && taken.remaining == 5)
    #expect(try await git.status() == [" D moved.txt", " M tool", "?? new/place.txt"])
    let changes = try await git.workspace.changes(of: run.id)
    #expect(changes.state == .partlyApplied)
    #expect(changes.files.filter(\.isTaken).map(\.path) == ["new/place.txt", "tool"])
    let unknown = await failure { () async throws(EngineFailure) in
      try await git.workspace.apply(run.id, files: ["a.txt", "b.txt", "x.log"])
    }
    #expect(unknown == .unknownChanges(run.id, ["b.txt", "x.log"]))
    #expect(git.read("a.txt") == Self.files["a.txt"])
    #expect(try await git.workspace.apply(run.id, files: nil).remaining == 0)
    #expect(git.read("a.txt")?.contains("TWO") == true)
  }

  @Test func bothSidesOfAFileGoTogether() async throws {
    let git = try await GitWorkspace(Self.script, files: Self.files)
    let run = try await git.isolatedRun()
    git.write("one\ntwo\nthree\nfour\nfive\nmine\n", to: "a.txt")
    let taken = try await git.workspace.apply(run.id, files: ["a.txt"])
    #expect(taken.files.map(\.how) == [.merged])
    #expect(git.read("a.txt") == "one\nTWO\nthree\nfour\nfive\nmine\n")
    // Again, there is nothing to do.
    #expect(try await git.workspace.apply(run.id, files: ["a.txt"]).files.map(\.how) == [.merged])
    #expect(git.read("a.txt") == "one\nTWO\nthree\nfour\nfive\nmine\n")
  }

  @Test func conflictsAreAllToldAndNothingIsTaken() async throws {
    let git = try await GitWorkspace(Self.script, files: Self.files)
    let run = try await git.isolatedRun()
    git.write("one\ndeux\nthree\nfour\nfive\n", to: "a.txt")
    git.write("still needed\n", to: "gone.txt")
    git.write("mine\n", to: "committed.txt")
    let before = try await git.status()
    let refusal = await failure { () async throws(EngineFailure) in try await git.workspace.apply(run.id, files: nil) }
    guard case .changesConflict(run.id, let conflicts) = refusal else {
      Issue.record("\(String(describing: refusal))")
      return
    }
    #expect(conflicts.map(\.path) == ["a.txt", "committed.txt", "gone.txt"])
    #expect(try await git.status() == before)
    #expect(git.read("a.txt") == "one\ndeux\nthree\nfour\nfive\n" && git.read("data.bin") == nil)
    #expect(try await git.workspace.changes(of: run.id).state == .pending)
    // The rest can be had.
    let rest = try await git.workspace.apply(run.id, files: ["tool", "data.bin"])
    #expect(rest.files.count == 2 && git.read("data.bin") == "a\0b")
  }

  @Test func whatTheCheckoutHasAlreadyIsNoConflict() async throws {
    let git = try await GitWorkspace("echo same > new.txt; sed -i s/two/TWO/ a.txt; rm gone.txt", files: Self.files)
    let run = try await git.isolatedRun()
    git.write("same\n", to: "new.txt")
    git.write("one\nTWO\nthree\nfour\nfive\n", to: "a.txt")
    try FileManager.default.removeItem(atPath: git.fixture.root.appending("gone.txt").text)
    let taken = try await git.workspace.apply(run.id, files: nil)
    #expect(taken.files.allSatisfy { $0.how == .alreadyThere } && taken.files.count == 3 && taken.isWorktreeGone)
  }

  @Test func nothingIsWrittenThroughLinksOrOutOfTheCheckout() async throws {
    let git = try await GitWorkspace(
      "mkdir folder; echo x > folder/file; ln -s ../../../../../../../etc out; ln -s /etc/passwd absolute; ln -s .git/config own",
      files: ["a.txt": "a\n"])
    let run = try await git.isolatedRun()
    try FileManager.default.createDirectory(
      atPath: git.folder.path.appending("outside").text, withIntermediateDirectories: true)
    symlink(git.folder.path.appending("outside").text, git.fixture.root.appending("folder").text)
    for (path, word) in [
      ("folder/file", "no folder"), ("out", "leads out"), ("absolute", "leads out"), ("own", "leads out"),
    ] {
      let refusal = await failure { () async throws(EngineFailure) in
        try await git.workspace.apply(run.id, files: [path])
      }
      #expect(refusal?.message.contains(word) == true, "\(path): \(refusal?.message ?? "taken")")
    }
    #expect(!git.folder.exists("outside/file"))
    #expect(try await git.status() == ["?? folder"])
  }

  @Test func filesAndFoldersTakeEachOthersPlaces() async throws {
    let git = try await GitWorkspace(
      "rm a.txt; mkdir a.txt; echo x > a.txt/x; rm -r dir; echo file > dir", files: ["a.txt": "a\n", "dir/one": "1\n"])
    let run = try await git.isolatedRun()
    _ = try await git.workspace.apply(run.id, files: nil)
    #expect(git.read("a.txt/x") == "x\n" && git.read("dir") == "file\n")
  }

  @Test func aFolderThatHoldsMoreIsNotReplaced() async throws {
    let git = try await GitWorkspace("rm -r dir; echo file > dir; echo y > b.txt", files: ["dir/one": "1\n"])
    let run = try await git.isolatedRun()
    git.write("mine\n", to: "dir/two")
    let refusal = await failure { () async throws(EngineFailure) in try await git.workspace.apply(run.id, files: nil) }
    #expect(refusal != nil)
    #expect(git.read("dir/one") == "1\n" && git.read("dir/two") == "mine\n" && git.read("b.txt") == nil)
    #expect(try await git.status() == ["?? dir/two"])
  }

  @Test func namesNeedBeNoText() async throws {
    let git = try await GitWorkspace(#"printf x > "$(printf 'odd-\377')""#)
    let run = try await git.isolatedRun()
    #expect(try await git.workspace.changes(of: run.id).files.map(\.path) == ["odd-\u{FFFD}"])
    let taken = try await git.workspace.apply(run.id, files: nil)
    #expect(taken.isWorktreeGone && taken.files.map(\.how) == [.written])
    #expect(try await git.status() == ["?? odd-\u{FFFD}"])
    #expect(!FileManager.default.fileExists(atPath: try git.inWorktree(run, "").text))
  }

  @Test func whatWasTakenBeforeAKillIsWrittenDownByTheNextTaking() async throws {
    let git = try await GitWorkspace(
      "echo x > new.txt; git -c user.name=a -c user.email=a@b commit -q --allow-empty -m e")
    let run = try await git.isolatedRun()
    let journal = ChangeJournal(folder: git.workspace.paths(of: run.id).changes(of: run.id))
    let change = try #require(try await git.workspace.changes(of: run.id).files.first)
    let hash = try await git.run("hash-object", try git.inWorktree(run, "new.txt").text).prefix(40)
    try journal.begin()
    try journal.write(
      [], taking: [RepositoryPath(change.path): "100644 \(hash)"], checkout: git.fixture.root)
    try journal.commit()
    #expect(try await git.workspace.record(of: run.id).changes == .pending)
    #expect(try await git.workspace.apply(run.id, files: nil).run.changes == .applied)
    #expect(try await git.workspace.record(of: run.id).changes == .applied)
  }

  @Test func permissionsOfThePersonStay() async throws {
    let git = try await GitWorkspace("echo more >> a.txt; chmod +x tool", files: Self.files)
    chmod(git.fixture.root.appending("a.txt").text, 0o600)
    chmod(git.fixture.root.appending("tool").text, 0o640)
    let run = try await git.isolatedRun()
    _ = try await git.workspace.apply(run.id, files: nil)
    let mode = { (name: String) in FileAccess.status(git.fixture.root.appending(name)).map { $0.st_mode & 0o777 } }
    #expect(mode("a.txt") == 0o600 && mode("tool") == 0o750)
  }

  @Test func repositoriesOfTheirOwnAreToldAndNotTaken() async throws {
    let git = try await GitWorkspace(
      """
      mkdir own; cd own; git init -q; touch x; git add x
      git -c user.name=a -c user.email=a@b commit -q -m own; cd ..; mkdir bare; git -C bare init -q; touch bare/x
      echo y > b.txt
      """, files: ["a.txt": "a\n"])
    let run = try await git.isolatedRun()
    let changes = try await git.workspace.changes(of: run.id)
    #expect(changes.files.map(\.path) == ["b.txt", "own"] && changes.files.last?.mode == "160000")
    // Git can't say what is in a repository without commits.
    #expect(changes.complaints.contains { $0.contains("bare") })
    let refusal = await failure { () async throws(EngineFailure) in try await git.workspace.apply(run.id, files: nil) }
    #expect(refusal?.message.contains("a repository of its own") == true)
    let taken = try await git.workspace.apply(run.id, files: ["b.txt"])
    #expect(taken.remaining == 1)
  }

  @Test func nothingIsTakenWhileARunUsesTheCheckout() async throws {
    let git = try await GitWorkspace("echo x > new.txt")
    let run = try await git.isolatedRun()
    git.write(
      "name: long\nnodes: [{id: a, bash: 'until test -e go; do sleep 0.02; done'}]\n", to: ".ion/workflows/long.yaml")
    let long = try await git.fixture.start("long")
    await git.fixture.platform.until("a", is: .running)
    let refusal = await failure { () async throws(EngineFailure) in try await git.workspace.apply(run.id, files: nil) }
    guard case .pathLocked(let holder, _, _) = refusal else {
      Issue.record("\(String(describing: refusal))")
      return
    }
    #expect(holder.run == long.id && git.read("new.txt") == nil)
    git.write("", to: "go")
    _ = try await git.fixture.end(of: long.id)
    #expect(try await git.workspace.apply(run.id, files: nil).files.count == 1)
  }

  @Test func changesAreTakenWhileTheRunWaitsAtAGate() async throws {
    let git = try await GitWorkspace(
      yaml: """
        name: w
        worktree: {enabled: true}
        nodes:
          - {id: work, bash: echo x > new.txt}
          - {id: ask, depends_on: [work], approval: {message: Good?}}
          - {id: more, depends_on: [ask], bash: echo y > more.txt}
        """)
    let started = try await git.fixture.start("w")
    let waiting = try await git.workspace.wait(for: started.id, until: .standstill, timeout: nil).run
    #expect(waiting.status == .awaitingApproval)
    let taken = try await git.workspace.apply(started.id, files: nil)
    #expect(git.read("new.txt") == "x\n" && taken.run.changes == .applied && !taken.isWorktreeGone)
    let gate = try #require(try await git.workspace.gates(of: started.id).first?.gate.id)
    _ = try await git.workspace.answer(
      gate, GateAnswer(decision: "approve", comment: nil, decidedBy: "Ada"), secrets: [:])
    let run = try await git.fixture.end(of: started.id).run
    #expect(run.status == .succeeded && run.changes == .applied)
    #expect(try await git.workspace.changes(of: run.id).state == .partlyApplied)
    #expect(try await git.workspace.apply(run.id, files: nil).files.map(\.path) == ["more.txt"])
  }
}
