import IonScheduler
import IonWorkflow
import Testing

/// Nodes that stand for others.
@Suite struct JoinTests {
  private func story() -> Story {
    var b = node("b", after: ["a"])
    b.continueOnError = true
    return Story(
      flow(node("a"), b, node("c"), .join("all", of: ["a", "b", "c"], result: "a"), node("d", after: ["all"])))
  }

  @Test func aJoinSettlesBehindItsMembersWithTheOutputOfOne() {
    var story = story()
    story.tell("started", "ok +a=plan", "ok +b")
    #expect(story.status("all") == .pending)
    #expect(story.tell("ok +c").suffix(3) == ["c=succeeded", "all=succeeded", "slot d"])
    #expect(story.run.node("all")?.output == output("plan"))
    story.tell("ok +d")
    #expect(story.outcome == "succeeded")
  }

  @Test func theWorstStatusCountsAndAToleratedFailureIsASuccess() {
    var tolerated = story()
    tolerated.tell("started", "ok +a", "fail +b", "ok +c")
    #expect(tolerated.status("all") == .succeeded)
    var failed = story()
    failed.tell("started", "ok +a", "ok +b", "fail +c")
    #expect(failed.statuses == "a=succeeded b=succeeded c=failed all=failed d=skipped")
    #expect(failed.outcome == "failed: c failed: exit code 1")
    #expect(failed.run.node("all")?.failure?.message == "1 of 3 failed: c")
    var cancelled = story()
    cancelled.tell("started", "ok +a", "ok +b", "cancel c")
    #expect(cancelled.status("all") == .cancelled)
  }

  @Test func itIsSkippedOnlyWhereAllOfItsMembersAre() {
    var story = Story(
      flow(node("a", hasCondition: true), node("b", hasCondition: true), .join("all", of: ["a", "b"], result: "b")))
    story.tell("started", "unmet a")
    #expect(story.status("all") == .pending)
    var none = story
    none.tell("unmet b")
    #expect(none.statuses == "a=skipped b=skipped all=skipped")
    #expect(none.outcome == "succeeded: no node ran: every one was skipped")
    story.tell("met b", "ok +b")
    #expect(story.status("all") == .succeeded)
  }

  @Test func whoeverCancelsItCancelsItsMembers() {
    var story = story()
    story.tell("started", "slot a", "cancel all: enough")
    #expect(story.statuses == "a=running b=cancelled c=cancelled all=pending d=pending")
    story.tell("stopped a")
    #expect(story.statuses == "a=cancelled b=cancelled c=cancelled all=cancelled d=skipped")
  }

  @Test func aMatrixGathersTheOutputsOfItsInstancesByAStep() {
    var story = Story(flow(node("a"), node("b"), .matrix("m", of: ["a", "b"]), node("c", after: ["m"])))
    story.tell("started", "ok +a", "ok +b")
    #expect(story.answers.last == "slot m")
    story.tell("ok +m=list")
    #expect(story.run.node("m")?.output == output("list"))
    #expect(story.answers.last == "slot c")
  }

  @Test func aMatrixWithAFailedInstanceFailsAndHasTheListAllTheSame() {
    let definition = flow(
      node("a"), node("b"), .matrix("m", of: ["a", "b"]), node("c", after: ["m"]),
      node("d", after: ["m"], rule: .allDone))
    var story = Story(definition)
    story.tell("started", "ok +a", "fail +b", "ok +m=list")
    #expect(story.statuses == "a=succeeded b=failed m=failed c=skipped d=pending")
    #expect(story.run.node("m")?.output == output("list"))
    story.tell("ok +d")
    #expect(story.outcome == "failed: b failed: exit code 1")
    story.tell("resumed", "ok +b", "ok +m", "ok +c", "ok +d")
    #expect(story.outcome == "succeeded")
  }

  @Test func aToleratedMatrixLetsOthersGoOn() {
    var (a, b, m) = (node("a"), node("b"), Node.matrix("m", of: ["a", "b"]))
    (a.continueOnError, b.continueOnError, m.continueOnError) = (true, true, true)
    var story = Story(flow(a, b, m, node("c", after: ["m"])))
    story.tell("started", "ok +a", "fail +b", "ok +m", "ok +c")
    #expect(story.status("m") == .failed)
    #expect(story.outcome == "succeeded")
  }

  @Test func aMatrixWhoseListCannotBeMadeFailsTheRun() {
    var story = Story(flow(node("a"), .matrix("m", of: ["a"])))
    story.tell("started", "ok +a", "fail +m")
    #expect(story.outcome == "failed: m failed: exit code 1")
  }

  @Test func aMatrixIsKeptWithItsInstances() {
    var story = Story(flow(node("a"), .matrix("m", of: ["a"]), node("z", after: ["m"])))
    story.tell("started", "ok +a", "ok +m", "fail +z", "resumed")
    #expect(story.statuses == "a=succeeded m=succeeded z=pending")
    #expect(story.answers.last == "slot z")
  }

  @Test func aResumeSettlesItAnew() {
    var story = story()
    story.tell("started", "ok +a", "ok +b", "fail +c", "resumed")
    #expect(story.status("all") == .pending)
    story.tell("ok +c", "ok +d")
    #expect(story.outcome == "succeeded")
    #expect(story.run.node("a")?.attempt == 1)
  }
}
