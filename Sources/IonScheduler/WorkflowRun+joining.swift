internal import IonWorkflow

extension WorkflowRun {
  /// Settles a node that stands for others once all of them have: with the worst of their statuses.
  mutating func settle(_ index: Int, behind join: RunPlan.Join, in turn: inout Turn) {
    operations += join.members.count
    turn.touch(index, progress[index].state)
    progress[index].prior = nil
    let status = worstStatus(of: join.members)
    switch status {
    case .succeeded:
      progress[index].state.output = join.result.flatMap { progress[$0].state.output }
      progress[index].state.consumed = results(readBy: index)
      settle(index, as: .succeeded, summary: nil, in: &turn)
    case .skipped: settle(index, as: .skipped, summary: "not run: none of its nodes was", in: &turn)
    case .failed:
      progress[index].state.failure = StepFailure(.members, failureText(of: join.members))
      settle(index, as: .failed, summary: nil, in: &turn)
    default: settle(index, as: .cancelled, summary: "one of its nodes was cancelled", in: &turn)
    }
  }

  /// `failed` before `cancelled` before `succeeded`; `skipped` only where every one was. A failure that is tolerated is a
  /// success.
  private func worstStatus(of members: [Int]) -> NodeStatus {
    var worst = NodeStatus.skipped
    for member in members {
      switch progress[member].state.status {
      case .skipped: break
      case .succeeded: if worst == .skipped { worst = .succeeded }
      case .failed where !countsAsSuccess(member): return .failed
      case .failed: if worst == .skipped { worst = .succeeded }
      case .pending, .running, .awaitingApproval, .cancelled, .interrupted, .unknown: worst = .cancelled
      }
    }
    return worst
  }

  /// The first members that failed, by name.
  private func failureText(of members: [Int]) -> String {
    let failed = members.filter { progress[$0].state.status == .failed && !countsAsSuccess($0) }
    let names = failed.prefix(Self.failuresTold).map { progress[$0].state.id.rawValue }.joined(separator: ", ")
    let more = failed.count > Self.failuresTold ? " and \(failed.count - Self.failuresTold) more" : ""
    return "\(failed.count) of \(members.count) failed: \(names)\(more)"
  }
}
