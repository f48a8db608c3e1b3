internal import IonWorkflow

extension WorkflowRun {
  /// The index of a node whose gate is being opened; nil for every other.
  func openingIndex(of id: NodeID) -> Int? {
    plan.index(of: id).flatMap { progress[$0].phase == .opening ? $0 : nil }
  }

  /// `gateOpened`: an opening counts as a start of the node.
  mutating func openGate(of id: NodeID, _ question: GateQuestion, in turn: inout Turn) {
    guard isOpen, let index = openingIndex(of: id) else { return }
    turn.touch(index, progress[index].state)
    progress[index].state.attempt += 1
    progress[index].state.gate = Gate(question)
    progress[index].state.failure = nil
    progress[index].prior = nil
    progress[index].asked = results(readBy: index)
    ask(index, in: &turn)
  }

  /// Has a gate wait for its answer, for the first time or again.
  mutating func ask(_ index: Int, in turn: inout Turn) {
    starts += 1
    move(index, to: .asking)
    show(index, as: .awaitingApproval, in: &turn)
    wake(index, in: &turn)
  }

  /// Whether a gate that an interruption left pending may go on waiting: what its question was made from is the same.
  mutating func isGateStanding(of index: Int) -> Bool {
    guard progress[index].state.gate?.state == .pending else { return false }
    return results(readBy: index).elementsEqual(progress[index].asked) { $0.isSame(as: $1) }
  }

  /// `gateAnswered`: the first answer counts, and only for the gate that it names.
  mutating func decide(
    _ gate: GateID, of id: NodeID, _ answer: GateAnswer, _ output: NodeOutput, in turn: inout Turn
  ) {
    guard let (index, approval) = pending(gate, of: id) else { return }
    settle(index, approval, by: answer, output, summary: nil, in: &turn)
  }

  /// `gateTimeoutElapsed`: the default decision is taken, else the node fails.
  mutating func expire(_ gate: GateID, of id: NodeID, _ output: NodeOutput?, in turn: inout Turn) {
    guard let (index, approval) = pending(gate, of: id) else { return }
    let cause = "nobody answered" + (approval.timeout.map { " within \($0.inWords)" } ?? "")
    if let answer = approval.defaultAnswer, let output {
      let summary = "\(cause): `\(answer.decision)` was taken"
      return settle(index, approval, by: answer, output, summary: summary, in: &turn)
    }
    turn.touch(index, progress[index].state)
    progress[index].state.gate?.state = .expired
    settleFailed(index, with: StepFailure(.timeout, cause), in: &turn)
  }

  /// `continued`: whoever takes a run up that only waits needs its timers.
  mutating func wakeAgain(in turn: inout Turn) {
    guard status == .awaitingApproval else { return }
    if let timeout = plan.definition.timeout { turn.wakes.append(.wake(.runTimeout, after: timeout)) }
    for index in asking.members { wake(index, in: &turn) }
  }

  private func wake(_ index: Int, in turn: inout Turn) {
    turn.gateTimes[index] = plan.traits[index].approval?.timeout
  }

  private func pending(_ gate: GateID, of id: NodeID) -> (Int, Approval)? {
    guard isOpen, let index = plan.index(of: id), progress[index].phase == .asking,
      progress[index].state.gate?.id == gate, let approval = plan.traits[index].approval
    else { return nil }
    return (index, approval)
  }

  private mutating func settle(
    _ index: Int, _ approval: Approval, by answer: GateAnswer, _ output: NodeOutput, summary: String?,
    in turn: inout Turn
  ) {
    turn.touch(index, progress[index].state)
    progress[index].state.gate?.state = .decided
    progress[index].state.gate?.answer = answer
    guard approval.cancelsRun(answer.decision) else {
      return settleSucceeded(index, with: output, summary: summary, in: &turn)
    }
    let id = progress[index].state.id
    let rejection = "\(id) was rejected" + (answer.comment.map { ": \($0)" } ?? summary.map { ": \($0)" } ?? "")
    settle(index, as: .cancelled, summary: summary ?? rejection, in: &turn)
    end(.cancelled(by: id, reason: rejection), in: &turn)
  }
}
