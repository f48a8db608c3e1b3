import IonEngine
import IonJSON
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

@Suite struct ExplainNodeTests {
  private func explain(_ node: String, _ run: RunID, _ desk: MethodDesk) async throws -> ExplainNode.Result {
    try await desk.call(ExplainNode.self, ["runId": run.json, "nodeId": .string(node)])
  }

  @Test func nodesThatRanFailedAndWereSkippedSayWhy() async throws {
    let desk = try await MethodDesk(
      nodes: """
          - {id: first, bash: echo x}
          - {id: bad, depends_on: [first], bash: exit 3}
          - {id: after, depends_on: [bad], bash: echo never}
          - {id: choosy, depends_on: [first], when: $first.output == 'y', bash: echo never}
          - {id: met, depends_on: [first], when: $first.output == 'x', bash: echo yes}
          - {id: unread, depends_on: [first], when: $first.output.field == 'x', bash: echo never}
        """)
    let run = try await desk.run().runId
    let first = try await explain("first", run, desk)
    #expect(first.reason == "It ran because it depends on nothing, and succeeded.")
    #expect(first.attempts.map(\.status) == [.succeeded])
    #expect(first.attempts.first?.endedAt != nil)
    let bad = try await explain("bad", run, desk)
    #expect(bad.reason.hasPrefix("It ran because everything that it depends on succeeded, and failed: "))
    #expect(bad.dependencies == [ExplainNode.Dependency(nodeId: "first", status: .succeeded, counts: true)])
    #expect(bad.attempts.first?.exitCode == 3)
    let after = try await explain("after", run, desk)
    #expect(
      after.reason == "It was not run: bad failed, and it runs only when everything that it depends on succeeded.")
    #expect(after.attempts.isEmpty)
    let choosy = try await explain("choosy", run, desk)
    #expect(choosy.reason == "It was not run: its condition `$first.output == \"y\"` is not met.")
    #expect(choosy.condition == .unmet)
    let met = try await explain("met", run, desk)
    #expect(met.reason.contains("and its condition is met, and succeeded"))
    #expect(met.condition == .met)
    #expect(met.when == "$first.output == \"x\"")
    let unread = try await explain("unread", run, desk)
    #expect(unread.status == .failed)
    #expect(unread.condition == .failed)
    #expect(unread.reason.hasPrefix("It did not run, and counts as failed: its condition could not be evaluated: "))
  }

  @Test func resumedRunSaysWhatWasKeptAndWhatRanAgain() async throws {
    let desk = try await MethodDesk(
      nodes: """
          - {id: kept, bash: echo x}
          - {id: again, depends_on: [kept], bash: test -e mended}
        """)
    let run = try await desk.run().runId
    desk.folder.write("", to: "workspace/mended")
    _ = try await desk.call(ResumeWorkflow.self, ["runId": run.json])
    _ = try await desk.end(of: run)
    let kept = try await explain("kept", run, desk)
    #expect(kept.reason == "It ran in an earlier attempt of the run, and was kept: what it read has not changed.")
    #expect(kept.attempts.count == 1)
    let again = try await explain("again", run, desk)
    #expect(again.attempts.map(\.attempt) == [1, 2])
    #expect(again.attempts.map(\.status) == [.failed, .succeeded])
    #expect(again.reason.hasSuffix("It was started 2 times, because its attempt 1 failed."))
  }

  @Test func inheritedNodeSaysWhereItsOutputIsFrom() async throws {
    let desk = try await MethodDesk(
      nodes: "  - {id: up, bash: echo x}\n  - {id: down, depends_on: [up], bash: 'true'}")
    let first = try await desk.run().runId
    let second = try await desk.call(RerunWorkflow.self, ["runId": first.json, "fromNodeId": "down"]).runId
    _ = try await desk.end(of: second)
    let up = try await explain("up", second, desk)
    #expect(up.reason == "It did not have to run, and was kept: taken over from an earlier run.")
    #expect(up.attempts.isEmpty)
  }

  @Test func retriesAreAttemptsOfTheirOwn() async throws {
    let desk = try await MethodDesk(
      nodes: """
          - id: flaky
            retry: {max_attempts: 3, delay_ms: 1}
            bash: echo x >> tries; test "$(wc -l < tries)" -ge 2
        """)
    let run = try await desk.run().runId
    let flaky = try await explain("flaky", run, desk)
    #expect(flaky.attempts.map(\.status) == [.failed, .succeeded])
    #expect(flaky.attempts[0].error != nil)
    #expect(flaky.attempts[1].error == nil)
  }

  @Test func waitingAndRunningNodesSayWhatFor() async throws {
    let desk = try await MethodDesk(
      nodes: "  - {id: slow, bash: '\(MethodDesk.waiting)'}\n  - {id: next, depends_on: [slow], bash: 'true'}")
    let run = try await desk.start()
    await desk.fixture.platform.until("slow", is: .running)
    #expect(try await explain("slow", run, desk).reason == "It is running, because it depends on nothing.")
    let next = try await explain("next", run, desk)
    #expect(next.reason == "It waits for `slow` (running).")
    #expect(next.dependencies.map(\.status) == [.running])
    #expect(await desk.refusal(ExplainNode.self, ["runId": run.json, "nodeId": "none"])?.kind == "nodeNotFound")
    desk.letGo()
    _ = try await desk.end(of: run)
  }
}

/// What can hardly be brought about by running something.
@Suite struct NodeReasonTests {
  private func history(_ status: NodeStatus, summary: String? = nil, _ change: (inout NodeHistory) -> Void = { _ in })
    -> NodeHistory
  {
    var row = NodeRecord(run: "r", node: "n", index: 0, status: status)
    row.summary = summary
    var history = NodeHistory(
      node: Node(id: "n", kind: .exec([])), row: row, dependencies: [], verdict: nil, executions: [])
    change(&history)
    return history
  }

  @Test func pendingNodeOfAnEndedRunNamesTheRun() {
    #expect(NodeReason(history(.pending), run: .interrupted).text == "It has not run: the run is interrupted.")
  }

  @Test func retryThatIsDueLaterIsNamed() {
    let waiting = history(.pending, summary: "attempt 1 failed; the next one starts in 3s")
    #expect(NodeReason(waiting, run: .running).text == "It waits: attempt 1 failed; the next one starts in 3s.")
  }

  @Test func readyNodeWaitsForAPlace() {
    #expect(
      NodeReason(history(.pending), run: .running).text
        == "It may start, because it depends on nothing; it waits for a free place.")
  }

  @Test func manyDependenciesAreShortened() {
    let many = history(.pending) { history in
      history.dependencies = (1...8).map { .init(node: NodeID("n\($0)"), status: .pending, isRuled: true) }
    }
    #expect(
      NodeReason(many, run: .running).text
        == "It waits for `n1` (pending), `n2` (pending), `n3` (pending), `n4` (pending), `n5` (pending) and 3 more.")
  }

  @Test func toleratedFailureIsNoSuccess() {
    let tolerant = history(.succeeded) { history in
      history.dependencies = [
        .init(node: "a", status: .succeeded, isRuled: true), .init(node: "b", status: .failed, isRuled: true),
      ]
      history.executions = [.init(attempt: 1, startedAt: 0, endedAt: 1, status: .succeeded)]
    }
    #expect(
      NodeReason(tolerant, run: .succeeded).text
        == "It ran because everything that it depends on succeeded or may fail (`b`), and succeeded.")
  }

  @Test(arguments: [
    (TriggerRule.oneSuccess, "at least one node that it depends on succeeded"),
    (.noneFailedMinOneSuccess, "no node that it depends on failed, and at least one succeeded"),
    (.allDone, "everything that it depends on has settled"),
  ])
  func triggerRulesAreToldInWords(rule: TriggerRule, cause: String) {
    let ran = history(.succeeded) { history in
      history.node.triggerRule = rule
      history.dependencies = [.init(node: "a", status: .succeeded, isRuled: true)]
      history.executions = [.init(attempt: 1, startedAt: 0, endedAt: 1, status: .succeeded)]
    }
    #expect(NodeReason(ran, run: .succeeded).text == "It ran because \(cause), and succeeded.")
  }

  @Test(arguments: [
    (NodeStatus.cancelled, "It was cancelled: why."),
    (.interrupted, "It was running when the run was interrupted: why."),
    (.unknown, "Nobody knows whether it had its effect: why."),
    (.awaitingApproval, "Its gate waits for an answer, because it depends on nothing."),
  ])
  func otherEndsSayWhatTheRowSays(status: NodeStatus, text: String) {
    #expect(NodeReason(history(status, summary: "why"), run: .cancelled).text == text)
  }

  @Test(arguments: [
    (NodeStatus.succeeded, "when the run was resumed, what it had read was not the same any more"),
    (.interrupted, "because its attempt 1 was interrupted"), (.failed, "because its attempt 1 failed"),
  ])
  func startedAgainSaysWhy(earlier: NodeStatus, why: String) {
    let twice = history(.succeeded) { history in
      history.executions = [
        .init(attempt: 1, startedAt: 0, endedAt: 1, status: earlier),
        .init(attempt: 2, startedAt: 2, endedAt: 3, status: .succeeded),
      ]
    }
    #expect(NodeReason(twice, run: .succeeded).text.contains(why))
  }
}
