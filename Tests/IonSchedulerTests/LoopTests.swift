import IonScheduler
import IonWorkflow
import Testing

/// Loops: a body repeated, as its nodes come and go.
@Suite struct LoopTests {
  @Test func aBodyIsRepeatedUntilItIsDone() {
    expectHistory(
      of: flow(loop("l", node("a"), node("b", after: ["a"])), node("z", after: ["l"])),
      """
      started         | l=running, slot l#1/a
      slot l#1/a      | l#1/a=running, start l#1/a#1
      ok l#1/a        | l#1/a=succeeded, slot l#1/b
      slot l#1/b      | l#1/b=running, start l#1/b#1
      ok l#1/b        | l#1/b=succeeded, loop l
      loop l#1 again  | l=running, slot l#2/a
      slot l#2/a      | l#2/a=running, start l#2/a#1
      ok l#2/a        | l#2/a=succeeded, slot l#2/b
      slot l#2/b      | l#2/b=running, start l#2/b#1
      ok l#2/b        | l#2/b=succeeded, loop l
      loop l#2 done=x | l=succeeded, slot z
      slot z          | z=running, start z#1
      ok z            | z=succeeded, end succeeded
      """)
  }

  @Test func theOutputIsOfTheFirstLastNodeThatCameOutWell() {
    var story = Story(flow(loop("l", node("a"), node("b", after: ["a"]), node("c", after: ["a"], hasCondition: true))))
    story.tell("started", "ok +l#1/a=no", "unmet l#1/c", "ok +l#1/b=yes")
    #expect(story.run.result(ofLoop: "l")?.id == "l#1/b")
    story.tell("loop l#1 again")
    #expect(story.run.result(ofLoop: "l") == nil)
    #expect(story.run.previousOutput(seenFrom: "l#2/a") == output("yes"))
    #expect(story.run.previous("b", seenFrom: "l#2/a")?.id == "l#1/b")
    #expect(story.run.previous("b", seenFrom: "l#1/a") == nil)
  }

  @Test func aBodyNodeSeesItsOwnIterationAndWhatIsAround() {
    var story = Story(flow(node("o"), loop("l", after: ["o"], node("a", reads: ["o"]), node("b", reads: ["a", "o"]))))
    story.tell("started", "ok +o", "ok +l#1/a", "ok +l#1/b", "loop l#1 again")
    #expect(story.run.node("a", seenFrom: "l#2/b")?.id == "l#2/a")
    #expect(story.run.node("o", seenFrom: "l#2/b")?.id == "o")
    #expect(story.run.node("a", seenFrom: "o") == nil, "what is in a body can't be seen from outside")
    #expect(story.run.definition(of: "l#2/b")?.id == "b")
    #expect(story.run.place(of: "l#2/b")! == ("l", 2))
    #expect(story.run.place(of: "o") == nil)
  }

  @Test func tooManyIterationsFail() {
    var story = Story(flow(loop("l", most: 2, node("a"))))
    story.tell("started", "ok +l#1/a", "loop l#1 again", "ok +l#2/a")
    #expect(
      story.tell("loop l#2 again") == ["l=failed", "end failed: l failed: it was not done after 2 iterations"])
    #expect(story.run.node("l")?.failure?.kind == .iterations)
  }

  @Test func aFailureInTheBodyFailsTheLoopWhenTheOthersAreDone() {
    var story = Story(flow(loop("l", node("a"), node("b"))))
    story.tell("started", "fail +l#1/a")
    #expect(
      story.tell("ok +l#1/b").suffix(3) == [
        "l=failed", "l#1/b=succeeded", "end failed: l failed: iteration 1: l#1/a failed: exit code 1",
      ])
  }

  @Test func aToleratedFailureInTheBodyIsNone() {
    var story = Story(flow(loop("l", node("a", continueOnError: true))))
    #expect(story.tell("started", "fail +l#1/a").last == "loop l")
  }

  @Test func aToleratedLoopFailsAlone() {
    var story = Story(flow(loop("l", continueOnError: true, node("a")), node("z", after: ["l"])))
    #expect(story.tell("started", "fail +l#1/a").last == "slot z")
  }

  @Test func aTestRunsBehindTheBodyAndItsFailureIsAnAnswer() {
    var story = Story(flow(loop("l", hasTest: true, node("a"))))
    #expect(story.tell("started", "ok +l#1/a").last == "slot l#1/until_bash")
    #expect(story.tell("fail +l#1/until_bash").last == "loop l")
    #expect(story.run.test(ofLoop: "l")?.status == .failed)
    #expect(story.run.result(ofLoop: "l")?.id == "l#1/a", "the test is none of the body's nodes")
  }

  @Test func aTestDoesNotRunWhereTheBodyFailed() {
    var story = Story(flow(loop("l", hasTest: true, node("a"))))
    story.tell("started", "fail +l#1/a")
    #expect(story.status("l#1/until_bash") == .skipped)
    #expect(story.status("l") == .failed)
  }

  @Test func whatCannotBeFoundOutFailsTheLoop() {
    var story = Story(flow(loop("l", node("a"))))
    #expect(
      story.tell("started", "ok +l#1/a", "loop l#1 broken: gone").last == "end failed: l failed: gone")
  }

  @Test func strayVerdictsChangeNothing() {
    var story = Story(flow(loop("l", node("a")), node("z")))
    story.tell("started")
    #expect(story.tell("loop l#1 again", "loop z#1 done", "loop l#2 done").isEmpty)
    story.tell("ok +l#1/a")
    #expect(story.tell("loop l#2 again", "loop l#0 again").isEmpty)
    story.tell("loop l#1 done")
    #expect(story.tell("loop l#1 again", "loop l#1 done=other").isEmpty)
  }

  @Test func loopsTakeNoPlaceAndTheirBodiesDo() {
    var story = Story(flow(loop("l", node("a"), node("b")), node("z"), maxParallel: 1))
    #expect(story.tell("started").last == "slot z", "the definition's nodes come first")
    #expect(story.tell("ok +z").last == "slot l#1/a")
    #expect(story.tell("ok +l#1/a").last == "slot l#1/b")
  }

  @Test func aLoopInALoopBeginsAnewWithEveryIteration() {
    var story = Story(flow(loop("l", loop("m", node("a")), node("b", after: ["m"]))))
    story.tell("started", "ok +l#1/m#1/a", "loop l#1/m#1 again", "ok +l#1/m#2/a", "loop l#1/m#2 done")
    #expect(story.tell("ok +l#1/b").last == "loop l")
    #expect(story.tell("loop l#1 again").last == "slot l#2/m#1/a")
    #expect(story.run.iteration(of: "l") == 2)
    #expect(story.run.iteration(of: "l#2/m") == 1)
  }

  // MARK: Ends

  @Test func cancellingTheRunStopsTheIteration() {
    var story = Story(flow(loop("l", node("a"), node("b"))))
    story.tell("started", "slot l#1/a")
    #expect(
      story.tell("cancel: enough") == ["l=cancelled", "l#1/b=cancelled", "no slot l#1/b", "stop l#1/a"])
    #expect(story.tell("stopped l#1/a") == ["l#1/a=cancelled", "end cancelled: enough"])
  }

  @Test func cancellingALoopStopsItsNodesAndGoesOn() {
    var story = Story(flow(loop("l", continueOnError: true, node("a"), node("b", after: ["a"])), node("z")))
    story.tell("started", "slot l#1/a")
    #expect(story.tell("cancel l: why") == ["l#1/b=cancelled", "stop l#1/a"])
    #expect(story.tell("stopped l#1/a") == ["l=cancelled", "l#1/a=cancelled"])
    #expect(story.summary("l") == "why")
    #expect(story.tell("ok +z").last == "end failed: l was cancelled: why")
  }

  @Test func cancellingALoopThatIsOnlyAskedEndsIt() {
    var story = Story(flow(loop("l", node("a"))))
    #expect(
      story.tell("started", "ok +l#1/a", "cancel l").suffix(2) == [
        "l=cancelled", "end failed: l was cancelled: cancelled on request",
      ])
  }

  @Test func cancellingABodyNodeFailsTheLoop() {
    var story = Story(flow(loop("l", node("a"))))
    #expect(
      story.tell("started", "cancel l#1/a: no").last
        == "end failed: l failed: iteration 1: l#1/a was cancelled: no")
  }

  @Test func aBodyNodeMayEndTheRun() {
    var story = Story(flow(loop("l", node("f", .finish), node("a")), node("z", after: ["l"])))
    story.tell("started", "slot l#1/a")
    #expect(story.tell("ok +l#1/f=done").suffix(2) == ["l#1/f=succeeded", "stop l#1/a"])
    #expect(story.tell("stopped l#1/a").last == "end succeeded: done")
  }

  // MARK: Resume

  @Test func aResumeGoesOnWithTheIterationThatRan() {
    var story = Story(flow(loop("l", node("a"), node("b", after: ["a"]))))
    story.tell("started", "ok +l#1/a", "ok +l#1/b", "loop l#1 again", "ok +l#2/a", "slot l#2/b")
    story.tell("interrupted", "stopped l#2/b")
    #expect(story.status("l") == .interrupted)
    #expect(story.status("l#2/b") == .interrupted)
    #expect(story.tell("resumed").suffix(2) == ["l#2/b=pending", "slot l#2/b"])
    #expect(story.status("l#1/b") == .succeeded)
    #expect(story.status("l#2/a") == .succeeded, "it is kept")
    story.tell("ok +l#2/b")
    #expect(story.tell("loop l#2 done").last == "end succeeded")
    #expect(story.run.node("l#2/b")?.attempt == 2)
  }

  @Test func aLostStepOfAnIterationIsRunAgain() {
    var story = Story(flow(loop("l", node("a"))))
    story.tell("started", "slot l#1/a", "lost l#1/a", "interrupted: its owner died")
    #expect(story.outcome == "interrupted: its owner died")
    #expect(story.tell("resumed").last == "slot l#1/a")
  }

  @Test func whatReadsAChangedOutputBeginsAnew() {
    var story = Story(flow(node("o", alwaysRun: true), loop("l", after: ["o"], node("a"))))
    story.tell("started", "ok +o=one", "ok +l#1/a", "loop l#1 again", "fail +l#2/a", "resumed")
    #expect(story.tell("ok +o=two").last == "slot l#1/a")
    #expect(story.tell("slot l#1/a").last == "start l#1/a#2", "its starts are counted on")
  }

  @Test func aLoopThatUsedUpItsIterationsGetsAsManyAgain() {
    var story = Story(flow(loop("l", most: 1, node("a"))))
    story.tell("started", "ok +l#1/a", "loop l#1 again", "resumed")
    #expect(story.run.iteration(of: "l") == 2)
    story.tell("ok +l#2/a")
    #expect(story.tell("loop l#2 again").last == "end failed: l failed: it was not done after 2 iterations")
  }

  @Test func aDoneLoopIsKeptWhole() {
    var story = Story(flow(loop("l", node("a")), node("z", after: ["l"])))
    story.tell("started", "ok +l#1/a", "loop l#1 done=x", "fail +z")
    #expect(story.tell("resumed") == ["l=succeeded", "z=pending", "slot z"])
    #expect(story.status("l#1/a") == .succeeded)
  }

  @Test func aLoopThatAlwaysRunsBeginsAnew() {
    var story = Story(flow(loop("l", alwaysRun: true, node("a")), node("z", after: ["l"])))
    story.tell("started", "ok +l#1/a", "loop l#1 again", "ok +l#2/a", "loop l#2 done=x", "fail +z")
    #expect(story.tell("resumed").last == "slot l#1/a")
  }

  @Test func whatIsLeftOfAnEarlierBeginningCannotBeCancelled() {
    var story = Story(flow(loop("l", alwaysRun: true, node("a"), node("b", after: ["a"]))))
    story.tell("started", "ok +l#1/a", "ok +l#1/b", "loop l#1 again", "slot l#2/a", "interrupted", "stopped l#2/a")
    story.tell("resumed", "slot l#1/a")
    #expect(story.tell("cancel l#2/b").isEmpty)
    #expect(story.tell("ok l#1/a").last == "slot l#1/b")
  }

  @Test func anotherDefinitionKeepsLoopsThatAreTheSame() {
    let same = loop("l", node("a"), node("b", after: ["a"]))
    var story = Story(flow(same, node("z")))
    story.tell("started", "ok +l#1/a", "ok +l#1/b", "loop l#1 again", "ok +l#2/a=x", "fail +l#2/b", "fail +z")
    var run = story.run.redefined(as: flow(node("y"), same), keeping: ["l"])
    let commands = run.advance(on: .resumed)
    #expect(commands.suffix(2) == [.requestSlot("y"), .requestSlot("l#2/b")])
    #expect(run.node("l#2/a")?.output == output("x"))
    #expect(run.node("l#1/b")?.status == .succeeded)
  }

  @Test func anotherDefinitionForgetsLoopsThatChangedButNotTheirStarts() {
    var story = Story(flow(loop("l", node("a"))))
    story.tell("started", "ok +l#1/a", "loop l#1 again", "fail +l#2/a")
    var run = story.run.redefined(as: flow(loop("l", node("a"), node("b"))), keeping: [])
    #expect(run.advance(on: .resumed).suffix(2) == [.requestSlot("l#1/a"), .requestSlot("l#1/b")])
    #expect(run.advance(on: .slotGranted("l#1/a")).last == .start("l#1/a", attempt: 2))
  }
}
