import IonScheduler
import IonWorkflow
import Testing

/// What a run keeps that goes on with another definition.
@Suite struct RedefinitionTests {
  /// a → b → c and d beside them, of which c has failed.
  private let before = flow(node("a"), node("b", after: ["a"]), node("c", after: ["b"]), node("d"))

  private func failed() -> WorkflowRun {
    var story = Story(before)
    story.tell("started", "ok +a=one", "ok +b=two", "ok +d=four", "fail +c")
    return story.run
  }

  /// The run with another definition, at the next attempt's beginning.
  private func resumed(_ run: WorkflowRun, as definition: WorkflowDefinition) -> (WorkflowRun, [RunCommand]) {
    var next = run.redefined(as: definition, keeping: run.unchangedNodes(in: definition, where: ==))
    let commands = next.advance(on: .resumed)
    return (next, commands)
  }

  @Test func aChangedNodeAndWhatFollowsRunAgain() {
    let after = flow(node("a"), node("b", after: ["a"], retry: retries(2)), node("c", after: ["b"]), node("d"))
    #expect(failed().unchangedNodes(in: after, where: ==) == ["a", "d"])
    let (run, commands) = resumed(failed(), as: after)
    #expect(run.attempt == 2)
    #expect(run.nodes.map(\.status) == [.succeeded, .pending, .pending, .succeeded])
    #expect(run.nodes.map(\.attempt) == [1, 1, 1, 1])
    #expect(run.node("a")?.output == output("one"))
    #expect(run.node("b")?.output == nil)
    #expect(commands.contains(.requestSlot("b")))
    #expect(run.counts == [.succeeded: 2, .pending: 2])
  }

  @Test func theSameDefinitionKeepsWhatAResumeKeeps() {
    var plain = failed()
    let commands = plain.advance(on: .resumed)
    let (run, others) = resumed(failed(), as: before)
    #expect(commands == others)
    #expect(run.nodes == plain.nodes)
  }

  @Test func orderAloneChangesNothing() {
    let after = flow(node("d"), node("a"), node("b", after: ["a"]), node("c", after: ["b"]))
    #expect(failed().unchangedNodes(in: after, where: ==) == ["d", "a", "b", "c"])
    let (run, _) = resumed(failed(), as: after)
    #expect(run.nodes.map(\.status) == [.succeeded, .succeeded, .succeeded, .pending])
  }

  @Test func whatTextsReadIsUpstreamToo() {
    let nodes = [node("a"), node("b", after: ["a"]), node("c", after: ["b"], reads: ["a"]), node("d")]
    var story = Story(flow(nodes))
    story.tell("started", "ok +a=one", "ok +b=two", "ok +c=three", "fail +d")
    var after = flow(nodes)
    after.nodes[0].timeout = .seconds(9)
    #expect(story.run.unchangedNodes(in: after, where: ==) == ["d"])
  }

  @Test func nodesComeAndGoAndTheirStartsCountOn() {
    var (run, _) = resumed(failed(), as: flow(node("a"), node("new", after: ["a"])))
    #expect(run.nodes.map(\.status) == [.succeeded, .pending])
    #expect(run.node("b") == nil)
    _ = run.advance(on: .slotGranted("new"))
    _ = run.advance(on: .stepFailed("new", StepFailure(.exit, "exit 1", exitCode: 1), dice: 0))
    #expect(run.status == .failed)
    let (again, commands) = resumed(run, as: before)
    #expect(again.nodes.map(\.status) == [.succeeded, .pending, .pending, .pending])
    #expect(again.nodes.map(\.attempt) == [1, 1, 1, 1])
    #expect(commands.contains(.requestSlot("b")))
    #expect(again.node("new") == nil)
  }

  @Test func aReplayGivesTheSameRun() {
    let after = flow(node("a"), node("c", after: ["a"]))
    let kept = failed().unchangedNodes(in: after, where: ==)
    let change = Redefinition(
      definitionHash: "h", nodes: ["a", "c"], unchanged: kept, inputs: [:], frozenFiles: [:])
    let rest: [RunEvent] = [
      .redefined(change), .resumed, .slotGranted("c"), .stepSucceeded("c", output("three")),
    ]
    func fold(_ run: WorkflowRun) -> WorkflowRun {
      rest.reduce(into: run) { run, event in
        if case .redefined(let change) = event { run = run.redefined(as: after, keeping: change.unchanged) }
        _ = run.advance(on: event)
      }
    }
    let ended = fold(failed())
    #expect(ended.status == .succeeded)
    #expect(ended == fold(failed()))
  }

  @Test func onlyARunThatMayBeResumedIsRedefined() {
    var run = WorkflowRun(before)
    _ = run.advance(on: .started)
    #expect(run.redefined(as: flow(node("x")), keeping: []) == run)
    #expect(run.unchangedNodes(in: flow(node("a", after: ["a"])), where: ==) == [])
  }
}
