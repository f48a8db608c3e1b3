public import IonWorkflow

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
    if giveLeave(gate, of: id, answer, in: &turn) { return }
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
    guard status == .awaitingApproval, !hasWaitingAgents else { return }
    if let timeout = plan.definition.timeout { turn.wakes.append(.wake(.runTimeout, after: timeout)) }
    for index in asking.members {
      if progress[index].phase == .standing { turn.adoptions.append(index) } else { wake(index, in: &turn) }
    }
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
    guard plan.traits[index].isGate else { return goOn(index, by: answer, output, in: &turn) }
    if approval.onReject != nil, answer.decision == Approval.reject { return revise(index, answer, in: &turn) }
    guard approval.cancelsRun(answer.decision) else {
      loops[index]?.isDone = true
      return settleSucceeded(index, with: output, summary: summary, in: &turn)
    }
    rejectRun(index, answer, summary, in: &turn)
  }

  private mutating func rejectRun(
    _ index: Int, _ answer: GateAnswer, _ summary: String?, in turn: inout Turn
  ) {
    let id = progress[index].state.id
    let rejection = "\(id) was rejected" + (answer.comment.map { ": \($0)" } ?? summary.map { ": \($0)" } ?? "")
    settle(index, as: .cancelled, summary: summary ?? rejection, in: &turn)
    end(.cancelled(by: id, reason: rejection), in: &turn)
  }
}

extension WorkflowRun {
  /// Goes on with an interactive loop as a person said between two iterations.
  private mutating func goOn(
    _ index: Int, by answer: GateAnswer, _ output: NodeOutput, in turn: inout Turn
  ) {
    guard let state = loops[index] else { return }
    switch answer.decision {
    case Approval.done: finishLoop(index, with: output, in: &turn)
    case Approval.reject: rejectRun(index, answer, nil, in: &turn)
    default: repeatLoop(index, after: state, in: &turn)
    }
  }

  /// Has an agent do something about a rejection, after which the gate asks again.
  private mutating func revise(_ index: Int, _ answer: GateAnswer, in turn: inout Turn) {
    guard let plan = plan.loops[index] else { return }
    let state = loops[index] ?? LoopProgress(limit: plan.maxIterations, consumed: results(readBy: index))
    loops[index] = state
    guard state.iteration < state.limit else {
      loops[index]?.isUsedUp = true
      let times = state.iteration == 1 ? "1 revision" : "\(state.iteration) revisions"
      let message = "it was rejected after \(times)" + (answer.comment.map { ": \($0)" } ?? "")
      return settleFailed(index, with: StepFailure(.iterations, message), in: &turn)
    }
    move(index, to: .open)
    beginIteration(state.iteration + 1, of: index, keepsWhatItCan: false, in: &turn)
  }

  /// Whether an interruption came between a rejection and the next question, and what the gate had read is the same.
  mutating func isRevisionUnderWay(of index: Int) -> Bool {
    guard let state = loops[index], !state.isDone, !plan.traits[index].alwaysRun,
      progress[index].state.gate?.state == .decided
    else { return false }
    return isSame(results(readBy: index), state.consumed)
  }

  /// What a person said last at the gate around a node, or at the node itself: between the iterations of a loop, or, with
  /// `rejecting`, at a gate that was rejected. Nil where nobody has said anything.
  public func lastAnswer(seenFrom reader: NodeID, rejecting: Bool) -> GateAnswer? {
    var place = plan.index(of: reader)
    while let index = place {
      if plan.traits[index].approval != nil, plan.traits[index].isGate == rejecting, let state = loops[index],
        rejecting || state.iteration > 1 || index == plan.index(of: reader),
        let answer = progress[index].state.gate?.answer
      {
        return answer
      }
      place = plan.origin(of: index)?.loop
    }
    return nil
  }
}
