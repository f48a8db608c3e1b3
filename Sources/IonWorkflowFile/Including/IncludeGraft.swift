internal import IonJSON
internal import IonWorkflow

/// The nodes of an included workflow as they stand in the workflow around it, and behind them the include itself, which
/// settles when they have.
struct IncludeGraft {
  let labels: Relabelling
  private let tolerated: (NodeID) -> Bool
  private(set) var nodes: [Node] = []

  /// - Parameter tolerated: Whether a failure of a node around the include counts as a success.
  init(_ site: Node, of included: WorkflowDefinition, tolerated: @escaping (NodeID) -> Bool) {
    labels = .below(site.id)
    self.tolerated = tolerated
    nodes.reserveCapacity(included.nodes.count + 1)
    for node in included.nodes where node.phase == .main { nodes.append(placed(node, at: site, included)) }
    nodes.append(join(site, included))
  }

  private func placed(_ inner: Node, at site: Node, _ included: WorkflowDefinition) -> Node {
    var node = inner.relabelled(labels)
    if inner.dependsOn.isEmpty {
      node.dependsOn = site.dependsOn
      node.waitsFor = site.waitsFor + node.waitsFor
      node.triggerRule = site.triggerRule
      node.when = Condition.all([site.when, node.when])
    } else if inner.triggerRule == .allDone, !inner.isJoin {
      // It would run where everything before it was skipped; but where the include isn't entered, nothing of it runs.
      node.when = Condition.all([site.entryCondition(tolerated), site.when, node.when])
    }
    if !node.isJoin {
      node.environment = included.environment.map { $0.relabelled(labels) } + site.environment + node.environment
    }
    node.include = node.include ?? site.id
    node.phase = site.phase
    node.agent = node.agent.over(included.agent)
    node.range = site.range
    node.idRange = site.idRange
    return node
  }

  private func join(_ site: Node, _ included: WorkflowDefinition) -> Node {
    let inner = included.nodes.filter { $0.phase == .main }
    let graph = WorkflowGraph(inner)
    let members = inner.indices.filter { !inner[$0].isStoodFor }
    let sinks = members.filter { graph.dependents[$0].isEmpty }
    let sinkIDs = sinks.map { inner[$0].id }
    var node = Node(
      id: site.id,
      kind: .include(
        Include(
          workflow: site.includedName, members: members.map { labels.id(inner[$0].id) },
          result: included.resultNode.map(labels.id))))
    node.description = site.description
    node.dependsOn = sinkIDs.map(labels.id)
    let isSink = Set(sinks)
    node.waitsFor = members.filter { !isSink.contains($0) }.map { labels.id(inner[$0].id) }
    node.triggerRule = .allDone
    node.include = site.include
    node.phase = site.phase
    node.range = site.range
    node.idRange = site.idRange
    return node
  }
}

extension Node {
  /// The name of the workflow that an include names.
  fileprivate var includedName: String { if case .include(let include) = kind { include.workflow } else { "" } }

  /// What the node's trigger rule asks of its dependencies, as a condition; nil where it asks nothing.
  fileprivate func entryCondition(_ tolerated: (NodeID) -> Bool) -> Condition? {
    func status(_ id: NodeID, _ statuses: [NodeStatus]) -> Condition {
      let words = statuses.map { Condition.Operand.literal(.string($0.rawValue)) }
      if words.count == 1 { return .comparison(.reference(Reference(.status(id))), .equal, words[0]) }
      return .comparison(.reference(Reference(.status(id))), .isIn, .list(words))
    }
    guard !dependsOn.isEmpty else { return nil }
    let succeeded = dependsOn.map { status($0, tolerated($0) ? [.succeeded, .failed] : [.succeeded]) }
    return switch triggerRule {
    case .allSuccess: Condition.all(succeeded)
    case .oneSuccess: Condition.any(succeeded)
    case .noneFailedMinOneSuccess:
      Condition.all(
        dependsOn.map { status($0, [.succeeded, .skipped] + (tolerated($0) ? [.failed] : [])) }
          + [Condition.any(succeeded)])
    case .allDone: nil
    }
  }
}
