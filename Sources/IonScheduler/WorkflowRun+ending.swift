internal import IonWorkflow

extension WorkflowRun {
  /// How many failed nodes a run's error names.
  static let failuresTold = 3

  /// Ends the stage before every node has settled: running nodes are told to stop, and the others are settled or, where
  /// the run is interrupted, left as they are. Only the first ending counts. What has its turn later is left alone, unless
  /// nothing comes later.
  mutating func end(_ ending: Ending, in turn: inout Turn) {
    guard self.ending == nil else { return }
    self.ending = ending
    (turn.due, turn.loops) = ([], [])
    operations += progress.count
    let last = hasBegun && !ending.isRefusal ? stage : .exit
    for index in progress.indices where plan.traits[index].phase.stage <= last {
      switch progress[index].phase {
      case .settled, .stopping: continue
      case .open, .gathering:
        settle(index, as: ending.statusOfStopped, summary: "stopped: \(ending.cause)", in: &turn)
        continue
      case .running, .blocked, .standing:
        tellToStop(index, because: .ending, in: &turn)
        continue
      case .queued: turn.withdrawals.append(index)
      case .waiting, .evaluating, .opening, .listing, .asking, .ready, .delayed: break
      }
      if let status = ending.statusOfPending {
        if status == .skipped { progress[index].prior = nil }
        settle(index, as: status, summary: "not run: \(ending.cause)", in: &turn)
      } else {
        if progress[index].state.failure != nil { show(index, as: .pending, in: &turn) }
        progress[index].state.failure = nil
        if progress[index].phase == .asking, plan.origin(of: index) != nil { leftAsking.insert(index) }
        move(index, to: .waiting)
      }
    }
  }

  /// Goes on with the next stage once nothing of this one runs and nothing can, and ends the attempt behind the last.
  mutating func finishIfSettled(in turn: inout Turn) {
    while outcome == nil, let settled = resultOfStage {
      // What is done at the end is done by what the run has come to, its evidence included.
      guard let result = stage == .main ? proven(settled, in: &turn) : settled else { return }
      let verdict = verdict?.followed(by: result) ?? result
      self.verdict = verdict
      guard hasBegun, !(ending?.isLast ?? false), let next = stage.next, !plan.list.stages[1...].allSatisfy(\.isEmpty)
      else {
        if verdict.status != .interrupted { closeForgottenGates(in: &turn) }
        outcome = verdict
        turn.outcome = verdict
        (turn.wakes, turn.gateTimes) = ([], [:])
        return
      }
      ending = nil
      enter(next, in: &turn)
      decideDueNodes(in: &turn)
      requestSlots(in: &turn)
    }
  }

  /// Closes the gates that an interruption left pending in iterations to which their loops didn't come again.
  private mutating func closeForgottenGates(in turn: inout Turn) {
    operations += leftAsking.count
    for index in leftAsking.sorted() {
      turn.touch(index, progress[index].state)
      progress[index].state.gate?.state = .cancelled
      move(index, to: .settled)
      show(index, as: .cancelled, summary: "not run: its loop did not come to it again", in: &turn)
    }
    leftAsking = []
  }

  /// What came of the stage; nil while it goes on.
  private var resultOfStage: RunOutcome? {
    if let ending { return running.isEmpty ? ending.outcome : nil }
    guard isOpen, unsettled == 0 else { return nil }
    if failures > 0 { return RunOutcome(.failed, reason: failureText(of: firstFailures, among: failures)) }
    return RunOutcome(.succeeded, reason: stage == .main ? idleText : nil)
  }

  /// The first failed nodes and what each of them says, in the order in which they failed.
  func failureText(of first: [Int], among count: Int) -> String {
    var parts = first.map { index -> String in
      let state = progress[index].state
      guard let failure = state.failure else {
        return "\(state.id) was cancelled" + (state.summary.map { ": \($0)" } ?? "")
      }
      return "\(state.id) failed: "
        + (failure.message.split(separator: "\n").first.map(String.init) ?? failure.kind.rawValue)
    }
    if count > parts.count { parts.append("and \(count - parts.count) more") }
    return parts.joined(separator: "; ")
  }

  /// Why a run in which nothing ran is a success; nil where something ran.
  private var idleText: String? {
    guard starts == 0 else { return nil }
    if kept > 0 { return "no node had to run: what succeeded before was kept" }
    if progress.isEmpty { return "no node ran: the workflow has none" }
    return counts[.skipped] == plan.list.stages[0].count ? "no node ran: every one was skipped" : "no node ran"
  }
}
