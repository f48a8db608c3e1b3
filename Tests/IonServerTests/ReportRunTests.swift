import IonEngine
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

@Suite struct ReportRunTests {
  private func report(_ run: RunID, _ format: ReportFormat?, _ desk: MethodDesk) async throws -> ReportRun.Result {
    try await desk.call(
      ReportRun.self, ["runId": run.json, "format": format.map { .string($0.rawValue) } ?? .string("html")])
  }

  private func text(_ run: RunID, _ format: ReportFormat, _ desk: MethodDesk) async throws -> String {
    try #require(try await report(run, format, desk).text)
  }

  private func picture(_ run: RunID, _ desk: MethodDesk) async throws -> RunPictureShape {
    try #require(try await report(run, .json, desk).picture)
  }

  private func node(_ id: NodeID, _ picture: RunPictureShape) throws -> DrawnNodeShape {
    try #require(picture.nodes.first { $0.nodeId == id })
  }

  private static let chain = """
      - id: first
        description: Says something.
        artifacts: [made.txt]
        bash: echo "said </script><b>"; echo x > "$ARTIFACTS_DIR/made.txt"
      - id: second
        depends_on: [first]
        retry: {max_attempts: 2, delay_ms: 1}
        bash: test -e mended || exit 3
      - id: third
        depends_on: [second]
        when: $first.output != 'no'
        bash: echo third
    """

  @Test func pageHasTheGraphAndEveryNodesDetails() async throws {
    let desk = try await MethodDesk(nodes: Self.chain)
    let run = try await desk.run()
    let page = try await report(run.runId, nil, desk)
    #expect(page.format == .html && page.mediaType == "text/html; charset=utf-8" && page.seq == run.seq)
    for text in [
      "<!DOCTYPE html>", "Says something.", "said &lt;/script&gt;&lt;b&gt;", "made.txt</a>", "exit code 3",
      "$first.output != &quot;no&quot;", "not run: second failed", "Attempts</h4>", desk.root.text,
    ] { #expect(page.text?.contains(text) == true, "\(text)") }
    #expect(page.text?.ranges(of: "</script>").count == 1 && page.picture == nil)
    let artifact = try await desk.call(ListArtifacts.self, ["runId": run.runId.json]).artifacts[0]
    #expect(page.text?.contains("href=\"\(artifact.fileUri)\"") == true)
  }

  @Test func otherFormatsAreWhatTheySay() async throws {
    let desk = try await MethodDesk(nodes: Self.chain)
    let run = try await desk.run().runId
    let drawing = try await report(run, .svg, desk)
    #expect(drawing.text?.hasPrefix("<svg ") == true && drawing.mediaType == "image/svg+xml")
    let chart = try await text(run, .mermaid, desk)
    #expect(chart.contains("\nflowchart LR\n") && chart.contains("n0 --> n1"))
    let absent = try await desk.call(ReportRun.self, ["runId": run.json])
    #expect(absent.format == .html)
    #expect(await desk.refusal(ReportRun.self, ["runId": run.json, "format": "pdf"])?.path == "/params/format")
  }

  @Test func dataHasEveryStartOfEveryNode() async throws {
    let desk = try await MethodDesk(nodes: Self.chain)
    let run = try await desk.run().runId
    desk.folder.write("", to: "workspace/mended")
    _ = try await desk.call(ResumeWorkflow.self, ["runId": run.json])
    _ = try await desk.end(of: run)
    let picture = try await picture(run, desk)
    #expect(picture.version == 1 && picture.status == .succeeded && picture.attempt == 2)
    #expect(picture.nodes.map(\.nodeId) == ["first", "second", "third"])
    #expect(try node("first", picture).executions.map(\.runAttempt) == [1])
    let second = try node("second", picture)
    #expect(second.dependsOn == ["first"] && second.kind == "bash")
    #expect(second.executions.map(\.status) == [.failed, .failed, .succeeded])
    #expect(second.executions.map(\.attempt) == [1, 2, 3])
    #expect(second.executions.map(\.runAttempt) == [1, 1, 2])
    #expect(second.executions.allSatisfy { $0.endedAt != nil })
    #expect(try node("third", picture).dependsOn == ["second"])
  }

  @Test func runThatGoesOnIsDrawnWithOpenEnds() async throws {
    let desk = try await MethodDesk(
      nodes:
        "  - {id: slow, bash: 'echo begun; \(MethodDesk.waiting)'}\n  - {id: next, depends_on: [slow], bash: 'true'}")
    let run = try await desk.start()
    await desk.fixture.platform.until("slow", is: .running)
    let picture = try await picture(run, desk)
    let slow = try node("slow", picture)
    #expect(picture.endedAt == nil && slow.executions.map(\.status) == [.running])
    #expect(slow.executions[0].endedAt == nil && slow.executions[0].startedAt.wallTime <= picture.takenAt.wallTime)
    #expect(try await text(run, .html, desk).contains("has been running for"))
    desk.letGo()
    _ = try await desk.end(of: run)
  }

  @Test func runThatNeverBeganIsDrawnToo() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, prompt: hello}\n  - {id: b, depends_on: [a], bash: 'true'}")
    let run = try await desk.run()
    #expect(run.startedAt == nil)
    let page = try await text(run.runId, .html, desk)
    #expect(page.contains("failed before it started") && page.contains("Nothing ran."))
    #expect(try await text(run.runId, .svg, desk).contains("failed before it started"))
  }

  @Test func instancesAndIncludedNodesAreDrawnInTheirNode() async throws {
    let desk = try await MethodDesk(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - {id: build, matrix: {os: [linux, mac]}, bash: 'echo $MATRIX.os'}
        - {id: checks, depends_on: [build], include: checks}
      """,
      ".ion/workflows/checks.yaml":
        "name: checks\nnodes: [{id: lint, bash: 'true'}, {id: test, depends_on: [lint], bash: 'true'}]\n",
    ])
    let run = try await desk.run().runId
    let chart = try await text(run, .mermaid, desk).split(separator: "\n").map(String.init)
    #expect(chart.contains { $0.hasSuffix("[\"build\"]") } && chart.contains { $0.hasSuffix("[\"checks\"]") })
    #expect(chart.count { $0.hasPrefix("  subgraph") } == 2)
    #expect(chart.contains { $0.hasPrefix("    n") && $0.contains("checks_") || $0.contains("checks__lint") })
    let picture = try await picture(run, desk)
    #expect(try node("build[mac]", picture).kind == "bash")
    #expect(try node("build[mac]", picture).executions.count == 1)
  }

  @Test func iterationsAreDrawnInTheirLoop() async throws {
    let desk = try await MethodDesk(
      nodes: """
          - {id: begin, bash: 'true'}
          - id: tries
            depends_on: [begin]
            loop_group:
              max_iterations: 3
              until_bash: test "$(wc -l < count)" -ge 2
              nodes:
                - {id: edit, bash: echo x >> count}
                - {id: look, depends_on: [edit], bash: cat count}
          - {id: end, depends_on: [tries], bash: 'true'}
        """)
    let run = try await desk.run().runId
    let picture = try await picture(run, desk)
    #expect(picture.status == .succeeded)
    let look = try node("tries#2/look", picture)
    #expect(look.kind == "bash" && look.dependsOn == ["edit"] && look.executions.map(\.status) == [.succeeded])
    let chart = try await text(run, .mermaid, desk)
    #expect(chart.contains("[\"tries\"]") && chart.contains("[\"iteration 2\"]"))
    let page = try await text(run, .html, desk)
    #expect(page.contains("tries#2/look") && page.contains(">iteration 2</text>"))
  }

  @Test func outputsAreTheirEndAndHaveABound() async throws {
    let desk = try await MethodDesk(
      nodes: "  - {id: loud, bash: 'head -c 100000 /dev/zero | tr \"\\\\0\" x; echo the-end'}")
    let run = try await desk.run().runId
    let page = try await text(run, .html, desk)
    #expect(page.contains("xxxthe-end") && page.contains("before it are in <code>ion log</code>"))
    #expect(page.utf8.count < 60_000)
  }

  @Test func unknownRunsAndTooLongReportsAreRefused() async throws {
    let desk = try await MethodDesk(nodes: Self.chain)
    #expect(await desk.refusal(ReportRun.self, ["runId": "none"])?.kind == "runNotFound")
    try ReportRun.check(ReportRun.limit, "r")
    let failure = #expect(throws: Failure.self) { try ReportRun.check(ReportRun.limit + 1, "r") }
    #expect(failure?.kind == .tooLarge && failure?.facts["limit"] == .integer(Int64(ReportRun.limit)))
  }
}
