internal import IonWorkflow

extension WorkflowRun {
  /// `stepSucceeded`, and `stepReused` with what is to be said about it.
  mutating func succeed(_ id: NodeID, with output: NodeOutput, summary: String? = nil, in turn: inout Turn) {
    guard let index = runningIndex(of: id) else { return }
    progress[index].session?.isOver = true
    if let join = plan.joins[index] { return settle(index, gathered: output, of: join, in: &turn) }
    settleSucceeded(index, with: output, summary: summary, in: &turn)
    switch plan.traits[index].control {
    case .cancel: end(.cancelled(by: id, reason: output.text), in: &turn)
    case .finish: end(.finished(by: id, reason: output.text), in: &turn)
    case nil: break
    }
  }

  /// `stepFailed`: another execution where the policy has one left, else the node's failure. A step that was told to stop
  /// isn't tried again.
  mutating func fail(_ id: NodeID, with failure: StepFailure, dice: Double, in turn: inout Turn) {
    // What a node asks for before it runs, or once its items have, is no execution.
    if let index = openingIndex(of: id) ?? askedIndex(of: id) { return settleFailed(index, with: failure, in: &turn) }
    guard let index = runningIndex(of: id) else { return }
    progress[index].session?.isOver = true
    let executions = progress[index].executions
    guard isOpen, [.running, .blocked, .standing].contains(progress[index].phase), let retry = plan.traits[index].retry,
      plan.traits[index].allowsRetry(of: failure, after: executions)
    else { return settleFailed(index, with: failure, in: &turn) }
    let delay = retry.delay(beforeAttempt: executions + 1, dice: dice)
    move(index, to: .delayed)
    let summary = "attempt \(progress[index].state.attempt) failed; the next one starts in \(delay.inWords)"
    show(index, as: .pending, summary: summary, in: &turn)
    progress[index].state.failure = failure
    progress[index].process = nil
    progress[index].child?.isOver = true
    dropLeave(index, in: &turn)
    turn.wakes.append(.wake(.retry(id), after: delay))
    noteRoom(besides: index, in: &turn)
  }

  /// `stepStopped`.
  mutating func settleStopped(_ id: NodeID, in turn: inout Turn) {
    guard let index = runningIndex(of: id) else { return }
    if case .stopping(.nodeRequest(let reason)) = progress[index].phase {
      settle(index, as: .cancelled, summary: reason ?? "stopped on request", in: &turn)
    } else if let ending {
      settle(index, as: ending.statusOfStopped, summary: "stopped: \(ending.cause)", in: &turn)
    } else {
      settle(index, as: .cancelled, summary: "stopped", in: &turn)
    }
  }

  /// `stepLost`: nothing is known of how the step came out. Nothing starts until the run is `interrupted`.
  mutating func settleLost(_ id: NodeID, in turn: inout Turn) {
    guard let index = runningIndex(of: id) else { return }
    isHeld = true
    settle(index, as: .interrupted, summary: "lost: the process that ran it is gone", in: &turn)
  }

  /// `nodeCancelRequested`: counts as a failure of the node, whether it ran or not.
  mutating func cancel(_ id: NodeID, reason: String?, in turn: inout Turn) {
    guard isOpen, let index = plan.index(of: id), isUnderWay(index) else { return }
    cancel(index, reason: reason, in: &turn)
  }

  mutating func cancel(_ index: Int, reason: String?, in turn: inout Turn) {
    if let join = plan.joins[index] {
      for member in join.members { cancel(member, reason: reason, in: &turn) }
      return
    }
    switch progress[index].phase {
    case .settled, .stopping: return
    case .running, .blocked, .standing: return tellToStop(index, because: .nodeRequest(reason: reason), in: &turn)
    case .open:
      return plan.fanOuts[index] == nil
        ? cancelLoop(index, reason: reason, in: &turn) : cancelItems(of: index, reason: reason, in: &turn)
    case .queued: turn.withdrawals.append(index)
    case .waiting, .evaluating, .opening, .listing, .asking, .ready, .gathering, .delayed: break
    }
    settle(index, as: .cancelled, summary: reason ?? "cancelled on request", in: &turn)
  }

  mutating func tellToStop(_ index: Int, because cause: StopCause, in turn: inout Turn) {
    // A child that is told to end waits for nobody's answer any more.
    if [.blocked, .standing].contains(progress[index].phase) { show(index, as: .running, in: &turn) }
    dropLeave(index, in: &turn)
    move(index, to: .stopping(cause))
    turn.stops.append(index)
  }

  /// Ends a node well: what it had read is kept with it.
  mutating func settleSucceeded(_ index: Int, with output: NodeOutput, summary: String?, in turn: inout Turn) {
    turn.touch(index, progress[index].state)
    progress[index].state.output = output
    progress[index].state.consumed = results(readBy: index)
    progress[index].child?.isOver = true
    settle(index, as: .succeeded, summary: summary, in: &turn)
  }

  mutating func settleFailed(_ index: Int, with failure: StepFailure, in turn: inout Turn) {
    turn.touch(index, progress[index].state)
    progress[index].state.failure = failure
    progress[index].prior = nil
    settle(index, as: .failed, summary: nil, in: &turn)
  }

  /// Ends a node within this attempt of the run, and tells those that wait for it.
  mutating func settle(_ index: Int, as status: NodeStatus, summary: String?, in turn: inout Turn) {
    move(index, to: .settled)
    show(index, as: status, summary: summary, in: &turn)
    if progress[index].state.gate?.state == .pending { progress[index].state.gate?.state = .cancelled }
    if status != .failed { progress[index].state.failure = nil }
    progress[index].process = nil
    let origin = plan.origin(of: index)
    let isOfStage = plan.traits[index].phase.stage == stage
    if let origin {
      loops[origin.loop]?.unsettled -= 1
      leaveFanOut(origin, in: &turn)
    } else if isOfStage {
      unsettled -= 1
    }
    // A node that was cut off says nothing to others: the run is about to be interrupted.
    guard isOpen else { return }
    // What is cancelled before its turn at the end was not wanted any more: that is no failure.
    if let origin {
      note(index, in: origin)
      noteItem(index, of: origin.loop, in: &turn)
    } else if isOfStage && failsItsPlace(index) {
      noteFailure(of: index)
    }
    release(index, in: &turn)
    if let origin, loops[origin.loop]?.unsettled == 0 { endIteration(of: origin.loop, in: &turn) }
    if let origin, fanOuts[origin.loop]?.unsettled == 0 { endItems(of: origin.loop, in: &turn) }
  }

  private mutating func release(_ index: Int, in turn: inout Turn) {
    let isSuccess = countsAsSuccess(index)
    let isSkip = progress[index].state.status == .skipped
    for edge in plan.edges[index] {
      operations += 1
      progress[edge.target].tally.unsettled -= 1
      if edge.isRuled {
        if isSuccess {
          progress[edge.target].tally.succeeded += 1
        } else if isSkip {
          progress[edge.target].tally.skipped += 1
        } else {
          progress[edge.target].tally.failed += 1
        }
      }
      if progress[edge.target].tally.unsettled == 0 { turn.due.append(edge.target) }
    }
  }

  /// Whether a settled node fails the run, or the iteration that it is of. Where a node is no success only because those
  /// that it stands for aren't, they have done so themselves.
  func failsItsPlace(_ index: Int) -> Bool {
    guard progress[index].state.status != .skipped, !countsAsSuccess(index) else { return false }
    return !plan.traits[index].isJoin || progress[index].state.failure.map { $0.kind != .members } ?? false
  }

  private mutating func noteFailure(of index: Int) {
    failures += 1
    if firstFailures.count < Self.failuresTold { firstFailures.append(index) }
  }

  /// Whether a settled node counts as a success: it is one, or it failed and the workflow goes on from that.
  func countsAsSuccess(_ index: Int) -> Bool {
    switch progress[index].state.status {
    case .succeeded: true
    case .failed: plan.traits[index].continueOnError
    case .pending, .running, .awaitingApproval, .skipped, .cancelled, .interrupted, .unknown: false
    }
  }
}
