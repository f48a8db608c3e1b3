public import IonWorkflow

extension WorkflowRun {
  /// What a node has used so far stays, whatever is said of what comes now.
  mutating func beginCounting(_ index: Int) { progress[index].usageBefore = progress[index].state.usage }

  /// `usageReported`: what a node's agent has used in this attempt of it, or its child run over its whole life, in place of
  /// what was said before. A run that has used more than it may ends as failed.
  mutating func note(_ usage: AgentUsage, of id: NodeID, in turn: inout Turn) {
    guard let index = runningIndex(of: id) else { return }
    turn.touch(index, progress[index].state)
    let before = progress[index].state.usage
    let now = progress[index].usageBefore.map { $0 + usage } ?? usage
    progress[index].state.usage = now
    // A loop has used what its iterations have, and a node with `fan_out` what its items have.
    var inner = index
    while let origin = plan.origin(of: inner) {
      inner = origin.loop
      turn.touch(inner, progress[inner].state)
      progress[inner].state.usage = AgentUsage.replacing(before, with: now, in: progress[inner].state.usage)
    }
    self.usage = AgentUsage.replacing(before, with: now, in: self.usage)
    holdBudget(in: &turn)
  }

  /// Ends the run where it has used more than it may.
  mutating func holdBudget(in turn: inout Turn) {
    if let cause = plan.definition.budget?.excess(of: usage) { end(.overBudget(cause), in: &turn) }
  }

  /// What a node of the file has used over the whole run: `id` in all iterations of the loops that it is in. Nil where that
  /// is nothing.
  public func usageOverIterations(of id: NodeID) -> AgentUsage? {
    let twins = plan.index(of: id).map(plan.twins) ?? []
    return twins.compactMap { progress[$0].state.usage }.reduce(nil) { sum, usage in sum.map { $0 + usage } ?? usage }
  }
}

extension AgentUsage {
  /// A sum in which one part has changed; nil is nothing.
  fileprivate static func replacing(_ part: AgentUsage?, with new: AgentUsage, in sum: AgentUsage?) -> AgentUsage {
    let (sum, part) = (sum ?? AgentUsage(), part ?? AgentUsage())
    let money: Double? = sum.usd == nil && new.usd == nil ? nil : (sum.usd ?? 0) - (part.usd ?? 0) + (new.usd ?? 0)
    // The rest of a sum can be taken away from it, whatever was said.
    let rest = AgentUsage(
      inputTokens: sum.inputTokens - min(part.inputTokens, sum.inputTokens),
      outputTokens: sum.outputTokens - min(part.outputTokens, sum.outputTokens))
    var result = rest + AgentUsage(inputTokens: new.inputTokens, outputTokens: new.outputTokens)
    result.usd = money
    return result
  }
}
