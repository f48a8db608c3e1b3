public import IonWorkflow

/// One run of a workflow, as a value: facts go in, orders come out. It has no clock, does no work and leaves nothing to
/// chance, so the same history gives the same commands and the same value.
///
/// Feed every event to `advance(on:)`, in the order of the log, and obey the commands. What the run does with its nodes:
///
/// - A node is decided on once all that it depends on and waits for has settled, whatever the others do. Its trigger rule
///   is asked first, then what a resume may keep, then its condition; then it takes one of the run's places, then a slot.
/// - Nodes start in the definition's order as far as that is open.
/// - Nodes that have their turn at the end are decided on once all others have settled, or were cut off by anything but an
///   interruption: those of `on_success` or `on_failure` by what came of the run, then those of `on_exit`. Another cancel
///   or a timeout then cuts off the stage that goes on. They can make a success a failure, but no failure anything else.
/// - An end is final within its attempt: until `resumed`, a run that has ended doesn't change.
public struct WorkflowRun: Equatable, Sendable {
  private(set) var plan: RunPlan
  /// By the plan's order: the definition's nodes, then those of iterations and of items as they were begun.
  var progress: [NodeProgress]
  /// How far the loops have come that were begun, by their index.
  var loops: [Int: LoopProgress] = [:]
  /// The same of nodes with `fan_out`.
  var fanOuts: [Int: FanOutProgress] = [:]

  /// How often the run was taken up: 1 for the first time, one more for each `resumed`.
  public internal(set) var attempt = 1
  /// How this attempt of the run ended; nil before that.
  public internal(set) var outcome: RunOutcome?
  /// How many nodes of the definition are in each status; statuses without nodes are left out.
  public internal(set) var counts: [NodeStatus: Int]
  /// What the run's agents have used, over all its attempts; nil where nobody said.
  public internal(set) var usage: AgentUsage?
  /// What the sessions of its agents have cost, all their turns together, as far as the agents tell.
  var sessionCosts: [NodeSession: Double] = [:]
  /// What the run's work has amounted to so far, in nodes and edges looked at.
  package internal(set) var operations = 0

  /// Whether this attempt has begun.
  var hasBegun = false
  /// Which part of the run goes on.
  var stage = RunStage.main
  /// What came of the run before the stage that goes on; nil in the first one.
  var verdict: RunOutcome?
  /// Why nothing of the stage starts any more; nil while the run goes its way.
  var ending: Ending?
  /// What is known of the evidence that a success needs.
  var evidence = Evidence.unasked
  /// Whether a step was lost: nothing starts until `interrupted` says that all lost steps are known.
  var isHeld = false
  /// Nodes that may start as soon as the run has a place for them.
  var ready: OrderedIndexSet
  /// Nodes that have a place and wait for a process-wide slot.
  var queued: OrderedIndexSet
  /// Nodes whose process may be alive.
  var running: OrderedIndexSet
  /// Nodes whose gates wait for an answer, and those whose child runs do.
  var asking: OrderedIndexSet
  /// Nodes of iterations whose gates an interruption left pending, until their loops come to them again.
  var leftAsking: Set<Int> = []
  /// How many nodes go on without anybody's answer.
  var moving = 0
  /// How many of the definition's nodes in the stage have not settled.
  var unsettled: Int
  /// How often nodes were started that the definition has no more.
  var goneAttempts: [NodeID: Int] = [:]
  /// Starts and kept successes of this attempt of the run.
  var starts = 0
  var kept = 0
  /// The nodes that fail the stage, first come, first served, but only as many as are told to people.
  var firstFailures: [Int] = []
  var failures = 0

  /// A run that has not begun. A definition that the reader would refuse (a cycle, an unknown or a double id) makes a run
  /// that fails as soon as it starts, saying so.
  public init(_ definition: WorkflowDefinition) {
    let bound = definition.nodes.count
    plan = RunPlan(definition)
    progress = definition.nodes.map { NodeProgress($0.id) }
    counts = bound == 0 ? [:] : [.pending: bound]
    ready = OrderedIndexSet(bound: bound)
    queued = OrderedIndexSet(bound: bound)
    running = OrderedIndexSet(bound: bound)
    asking = OrderedIndexSet(bound: bound)
    unsettled = 0
  }

  /// The workflow as the run's last attempt has it.
  public var definition: WorkflowDefinition { plan.definition }

  /// `queued` before `started`, then `running`, or `awaitingApproval` while a gate, its own, one of a child run or an
  /// agent's, waits for an answer and nothing goes on or can go on without one, until there is an outcome, whose status it
  /// is then.
  public var status: RunStatus {
    if let outcome { return outcome.status }
    guard hasBegun else { return .queued }
    // What is ready and has no place by now waits for those that have one.
    let hasQuestion = !asking.isEmpty || !running.isEmpty
    return hasQuestion && moving == ready.count && isOpen ? .awaitingApproval : .running
  }

  /// Whether the processes of agents live that wait for answers with the run.
  public var hasWaitingAgents: Bool { status == .awaitingApproval && !running.isEmpty }

  /// Why the run failed, was cancelled or interrupted, for people; nil for every other run, and where nobody said why.
  public var error: String? { outcome.flatMap { $0.status == .succeeded ? nil : $0.reason } }

  /// Why nothing of the run starts any more, for people, while it still goes on; nil while it goes its way.
  public var endingCause: String? { ending?.cause }

  /// Every node: those of the definition in its order, then those of the iterations that loops have come to, and of items.
  public var nodes: [NodeState] { progress.map(\.state) }

  /// One node; nil for an unknown id.
  public func node(_ id: NodeID) -> NodeState? { plan.index(of: id).map { progress[$0].state } }

  /// One node as a text of another one means it: a node of the same iteration, else one of those around it. Nil for an
  /// unknown id.
  public func node(_ id: NodeID, seenFrom reader: NodeID) -> NodeState? {
    guard let reader = plan.index(of: reader), let index = plan.index(of: id, seenFrom: reader) else { return nil }
    return progress[index].state
  }

  /// What the workflow says of a node, with the id that it has where it stands (`test` for `review#2/test`).
  public func definition(of id: NodeID) -> Node? { plan.index(of: id).map(plan.node) }

  /// Where a node stands among all of the run; nil for an unknown id.
  public func position(of id: NodeID) -> Int? { plan.index(of: id) }

  /// The nodes whose process, or child run, may be alive and doesn't wait for answers, those that are being stopped among them, in the definition's order.
  public var runningNodes: [NodeID] { running.members.map { progress[$0].state.id } }

  /// The nodes whose gates, whose child runs, or whose agents wait for an answer, in the definition's order.
  public var askingNodes: [NodeID] {
    let blocked = running.members.filter { progress[$0].phase == .blocked }
    return (asking.members + blocked).sorted().map { progress[$0].state.id }
  }

  /// The process of a running node; nil for every other node, and until the process was reported.
  public func process(of id: NodeID) -> ProcessFacts? { plan.index(of: id).flatMap { progress[$0].process } }

  /// Adds a node for each of a loop's next iteration.
  mutating func addIteration(of loop: Int) -> Range<Int> {
    let (indices, ids) = plan.addIteration(of: loop, id: progress[loop].state.id)
    for id in ids { begin(id) }
    growSets()
    return indices
  }

  /// Adds nodes until a node with `fan_out` has so many items.
  mutating func addItems(of fanOut: Int, upTo count: Int) {
    for _ in plan.items(of: fanOut).count..<max(count, plan.items(of: fanOut).count) {
      begin(plan.addItem(of: fanOut, id: progress[fanOut].state.id).id)
    }
    growSets()
  }

  /// Adds a node for another item.
  mutating func addItem(of fanOut: Int) -> Range<Int> {
    addItems(of: fanOut, upTo: plan.items(of: fanOut).count + 1)
    return plan.count - 1..<plan.count
  }

  /// A node that was added to the plan.
  private mutating func begin(_ id: NodeID) {
    progress.append(NodeProgress(id))
    progress[progress.count - 1].state.attempt = goneAttempts.removeValue(forKey: id) ?? 0
    operations += 1
  }

  private mutating func growSets() {
    ready.grow(to: plan.count)
    queued.grow(to: plan.count)
    running.grow(to: plan.count)
    asking.grow(to: plan.count)
  }

  /// Whether nodes may still start.
  var isOpen: Bool { hasBegun && ending == nil && !isHeld && outcome == nil }
}
