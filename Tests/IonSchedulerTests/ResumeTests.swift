import IonScheduler
import IonWorkflow
import Testing

/// What a later attempt of a run keeps, and what it does again.
@Suite struct ResumeTests {
  /// a → b → c, of which c has failed.
  private func failedChain(_ nodes: Node...) -> Story {
    var story = Story(flow(nodes))
    story.tell("started", "ok +a=one", "ok +b", "fail +c")
    return story
  }

  @Test func successesAreKeptAndFailuresRunAgain() {
    var story = failedChain(node("a"), node("b", after: ["a"]), node("c", after: ["b"]))
    #expect(story.tell("resumed") == ["a=succeeded", "b=succeeded", "c=pending", "slot c"])
    #expect(story.run.attempt == 2)
    #expect(story.summary("b") == "kept: what it read has not changed")
    #expect(story.run.node("a")?.output == output("one"))
    #expect(story.tell("ok +c").last == "end succeeded")
    #expect(story.run.nodes.map(\.attempt) == [1, 1, 2])
  }

  @Test func keptConditionsAreNotAskedAgain() {
    var story = Story(flow(node("a", hasCondition: true), node("b", after: ["a"], hasCondition: true)))
    story.tell("started", "met a", "ok +a", "met b", "fail +b")
    #expect(story.tell("resumed") == ["a=succeeded", "b=pending", "when b"])
  }

  @Test func whatReadsAChangedOutputRunsAgain() {
    var story = failedChain(node("a", alwaysRun: true), node("b", after: ["a"]), node("c", after: ["b"]))
    #expect(story.tell("resumed").last == "slot a")
    #expect(story.tell("ok +a=two").last == "slot b")
  }

  @Test func theSameOutputKeepsWhatFollows() {
    var story = failedChain(node("a", alwaysRun: true), node("b", after: ["a"]), node("c", after: ["b"]))
    story.tell("resumed")
    #expect(story.tell("ok +a=one").suffix(3) == ["a=succeeded", "b=succeeded", "slot c"])
  }

  @Test func aReferenceFurtherUpIsReadToo() {
    var story = failedChain(node("a", alwaysRun: true), node("b", after: ["a"], reads: ["a"]), node("c", after: ["b"]))
    story.tell("resumed", "ok +a=two", "ok +b", "ok +c")
    #expect(story.run.nodes.map(\.attempt) == [2, 2, 2])

    story = Story(
      flow(node("a", alwaysRun: true), node("b", after: ["a"]), node("c", after: ["b"], reads: ["a"]), node("d")))
    story.tell("started", "ok +a=one", "ok +b=same", "ok +c", "fail +d", "resumed", "ok +a=two", "ok +b=same")
    #expect(story.status("c") == .pending, "c read a's first output")
    #expect(story.tell("slot c") == ["c=running", "start c#2"])
  }

  @Test func whatIsMerelyWaitedForIsReadToo() {
    var story = Story(flow(node("a", alwaysRun: true), node("b", waitsFor: ["a"]), node("c")))
    story.tell("started", "ok +a=one", "ok +b", "fail +c", "resumed")
    #expect(story.tell("ok +a=two").last == "slot b")
  }

  @Test func skippedNodesAreEvaluatedAgain() {
    var story = Story(flow(node("a", hasCondition: true), node("b", after: ["a"]), node("c")))
    story.tell("started", "unmet a", "fail +c")
    #expect(story.tell("resumed").suffix(2) == ["when a", "slot c"])
    story.tell("met a", "ok +a", "ok +b", "ok +c")
    #expect(story.outcome == "succeeded")
  }

  @Test func aToleratedFailureThatComesOutTheSameKeepsWhatFollows() {
    var story = Story(flow(node("a", continueOnError: true), node("b", after: ["a"]), node("c")))
    story.tell("started", "fail +a", "ok +b", "fail +c", "resumed")
    #expect(story.tell("fail +a").contains("b=succeeded"))
    #expect(story.run.node("b")?.attempt == 1)
  }

  @Test func aToleratedFailureThatSucceedsRunsWhatFollowsAgain() {
    var story = Story(flow(node("a", continueOnError: true), node("b", after: ["a"]), node("c")))
    story.tell("started", "fail +a", "ok +b", "fail +c", "resumed")
    #expect(story.tell("ok +a").last == "slot b")
  }

  @Test func aSuccessOutlivesAnAttemptThatNeverGotToIt() {
    var story = failedChain(node("a", alwaysRun: true), node("b", after: ["a"]), node("c", after: ["b"]))
    story.tell("resumed", "slot a", "cancel", "stopped a")
    #expect(story.statuses == "a=cancelled b=cancelled c=cancelled")
    story.tell("resumed", "ok +a=one")
    #expect(story.status("b") == .succeeded)
    #expect(story.run.node("b")?.attempt == 1)
  }

  @Test func aSuccessIsForgottenOnceItsNodeStartsAgain() {
    var story = failedChain(node("a", alwaysRun: true), node("b", after: ["a"]), node("c", after: ["b"]))
    story.tell("resumed", "ok +a=two", "slot b", "lost b", "interrupted", "resumed", "ok +a=one")
    #expect(story.status("b") == .pending)
  }

  @Test func aSuccessIsForgottenOnceItsNodeIsSkipped() {
    var story = failedChain(node("a", alwaysRun: true), node("b", after: ["a"]), node("c", after: ["b"]))
    story.tell("resumed", "fail +a")
    #expect(story.statuses == "a=failed b=skipped c=skipped")
    #expect(story.tell("resumed", "ok +a=one").last == "slot b")
  }

  @Test func nodesThatEndTheRunAreAskedAgain() {
    var story = Story(flow(node("a"), node("stop", .cancel, after: ["a"], hasCondition: true)))
    story.tell("started", "ok +a", "met stop", "ok +stop=bad")
    #expect(story.tell("resumed") == ["a=succeeded", "stop=pending", "when stop"])
    story.tell("unmet stop")
    #expect(story.outcome == "succeeded: no node had to run: what succeeded before was kept")
  }

  @Test func aResumeThatKeepsEverythingEndsAtOnce() {
    var story = Story(flow(node("a"), node("b")))
    story.tell("started", "slot a", "slot b", "ok a", "interrupted", "ok b")
    #expect(story.outcome == "interrupted: the editor went away")
    #expect(story.tell("resumed").last == "end succeeded: no node had to run: what succeeded before was kept")
  }

  @Test func anInheritedSuccessWhoseDependencyRanIsRunAgain() {
    var story = Story(flow(node("a"), node("b", after: ["a"])))
    story.tell("inherited b", "started", "ok +a")
    #expect(story.status("b") == .pending)
  }

  @Test func anInheritedSuccessStandsBesideWhatWasSkipped() {
    var story = Story(
      flow(
        node("a"), node("s", hasCondition: true), node("b", after: ["a", "s"], rule: .noneFailedMinOneSuccess),
        node("c")))
    story.tell("inherited a", "inherited b", "started", "unmet s")
    #expect(story.status("b") == .succeeded)
    #expect(story.summary("b") == "kept: taken over from an earlier run")
  }

  @Test func anInheritedNodeThatAlwaysRunsKeepsWhatFollowsByItsOutput() {
    var story = Story(flow(node("a", alwaysRun: true), node("b", after: ["a"]), node("c", after: ["b"])))
    story.tell("inherited a=one", "inherited b=two", "started", "ok +a=one")
    #expect(story.statuses == "a=succeeded b=succeeded c=pending")
  }

  @Test func anInheritedSuccessIsKeptByALaterAttemptToo() {
    var story = Story(flow(node("a"), node("b", after: ["a"]), node("c", after: ["b"])))
    story.tell("inherited a", "inherited b", "started", "fail +c", "resumed")
    #expect(story.statuses == "a=succeeded b=succeeded c=pending")
  }

  @Test func whatANodeConsumedIsTold() {
    var story = Story(flow(node("a"), node("w", continueOnError: true), node("b", after: ["a"], waitsFor: ["w"])))
    story.tell("started", "ok +a=one", "fail +w", "ok +b")
    let consumed = story.run.node("b")?.consumed ?? []
    #expect(consumed.map(\.node) == ["a", "w"])
    #expect(consumed.map(\.status) == [.succeeded, .failed])
    #expect(consumed.map(\.sha256) == ["#one", nil])
  }
}
