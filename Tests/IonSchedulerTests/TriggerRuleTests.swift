import IonScheduler
import IonWorkflow
import Testing

/// What a node does once its dependencies have settled, by its rule.
@Suite struct TriggerRuleTests {
  /// How the two dependencies of `join` come out: `g` well, `b` badly, `s` skipped, `t` badly but tolerated.
  private func story(_ rule: TriggerRule, _ ways: String) -> Story {
    let ids: [NodeID] = ["x", "y"]
    let nodes = zip(ids, ways).map { node($0, hasCondition: $1 == "s", continueOnError: $1 == "t") }
    var story = Story(flow(nodes + [node("join", after: ids, rule: rule)]))
    story.tell("started")
    for (id, way) in zip(ids, ways) {
      switch way {
      case "g": story.tell("ok +\(id)")
      case "s": story.tell("unmet \(id)")
      default: story.tell("fail +\(id)")
      }
    }
    return story
  }

  @Test(arguments: [
    ("gg", true), ("gt", true), ("tt", true), ("gb", false), ("bg", false), ("gs", false), ("ss", false), ("bs", false),
  ]) func allSuccessNeedsEveryOne(ways: String, runs: Bool) {
    #expect(story(.allSuccess, ways).status("join") == (runs ? .pending : .skipped))
  }

  @Test(arguments: [
    ("gg", true), ("gb", true), ("sg", true), ("tb", true), ("bb", false), ("ss", false), ("bs", false),
  ])
  func oneSuccessNeedsAnyOne(ways: String, runs: Bool) {
    #expect(story(.oneSuccess, ways).status("join") == (runs ? .pending : .skipped))
  }

  @Test(arguments: [("gg", true), ("gs", true), ("ts", true), ("gb", false), ("ss", false), ("bs", false)])
  func noneFailedAllowsSkipsButNeedsOneSuccess(ways: String, runs: Bool) {
    #expect(story(.noneFailedMinOneSuccess, ways).status("join") == (runs ? .pending : .skipped))
  }

  @Test(arguments: ["gg", "gb", "bb", "ss", "bs", "tt"]) func allDoneRunsWhateverHappened(ways: String) {
    #expect(story(.allDone, ways).status("join") == .pending)
  }

  @Test(arguments: [
    (TriggerRule.allSuccess, "gb", "not run: y failed"), (.allSuccess, "sg", "not run: x was skipped"),
    (.allSuccess, "sb", "not run: y failed"), (.oneSuccess, "bs", "not run: no dependency succeeded"),
    (.noneFailedMinOneSuccess, "gb", "not run: y failed"),
    (.noneFailedMinOneSuccess, "ss", "not run: no dependency succeeded"),
  ]) func aSkippedNodeSaysWhy(rule: TriggerRule, ways: String, summary: String) {
    #expect(story(rule, ways).summary("join") == summary)
  }

  @Test(arguments: TriggerRule.allCases) func everyRuleLetsARootRun(rule: TriggerRule) {
    var story = Story(flow(node("a", rule: rule)))
    #expect(story.tell("started") == ["slot a"])
  }

  @Test(arguments: TriggerRule.allCases) func everyRuleWaitsForTheLastDependency(rule: TriggerRule) {
    var story = Story(flow(node("x"), node("y"), node("join", after: ["x", "y"], rule: rule)))
    story.tell("started", "fail +x")
    #expect(story.status("join") == .pending)
    #expect(!story.tell("slot y").contains("slot join"))
  }

  @Test func whatIsMerelyWaitedForDoesNotCount() {
    var story = Story(flow(node("x"), node("y"), node("z", after: ["x"], waitsFor: ["y"])))
    story.tell("started", "ok +x")
    #expect(story.status("z") == .pending)
    #expect(story.tell("fail +y").last == "slot z")
  }

  @Test func whatIsReadFurtherUpIsWaitedForWhereWhatStandsBetweenWasCancelled() {
    var story = Story(flow(node("x"), node("y", after: ["x"]), node("z", after: ["y"], rule: .allDone, reads: ["x"])))
    story.tell("started")
    #expect(story.tell("cancel y") == ["y=cancelled"])
    #expect(story.tell("ok +x").last == "slot z")
  }

  @Test func aDependencyThatIsAlsoWaitedForCountsOnce() {
    var story = Story(flow(node("x"), node("y", after: ["x", "x"], waitsFor: ["x"])))
    story.tell("started")
    #expect(story.tell("ok +x").last == "slot y")
  }

  @Test func aCancelledNodeCountsAsFailed() {
    var story = Story(
      flow(node("x", continueOnError: true), node("all", after: ["x"]), node("done", after: ["x"], rule: .allDone)))
    story.tell("started", "cancel x: not needed")
    #expect(story.statuses == "x=cancelled all=skipped done=pending")
    #expect(story.summary("all") == "not run: x was cancelled")
    story.tell("ok +done")
    #expect(story.outcome == "failed: x was cancelled: not needed")
  }

  @Test func aCancelledNodeIsNoSkippedOne() {
    var story = Story(flow(node("x"), node("y"), node("join", after: ["x", "y"], rule: .noneFailedMinOneSuccess)))
    story.tell("started", "ok +x", "cancel y")
    #expect(story.status("join") == .skipped)
    #expect(story.summary("join") == "not run: y was cancelled")
  }

  @Test func skipsRunThroughAChain() {
    var story = Story(flow(node("a", hasCondition: true), node("b", after: ["a"]), node("c", after: ["b"]), node("d")))
    story.tell("started", "unmet a")
    #expect(story.statuses == "a=skipped b=skipped c=skipped d=pending")
    #expect(story.summary("a") == "not run: its condition is not met")
    #expect(story.summary("c") == "not run: b was skipped")
  }
}
