import IonScheduler
import IonWorkflow

/// What agents use, as the watch knows it.
extension RunWatch {
  /// Books what a fitting event means for what nodes have used: each start is counted anew, a child's once, however often
  /// it is taken up. The start that a slot brings is not counted yet.
  mutating func takeNoteOfUsage(_ event: RunEvent) {
    switch event {
    case .usageReported(let id, let usage): said[id] = usage
    case .slotGranted(let id):
      if isChild(id), children[id]?.attempt != starts[id, default: 0] + 1 { return }
      spent[id] = used(by: id)
      said[id] = nil
    default: break
    }
  }

  private func used(by id: NodeID) -> AgentUsage? {
    guard let now = said[id] else { return spent[id] }
    return spent[id].map { $0 + now } ?? now
  }

  /// Nodes have used what was said of them, and the run what its nodes have.
  func requireUsage(_ run: WorkflowRun) {
    for state in run.nodes {
      require(state.usage == used(by: state.id), "\(state.id) has used \(String(describing: state.usage))")
    }
    let sum = run.nodes.compactMap(\.usage).reduce(AgentUsage(), +)
    let used = run.usage ?? AgentUsage()
    require(
      used.inputTokens == sum.inputTokens && used.outputTokens == sum.outputTokens && (used.usd ?? 0) == (sum.usd ?? 0),
      "the run has used \(used), and its nodes \(sum)")
  }
}
