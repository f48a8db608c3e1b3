public import IonWorkflow

extension WorkflowRun {
  /// The same run with another definition, between two attempts: whoever folds a log calls this where it says
  /// `redefined`, with the definition that the event names; one that may not be resumed stays as it is.
  ///
  /// Nodes in `unchanged` stand where they stood. All others are as if they had never run, except that their attempts
  /// count on, those of nodes that had gone in between too: each start has a log of its own.
  public func redefined(as definition: WorkflowDefinition, keeping unchanged: [NodeID]) -> WorkflowRun {
    guard status.isResumable else { return self }
    var next = WorkflowRun(definition)
    (next.attempt, next.outcome, next.hasBegun) = (attempt, outcome, hasBegun)
    next.goneAttempts = goneAttempts
    next.usage = usage
    for node in progress.prefix(plan.ownCount) where next.plan.index(of: node.state.id) == nil {
      next.goneAttempts[node.state.id] = node.state.attempt
    }
    let kept = Set(unchanged)
    next.counts = [:]
    for index in 0..<next.plan.ownCount {
      let id = next.progress[index].state.id
      let attempts = next.goneAttempts.removeValue(forKey: id)
      if let old = plan.index(of: id) {
        if kept.contains(id) {
          next.progress[index] = progress[old]
        } else {
          next.progress[index].state.attempt = progress[old].state.attempt
          next.progress[index].state.usage = progress[old].state.usage
        }
      } else {
        next.progress[index].state.attempt = attempts ?? 0
      }
      next.counts[next.progress[index].state.status, default: 0] += 1
    }
    next.takeOverIterations(of: self, keeping: kept)
    next.operations = operations + progress.count + next.progress.count
    return next
  }

  /// Brings along how far the loops that are kept had come, and nodes with `fan_out`, nested ones included.
  private mutating func takeOverIterations(of earlier: WorkflowRun, keeping kept: Set<NodeID>) {
    var places: [Int: Int] = [:]
    for id in kept {
      if let old = earlier.plan.index(of: id), let new = plan.index(of: id) { places[old] = new }
    }
    for (loop, nodes) in earlier.plan.iterationsInOrder {
      guard let own = places[loop] else {
        for index in nodes { goneAttempts[earlier.progress[index].state.id] = earlier.progress[index].state.attempt }
        continue
      }
      for (old, new) in zip(nodes, plan.fanOuts[own] == nil ? addIteration(of: own) : addItem(of: own)) {
        places[old] = new
        progress[new] = earlier.progress[old]
      }
    }
    leftAsking = Set(earlier.leftAsking.compactMap { places[$0] })
    for (loop, var state) in earlier.loops {
      guard let own = places[loop] else { continue }
      state.nodes = plan.instances(of: own, state.iteration) ?? 0..<0
      state.firstFailures = state.firstFailures.compactMap { places[$0] }
      state.result = state.result.flatMap { places[$0] }
      state.previousResult = state.previousResult.flatMap { places[$0] }
      loops[own] = state
    }
    for (fanOut, var state) in earlier.fanOuts {
      guard let own = places[fanOut] else { continue }
      state.firstFailures = state.firstFailures.compactMap { places[$0] }
      fanOuts[own] = state
    }
  }
}

extension WorkflowRun {
  /// The nodes of another definition that mean what they mean in this run, and so does everything upstream of them: what
  /// they wait for, and what their texts read. In that definition's order; none where it can't be run.
  ///
  /// `isSame` compares a node of this run with the one of the same id.
  public func unchangedNodes(in definition: WorkflowDefinition, where isSame: (Node, Node) -> Bool) -> [NodeID] {
    let other = NodeListPlan(definition.nodes, bound: definition.referencesByInclude)
    guard other.flaw == nil, let order = other.graph.topologicalOrder else { return [] }
    var isUnchanged = [Bool](repeating: false, count: definition.nodes.count)
    for index in order {
      let node = definition.nodes[index]
      guard let old = plan.index(of: node.id) else { continue }
      isUnchanged[index] =
        other.inputs[index].allSatisfy { isUnchanged[$0] } && isSame(self.definition.nodes[old], node)
    }
    return definition.nodes.indices.filter { isUnchanged[$0] }.map { definition.nodes[$0].id }
  }
}
