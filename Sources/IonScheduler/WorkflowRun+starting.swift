internal import IonWorkflow

extension WorkflowRun {
  /// Decides on every node that has nothing left to wait for, and on those that get so by that.
  mutating func decideDueNodes(in turn: inout Turn) {
    while let index = turn.due.popLast() {
      operations += 1
      let traits = plan.traits[index]
      guard isOpen, progress[index].phase == .waiting, traits.phase.stage == stage else { continue }
      if let join = traits.isJoin ? plan.joins[index] : nil {
        settle(index, behind: join, in: &turn)
      } else if !traits.triggerRule.isMet(by: progress[index].tally) {
        skip(index, because: unmetDependency(of: index, under: traits.triggerRule), in: &turn)
      } else if let prior = keepablePrior(of: index) {
        keep(index, prior, in: &turn)
      } else if isGateStanding(of: index) {
        ask(index, in: &turn)
      } else if traits.hasCondition {
        move(index, to: .evaluating)
        turn.conditions.append(index)
      } else {
        makeReady(index, in: &turn)
      }
    }
  }

  /// Lets a node begin of which nothing more is to be asked. A loop begins at once: it takes no place, only what it repeats
  /// does, and so do items. A gate takes none either, and no slot.
  private mutating func makeReady(_ index: Int, in turn: inout Turn) {
    if plan.fanOuts[index] != nil { return openFanOut(index, in: &turn) }
    guard plan.traits[index].isGate else {
      return plan.loops[index] != nil ? openLoop(index, in: &turn) : move(index, to: .ready)
    }
    if isRevisionUnderWay(of: index) { return openLoop(index, in: &turn) }
    loops[index] = nil
    open(index, in: &turn)
  }

  /// Has a node's question found out and shown.
  mutating func open(_ index: Int, in turn: inout Turn) {
    move(index, to: .opening)
    turn.openings.append(index)
  }

  /// Gives the run's free places to the first of those that are ready.
  mutating func requestSlots(in turn: inout Turn) {
    guard isOpen else { return }
    fillFanOuts(in: &turn)
    while running.count + queued.count < plan.places, let index = ready.first {
      move(index, to: .queued)
      turn.requests.append(index)
      operations += 1
    }
  }

  /// `conditionSettled`.
  mutating func settleCondition(of id: NodeID, _ verdict: ConditionVerdict, in turn: inout Turn) {
    guard isOpen, let index = plan.index(of: id), progress[index].phase == .evaluating else { return }
    switch verdict {
    case .met: makeReady(index, in: &turn)
    case .unmet: skip(index, because: "its condition is not met", in: &turn)
    case .failed(let message): settleFailed(index, with: StepFailure(.value, message), in: &turn)
    }
  }

  /// `slotGranted`.
  mutating func start(_ id: NodeID, in turn: inout Turn) {
    guard isOpen, let index = plan.index(of: id), progress[index].phase == .queued else { return }
    move(index, to: .running)
    show(index, as: .running, in: &turn)
    progress[index].state.attempt += 1
    progress[index].state.failure = nil
    progress[index].executions += 1
    progress[index].prior = nil
    if plan.traits[index].isAgent { beginSession(index) }
    if plan.traits[index].isChild { beginChild(index) } else { beginCounting(index) }
    starts += 1
    turn.starts.append(.start(id, attempt: progress[index].state.attempt))
  }

  private mutating func skip(_ index: Int, because cause: String, in turn: inout Turn) {
    progress[index].prior = nil
    settle(index, as: .skipped, summary: "not run: \(cause)", in: &turn)
  }

  /// What keeps a node from running, by its first dependency that does; half a sentence for people.
  private mutating func unmetDependency(of index: Int, under rule: TriggerRule) -> String {
    let tally = progress[index].tally
    let ruled = plan.inputs[index].prefix(tally.succeeded + tally.failed + tally.skipped)
    operations += ruled.count
    let lacksSuccess = rule == .oneSuccess || (rule == .noneFailedMinOneSuccess && tally.failed == 0)
    // Where one failed, the skipped ones beside it are not to blame.
    let isInTheWay = { (upstream: Int) in
      !countsAsSuccess(upstream) && (tally.failed == 0 || progress[upstream].state.status != .skipped)
    }
    guard !lacksSuccess, let upstream = ruled.first(where: isInTheWay) else { return "no dependency succeeded" }
    let state = progress[upstream].state
    return state.status == .failed ? "\(state.id) failed" : "\(state.id) was \(state.status.rawValue)"
  }
}
