import IonScheduler
import IonWorkflow
import Testing

/// Nodes that have their turn at the end of a run.
@Suite struct EndNodeTests {
  private func definition(timeout: Duration? = nil) -> WorkflowDefinition {
    flow(
      node("always", reads: ["a"]).at(.onExit), node("bad").at(.onFailure), node("a"), node("b", after: ["a"]),
      node("good").at(.onSuccess), timeout: timeout)
  }

  @Test func aSuccessIsFollowedByItsNodesAndThenByThoseOfEveryExit() {
    expectHistory(
      of: definition(),
      """
      started     | slot a
      slot a      | a=running, start a#1
      ok a        | a=succeeded, slot b
      slot b      | b=running, start b#1
      ok b        | bad=skipped, b=succeeded, slot good
      slot good   | good=running, start good#1
      ok good     | good=succeeded, slot always
      slot always | always=running, start always#1
      ok always   | always=succeeded, end succeeded
      """)
  }

  @Test func aFailureIsFollowedByItsOwn() {
    var story = Story(definition())
    story.tell("started", "fail +a")
    #expect(story.answers.suffix(2) == ["good=skipped", "slot bad"] || story.answers.last == "slot bad")
    #expect(story.statuses == "always=pending bad=pending a=failed b=skipped good=skipped")
    #expect(story.summary("good") == "not run: the run failed")
    #expect(story.run.status == .running)
    story.tell("ok +bad", "ok +always")
    #expect(story.outcome == "failed: a failed: exit code 1")
  }

  @Test func aCancelledRunIsFollowedByThoseOfEveryExitAlone() {
    var story = Story(definition())
    story.tell("started", "slot a", "cancel: enough")
    #expect(story.statuses == "always=pending bad=pending a=running b=cancelled good=pending")
    #expect(story.tell("stopped a").last == "slot always")
    #expect(story.summary("bad") == "not run: the run was cancelled")
    story.tell("ok +always")
    #expect(story.statuses == "always=succeeded bad=skipped a=cancelled b=cancelled good=skipped")
    #expect(story.outcome == "cancelled: enough")
  }

  @Test func aSecondCancelCutsOffTheEndToo() {
    var story = Story(definition())
    story.tell("started", "slot a", "cancel: enough", "stopped a", "slot always", "cancel: really")
    #expect(story.answers.last == "stop always")
    story.tell("stopped always")
    #expect(story.outcome == "cancelled: enough")
  }

  @Test func aRunThatTakesTooLongHasFailed() {
    var story = Story(definition(timeout: .seconds(5)))
    story.tell("started", "slot a", "timeout", "stopped a", "ok +bad", "ok +always")
    #expect(story.outcome == "failed: the run took longer than 5s")
  }

  @Test func afterAnInterruptionTheirTurnComesByAResume() {
    var story = Story(definition())
    story.tell("started", "ok +a", "slot b", "interrupted", "stopped b")
    #expect(story.statuses == "always=pending bad=pending a=succeeded b=interrupted good=pending")
    #expect(story.outcome == "interrupted: the editor went away")
    story.tell("resumed", "ok +b", "ok +good", "slot always", "interrupted", "stopped always")
    #expect(story.run.status == .interrupted)
    // At the end of each attempt they run again.
    story.tell("resumed")
    #expect(story.answers.last == "slot good")
    story.tell("ok +good", "ok +always")
    #expect(story.outcome == "succeeded: no node had to run: what succeeded before was kept")
  }

  @Test func theirFailureFailsASuccessAndHidesNoEarlierReason() {
    var success = Story(definition())
    success.tell("started", "ok +a", "ok +b", "fail +good", "ok +always")
    #expect(success.outcome == "failed: good failed: exit code 1")
    var failure = Story(definition())
    failure.tell("started", "fail +a", "fail +bad", "fail +always")
    #expect(
      failure.outcome
        == "failed: a failed: exit code 1; at the end: bad failed: exit code 1; at the end: always failed: exit code 1")
    var cancelled = Story(definition())
    cancelled.tell("started", "cancel: why", "fail +always")
    #expect(cancelled.outcome == "cancelled: why; at the end: always failed: exit code 1")
  }

  @Test func whoeverIsNotWantedAtTheEndIsCancelledBefore() {
    var story = Story(definition())
    story.tell("started", "cancel always: not today", "ok +a", "ok +b", "ok +good")
    #expect(story.status("always") == .cancelled)
    #expect(story.outcome == "succeeded")
  }

  @Test func aRunThatNeverBeganHasNoEnd() {
    var story = Story(definition())
    story.tell("cancel")
    #expect(story.outcome == "cancelled")
    #expect(story.statuses == "always=cancelled bad=cancelled a=cancelled b=cancelled good=cancelled")
  }

  @Test func nothingMayWaitForTheEnd() {
    var story = Story(flow(node("a", after: ["end"]), node("end").at(.onExit)))
    story.tell("started")
    #expect(story.outcome == "failed: a waits for end, which has its turn at the end of the run")
    #expect(story.statuses == "a=skipped end=skipped")
  }
}
