import IonWorkflow
import Testing

@testable import IonScheduler

/// The work of an event grows with the edges that it touches, never with the size of the workflow.
@Suite struct WorkPerEventTests {
  private static let size = 10_000

  /// Plays a run to its end in a world where nothing goes wrong but for the nodes named; returns how many events it took
  /// and the most work that one of them was, beginnings apart.
  private func play(_ run: inout WorkflowRun, on beginning: RunEvent, failing: Set<NodeID> = []) -> (
    events: Int, most: Int
  ) {
    var inbox = [beginning]
    var next = 0
    var most = 0
    while next < inbox.count {
      let before = run.operations
      for command in run.advance(on: inbox[next]) {
        switch command {
        case .requestSlot(let id): inbox.append(.slotGranted(id))
        case .start(let id, _):
          inbox.append(
            failing.contains(id) ? .stepFailed(id, StepFailure(.exit, "no"), dice: 0) : .stepSucceeded(id, output("x")))
        case .evaluateLoop(let id): inbox.append(.loopSettled(id, iteration: run.iteration(of: id) ?? 0, .again))
        case .listItems(let id): inbox.append(.itemsListed(id, ItemList(count: Self.size, values: output("x"))))
        case .gatherItems(let id): inbox.append(.itemsGathered(id, output("x")))
        case .evaluateCondition, .openGate, .checkEvidence, .withdrawSlotRequest, .takeUpChild, .answerAgent, .stop,
          .wake, .record,
          .finish:
          break
        }
      }
      if next > 0 { most = max(most, run.operations - before) }
      next += 1
    }
    return (inbox.count, most)
  }

  private func id(_ index: Int) -> NodeID { NodeID("n\(index)") }

  private func chain() -> WorkflowDefinition {
    flow((0..<Self.size).map { node(id($0), after: $0 == 0 ? [] : [id($0 - 1)]) })
  }

  @Test func aLongChainCostsTheSameAtEveryStep() {
    var run = WorkflowRun(chain())
    let (events, most) = play(&run, on: .started)
    #expect(run.outcome == RunOutcome(.succeeded))
    #expect(run.counts == [.succeeded: Self.size])
    #expect(events == 2 * Self.size + 1)
    #expect(run.operations <= 4 * events, "\(run.operations)")
    #expect(most <= 8)
  }

  @Test(arguments: [nil, 4]) func independentNodesCostTheSameEach(maxParallel: Int?) {
    var run = WorkflowRun(flow((0..<Self.size).map { node(id($0)) }, maxParallel: maxParallel))
    let (events, most) = play(&run, on: .started)
    #expect(run.outcome == RunOutcome(.succeeded))
    #expect(run.operations <= 4 * events, "\(run.operations)")
    #expect(most <= 8)
  }

  @Test func aLongLoopCostsTheSameInEveryIteration() {
    let count = 1_000
    var run = WorkflowRun(flow(loop("l", most: count, node("a"), node("b", after: ["a"]), node("c", after: ["b"]))))
    let (events, most) = play(&run, on: .started)
    #expect(run.outcome?.reason == "l failed: it was not done after 1000 iterations")
    #expect(run.nodes.count == 1 + 3 * count)
    #expect(events == 1 + count * 7)
    #expect(run.operations <= 8 * events, "\(run.operations)")
    #expect(most <= 24)
  }

  @Test(arguments: [1, 5, 1000]) func manyItemsCostTheSameEach(limit: Int) {
    var run = WorkflowRun(flow(fan("f", limit: limit)))
    let (events, most) = play(&run, on: .started)
    #expect(run.outcome == RunOutcome(.succeeded))
    #expect(run.nodes.count == 1 + Self.size && run.counts == [.succeeded: 1])
    #expect(events == 4 + 2 * Self.size - 1)
    #expect(run.operations <= 10 * events, "\(run.operations)")
    #expect(most <= 4 * Self.size + 8, "listing them costs each once")
  }

  @Test func denseLayersCostTheirEdges() {
    let layers = 20
    let nodes = (0..<layers * layers).map { index in
      node(id(index), after: index < layers ? [] : (0..<layers).map { id((index / layers - 1) * layers + $0) })
    }
    var run = WorkflowRun(flow(nodes))
    let (events, most) = play(&run, on: .started)
    let edges = (layers - 1) * layers * layers
    #expect(run.outcome == RunOutcome(.succeeded))
    #expect(run.operations <= 4 * (events + edges), "\(run.operations)")
    #expect(most <= 8 * (1 + layers))
  }

  @Test func aResumeKeepsALongChainInOneGo() {
    var run = WorkflowRun(chain())
    let last = id(Self.size - 1)
    _ = play(&run, on: .started, failing: [last])
    #expect(run.error == "\(last) failed: no")
    let before = run.operations
    let (events, _) = play(&run, on: .resumed)
    #expect(events == 3)
    #expect(run.outcome == RunOutcome(.succeeded))
    #expect(run.nodes.reduce(0) { $0 + $1.attempt } == Self.size + 1)
    #expect(run.operations - before <= 10 * Self.size)
  }

  @Test func aSkipRunsThroughALongChainInOneGo() {
    var run = WorkflowRun(chain())
    let (events, most) = play(&run, on: .started, failing: ["n0"])
    #expect(events == 3)
    #expect(run.counts == [.failed: 1, .skipped: Self.size - 1])
    #expect(most <= 8 * Self.size)
  }

  @Test func nonsenseCostsNothing() {
    var run = WorkflowRun(chain())
    _ = run.advance(on: .started)
    let before = run.operations
    for index in 1..<100 { _ = run.advance(on: .stepSucceeded(id(index), output("x"))) }
    #expect(run.operations == before)
  }
}
