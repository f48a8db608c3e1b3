import IonScheduler
import IonWorkflow
import Testing

/// `workflow` nodes, as far as the scheduler knows of them.
@Suite struct ChildTests {
  @Test func aWaitingChildLetsItsRunWaitAndTakesNoPlace() {
    expectHistory(
      of: flow(node("a", .child), node("b"), maxParallel: 1),
      """
      started    | slot a
      slot a     | a=running, start a#1
      child a=r1 | a=running
      stands a   | a=awaitingApproval, slot b
      slot b     | b=running, start b#1
      stands a   |
      ok b       | b=succeeded
      goes a     | a=running
      ok a       | a=succeeded, end succeeded
      """)
  }

  @Test func itsStatusIsThatOfAGate() {
    var story = Story(flow(node("a", .child), node("b")))
    story.tell("started", "slot a", "slot b", "stands a")
    #expect(story.run.status == .running)
    story.tell("ok b")
    #expect(story.run.status == .awaitingApproval && story.run.askingNodes == ["a"])
    #expect(story.tell("continued") == ["take up a"])
    #expect(story.tell("goes a") == ["a=running"] && story.run.status == .running)
    #expect(story.tell("continued") == [])
  }

  @Test func aChildWhoseAgentAsksKeepsItsPlace() {
    expectHistory(
      of: flow(node("a", .child), node("b"), maxParallel: 1),
      """
      started    | slot a
      slot a     | a=running, start a#1
      blocks a   | a=awaitingApproval
      blocks a   |
      goes a     | a=running
      blocks a   | a=awaitingApproval
      stands a   | a=awaitingApproval, slot b
      blocks a   |
      slot b     | b=running, start b#1
      ok b       | b=succeeded
      goes a     | a=running
      blocks a   | a=awaitingApproval
      ok a       | a=succeeded, end succeeded
      """)
  }

  @Test func aRunWhoseChildsAgentAsksIsNotLeftAlone() {
    var story = Story(flow(node("a", .child)))
    story.tell("started", "slot a", "blocks a")
    #expect(story.run.status == .awaitingApproval && story.run.hasWaitingAgents)
    #expect(story.tell("continued") == [])
    #expect(story.tell("goes a") == ["a=running"] && !story.run.hasWaitingAgents)
    story.tell("blocks a")
    #expect(story.tell("cancel: enough") == ["a=running", "stop a"])
  }

  @Test func aCancelStopsAChildThatWaits() {
    var story = Story(flow(node("a", .child)))
    story.tell("started", "slot a", "stands a")
    #expect(story.tell("cancel: enough") == ["a=running", "stop a"])
    #expect(story.tell("stopped a") == ["a=cancelled", "end cancelled: enough"])
  }

  @Test(arguments: [
    ("interrupted", "stopped a"), ("cancel", "stopped a"), ("lost a", "interrupted"), ("fail a", "child a=late"),
  ])
  func aResumeGoesOnWithTheSameChild(_ first: String, _ second: String) {
    var story = Story(flow(node("a", .child)))
    story.tell("started", "slot a", "child a=r1", first, second)
    story.tell("resumed", "slot a")
    #expect(story.run.childAttempt(of: "a") == 1 && story.run.node("a")?.attempt == 2)
    #expect(story.run.node("a")?.child == "r1")
  }

  @Test func aRetryBeginsAnotherChild() {
    var story = Story(flow(node("a", .child, retry: retries(2))))
    story.tell("started", "slot a", "child a=r1", "fail a", "again a", "slot a")
    #expect(story.run.childAttempt(of: "a") == 2 && story.run.node("a")?.child == nil)
    story.tell("fail a", "resumed", "slot a")
    #expect(story.run.childAttempt(of: "a") == 2)
  }

  @Test func whatReadSomethingElseBeginsAnotherChild() {
    var story = Story(flow(node("up", alwaysRun: true), node("a", .child, after: ["up"])))
    story.tell("started", "ok +up=one", "slot a", "child a=r1", "interrupted", "stopped a")
    story.tell("resumed", "ok +up=one", "slot a")
    #expect(story.run.childAttempt(of: "a") == 1)
    story.tell("interrupted", "stopped a", "resumed", "ok +up=two", "slot a")
    #expect(story.run.childAttempt(of: "a") == 3)
  }
}
