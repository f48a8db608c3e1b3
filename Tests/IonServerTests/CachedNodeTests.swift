import Foundation
import IonEngine
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

/// Nodes with `cache`, run by the real engine: what is taken over, when, and what people are told about it.
@Suite struct CachedNodeTests {
  /// The workflow of most tests: `build` counts its runs in a file that it doesn't name as an input.
  private static let nodes = """
      - id: make
        bash: cat given
      - id: build
        depends_on: [make]
        cache: {inputs: [src, 'extra/*.txt'], key: "$ARGUMENTS"}
        bash: |
          echo x >> runs
          echo "said on stderr" >&2
          cat src/* > "$ARTIFACTS_DIR/all.txt"
          echo "built $make.output"
      - {id: after, depends_on: [build], bash: 'echo "got $build.output"'}
    """

  private func desk(_ nodes: String = nodes) async throws -> MethodDesk {
    let desk = try await MethodDesk(nodes: nodes)
    desk.folder.write("one", to: "workspace/src/a")
    desk.folder.write("", to: "workspace/extra/0.txt")
    desk.folder.write("up", to: "workspace/given")
    return desk
  }

  private func runs(_ desk: MethodDesk) -> Int { (desk.folder.read("workspace/runs") ?? "").count { $0 == "x" } }

  /// The names of the files by which successes are found.
  private func entries(_ desk: MethodDesk) -> [String] {
    let base = ProjectPaths.base(root: desk.root, codebase: desk.codebase.id)
    return (try? FileManager.default.contentsOfDirectory(atPath: base.appending("cache").text)) ?? []
  }

  private func overwrite(_ file: AbsolutePath, _ desk: MethodDesk) throws {
    desk.folder.write("forged", to: try #require(file.relative(to: desk.folder.path)))
  }

  private func explain(_ node: String, _ run: RunID, _ desk: MethodDesk) async throws -> ExplainNode.Result {
    try await desk.call(ExplainNode.self, ["runId": run.json, "nodeId": .string(node)])
  }

  private func nodes(of run: RunID, _ desk: MethodDesk) async throws -> [String: NodeShape] {
    let shape = try await desk.call(GetStatus.self, ["runId": run.json, "nodes": true])
    return Dictionary(uniqueKeysWithValues: (shape.nodes ?? []).map { ($0.nodeId.rawValue, $0) })
  }

  @Test func successIsTakenOverWithItsOutputItsWordsAndItsArtifacts() async throws {
    let desk = try await desk()
    let first = try await desk.run()
    let second = try await desk.run()
    #expect([first.status, second.status] == [.succeeded, .succeeded])
    #expect(runs(desk) == 1)
    let build = try #require(try await nodes(of: second.runId, desk)["build"])
    #expect(build.status == .succeeded)
    #expect(build.summary == "taken over from run \(first.runId)")
    for (node, stream, text) in [
      ("build", "stdout", "built up\n"), ("build", "stderr", "said on stderr\n"), ("after", "stdout", "got built up\n"),
    ] {
      let log = try await desk.call(
        ReadLog.self, ["runId": second.runId.json, "nodeId": .string(node), "stream": .string(stream)])
      #expect(log.text == text)
    }
    let artifacts = try await desk.call(ListArtifacts.self, ["runId": second.runId.json]).artifacts
    #expect(artifacts.map(\.name) == ["all.txt"])
    #expect(artifacts.first?.nodeId == "build")
    let why = try await explain("build", second.runId, desk)
    #expect(why.cache?.reused == ExplainNode.Origin(runId: first.runId, nodeId: "build", attempt: 1))
    #expect(
      why.reason
        == "It did not have to run: nothing that goes in has changed since run \(first.runId), and its success there "
        + "was taken over.")
    #expect(
      try await explain("build", first.runId, desk).reason.hasSuffix("There was no earlier success to take over."))
    #expect(try await explain("after", first.runId, desk).cache == nil)
  }

  /// What is changed between two runs, and what is then said of why the node ran again.
  static let changes: [(name: String, change: @Sendable (MethodDesk) -> JSONObject, words: String)] = [
    (
      "a file",
      {
        $0.folder.write("two", to: "workspace/src/a"); return [:]
      }, "the file `src/a` was changed"
    ),
    (
      "a new file",
      {
        $0.folder.write("", to: "workspace/src/deep/b"); return [:]
      }, "the file `src/deep/b` is new"
    ),
    (
      "a file by a glob",
      {
        $0.folder.write("", to: "workspace/extra/n.txt"); return [:]
      },
      "the file `extra/n.txt` is new"
    ),
    (
      "an output",
      {
        $0.folder.write("other", to: "workspace/given"); return [:]
      }, "`make` came to something else"
    ),
    ("the message", { _ in ["message": "hello"] }, "`cache.key` is `hello` and was ``"),
    (
      "the body",
      { desk in
        let nodes = CachedNodeTests.nodes.replacing("echo x >> runs", with: "echo x >>runs")
        for (path, text) in MethodDesk.files(nodes) { desk.folder.write(text, to: "workspace/" + path) }
        return [:]
      }, "what the node's definition says is different"
    ),
  ]

  @Test(arguments: changes.indices) func changeOfWhatGoesInIsNamed(_ index: Int) async throws {
    let (name, change, words) = Self.changes[index]
    let desk = try await desk()
    let first = try await desk.run().runId
    let second = try await desk.run(change(desk)).runId
    #expect(runs(desk) == 2, "\(name)")
    let why = try await explain("build", second, desk)
    #expect(why.cache?.differences.contains(words) == true, "\(name): \(why.cache?.differences ?? [])")
    #expect(why.cache?.compared?.runId == first)
    #expect(why.reason.contains("Nothing could be taken over from run \(first): "))
  }

  @Test func otherFilesAndTheOrderOfRunsDontMatter() async throws {
    let desk = try await desk()
    _ = try await desk.run()
    desk.folder.write("two", to: "workspace/src/a")
    _ = try await desk.run()
    desk.folder.write("one", to: "workspace/src/a")
    desk.folder.write("new", to: "workspace/unnamed")
    _ = try await desk.run()
    #expect(runs(desk) == 2)
  }

  @Test func wishToRunCounts() async throws {
    let desk = try await desk()
    let first = try await desk.run().runId
    _ = try await desk.run(["cache": false])
    #expect(runs(desk) == 2)
    let from = try await desk.call(RerunWorkflow.self, ["runId": first.json, "fromNodeId": "build"]).runId
    #expect(try await desk.end(of: from).status == .succeeded)
    #expect(runs(desk) == 3)
    let whole = try await desk.call(RerunWorkflow.self, ["runId": first.json]).runId
    #expect(try await desk.end(of: whole).status == .succeeded)
    #expect(runs(desk) == 3)
    let bare = try await desk.call(RerunWorkflow.self, ["runId": first.json, "cache": false]).runId
    #expect(try await desk.end(of: bare).status == .succeeded)
    #expect(runs(desk) == 4)
  }

  @Test func failureIsNeverTakenOver() async throws {
    let desk = try await desk("    - {id: bad, cache: {}, bash: 'echo x >> runs; exit 1'}")
    for _ in 0..<2 { #expect(try await desk.run().status == .failed) }
    #expect(runs(desk) == 2)
  }

  @Test func whatWasDeletedOrTamperedWithIsNotTakenOver() async throws {
    let desk = try await desk()
    let first = try await desk.run().runId
    #expect(!entries(desk).isEmpty)
    _ = try await desk.call(DeleteRun.self, ["runId": first.json])
    #expect(entries(desk).isEmpty)
    let second = try await desk.run().runId
    #expect(runs(desk) == 2)
    let paths = desk.fixture.workspace.paths(of: second)
    try overwrite(paths.artifacts.appending("all.txt"), desk)
    let third = try await desk.run().runId
    #expect(runs(desk) == 3)
    #expect(try await explain("build", third, desk).reason.contains("something of it is gone or was changed"))
    try overwrite(desk.fixture.workspace.paths(of: third).log(of: "build", attempt: 1).appending("stdout"), desk)
    _ = try await desk.run()
    #expect(runs(desk) == 4)
  }

  @Test func largeOutputIsTakenOverWhole() async throws {
    let desk = try await desk(
      """
          - {id: big, cache: {}, bash: 'echo x >> runs; head -c 200000 /dev/zero | tr "\\0" y'}
          - {id: size, depends_on: [big], bash: 'printf %s "$big.output" | wc -c'}
      """)
    for _ in 0..<2 {
      let run = try await desk.run()
      #expect(run.status == .succeeded)
      let log = try await desk.call(ReadLog.self, ["runId": run.runId.json, "nodeId": "size"])
      #expect(log.text.filter(\.isNumber) == "200000")
    }
    #expect(runs(desk) == 1)
  }

  @Test func fileThatChangesMeanwhileKeepsTheSuccessFromBeingTakenOver() async throws {
    let desk = try await desk("    - {id: fmt, cache: {inputs: [src/a]}, bash: 'echo x >> runs; echo done > src/a'}")
    let first = try await desk.run().runId
    #expect(try await explain("fmt", first, desk).cache?.obstacle == "files that go in were changed while it ran")
    _ = try await desk.run()
    #expect(runs(desk) == 2)
  }

  @Test func globThatMatchesNothingIsTold() async throws {
    let desk = try await desk("    - {id: n, cache: {inputs: ['srcc/**', src]}, bash: echo}")
    let run = try await desk.run().runId
    #expect(try await explain("n", run, desk).reason.hasSuffix("No file matches `srcc/**` of its `cache.inputs`."))
  }

  @Test func iterationsAndInstancesTakeOverByWhatTheyAreGiven() async throws {
    let desk = try await desk(
      """
          - {id: m, matrix: {n: [1, 2]}, cache: {}, bash: 'echo x >> runs; echo $MATRIX_N'}
          - id: l
            depends_on: [m]
            loop_group:
              max_iterations: 3
              until_bash: '[ "$(wc -l < rounds)" -ge 3 ]'
              nodes:
                - {id: round, bash: echo x >> rounds}
                - {id: same, depends_on: [round], cache: {}, bash: 'echo x >> runs; echo same'}
      """)
    #expect(try await desk.run().status == .succeeded)
    // Both instances, and the loop's node once for all its iterations.
    #expect(runs(desk) == 3)
  }

  @Test func whatAlwaysRunsDoes() async throws {
    let desk = try await desk("    - {id: n, always_run: true, cache: {}, bash: echo x >> runs}")
    for _ in 0..<2 { _ = try await desk.run() }
    #expect(runs(desk) == 2)
  }
}
