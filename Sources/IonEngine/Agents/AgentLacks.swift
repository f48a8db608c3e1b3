internal import IonAgents
internal import IonLock
internal import IonStore
internal import IonWorkflow

/// What agents of a run work without that their nodes ask for, told on their threads, and taken up with the run's next turn.
final class AgentLacks: Sendable {
  private struct State {
    var notices: [NodeID: [Notice]] = [:]
    /// The nodes whose agents have another model than the one that is asked for.
    var modelless: Set<NodeID> = []
  }

  private let state = Guarded(State())

  func add(_ ability: AgentAbility, why: String, at node: NodeID) {
    state.withLock { state in
      if ability == .model { state.modelless.insert(node) }
      state.notices[node, default: []].append(.message(level: .warning, text: "`\(node)`: \(why)"))
    }
  }

  /// What people are told by now of which nodes, once. Rows that are made after this say it, too.
  func takeNotices() -> [(node: NodeID, notices: [Notice])] {
    let taken = state.withLock { state in
      defer { state.notices = [:] }
      return state.notices
    }
    return taken.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key, $0.value) }
  }

  func isModelless(_ node: NodeID) -> Bool { state.withLock { $0.modelless.contains(node) } }

  /// A node begins anew.
  func forget(_ node: NodeID) { state.withLock { _ = $0.modelless.remove(node) } }
}
