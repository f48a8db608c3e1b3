import Foundation
import IonStore
import IonTestSupport
import IonWorkflow

@testable import IonEngine

/// An engine on a workspace that is a git repository with one commit, and a workflow `w` whose runs are isolated.
struct GitWorkspace {
  let fixture: EngineFixture
  let git: Git

  /// `script` is what the run's one node does, `files` are committed first. `variables` stand in Ion's environment.
  init(
    _ script: String = ":", files: [String: String] = ["a.txt": "one\ntwo\nthree\nfour\nfive\n"], yaml: String? = nil,
    variables: [String: String] = [:], agents: [ScriptedProvider] = [],
    folder: TemporaryFolder = TemporaryFolder("ion-git")
  ) async throws {
    var all = files
    all[".ion/workflows/w.yaml"] = yaml ?? Self.workflow(script)
    // The repository comes first: what is registered is its top level.
    for (path, text) in all { folder.write(text, to: "workspace/" + path) }
    let environment = [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.path.text, "LANG": "C.UTF-8",
    ].merging(variables) { $1 }
    git = Git(environment, for: "test", scratch: folder.path.appending("git"))
    if !folder.exists("workspace/.git") {
      let root = folder.path.appending("workspace")
      _ = try await git.succeed(["init", "--quiet"], in: root)
      _ = try await git.succeed(["add", "--all"], in: root)
      _ = try await git.succeed(Self.identity + ["commit", "--quiet", "--message", "first"], in: root)
    }
    fixture = try await EngineFixture(files: all, agents: agents, environment: environment, folder: folder)
  }

  static func workflow(_ script: String) -> String {
    let lines = script.split(separator: "\n").map { "        " + $0 }.joined(separator: "\n")
    return "name: w\nworktree: {enabled: true}\nnodes:\n  - id: work\n    bash: |\n\(lines)\n"
  }

  var workspace: Workspace { fixture.workspace }
  var folder: TemporaryFolder { fixture.folder }

  private static let identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]

  @discardableResult
  func run(_ arguments: String..., in folder: AbsolutePath? = nil) async throws -> String {
    let place = folder ?? fixture.root
    return String(decoding: try await git.succeed(Self.identity + arguments, in: place).stdout, as: UTF8.self)
  }

  /// Runs `w` to its end.
  func isolatedRun() async throws -> RunRecord { try await fixture.run("w").run }

  /// A text file of the checkout.
  func read(_ path: String) -> String? { folder.read("workspace/" + path) }

  func write(_ text: String, to path: String) { folder.write(text, to: "workspace/" + path) }

  /// What the checkout differs in from its last commit, as git's short list says it.
  func status() async throws -> [String] {
    try await run("status", "--porcelain", "--untracked-files=all").split(separator: "\n").map(String.init)
  }

  /// A file of a run's worktree, by its path.
  func inWorktree(_ run: RunRecord, _ path: String) throws -> AbsolutePath {
    guard let place = run.request.isolation else { throw CocoaError(.fileNoSuchFile) }
    return place.worktree.appending(path)
  }
}

/// The failure that something ends with; nil where it does well.
func failure<Value>(of body: () async throws(EngineFailure) -> Value) async -> EngineFailure? {
  do throws(EngineFailure) {
    _ = try await body()
    return nil
  } catch {
    return error
  }
}
