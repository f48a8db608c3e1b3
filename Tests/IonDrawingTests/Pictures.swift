import IonWorkflow

@testable import IonDrawing

/// Pictures of runs, made of few words.
enum Pictures {
  /// 2026-03-01T09:30:00Z.
  static let start: Int64 = 1_772_357_400_000

  static func node(
    _ id: String, _ dependencies: [String] = [], _ status: NodeStatus = .succeeded
  ) -> RunPicture.Node {
    RunPicture.Node(id: NodeID(id), kind: "bash", status: status, dependsOn: dependencies.map { NodeID($0) })
  }

  /// One that ran, from so many milliseconds after the start on, once for each span.
  static func ran(
    _ id: String, _ dependencies: [String] = [], _ status: NodeStatus = .succeeded, _ spans: Range<Int64>...
  ) -> RunPicture.Node {
    var node = node(id, dependencies, status)
    node.executions = spans.enumerated().map { index, span in
      let isLast = index == spans.count - 1
      return RunPicture.Execution(
        attempt: index + 1, startedAt: start + span.lowerBound,
        endedAt: isLast && status == .running ? nil : start + span.upperBound, status: isLast ? status : .failed)
    }
    node.attempt = spans.count
    node.startedAt = node.executions.last?.startedAt
    node.endedAt = node.executions.last?.endedAt
    return node
  }

  static func run(
    _ nodes: [RunPicture.Node], _ status: RunStatus = .succeeded, name: String = "build-and-test"
  ) -> RunPicture {
    var picture = RunPicture(
      id: "r-20260301-093000-7k2m9q", number: 7, workflow: name, status: status, createdAt: start - 12,
      takenAt: start + 9_000)
    picture.startedAt = start
    picture.endedAt = status.isLive ? nil : start + 9_000
    picture.nodes = nodes
    return picture
  }

  /// A small run with something of everything.
  static let small: RunPicture = {
    var build = ran("build", [], .succeeded, 0..<2_100)
    build.description = "Compiles."
    build.output = RunPicture.Output(text: "compiled\n", skipped: 1_200)
    build.artifacts = [RunPicture.Artifact(name: "app", uri: "file:///home/ada/engine/app", size: 12_345)]
    var test = ran("test", ["build"], .failed, 2_200..<3_000, 3_400..<4_400)
    test.error = "exit code 1: one < two"
    test.exitCode = 1
    test.condition = "$build.output == \"ok\""
    var publish = node("publish", ["test"], .skipped)
    publish.summary = "not run: test failed"
    var picture = run([build, test, publish], .failed)
    picture.error = "test failed: exit code 1"
    picture.facts = [RunPicture.Fact("Folder", "/home/ada/engine")]
    return picture
  }()

  static let loop = run(
    [node("plan"), node("review", ["plan"], .running)]
      + (1...3).flatMap { [node("review#\($0)/edit"), node("review#\($0)/test", ["edit"], .failed)] }
      + [
        node("build[linux,1]", ["plan"]), node("build[mac,1]", ["plan"], .failed), node("ship", ["review", "build"]),
      ],
    .running)

  /// What a run might say to break out of where it is shown.
  static let hostile = [
    "</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "a&b<c>d'e\"f", "]]>", "<!--", "-->",
    "</style><style>*{}", "</text></svg><script>1</script>", "\u{0}\u{1}\u{8}\u{B}\u{1F}\u{7F}\u{85}\u{FFFE}\u{FFFF}",
    "\u{1B}[31mred\u{1B}[0m\u{1B}]0;title\u{7}", "%%{init: {}}%%", "n1[\"x\"]:::failed", "a\r\nb\rc\nd",
    "`#quot;`", "\\\"", "e\u{301}👩‍👩‍👧", "javascript:alert(1)",
  ]

  /// Every text of the run is hostile.
  static func hostileRun(_ text: String) -> RunPicture {
    var node = ran(text, [], .failed, 0..<10, 20..<30)
    node.kind = text
    node.description = text
    node.condition = text
    node.summary = text
    node.error = text
    node.executions[0].error = text
    node.output = RunPicture.Output(text: text, skipped: 0)
    node.artifacts = [RunPicture.Artifact(name: text, uri: text, size: 1)]
    var picture = run(
      [node, self.node("b", [text], .pending), self.node("l#1/\(text)"), self.node("m[\(text)]")], .failed)
    picture.workflow = text
    picture.error = text
    picture.facts = [RunPicture.Fact(text, text)]
    return picture
  }

  static let all: [RunPicture] =
    [
      small, loop, run([]), run([node("alone", [], .pending)], .queued),
      run([node("itself", ["itself"]), node("one", ["two"]), node("two", ["one"])]),
      run([node("gone", ["missing"]), node("twice"), node("twice", ["gone"])]),
      run(NodeStatus.allCases.map { node($0.rawValue, [], $0) }),
      run([ran("open", [], .running, 0..<1), node("next", ["open"], .pending)], .running),
      run([node("root")] + (0..<30).map { node("leaf\($0)", ["root"]) }),
    ] + hostile.map(hostileRun)

  static func withoutStart(_ picture: RunPicture) -> RunPicture {
    var picture = picture
    picture.startedAt = nil
    picture.endedAt = nil
    return picture
  }
}
