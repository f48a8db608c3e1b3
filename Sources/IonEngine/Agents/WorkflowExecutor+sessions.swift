internal import IonStore
internal import IonWorkflow

extension WorkflowExecutor {
  /// How many of a workflow's latest runs are looked through for sessions.
  private static let runsLookedThrough = 20

  /// The sessions that agents of this workflow had in its latest runs, for the nodes that keep theirs.
  func keptSessions(of definition: WorkflowDefinition) async throws(EngineFailure) -> [NodeID: NodeSession] {
    var wanted = Set(
      definition.nodes.filter { node in
        node.kind.needsAgent && node.agent.over(definition.agent).persistsSession == true
      }.map(\.id))
    guard !wanted.isEmpty else { return [:] }
    var found: [NodeID: NodeSession] = [:]
    do {
      let page = try await home.store.runs(RunFilter(workflow: definition.name, limit: Self.runsLookedThrough))
      for run in page.items where !wanted.isEmpty {
        for row in try await home.store.nodes(of: run.id) {
          guard let session = row.session, let id = Self.owner(of: row.node, among: wanted) else { continue }
          found[id] = session
        }
        wanted.subtract(found.keys)
      }
    } catch {
      throw .store(error)
    }
    return found
  }

  /// Whose session a row has: a loop's is that of its last iteration.
  private static func owner(of row: NodeID, among ids: Set<NodeID>) -> NodeID? {
    if ids.contains(row) { return row }
    guard let mark = row.rawValue.firstIndex(of: "#") else { return nil }
    let loop = NodeID(String(row.rawValue[..<mark]))
    return ids.contains(loop) ? loop : nil
  }
}
