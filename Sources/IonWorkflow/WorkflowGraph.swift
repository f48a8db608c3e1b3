/// The DAG of a definition's nodes by index: index i is `nodes[i]`.
public struct WorkflowGraph: Hashable, Sendable {
  /// For each node, the indices it depends on, in its own order.
  public let dependencies: [[Int]]
  /// For each node, the indices it merely waits for.
  public let waits: [[Int]]
  /// For each node, the indices that depend on it, and those that wait for it, ascending.
  public let dependents: [[Int]]
  private let indices: [NodeID: Int]

  /// Builds the graph; ids that no node has are left out (the reader reports them).
  public init(_ nodes: [Node]) {
    self.init(nodes.lazy.map { ($0.id, $0.dependsOn, $0.waitsFor) })
  }

  /// Builds the graph of ids, each with those that it depends on and those that it waits for.
  public init(_ nodes: some Collection<(id: NodeID, dependsOn: [NodeID], waitsFor: [NodeID])>) {
    var indices = [NodeID: Int](minimumCapacity: nodes.count)
    for (index, node) in nodes.enumerated() where indices[node.id] == nil { indices[node.id] = index }
    let dependencies = nodes.map { node in node.dependsOn.compactMap { indices[$0] } }
    let waits = nodes.map { node in node.waitsFor.compactMap { indices[$0] } }
    var dependents = [[Int]](repeating: [], count: dependencies.count)
    for index in dependencies.indices {
      // Each list ends with the last that was added: a second edge between two nodes is seen there.
      for upstream in dependencies[index] where dependents[upstream].last != index {
        dependents[upstream].append(index)
      }
      for upstream in waits[index] where dependents[upstream].last != index { dependents[upstream].append(index) }
    }
    self.indices = indices
    self.dependencies = dependencies
    self.waits = waits
    self.dependents = dependents
  }

  /// The index of a node; nil for an unknown id.
  public func index(of id: NodeID) -> Int? { indices[id] }

  /// The indices in an order in which everything stands behind what it needs; nil where there is a cycle.
  /// Among nodes that are ready at once the lowest index comes first only within its wave.
  public var topologicalOrder: [Int]? {
    var missing = [Int](repeating: 0, count: dependencies.count)
    for list in dependents { for dependent in list { missing[dependent] += 1 } }
    var order = missing.indices.filter { missing[$0] == 0 }
    var next = 0
    while next < order.count {
      for dependent in dependents[order[next]] {
        missing[dependent] -= 1
        if missing[dependent] == 0 { order.append(dependent) }
      }
      next += 1
    }
    return order.count == dependencies.count ? order : nil
  }

  /// One cycle, each index depending on the one behind it and the last on the first; nil where there is none.
  public var cycle: [Int]? {
    enum Mark { case new, open, done }
    var marks = [Mark](repeating: .new, count: dependencies.count)
    for root in dependencies.indices where marks[root] == .new {
      var path = [root]
      var cursors = [0]
      marks[root] = .open
      while let node = path.last {
        let upstream = waits[node].isEmpty ? dependencies[node] : dependencies[node] + waits[node]
        let cursor = cursors[cursors.count - 1]
        guard cursor < upstream.count else {
          marks[node] = .done
          path.removeLast()
          cursors.removeLast()
          continue
        }
        cursors[cursors.count - 1] += 1
        switch marks[upstream[cursor]] {
        case .done: break
        case .open: return Array(path[path.firstIndex(of: upstream[cursor])!...])
        case .new:
          marks[upstream[cursor]] = .open
          path.append(upstream[cursor])
          cursors.append(0)
        }
      }
    }
    return nil
  }
}
