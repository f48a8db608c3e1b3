import IonScheduler
import IonWorkflow
import Testing

/// Nodes with `fan_out`, as far as the scheduler knows of them.
@Suite struct FanOutTests {
  @Test func itemsStartInTheirOrderAsFarAsThereIsRoom() {
    expectHistory(
      of: flow(fan("f", limit: 2)),
      """
      started       | f=pending, list f
      items f=3     | f=running, slot f[0], slot f[1]
      slot f[1]     | f[1]=running, start f[1]#1
      slot f[0]     | f[0]=running, start f[0]#1
      child f[0]=r0 | f[0]=running
      ok f[1]=b     | f=running, f[1]=succeeded, slot f[2]
      slot f[2]     | f[2]=running, start f[2]#1
      ok f[2]=c     | f=running, f[2]=succeeded
      ok f[0]=a     | f=running, f[0]=succeeded, gather f
      gathered f=x  | f=succeeded, end succeeded
      """)
  }

  @Test func theRunCountsTheNodeAndNotItsItems() {
    var story = Story(flow(fan("f"), node("a", after: ["f"])))
    story.tell("started", "items f=2", "slot f[0]", "slot f[1]")
    #expect(story.run.counts == [.running: 1, .pending: 1])
    #expect(story.run.nodes.map(\.id) == ["f", "a", "f[0]", "f[1]"])
    #expect(story.run.itemNodes(of: "f") == ["f[0]", "f[1]"] && story.run.item("f[1]")?.position == 1)
    story.tell("ok f[0]")
    #expect(story.summary("f") == "1 of 2 items through")
    story.tell("ok f[1]", "gathered f")
    #expect(story.summary("f") == "2 items" && story.run.node("f")?.output == output("out"))
    #expect(story.tell("ok +a") == ["a=running", "start a#1", "a=succeeded", "end succeeded"])
  }

  @Test func anEmptyListSucceedsAtOnce() {
    expectHistory(
      of: flow(fan("f")),
      """
      started      | f=pending, list f
      items f=0    | f=running, gather f
      gathered f=x | f=succeeded, end succeeded
      """)
  }

  @Test func itemsThatCannotBeListedFailTheNode() {
    var story = Story(flow(fan("f", retry: retries(3))))
    #expect(
      story.tell("started", "fail f value: no list") == [
        "f=pending", "list f", "f=failed", "end failed: f failed: no list",
      ])
    #expect(story.tell("resumed") == ["f=pending", "list f"])
  }

  @Test(arguments: [
    (ChildWorkflow.Join.allSuccess, false, "failed: f failed: 1 of 2 items failed: f[1] failed: exit code 1"),
    (.allSuccess, true, "succeeded"), (.allDone, false, "succeeded"),
  ])
  func whatAFailedItemMeansIsTheJoinsToSay(_ join: ChildWorkflow.Join, _ tolerates: Bool, _ outcome: String) {
    var story = Story(flow(fan("f", join: join, continueOnError: tolerates)))
    story.tell("started", "items f=2", "slot f[0]", "fail +f[1]", "ok f[0]")
    #expect(story.run.outcome == nil && story.summary("f") == "2 items, 1 of them failed")
    story.tell("gathered f=list")
    #expect(story.outcome == outcome)
    #expect(story.run.node("f")?.output == output("list"), "there in any case")
  }

  @Test func aResumeGoesOnWithTheItemsThatAreNotThrough() {
    var story = Story(flow(node("up"), fan("f", limit: 1, after: ["up"])))
    story.tell("started", "ok +up=l", "items f=3", "ok +f[0]", "slot f[1]", "child f[1]=r", "interrupted")
    story.tell("stopped f[1]")
    #expect(story.outcome?.hasPrefix("interrupted") == true && story.status("f[2]") == .pending)
    let answer = story.tell("resumed")
    #expect(!answer.contains("list f") && answer.suffix(1) == ["slot f[1]"])
    #expect(story.summary("f[0]") == "kept: what it read has not changed")
    story.tell("slot f[1]")
    #expect(story.run.childAttempt(of: "f[1]") == 1 && story.run.node("f[1]")?.attempt == 2)
    #expect(story.run.node("f")?.attempt == 2)
    story.tell("ok f[1]", "ok +f[2]", "gathered f")
    #expect(story.outcome == "succeeded")
  }

  @Test func aFailedItemGoesOnWithItsChildAfterAResume() {
    var story = Story(flow(fan("f")))
    story.tell("started", "items f=2", "ok +f[0]", "slot f[1]", "child f[1]=r", "fail f[1]", "gathered f")
    story.tell("resumed", "slot f[1]")
    #expect(story.run.childAttempt(of: "f[1]") == 1 && story.status("f[0]") == .succeeded)
  }

  @Test func whatReadSomethingElseListsItsItemsAnew() {
    var story = Story(flow(node("up", alwaysRun: true), fan("f", after: ["up"])))
    story.tell("started", "ok +up=one", "items f=3", "ok +f[0]", "slot f[1]", "child f[1]=r", "interrupted")
    story.tell("stopped f[1]", "resumed")
    #expect(story.tell("ok +up=two").suffix(1) == ["list f"])
    story.tell("items f=1")
    #expect(story.status("f[0]") == .pending && story.status("f[1]") == .skipped && story.status("f[2]") == .skipped)
    #expect(story.summary("f[1]") == "not run: its list has 1 item now")
    story.tell("slot f[0]")
    #expect(story.run.childAttempt(of: "f[0]") == 2, "another child")
    #expect(story.tell("ok f[0]", "gathered f").suffix(1) == ["end succeeded"])
    #expect(story.run.itemNodes(of: "f") == ["f[0]"])
  }

  @Test func aDoneNodeIsKeptWithItsItemsAndBeginsAnewWhereItAlwaysRuns() {
    for always in [false, true] {
      var story = Story(flow(fan("f", alwaysRun: always), node("a", after: ["f"])))
      story.tell("started", "items f=1", "ok +f[0]", "gathered f", "fail +a")
      let answer = story.tell("resumed")
      #expect(answer.contains("list f") == always && answer.contains("slot a") == !always)
      guard always else { continue }
      story.tell("items f=1", "slot f[0]")
      #expect(story.run.childAttempt(of: "f[0]") == 2)
    }
  }

  @Test func eachItemIsTriedAgainByItself() {
    var story = Story(flow(fan("f", limit: 1, retry: retries(2))))
    story.tell("started", "items f=2", "slot f[0]")
    #expect(story.tell("fail f[0]") == ["f[0]=pending", "wake f[0] 1s", "slot f[1]"], "it takes no place meanwhile")
    #expect(story.tell("slot f[1]", "again f[0]") == ["f[1]=running", "start f[1]#1"])
    #expect(story.tell("ok f[1]") == ["f=running", "f[1]=succeeded", "slot f[0]"])
    #expect(story.tell("slot f[0]").suffix(1) == ["start f[0]#2"])
    story.tell("fail f[0]", "gathered f")
    #expect(story.outcome == "failed: f failed: 1 of 2 items failed: f[0] failed: exit code 1")
  }

  @Test func anItemThatWaitsForAnAnswerTakesNoPlace() {
    var story = Story(flow(fan("f", limit: 1)))
    story.tell("started", "items f=2", "slot f[0]")
    #expect(story.tell("stands f[0]") == ["f[0]=awaitingApproval", "slot f[1]"])
    #expect(story.run.status == .running)
    story.tell("slot f[1]", "stands f[1]")
    #expect(story.run.status == .awaitingApproval && story.run.askingNodes == ["f[0]", "f[1]"])
    #expect(story.tell("continued") == ["take up f[0]", "take up f[1]"])
    story.tell("goes f[1]", "goes f[0]", "ok f[0]", "ok f[1]", "gathered f")
    #expect(story.outcome == "succeeded")
  }

  @Test func oneItemCanBeCancelled() {
    var story = Story(flow(fan("f", limit: 1)))
    story.tell("started", "items f=3", "slot f[0]")
    #expect(story.tell("cancel f[2]: not that one") == ["f=running", "f[2]=cancelled"])
    #expect(story.tell("cancel f[0]") == ["stop f[0]"])
    #expect(story.tell("stopped f[0]") == ["f=running", "f[0]=cancelled", "slot f[1]"])
    story.tell("ok +f[1]", "gathered f")
    #expect(
      story.outcome
        == "failed: f failed: 2 of 3 items failed: f[2] was cancelled: not that one; f[0] was cancelled: stopped on request"
    )
  }

  @Test func aCancelOfTheNodeStopsItsItemsAndNothingElse() {
    var story = Story(flow(fan("f", limit: 1), node("a")))
    story.tell("started", "items f=3", "slot f[0]", "slot a")
    #expect(story.tell("cancel f") == ["f=running", "f[1]=cancelled", "f[2]=cancelled", "stop f[0]"])
    #expect(story.tell("stopped f[0]") == ["f=cancelled", "f[0]=cancelled"])
    #expect(story.tell("cancel f") == [])
    story.tell("ok a")
    #expect(story.outcome == "failed: f was cancelled: cancelled on request")
  }

  @Test func aCancelOfTheRunStopsAll() {
    var story = Story(flow(fan("f", limit: 2)))
    story.tell("started", "items f=3", "slot f[0]")
    #expect(
      story.tell("cancel: enough")
        == ["f=cancelled", "f[1]=cancelled", "f[2]=cancelled", "no slot f[1]", "stop f[0]"])
    #expect(story.tell("stopped f[0]") == ["f[0]=cancelled", "end cancelled: enough"])
    #expect(story.tell("resumed").suffix(2) == ["slot f[0]", "slot f[1]"])
  }

  @Test func theRunsPlacesCountForItemsToo() {
    var story = Story(flow(fan("f", limit: 3), node("a"), maxParallel: 2))
    #expect(story.tell("started") == ["f=pending", "list f", "slot a"])
    #expect(story.tell("items f=3").suffix(1) == ["slot f[0]"])
    #expect(story.tell("slot a", "ok a").suffix(1) == ["slot f[1]"])
  }

  @Test func itemsInALoopAreThoseOfTheirIteration() {
    var story = Story(flow(loop("l", node("n"), fan("f", after: ["n"]))))
    story.tell(
      "started", "ok +l#1/n=a", "items l#1/f=2", "ok +l#1/f[0]", "ok +l#1/f[1]", "gathered l#1/f", "loop l#1 again")
    #expect(story.tell("ok +l#2/n=b").suffix(1) == ["list l#2/f"])
    story.tell("items l#2/f=1", "slot l#2/f[0]")
    #expect(story.run.item("l#2/f[0]")?.of == "l#2/f" && story.run.definition(of: "l#2/f[0]")?.id == "f")
    #expect(story.run.node("n", seenFrom: "l#2/f[0]")?.output == output("b"))
    story.tell("interrupted", "stopped l#2/f[0]", "resumed")
    #expect(story.tell("slot l#2/f[0]").suffix(1) == ["start l#2/f[0]#2"])
    story.tell("ok l#2/f[0]", "gathered l#2/f=g", "loop l#2 done=g")
    #expect(story.outcome == "succeeded")
  }

  @Test func anotherDefinitionKeepsTheItemsOfWhatStaysTheSame() {
    var story = Story(flow(fan("f"), node("a")))
    story.tell("started", "items f=2", "ok +f[0]", "slot f[1]", "fail +a", "interrupted", "stopped f[1]")
    let next = flow(node("b"), fan("f"))
    var run = story.run.redefined(as: next, keeping: ["f"])
    let commands = run.advance(on: .resumed).map { $0.words(in: run) }
    #expect(commands.suffix(2) == ["slot b", "slot f[1]"] && run.node("f[0]")?.status == .succeeded)
    var other = story.run.redefined(as: next, keeping: [])
    #expect(other.advance(on: .resumed).map { $0.words(in: other) }.suffix(2) == ["list f", "slot b"])
    _ = other.advance(on: .itemsListed("f", ItemList(count: 2, values: output("2"))))
    let again = other.advance(on: .slotGranted("f[1]")).map { $0.words(in: other) }
    #expect(again == ["f[1]=running", "start f[1]#2"], "its starts count on")
  }

  @Test func whatDoesNotFitChangesNothing() {
    var story = Story(flow(fan("f"), node("a")))
    story.tell("started", "items f=1")
    let before = story.run
    for event in [
      "items f=3", "gathered f", "items a=1", "gathered a", "items f[0]=1", "gathered f[0]", "ok f", "fail f",
    ] {
      #expect(story.tell(event) == [] && story.run == before, "\(event)")
    }
  }
}
