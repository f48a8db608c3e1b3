internal import IonWorkflow

/// What a run's definition means for its scheduling; computed once, never changed, and shared by all copies of a run.
final class RunPlan: Equatable, Sendable {
  /// One node that waits for another.
  struct Edge: Hashable, Sendable {
    var target: Int
    /// Whether the target's trigger rule looks at this node; false where it merely waits for it.
    var isRuled: Bool
  }

  /// What the scheduler needs to know of a node again and again.
  struct Traits: Hashable, Sendable {
    var triggerRule: TriggerRule
    var hasCondition: Bool
    var continueOnError: Bool
    var alwaysRun: Bool
    var control: Control?
    /// Whether it does nothing itself and settles behind those that it stands for.
    var isJoin: Bool
    var retry: RetryPolicy?
    var retriedErrors: RetryPolicy.ErrorClass
  }

  /// What a node does to the run when it succeeds.
  enum Control: Hashable, Sendable { case cancel, finish }

  /// A node that stands for others.
  struct Join: Hashable, Sendable {
    var members: [Int]
    /// The member whose output is its own.
    var result: Int?
    /// Whether its output is made of all theirs, by whoever drives the run.
    var isGathered = false
  }

  let definition: WorkflowDefinition
  let graph: WorkflowGraph
  let traits: [Traits]
  /// For each node, those that wait for it, ascending.
  let edges: [[Edge]]
  /// For each node, those that it waits for and whose results it reads, without repeats: `dependsOn`, `waitsFor`, then
  /// others that its texts name.
  let inputs: [[Int]]
  /// The nodes that stand for others, by index.
  let joins: [Int: Join]
  /// Why the definition can't be run at all, for people; nil for one that the reader let through.
  let flaw: String?

  init(_ definition: WorkflowDefinition) {
    let bound = definition.referencesByInclude
    let graph = WorkflowGraph(definition.nodes.map { Self.waitingForAllItReads($0, bound) })
    var edges = [[Edge]](repeating: [], count: definition.nodes.count)
    var inputs: [[Int]] = []
    var lastReader = [Int](repeating: -1, count: definition.nodes.count)
    for index in definition.nodes.indices {
      var read: [Int] = []
      func add(_ upstream: Int, isRuled: Bool) {
        guard lastReader[upstream] != index else { return }
        lastReader[upstream] = index
        read.append(upstream)
        edges[upstream].append(Edge(target: index, isRuled: isRuled))
      }
      for upstream in graph.dependencies[index] { add(upstream, isRuled: true) }
      for upstream in graph.waits[index] { add(upstream, isRuled: false) }
      inputs.append(read)
    }
    self.definition = definition
    self.graph = graph
    self.edges = edges
    self.inputs = inputs
    joins = Self.joins(definition.nodes, graph)
    traits = definition.nodes.map(Traits.init)
    flaw = Self.flaw(of: definition.nodes, in: graph)
  }

  /// A node may read another one that is further up than its dependencies. That one has settled before them, as a rule;
  /// but not where somebody cancelled what stands between, so it is waited for by name.
  ///
  /// - Parameter bound: What the inputs of each include read: every step inside of one is given all of them.
  private static func waitingForAllItReads(_ node: Node, _ bound: [NodeID: [Reference]]) -> Node {
    var node = node
    var references = node.references
    for reference in references {
      if case .boundInput(let include, _) = reference.root { references += bound[include] ?? [] }
    }
    if let include = node.include, !node.isJoin { references += bound[include] ?? [] }
    node.waitsFor += references.compactMap(\.node).filter { $0 != node.id }
    return node
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

  /// All else follows from the definition.
  static func == (left: RunPlan, right: RunPlan) -> Bool { left === right || left.definition == right.definition }

  /// How many nodes of the run may have a place at once.
  var places: Int { definition.maxParallel.map { max(1, $0) } ?? .max }

  private static func flaw(of nodes: [Node], in graph: WorkflowGraph) -> String? {
    for (index, node) in nodes.enumerated() {
      if graph.index(of: node.id) != index { return "two nodes have the id \(node.id)" }
      if let missing = (node.dependsOn + node.waitsFor).first(where: { graph.index(of: $0) == nil }) {
        return "\(node.id) depends on \(missing), which no node is called"
      }
    }
    guard graph.topologicalOrder == nil, let cycle = graph.cycle else { return nil }
    return "nodes depend on each other: "
      + (cycle + cycle.prefix(1)).map { nodes[$0].id.rawValue }.joined(separator: " → ")
  }
}

extension RunPlan.Traits {
  init(_ node: Node) {
    triggerRule = node.triggerRule
    hasCondition = node.when != nil
    continueOnError = node.continueOnError
    alwaysRun = node.alwaysRun
    switch node.kind {
    case .cancel: control = .cancel
    case .finish: control = .finish
    case .bash, .script, .exec, .prompt, .command, .loop, .loopGroup, .approval, .workflow, .include, .matrix:
      control = nil
    }
    isJoin = node.isJoin
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

extension NodeKind {
  /// Whether agents do the node's work, whose passing failures are retried without being asked for.
  fileprivate var isAgentTurn: Bool {
    switch self {
    case .prompt, .command, .loop: true
    case .bash, .script, .exec, .loopGroup, .approval, .workflow, .include, .matrix, .cancel, .finish: false
    }
  }
}
