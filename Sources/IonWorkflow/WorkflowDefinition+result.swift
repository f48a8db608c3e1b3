extension WorkflowDefinition {
  /// The node whose output a child run or an include of the workflow gives: what `returns` names, else the first that no
  /// other waits for; nil where there is none.
  public var resultNode: NodeID? {
    if let returns { return returns }
    let own = nodes.filter { $0.phase == .main }
    let graph = WorkflowGraph(own)
    return own.indices.first { !own[$0].isStoodFor && graph.dependents[$0].isEmpty }.map { own[$0].id }
  }
}
