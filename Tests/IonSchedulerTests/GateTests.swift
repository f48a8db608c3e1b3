import IonScheduler
import IonWorkflow
import Testing

/// Gates: opened, answered once, and never in the way of what can go on.
@Suite struct GateTests {
  @Test func aGateWaitsForItsAnswer() {
    expectHistory(
      of: flow(node("a"), node("g", .gate(), after: ["a"]), node("b", after: ["g"])),
      """
      started            | slot a
      slot a             | a=running, start a#1
      ok a               | a=succeeded, open g
      opened g=g1        | g=awaitingApproval
      answer g=g1 approve | g=succeeded, slot b
      slot b             | b=running, start b#1
      ok b               | b=succeeded, end succeeded
      """)
  }

  @Test func aGateTakesNoPlaceOfTheRun() {
    expectHistory(
      of: flow(node("g", .gate()), node("a"), node("b"), maxParallel: 1),
      """
      started  | open g, slot a
      opened g | g=awaitingApproval
      slot a   | a=running, start a#1
      ok a     | a=succeeded, slot b
      """)
  }

  @Test func theRunAwaitsApprovalOnlyWhenNothingElseGoesOn() {
    var story = Story(flow(node("g", .gate()), node("a", retry: retries(2)), node("h", .gate())))
    story.tell("started", "opened g", "opened h=g2", "slot a")
    #expect(story.run.status == .running)
    story.tell("fail a")
    #expect(story.run.status == .running, "a retry is still to come")
    story.tell("again a", "slot a", "ok a")
    #expect(story.run.status == .awaitingApproval)
    #expect(story.run.askingNodes == ["g", "h"])
    story.tell("answer g approve")
    #expect(story.run.status == .awaitingApproval)
    story.tell("answer h=g2 approve")
    #expect(story.outcome == "succeeded")
  }

  @Test(arguments: ["answer g=g1 approve", "late g=g1 approve", "answer g=g0 approve", "opened g=g3", "ok g", "slot g"])
  func whatComesAfterTheAnswerChangesNothing(line: String) {
    var story = Story(flow(node("g", .gate(timeout: .seconds(5))), node("h", .gate())))
    story.tell("started", "opened g", "opened h=g2", "answer g reject-not")
    let before = story.run
    #expect(story.tell(line) == [])
    #expect(story.run == before)
    #expect(story.run.node("g")?.gate?.answer?.decision == "reject-not")
  }

  @Test func aRejectionCancelsTheRun() {
    expectHistory(
      of: flow(node("g", .gate()), node("a"), node("b", after: ["g"]), node("h", .gate())),
      """
      started               | open g, open h, slot a
      slot a                | a=running, start a#1
      opened g              | g=awaitingApproval
      opened h=g2           | h=awaitingApproval
      answer g reject: ugly | g=cancelled, b=cancelled, h=cancelled, stop a
      stopped a             | a=cancelled, end cancelled: g was rejected: ugly
      """)
  }

  @Test func aDeclaredRejectionIsADecisionLikeAnyOther() {
    var story = Story(flow(node("g", .gate(decisions: ["approve", "reject"])), node("b", after: ["g"])))
    story.tell("started", "opened g")
    #expect(story.tell("answer g reject") == ["g=succeeded", "slot b"])
  }

  @Test func aTimeoutTakesTheDefault() {
    expectHistory(
      of: flow(node("g", .gate(timeout: .seconds(60), otherwise: "approve")), node("b", after: ["g"])),
      """
      started            | open g
      opened g           | g=awaitingApproval, wake gate g 60s
      late g approve     | g=succeeded, slot b
      """)
    var story = Story(flow(node("g", .gate(timeout: .seconds(60), otherwise: "approve"))))
    story.tell("started", "opened g", "late g approve")
    #expect(story.run.node("g")?.gate?.answer?.decidedBy == "timeout")
    #expect(story.summary("g") == "nobody answered within 1m: `approve` was taken")
  }

  @Test func aTimeoutThatRejectsCancelsTheRun() {
    var story = Story(flow(node("g", .gate(timeout: .seconds(60), otherwise: "reject"))))
    story.tell("started", "opened g", "late g reject")
    #expect(story.outcome == "cancelled: g was rejected: nobody answered within 1m: `reject` was taken")
  }

  @Test func aTimeoutWithoutADefaultFailsTheNode() {
    expectHistory(
      of: flow(node("g", .gate(timeout: .seconds(60)), retry: retries(3)), node("b", after: ["g"])),
      """
      started  | open g
      opened g | g=awaitingApproval, wake gate g 60s
      late g   | g=failed, b=skipped, end failed: g failed: nobody answered within 1m
      """)
  }

  @Test func aToleratedTimeoutLetsTheRunGoOn() {
    var story = Story(flow(node("g", .gate(timeout: .seconds(60)), continueOnError: true), node("b", after: ["g"])))
    story.tell("started", "opened g")
    #expect(story.tell("late g") == ["g=failed", "slot b"])
    #expect(story.run.node("g")?.gate?.state == .expired)
  }

  @Test func aGateThatCantBeOpenedFails() {
    var story = Story(flow(node("g", .gate(), retry: retries(3))))
    story.tell("started")
    #expect(story.tell("fail g value: no x") == ["g=failed", "end failed: g failed: no x"])
  }

  @Test func aCancelClosesTheGate() {
    var story = Story(flow(node("g", .gate()), node("b", after: ["g"])))
    story.tell("started", "opened g")
    #expect(
      story.tell("cancel g: not needed") == ["g=cancelled", "b=skipped", "end failed: g was cancelled: not needed"])
    #expect(story.run.node("g")?.gate?.state == .cancelled)
  }

  @Test func aGateOutlivesAnInterruptionAsItIs() {
    expectHistory(
      of: flow(node("a"), node("g", .gate(timeout: .seconds(9)), after: ["a"]), node("b")),
      """
      started     | slot a, slot b
      slot a      | a=running, start a#1
      slot b      | b=running, start b#1
      ok a        | a=succeeded, open g
      opened g    | g=awaitingApproval, wake gate g 9s
      lost b      | b=interrupted
      interrupted | end interrupted: the editor went away
      answer g approve |
      resumed     | a=succeeded, b=pending, wake gate g 9s, slot b
      answer g approve | g=succeeded
      """)
  }

  @Test func aGateIsAskedAnewWhereWhatItReadHasChanged() {
    var story = Story(flow(node("a", alwaysRun: true), node("g", .gate(), after: ["a"])))
    story.tell("started", "ok +a=one", "opened g=g1", "interrupted")
    story.tell("resumed")
    #expect(story.statuses == "a=pending g=pending")
    #expect(story.run.node("g")?.gate?.id == "g1")
    #expect(story.tell("ok +a=two").last == "open g")
    story.tell("opened g=g2")
    #expect(story.tell("answer g=g1 approve") == [])
    #expect(story.tell("answer g=g2 approve").last == "end succeeded")
    #expect(story.run.node("g")?.attempt == 2)
  }

  @Test func aGateStandsWhereWhatItReadCameOutTheSame() {
    var story = Story(flow(node("a", alwaysRun: true), node("g", .gate(), after: ["a"])))
    story.tell("started", "ok +a=one", "opened g=g1", "interrupted", "resumed")
    #expect(story.tell("ok +a=one").last == "g=awaitingApproval")
    #expect(story.run.status == .awaitingApproval)
    #expect(story.run.node("g")?.attempt == 1)
  }

  @Test func anAnswerIsKeptByAResume() {
    var story = Story(flow(node("g", .gate()), node("b", after: ["g"])))
    story.tell("started", "opened g", "answer g approve", "fail +b", "resumed")
    #expect(story.statuses == "g=succeeded b=pending")
  }

  @Test func aRejectedGateIsAskedAnewByAResume() {
    var story = Story(flow(node("g", .gate())))
    story.tell("started", "opened g=g1", "answer g=g1 reject")
    #expect(story.tell("resumed") == ["g=pending", "open g"])
    story.tell("opened g=g2", "answer g=g2 approve")
    #expect(story.outcome == "succeeded")
  }

  @Test func whoeverTakesAWaitingRunUpGetsItsTimers() {
    var story = Story(
      flow(node("g", .gate(timeout: .seconds(5))), node("h", .gate()), timeout: .seconds(90)))
    story.tell("started", "opened g=g1")
    #expect(story.tell("continued") == [], "a gate is still being opened")
    story.tell("opened h=g2")
    let before = story.run
    #expect(story.tell("continued") == ["wake run 90s", "wake gate g 5s"])
    #expect(story.run == before)
  }

  @Test func aConditionIsAskedBeforeTheGate() {
    expectHistory(
      of: flow(node("g", .gate(), hasCondition: true)),
      """
      started  | when g
      met g    | open g
      opened g | g=awaitingApproval
      """)
  }
}
