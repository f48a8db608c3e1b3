import IonScheduler
import IonWorkflow
import Testing

@Suite struct RetryTests {
  @Test func shellNodesAreTriedOnce() {
    var story = Story(flow(node("a")))
    story.tell("started", "fail +a transient")
    #expect(story.status("a") == .failed)
  }

  @Test func agentNodesAreTriedTwiceWhenItMayPass() {
    var story = Story(flow(node("a", .agent)))
    story.tell("started", "fail +a transient", "again a", "fail +a transient")
    #expect(story.run.node("a")?.attempt == 2)
    #expect(story.status("a") == .failed)
  }

  @Test func agentNodesAreNotTriedAgainForOtherFailures() {
    var story = Story(flow(node("a", .agent, retry: retries(3))))
    story.tell("started", "fail +a")
    #expect(story.status("a") == .failed)
  }

  @Test func shellNodesThatAskAreTriedAgainForAnyFailure() {
    var story = Story(flow(node("a", retry: retries(2))))
    #expect(story.tell("started", "fail +a").last == "wake a 1s")
  }

  @Test(arguments: [("fail +a", NodeStatus.failed), ("fail +a transient", .pending)])
  func transientAloneMayBeTriedAgain(event: String, status: NodeStatus) {
    var story = Story(flow(node("a", retry: retries(2, on: .transient))))
    story.tell("started", event)
    #expect(story.status("a") == status)
  }

  @Test(arguments: [
    ("fail +a exit 75", NodeStatus.pending), ("fail +a exit 1", .failed), ("fail +a transient", .failed),
  ])
  func onlyTheNamedExitCodesAreTriedAgain(event: String, status: NodeStatus) {
    var story = Story(flow(node("a", retry: retries(2, exitCodes: [75, 76]))))
    story.tell("started", event)
    #expect(story.status("a") == status)
  }

  @Test func aValueThatCannotBeResolvedIsNotTriedAgain() {
    var story = Story(flow(node("a", retry: retries(5, on: .all))))
    story.tell("started", "fail +a value: $b.output has no field x")
    #expect(story.outcome == "failed: a failed: $b.output has no field x")
  }

  @Test func aFailedConditionIsNotTriedAgain() {
    var story = Story(flow(node("a", hasCondition: true, retry: retries(5))))
    story.tell("started", "broken a: b has no output")
    #expect(story.status("a") == .failed)
    #expect(story.run.node("a")?.failure == StepFailure(.value, "b has no output"))
    #expect(story.run.node("a")?.attempt == 0)
  }

  @Test func theWaitGivesThePlaceBack() {
    var story = Story(flow(node("a", retry: retries(2)), node("b"), maxParallel: 1))
    story.tell("started")
    #expect(story.tell("fail +a").suffix(2) == ["wake a 1s", "slot b"])
    #expect(story.summary("a") == "attempt 1 failed; the next one starts in 1s")
    #expect(story.run.node("a")?.failure?.message == "exit code 1")
    #expect(story.tell("again a") == [])
    #expect(story.tell("ok +b").last == "slot a")
  }

  @Test func aNodeThatSucceedsInTheEndHasNoFailure() {
    var story = Story(flow(node("a", retry: retries(2))))
    story.tell("started", "fail +a", "again a", "ok +a")
    #expect(story.run.node("a")?.failure == nil)
    #expect(story.summary("a") == nil)
    #expect(story.outcome == "succeeded")
  }

  @Test func dependentsWaitForTheLastExecution() {
    var story = Story(flow(node("a", retry: retries(2)), node("b", after: ["a"], rule: .allDone)))
    story.tell("started")
    #expect(!story.tell("fail +a").contains("slot b"))
    #expect(story.tell("again a", "fail +a").contains("slot b"))
  }

  @Test func theBudgetStartsAnewOnResumeAndTheAttemptDoesNot() {
    var story = Story(flow(node("a", retry: retries(2))))
    story.tell("started", "fail +a", "again a", "fail +a", "resumed", "fail +a")
    #expect(story.status("a") == .pending)
    story.tell("again a", "fail +a")
    #expect(story.status("a") == .failed)
    #expect(story.run.node("a")?.attempt == 4)
  }

  @Test func aStepThatWasToldToStopIsNotTriedAgain() {
    var story = Story(flow(node("a", retry: retries(3)), node("b")))
    story.tell("started", "slot a", "cancel a", "fail a")
    #expect(story.status("a") == .failed)
  }

  @Test func aWaitingNodeCanBeCancelled() {
    var story = Story(flow(node("a", retry: retries(3))))
    story.tell("started", "fail +a", "cancel a: enough", "again a")
    #expect(story.statuses == "a=cancelled")
    #expect(story.run.node("a")?.failure == nil)
  }

  @Test func theDiceDecideOnTheJitter() {
    var policy = retries(2)
    policy.jitter = 1
    var run = WorkflowRun(flow(node("a", retry: policy)))
    _ = run.advance(on: .started)
    _ = run.advance(on: .slotGranted("a"))
    let commands = run.advance(on: .stepFailed("a", StepFailure(.exit, "no"), dice: 0.25))
    #expect(commands == [.record("a"), .wake(.retry("a"), after: .milliseconds(250))])
  }
}
