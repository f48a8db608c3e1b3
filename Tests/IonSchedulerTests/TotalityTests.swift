import IonScheduler
import IonWorkflow
import Testing

/// Definitions that the reader refuses, and events that nobody should send.
@Suite struct TotalityTests {
  @Test func aCycleFailsTheRunAtItsStart() {
    var story = Story(flow(node("a"), node("b", after: ["c"]), node("c", after: ["b"]), timeout: .seconds(1)))
    story.tell("started")
    #expect(story.outcome == "failed: nodes depend on each other: b → c → b")
    #expect(story.statuses == "a=skipped b=skipped c=skipped")
    story.tell("resumed")
    #expect(story.run.status == .failed)
  }

  @Test func nodesThatReadEachOtherFailTheRunAtItsStart() {
    var story = Story(flow(node("a", reads: ["b"]), node("b", after: ["a"])))
    story.tell("started")
    #expect(story.outcome == "failed: nodes depend on each other: a → b → a")
  }

  @Test func aNodeThatReadsItselfDoesNotWaitForItself() {
    var story = Story(flow(node("a", reads: ["a"])))
    #expect(story.tell("started") == ["slot a"])
  }

  @Test func anUnknownDependencyFailsTheRunAtItsStart() {
    var story = Story(flow(node("a", after: ["ghost"])))
    story.tell("started")
    #expect(story.outcome == "failed: a depends on ghost, which no node is called")
  }

  @Test func aDoubleIdFailsTheRunAtItsStart() {
    var story = Story(flow(node("a"), node("a")))
    story.tell("started")
    #expect(story.outcome == "failed: two nodes have the id a")
  }

  @Test(arguments: [0, -3]) func aSenselessLimitLetsOneNodeRun(limit: Int) {
    var story = Story(flow(node("a"), node("b"), maxParallel: limit))
    #expect(story.tell("started") == ["slot a"])
  }

  @Test(arguments: [
    "slot a", "met a", "ok a", "fail a", "stopped a", "lost a", "again a", "timeout", "resumed", "cancel a",
    "inherited ghost",
  ]) func nothingButABeginningFitsAQueuedRun(event: String) {
    var story = Story(flow(node("a"), timeout: .seconds(1)))
    let before = story.run
    #expect(story.tell(event) == [])
    #expect(story.run == before)
    #expect(story.run.status == .queued)
  }

  @Test(arguments: [
    "started", "resumed", "inherited b", "ok b", "fail b", "stopped b", "lost b", "spawned b", "again b", "again a",
    "met a",
    "slot a", "slot c", "ok ghost", "slot ghost", "cancel ghost", "met ghost",
  ]) func whatDoesNotFitChangesNothing(event: String) {
    var story = Story(flow(node("a"), node("b"), node("c", after: ["a"])))
    story.tell("started", "slot a")
    let before = story.run
    #expect(story.tell(event) == [])
    #expect(story.run == before)
  }

  @Test func aStepThatStoppedUnaskedIsCancelled() {
    var story = Story(flow(node("a"), node("b", after: ["a"])))
    story.tell("started", "slot a", "stopped a")
    #expect(story.statuses == "a=cancelled b=skipped")
  }

  @Test func theProcessOfARunningNodeIsKnownUntilItEnds() {
    var story = Story(flow(node("a")))
    story.tell("started", "slot a")
    #expect(story.run.process(of: "a") == nil)
    #expect(story.tell("spawned a") == [])
    #expect(story.run.process(of: "a")?.pid == 7)
    #expect(story.run.runningNodes == ["a"])
    story.tell("ok a")
    #expect(story.run.process(of: "a") == nil)
    #expect(story.run.runningNodes == [])
  }

  @Test func countsAreThoseOfTheNodes() {
    var story = Story(flow(node("a"), node("b"), node("c", after: ["a"])))
    #expect(story.run.counts == [.pending: 3])
    story.tell("started", "slot a")
    #expect(story.run.counts == [.pending: 2, .running: 1])
    story.tell("fail a")
    #expect(story.run.counts == [.pending: 1, .failed: 1, .skipped: 1])
  }

  @Test(arguments: [
    (0, "0ms"), (250, "250ms"), (1500, "1.5s"), (60_000, "1m"), (5_400_000, "1h30m"), (3_600_010, "1h0.01s"),
  ])
  func durationsAreSpelledAsInAWorkflowFile(milliseconds: Int, words: String) {
    var story = Story(flow(node("a"), timeout: .milliseconds(milliseconds)))
    story.tell("started", "timeout")
    #expect(story.outcome == "failed: the run took longer than \(words)")
  }
}
