import IonScheduler
import IonWorkflow
import Testing

/// How a run ends, and what can't change that.
@Suite struct EndingTests {
  @Test func aFailedNodeFailsTheRunAndOthersGoOn() {
    var story = Story(flow(node("a"), node("b"), node("c", after: ["b"]), node("d", after: ["a"])))
    story.tell("started", "fail +a", "ok +b", "ok +c")
    #expect(story.statuses == "a=failed b=succeeded c=succeeded d=skipped")
    #expect(story.outcome == "failed: a failed: exit code 1")
    #expect(story.run.error == "a failed: exit code 1")
  }

  @Test func theErrorNamesTheFirstThatFailed() {
    var story = Story(flow(node("a"), node("b"), node("c"), node("d"), node("e")))
    story.tell("started", "fail +e: no disk\nand more", "fail +c", "ok +a", "fail +b", "fail +d")
    #expect(story.outcome == "failed: e failed: no disk; c failed: exit code 1; b failed: exit code 1; and 1 more")
  }

  @Test func aSuccessThatNeedsEvidenceWaitsForIt() {
    var workflow = flow(node("a"))
    workflow.needsEvidence = true
    expectHistory(
      of: workflow,
      """
      evidence: too early     |
      started                 | slot a
      slot a                  | a=running, start a#1
      ok a                    | a=succeeded, evidence
      evidence                | end succeeded
      evidence: too late      |
      """)
    expectHistory(
      of: workflow,
      """
      started                 | slot a
      slot a                  | a=running, start a#1
      fail a                  | a=failed, end failed: a failed: exit code 1
      """)
    expectHistory(
      of: workflow,
      """
      started                 | slot a
      slot a                  | a=running, start a#1
      ok a                    | a=succeeded, evidence
      evidence: there is none | end failed: there is none
      resumed                 | a=succeeded, evidence
      cancel: no              | end cancelled: no
      """)
  }

  @Test func whatIsFinishedEarlyNeedsItsEvidenceToo() {
    var workflow = flow(node("a", .finish), node("b", after: ["a"]))
    workflow.needsEvidence = true
    var story = Story(workflow)
    #expect(story.tell("started", "ok +a=done").last == "evidence")
    story.tell("evidence: there is none")
    #expect(story.outcome == "failed: there is none")
    #expect(story.statuses == "a=succeeded b=skipped")
  }

  @Test func aToleratedFailureDoesNotFailTheRun() {
    var story = Story(flow(node("a", continueOnError: true), node("b", after: ["a"])))
    story.tell("started", "fail +a", "ok +b")
    #expect(story.statuses == "a=failed b=succeeded")
    #expect(story.outcome == "succeeded")
    #expect(story.run.error == nil)
  }

  @Test(arguments: [(1, "no node ran: every one was skipped"), (0, "no node ran: the workflow has none")])
  func aRunInWhichNothingRanSucceedsAndSaysSo(count: Int, reason: String) {
    var story = Story(flow([node("a", hasCondition: true)].prefix(count) + []))
    story.tell("started")
    if count > 0 { story.tell("unmet a") }
    #expect(story.outcome == "succeeded: \(reason)")
  }

  @Test func secondCancelChangesNothing() {
    var story = Story(flow(node("a"), node("b", after: ["a"])))
    story.tell("started", "slot a", "cancel: first")
    let before = story.run
    #expect(story.tell("cancel: second", "interrupted", "cancel a", "cancel b") == [])
    #expect(story.run == before)
    story.tell("stopped a")
    #expect(story.outcome == "cancelled: first")
    #expect(story.summary("a") == "stopped: the run was cancelled")
    #expect(story.summary("b") == "not run: the run was cancelled")
  }

  @Test func aResultThatCameFirstStandsButDoesNotSaveTheRun() {
    var story = Story(flow(node("a"), node("b", after: ["a"])))
    story.tell("started", "slot a", "cancel", "ok a")
    #expect(story.statuses == "a=succeeded b=cancelled")
    #expect(story.outcome == "cancelled")
  }

  @Test func aNodeCancelThatComesTooLateChangesNothing() {
    var story = Story(flow(node("a"), node("b", after: ["a"])))
    story.tell("started", "slot a", "cancel a")
    #expect(story.tell("ok a") == ["a=succeeded", "slot b"])
  }

  @Test func aCancelledNodeIsStoppedAndTheRunGoesOn() {
    var story = Story(flow(node("a"), node("b"), node("c", after: ["a"])))
    story.tell("started", "slot a")
    #expect(story.tell("cancel a: wrong branch") == ["stop a"])
    #expect(story.status("a") == .running)
    #expect(story.tell("cancel a") == [])
    #expect(story.tell("stopped a") == ["a=cancelled", "c=skipped"])
    #expect(story.summary("a") == "wrong branch")
    story.tell("ok +b")
    #expect(story.outcome == "failed: a was cancelled: wrong branch")
  }

  @Test func aCancelledNodeThatWaitedGivesItsPlaceToAnother() {
    var story = Story(flow(node("a"), node("b"), maxParallel: 1))
    story.tell("started")
    #expect(story.tell("cancel a") == ["a=cancelled", "no slot a", "slot b"])
    #expect(story.tell("slot a") == [])
  }

  @Test func aCancelNodeCancelsTheRun() {
    var story = Story(flow(node("a"), node("stop", .cancel), node("b", after: ["a"])))
    story.tell("started", "slot a", "ok +stop=not-today")
    #expect(story.statuses == "a=running stop=succeeded b=cancelled")
    #expect(story.summary("b") == "not run: the run was cancelled by stop")
    story.tell("stopped a")
    #expect(story.outcome == "cancelled: not-today")
  }

  @Test func aFailureDoesNotFlipAFinish() {
    var story = Story(flow(node("a"), node("b"), node("done", .finish)))
    story.tell("started", "slot a", "slot b", "ok +done=good", "fail a", "timeout", "cancel")
    #expect(story.run.outcome == nil)
    story.tell("stopped b")
    #expect(story.statuses == "a=failed b=cancelled done=succeeded")
    #expect(story.outcome == "succeeded: good")
  }

  @Test func aControlNodeThatIsNotDueDoesNothing() {
    var story = Story(flow(node("a"), node("stop", .cancel, after: ["a"], hasCondition: true)))
    story.tell("started", "ok +a", "unmet stop")
    #expect(story.outcome == "succeeded")
  }

  @Test func aControlNodeThatFailsIsAFailure() {
    var story = Story(flow(node("done", .finish)))
    story.tell("started", "fail +done value: no output")
    #expect(story.outcome == "failed: done failed: no output")
  }

  @Test func anInterruptionLeavesWhatIsPending() {
    var story = Story(flow(node("a"), node("b"), node("c", after: ["a"]), node("d", retry: retries(2))))
    story.tell("started", "slot a", "fail +d")
    #expect(story.tell("interrupted: bye") == ["d=pending", "no slot b", "stop a"])
    #expect(story.tell("slot b", "again d") == [])
    #expect(story.tell("stopped a") == ["a=interrupted", "end interrupted: bye"])
    #expect(story.statuses == "a=interrupted b=pending c=pending d=pending")
    #expect(story.summary("a") == "stopped: bye")
    #expect(story.summary("d") == nil)
  }

  @Test func anInterruptionWithNothingRunningEndsAtOnce() {
    var story = Story(flow(node("a", hasCondition: true)))
    #expect(story.tell("started", "interrupted: bye", "met a") == ["when a", "end interrupted: bye"])
  }

  @Test func nothingStartsWhileLostStepsAreCounted() {
    var story = Story(flow(node("a"), node("b"), node("c", after: ["a"], rule: .allDone)))
    story.tell("started", "slot a", "slot b")
    #expect(story.tell("lost a") == ["a=interrupted"])
    #expect(story.tell("lost b") == ["b=interrupted"])
    #expect(story.run.outcome == nil)
    #expect(story.tell("interrupted: killed") == ["end interrupted: killed"])
    #expect(story.statuses == "a=interrupted b=interrupted c=pending")
  }

  @Test func aCrashDuringACancelDoesNotUndoIt() {
    var story = Story(flow(node("a")))
    story.tell("started", "slot a", "cancel: enough", "lost a", "interrupted: killed")
    #expect(story.outcome == "cancelled: enough")
  }

  @Test func aTimeoutStopsEverything() {
    var story = Story(flow(node("a"), node("b", after: ["a"]), timeout: .milliseconds(1500)))
    story.tell("started", "slot a", "timeout", "stopped a")
    #expect(story.outcome == "failed: the run took longer than 1.5s")
    #expect(story.statuses == "a=cancelled b=cancelled")
  }

  @Test func aRunWithoutATimeoutHasNone() {
    var story = Story(flow(node("a")))
    #expect(story.tell("started", "timeout") == ["slot a"])
  }

  @Test(arguments: [
    "started", "slot a", "ok a", "fail a", "stopped a", "lost a", "again a", "timeout", "cancel", "interrupted",
  ])
  func anEndIsFinal(event: String) {
    var story = Story(flow(node("a"), node("b"), timeout: .seconds(1)))
    story.tell("started", "fail +a", "ok +b")
    let before = story.run
    #expect(story.tell(event) == [])
    #expect(story.run == before)
  }

  @Test func aSucceededRunIsNotResumed() {
    var story = Story(flow(node("a")))
    story.tell("started", "ok +a")
    #expect(story.tell("resumed") == [])
    #expect(story.run.attempt == 1)
  }
}
