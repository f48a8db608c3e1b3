import IonJSON
import IonRPC
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

/// `approval/list`, `approval/respond`, and the gates in what else is said of runs.
@Suite struct ApprovalMethodTests {
  private static let nodes = """
      - id: review
        approval:
          message: Release it?
          decisions: [{id: approve, label: Ship it}, {id: later}]
          form: {channel: {type: enum, values: [beta, stable], required: true}}
      - id: ship
        depends_on: [review]
        bash: echo "$review.output.form.channel" > shipped
    """

  /// Starts `w` and waits until it only waits for answers.
  private func standing(_ desk: MethodDesk) async throws -> (run: RunID, gate: ApprovalShape) {
    let run = try await desk.start()
    let shape = try await desk.call(WaitForWorkflow.self, ["runId": run.json, "until": "approval"])
    #expect(shape.status == .awaitingApproval && !shape.timedOut)
    return (run, try #require(shape.approvals?.first))
  }

  private func answer(_ gate: ApprovalShape, _ option: String, _ form: JSONValue = ["channel": "beta"]) -> JSONValue {
    ["approvalId": .string(gate.approvalId.rawValue), "optionId": .string(option), "form": form]
  }

  @Test func aGateIsAskedListedAndAnswered() async throws {
    let desk = try await MethodDesk(nodes: Self.nodes)
    let (run, gate) = try await standing(desk)
    #expect(gate.title == "w: review" && gate.message == "Release it?" && gate.state == .pending)
    #expect(gate.options.map(\.optionId) == ["approve", "later"])
    #expect(gate.options.map(\.title) == ["Ship it", "later"])
    #expect(gate.options.map(\.kind) == [.approve, .other])
    #expect(gate.form?.map(\.name) == ["channel"])
    let status = try await desk.call(GetStatus.self, ["runId": run.json, "nodes": true])
    #expect(status.approvals == [gate])
    #expect(status.nodes?.map(\.approvalId) == [gate.approvalId, nil])
    #expect(status.nodes?.first?.status == .awaitingApproval)
    #expect(try await desk.call(ListApprovals.self, ["state": "pending"]).approvals == [gate])
    #expect(try await desk.call(ListApprovals.self, ["runId": run.json, "state": "decided"]).approvals == [])

    let decided = try await desk.call(RespondToApproval.self, answer(gate, "approve"))
    #expect(decided.state == .decided && decided.optionId == "approve" && decided.decidedAt != nil)
    #expect(decided.values == ["channel": "beta"])
    #expect(try await desk.end(of: run).status == .succeeded)
    #expect(desk.folder.read("workspace/shipped") == "beta\n")
    #expect(try await desk.call(ListApprovals.self).approvals == [], "the run has ended")
    #expect(try await desk.call(ListApprovals.self, ["runId": run.json]).approvals == [decided])
  }

  @Test func aGateExplainsItself() async throws {
    let desk = try await MethodDesk(nodes: Self.nodes)
    let (run, gate) = try await standing(desk)
    let node: JSONValue = ["runId": run.json, "nodeId": "review"]
    let waiting = try await desk.call(ExplainNode.self, node)
    #expect(waiting.reason == "Its gate waits for an answer, because it depends on nothing.")
    #expect(waiting.attempts.map(\.status) == [.awaitingApproval])
    _ = try await desk.call(RespondToApproval.self, answer(gate, "later"))
    _ = try await desk.end(of: run)
    let answered = try await desk.call(ExplainNode.self, node)
    #expect(
      answered.reason == "Its gate was opened because it depends on nothing, and a client answered `later`.")
    #expect(answered.attempts.map(\.status) == [.succeeded])
  }

  @Test func aLaterAnswerIsToldWhatStands() async throws {
    let desk = try await MethodDesk(nodes: Self.nodes)
    let (run, gate) = try await standing(desk)
    _ = try await desk.call(RespondToApproval.self, answer(gate, "later"))
    let refusal = try #require(await desk.refusal(RespondToApproval.self, answer(gate, "approve")))
    #expect(refusal.kind == "alreadyResolved")
    #expect(refusal.data?.at("approval.optionId") == "later" && refusal.data?.at("approval.state") == "decided")
    _ = try await desk.end(of: run)
  }

  @Test func everythingThatIsWrongWithAnAnswerIsPointedAt() async throws {
    let desk = try await MethodDesk(nodes: Self.nodes)
    let (run, gate) = try await standing(desk)
    let refusal = try #require(
      await desk.refusal(RespondToApproval.self, answer(gate, "aprove", ["channel": "alpha", "x/y": 1])))
    #expect(refusal.kind == "inputInvalid" && refusal.path == "/params/optionId")
    let paths = refusal.data?["findings"]?.arrayValue?.map { $0["path"] }
    #expect(paths == ["/params/optionId", "/params/form/channel", "/params/form/x~1y"])
    #expect(try await desk.call(ListApprovals.self).approvals == [gate])
    _ = try await desk.call(CancelWorkflow.self, ["runId": run.json])
    let closed = try #require(await desk.refusal(RespondToApproval.self, answer(gate, "approve")))
    #expect(closed.kind == "alreadyResolved" && closed.data?.at("approval.state") == "cancelled")
  }

  @Test(arguments: ["nothing", "r1/review/1", ""]) func anUnknownGateIsNotFound(id: String) async throws {
    let desk = try await MethodDesk(nodes: Self.nodes)
    let refusal = await desk.refusal(RespondToApproval.self, ["approvalId": .string(id), "optionId": "approve"])
    #expect(refusal?.kind == "approvalNotFound")
  }

  @Test func aWaitForAGateEndsWithTheRunToo() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: ':'}")
    let run = try await desk.start()
    let shape = try await desk.call(WaitForWorkflow.self, ["runId": run.json, "until": "approval"])
    #expect(shape.status == .succeeded && shape.approvals == nil)
  }
}
