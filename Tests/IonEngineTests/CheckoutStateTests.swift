import Glibc
import IonAgents
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

/// What changed in a checkout between two moments, as values.
@Suite struct CheckoutStateTests {
  private static func stamp(_ number: Int) -> FileStamp {
    var info = stat()
    info.st_size = off_t(number)
    return FileStamp(info)
  }

  /// A state in which files have stamps by their numbers; 0 is a file that isn't there. New files begin with `+`.
  private static func state(_ files: [String: Int], commit: String? = nil) -> CheckoutState {
    var state = CheckoutState([], stamp: { _ in nil })
    state.commit = commit
    for (name, number) in files {
      let isNew = name.hasPrefix("+")
      state.entries[RepositoryPath(isNew ? String(name.dropFirst()) : name)] =
        CheckoutState.Entry(isNew: isNew, stamp: number == 0 ? nil : stamp(number))
    }
    return state
  }

  @Test func whatGitSaysIsRead() {
    let listed = [
      "# branch.oid 0123abc", "# branch.head main", "1 .M N... 100644 100644 100644 aa bb changed.txt",
      "1 A. N... 000000 100644 100644 00 bb a b/added.txt", "1 .D N... 100644 100644 000000 aa bb gone.txt",
      "u UU N... 100644 100644 100644 100644 aa bb cc conflict.txt", "? new file.txt", "! ignored.txt", "nonsense",
    ]
    let state = CheckoutState(Array(listed.joined(separator: "\0").utf8)) { path in
      path == RepositoryPath("gone.txt") ? nil : Self.stamp(1)
    }
    #expect(
      state
        == Self.state(
          ["changed.txt": 1, "+a b/added.txt": 1, "gone.txt": 0, "conflict.txt": 1, "+new file.txt": 1],
          commit: "0123abc"))
    #expect(CheckoutState(Array("# branch.oid (initial)\0".utf8), stamp: { _ in nil }).commit == nil)
  }

  @Test(
    arguments: [
      // Files before, files after, what stands where nothing differs any more, and what became of them.
      ([:], ["+a": 1, "b": 1, "c": 0], [:], ["a made", "b changed", "c removed"]),
      (["+a": 1, "b": 1, "c": 0], ["+a": 1, "b": 1, "c": 0], [:], []),
      (["+a": 1, "b": 1, "c": 0], ["+a": 2, "b": 2, "c": 3], [:], ["a changed", "b changed", "c changed"]),
      (["+a": 1, "b": 1], ["b": 0], [:], ["a removed", "b removed"]),
      // Staged, committed: the same file. Reverted, and restored: another one.
      (["+a": 1, "b": 1], ["a": 1], ["b": 1], []),
      (["b": 1, "c": 0], [:], ["b": 7, "c": 7], ["b changed", "c changed"]),
    ] as [([String: Int], [String: Int], [String: Int], [String])])
  func changesAreTold(_ before: [String: Int], _ after: [String: Int], _ present: [String: Int], _ told: [String]) {
    let changes = Self.state(after).changes(since: Self.state(before), committed: []) {
      present[$0.description].map(Self.stamp)
    }
    #expect(changes.map { "\($0.path) \($0.change.rawValue)" } == told)
  }

  @Test func whatCommitsBroughtCountsWhereNothingElseIsKnown() {
    let committed: [(RepositoryPath, FileEdit.Change)] = [
      (RepositoryPath("a"), .made), (RepositoryPath("b"), .changed), (RepositoryPath("c"), .removed),
    ]
    let changes = Self.state(["b": 2]).changes(since: Self.state(["c": 0]), committed: committed) { _ in nil }
    #expect(changes.map { "\($0.path) \($0.change.rawValue)" } == ["a made", "b changed"])
  }

  // MARK: In a checkout

  /// The files of an agent's node that runs a script, with what its tools tell of.
  private func touched(
    _ script: String, beside other: String? = nil, telling events: [AgentEvent] = []
  ) async throws -> [String] {
    let agent = ScriptedProvider { request, _ in
      Self.shell(script, in: request.workingPath)
      return .plays(events, .answered("ok"))
    }
    let node = other.map { ", {id: b, bash: '\($0)'}" } ?? ""
    let git = try await GitWorkspace(
      files: ["a.txt": "a\n", "b.txt": "b\n", ".gitignore": "*.log\n", ".ion/config.yaml": "provider: scripted"],
      yaml: "name: w\nnodes: [{id: a, prompt: x}\(node)]\n", agents: [agent])
    let (run, nodes) = try await git.fixture.run("w")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    return nodes["a"]?.files.map { "\($0.path) \($0.change.rawValue)" } ?? []
  }

  private static func shell(_ script: String, in folder: AbsolutePath) {
    let identity = "export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@b"
    #expect(system("cd '\(folder)' && { \(identity); \(script); } >/dev/null") == 0)
  }

  @Test func whatAShellDidIsKnownToo() async throws {
    let script = "echo x >> a.txt; mkdir -p d; echo n > 'd/n w.txt'; rm b.txt; echo l > x.log; touch t; rm t"
    #expect(try await touched(script) == ["a.txt changed", "b.txt removed", "d/n w.txt made"])
  }

  @Test func whatIsCommittedIsKnownToo() async throws {
    let script = "echo c > c.txt; echo x >> a.txt; git add --all; git commit --quiet --message second; echo y > y.txt"
    #expect(try await touched(script) == ["a.txt changed", "c.txt made", "y.txt made"])
  }

  @Test func whatAToolToldOfIsToldOnce() async throws {
    let told: [AgentEvent] = [.fileChanged(FileEdit("b.txt", .changed)), .fileChanged(FileEdit("/else/z", .made))]
    #expect(
      try await touched("echo x >> b.txt; echo x > n.txt", telling: told)
        == ["b.txt changed", "/else/z made", "n.txt made"])
  }

  @Test func nothingIsGuessedWhereOthersWorkedBesideIt() async throws {
    #expect(
      try await touched("while [ ! -e done.txt ]; do :; done", beside: "echo b > b.txt; touch done.txt").isEmpty)
  }
}
