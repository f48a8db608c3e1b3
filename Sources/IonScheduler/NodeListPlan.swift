internal import IonWorkflow

/// A list of nodes, a workflow's own or a loop's body, and what it means for scheduling. Computed once, never changed, and
/// shared by all copies of a run. Indices are places in the list.
final class NodeListPlan: Sendable {
  /// One node that waits for another.
  struct Edge: Hashable, Sendable {
    var target: Int
    /// Whether the target's trigger rule looks at this node; false where it merely waits for it.
    var isRuled: Bool
  }

  /// A node that stands for others.
  struct Join: Hashable, Sendable {
    var members: [Int]
    /// The member whose output is its own.
    var result: Int?
    /// Whether its output is made of all theirs, by whoever drives the run.
    var isGathered = false

    func moved(by offset: Int) -> Join {
      Join(members: members.map { $0 + offset }, result: result.map { $0 + offset }, isGathered: isGathered)
    }
  }

  let nodes: [Node]
  let graph: WorkflowGraph
  let traits: [NodeTraits]
  /// For each node, those that wait for it, ascending.
  let edges: [[Edge]]
  /// For each node, those of the list that it waits for and whose results it reads, without repeats: `dependsOn`,
  /// `waitsFor`, then others that its texts name.
  let inputs: [[Int]]
  /// For each node, how many of those its trigger rule looks at; they are the first of its inputs.
  let ruledCounts: [Int]
  /// The nodes of each stage of a run, by its raw value.
  let stages: [[Int]]
  /// For each node, what its texts read that isn't in the list: nodes around a loop, which settled before it began.
  let outside: [[NodeID]]
  /// For each node that is a loop, its body.
  let loops: [Int: LoopPlan]
  /// For each node with `fan_out`, what it does for an item.
  let fanOuts: [Int: FanOutPlan]
  /// The nodes that stand for others, by index.
  let joins: [Int: Join]

  /// `bound` is what the inputs of each include read: every step inside of one is given all of them.
  init(_ nodes: [Node], bound: [NodeID: [Reference]]) {
    let graph = WorkflowGraph(nodes.map { Self.waitingForAllItReads($0, bound) })
    var edges = [[Edge]](repeating: [], count: nodes.count)
    var inputs: [[Int]] = []
    var ruledCounts: [Int] = []
    var stages: [[Int]] = [[], [], []]
    var lastReader = [Int](repeating: -1, count: nodes.count)
    for index in nodes.indices {
      var read: [Int] = []
      func add(_ upstream: Int, isRuled: Bool) {
        guard lastReader[upstream] != index else { return }
        lastReader[upstream] = index
        read.append(upstream)
        edges[upstream].append(Edge(target: index, isRuled: isRuled))
      }
      for upstream in graph.dependencies[index] { add(upstream, isRuled: true) }
      ruledCounts.append(read.count)
      stages[nodes[index].phase.stage.rawValue].append(index)
      for upstream in graph.waits[index] { add(upstream, isRuled: false) }
      inputs.append(read)
    }
    self.nodes = nodes
    self.graph = graph
    self.edges = edges
    self.inputs = inputs
    self.ruledCounts = ruledCounts
    self.stages = stages
    traits = nodes.map(NodeTraits.init)
    outside = nodes.map { node in
      var seen: Set<NodeID> = []
      return node.nodesRead(bound).filter { graph.index(of: $0) == nil && seen.insert($0).inserted }
    }
    loops = nodes.indices.reduce(into: [:]) { $0[$1] = LoopPlan(nodes[$1], bound: bound) }
    fanOuts = nodes.indices.reduce(into: [:]) { $0[$1] = FanOutPlan(nodes[$1]) }
    joins = Self.joins(nodes, graph)
  }

  private static func joins(_ nodes: [Node], _ graph: WorkflowGraph) -> [Int: Join] {
    var joins: [Int: Join] = [:]
    for (index, node) in nodes.enumerated() {
      guard let members = node.members else { continue }
      var join = Join(members: members.compactMap { graph.index(of: $0) })
      switch node.kind {
      case .include(let include): join.result = include.result.flatMap { graph.index(of: $0) }
      case .matrix: join.isGathered = true
      default: break
      }
      joins[index] = join
    }
    return joins
  }

  /// A node may read another one that is further up than its dependencies. That one has settled before them, as a rule;
  /// but not where somebody cancelled what stands between, so it is waited for by name.
  private static func waitingForAllItReads(_ node: Node, _ bound: [NodeID: [Reference]]) -> Node {
    var node = node
    node.waitsFor += node.nodesRead(bound).filter { $0 != node.id }
    return node
  }

  /// Why the list can't be run at all, for people; nil for one that the reader let through.
  var flaw: String? {
    for (index, node) in nodes.enumerated() {
      if graph.index(of: node.id) != index { return "two nodes have the id \(node.id)" }
      if let missing = (node.dependsOn + node.waitsFor).first(where: { graph.index(of: $0) == nil }) {
        return "\(node.id) depends on \(missing), which no node is called"
      }
      let late = (graph.dependencies[index] + graph.waits[index]).first { nodes[$0].phase.stage > node.phase.stage }
      if let late { return "\(node.id) waits for \(nodes[late].id), which has its turn at the end of the run" }
    }
    if graph.topologicalOrder == nil, let cycle = graph.cycle {
      return "nodes depend on each other: "
        + (cycle + cycle.prefix(1)).map { nodes[$0].id.rawValue }.joined(separator: " → ")
    }
    return loops.sorted { $0.key < $1.key }.lazy.compactMap { $0.value.body.flaw }.first
  }
}

/// What a loop repeats, and how it comes to its end.
struct LoopPlan: Sendable {
  let body: NodeListPlan
  let maxIterations: Int
  /// Body nodes that no other one waits for.
  let sinks: Set<Int>
  /// `until_bash`; nil where there is none.
  let test: Int?

  /// Nil for a node that repeats nothing.
  init?(_ node: Node, bound: [NodeID: [Reference]]) {
    guard let repetition = node.repetition else { return nil }
    var nodes = repetition.body
    let list = NodeListPlan(nodes, bound: bound)
    let last = nodes.indices.filter { list.edges[$0].isEmpty }
    sinks = Set(last)
    maxIterations = repetition.maxIterations
    guard let text = repetition.untilBash else {
      body = list
      test = nil
      return
    }
    test = nodes.count
    nodes.append(Self.test(text, after: last.map { nodes[$0].id }))
    body = NodeListPlan(nodes, bound: bound)
  }

  /// `until_bash` as a node that runs when the others are done, and whose failure only says that the loop goes on.
  private static func test(_ text: BashBody, after sinks: [NodeID]) -> Node {
    var node = Node(id: LoopGroup.testID, kind: .bash(text))
    node.dependsOn = sinks
    node.triggerRule = .noneFailedMinOneSuccess
    node.continueOnError = true
    return node
  }
}

/// What a node does for each of its items.
struct FanOutPlan: Sendable {
  /// The one node that each item has.
  let body: NodeListPlan
  /// How many items run at once.
  let limit: Int
  /// Whether the node fails where an item did not come out well.
  let needsAll: Bool

  /// Nil for a node without `fan_out`.
  init?(_ node: Node) {
    guard let fanOut = node.fanOut, let item = node.item else { return nil }
    body = NodeListPlan([item], bound: [:])
    limit = max(1, fanOut.maxParallel)
    needsAll = fanOut.join == .allSuccess
  }
}

/// What the scheduler needs to know of a node again and again.
struct NodeTraits: Hashable, Sendable {
  /// What a node does to the run when it succeeds.
  enum Control: Hashable, Sendable { case cancel, finish }

  var triggerRule: TriggerRule
  var hasCondition: Bool
  var continueOnError: Bool
  var alwaysRun: Bool
  var control: Control?
  var phase: NodePhase
  /// Whether it does nothing itself and settles behind those that it stands for.
  var isJoin: Bool
  /// What the node asks people; nil for one that asks nobody.
  var approval: Approval?
  /// Whether it is a gate: it asks first, and repeats only what follows a rejection.
  var isGate: Bool
  /// Whether one run of another workflow does its work.
  var isChild: Bool
  /// Whether an agent's turn does its work.
  var isAgent: Bool
  var retry: RetryPolicy?
  var retriedErrors: RetryPolicy.ErrorClass

  init(_ node: Node) {
    triggerRule = node.triggerRule
    hasCondition = node.when != nil
    continueOnError = node.continueOnError
    // What is done at the end of a run is done at the end of each of its attempts.
    alwaysRun = node.alwaysRun || node.phase != .main
    phase = node.phase
    switch node.kind {
    case .cancel: control = .cancel
    case .finish: control = .finish
    case .bash, .script, .exec, .prompt, .command, .loop, .loopGroup, .approval, .workflow, .include, .matrix:
      control = nil
    }
    isJoin = node.isJoin
    approval = node.gate
    if case .approval = node.kind { isGate = true } else { isGate = false }
    if case .workflow(let child) = node.kind { isChild = child.fanOut == nil } else { isChild = false }
    isAgent = node.kind.isAgentTurn
    retry = node.retry ?? (node.kind.isAgentTurn ? RetryPolicy(maxAttempts: 2) : nil)
    retriedErrors = node.retry?.onError ?? (node.kind.isAgentTurn ? .transient : .all)
  }

  /// Whether a failure is worth another execution, after this many within the attempt of the run.
  func allowsRetry(of failure: StepFailure, after executions: Int) -> Bool {
    guard let retry, executions < retry.maxAttempts else { return false }
    // What a node reads is settled: a value that could not be resolved can't be resolved a moment later either.
    guard failure.kind != .value else { return false }
    if !retry.onExitCodes.isEmpty {
      guard let code = failure.exitCode, retry.onExitCodes.contains(code) else { return false }
    }
    return retriedErrors == .all || failure.isTransient
  }
}

extension Node {
  /// The nodes whose results this one's texts read, with repeats. What an earlier iteration gave is not among them: it
  /// has settled long since.
  fileprivate func nodesRead(_ bound: [NodeID: [Reference]]) -> [NodeID] {
    var references = references
    for reference in references {
      if case .boundInput(let include, _) = reference.root { references += bound[include] ?? [] }
    }
    if let include, !isJoin { references += bound[include] ?? [] }
    return references.compactMap { if case .loopPrevious = $0.root { nil } else { $0.node } }
  }
}
