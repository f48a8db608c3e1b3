internal import IonWorkflow

extension WorkflowRun {
  /// Decides on a node that stands for others once all of them have settled: it takes the worst of their statuses. What
  /// it gives is one of their outputs, or is made of all of them by a step, which then comes first.
  mutating func settle(_ index: Int, behind join: RunPlan.Join, in turn: inout Turn) {
    operations += join.members.count
    let status = worstStatus(of: join)
    if join.isGathered, status != .skipped {
      if status == .succeeded, let prior = keepablePrior(of: index) { return keep(index, prior, in: &turn) }
      return move(index, to: .ready)
    }
    settle(index, behind: join, as: status, with: join.result.flatMap { progress[$0].state.output }, in: &turn)
  }

  /// The step that gathered the outputs has ended.
  mutating func settle(_ index: Int, gathered output: NodeOutput, of join: RunPlan.Join, in turn: inout Turn) {
    operations += join.members.count
    settle(index, behind: join, as: worstStatus(of: join), with: output, in: &turn)
  }

  private mutating func settle(
    _ index: Int, behind join: RunPlan.Join, as status: NodeStatus, with output: NodeOutput?, in turn: inout Turn
  ) {
    turn.touch(index, progress[index].state)
    progress[index].prior = nil
    if join.isGathered || status == .succeeded { progress[index].state.output = output }
    switch status {
    case .succeeded:
      progress[index].state.consumed = results(readBy: index)
      settle(index, as: .succeeded, summary: nil, in: &turn)
    case .skipped: settle(index, as: .skipped, summary: "not run: none of its nodes was", in: &turn)
    case .failed:
      progress[index].state.failure = StepFailure(.members, failureText(of: join))
      settle(index, as: .failed, summary: nil, in: &turn)
    default: settle(index, as: .cancelled, summary: "one of its nodes was cancelled", in: &turn)
    }
  }

  /// `failed` before `cancelled` before `succeeded`; `skipped` only where every one was. An include takes a failure that
  /// is tolerated for a success; a matrix is tolerated itself.
  private func worstStatus(of join: RunPlan.Join) -> NodeStatus {
    var worst = NodeStatus.skipped
    for member in join.members {
      switch progress[member].state.status {
      case .skipped: break
      case .failed where isFailure(member, of: join): return .failed
      case .succeeded, .failed: if worst == .skipped { worst = .succeeded }
      case .pending, .running, .awaitingApproval, .cancelled, .interrupted, .unknown: worst = .cancelled
      }
    }
    return worst
  }

  private func isFailure(_ member: Int, of join: RunPlan.Join) -> Bool {
    progress[member].state.status == .failed && (join.isGathered || !countsAsSuccess(member))
  }

  /// The first members that failed, by name.
  private func failureText(of join: RunPlan.Join) -> String {
    let failed = join.members.filter { isFailure($0, of: join) }
    let names = failed.prefix(Self.failuresTold).map { progress[$0].state.id.rawValue }.joined(separator: ", ")
    let more = failed.count > Self.failuresTold ? " and \(failed.count - Self.failuresTold) more" : ""
    return "\(failed.count) of \(join.members.count) failed: \(names)\(more)"
  }
}
