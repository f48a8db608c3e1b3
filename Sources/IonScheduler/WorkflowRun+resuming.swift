internal import IonWorkflow

extension WorkflowRun {
  /// `inherited`: only before the run begins.
  mutating func inherit(_ output: NodeOutput, by id: NodeID) {
    guard !hasBegun, attempt == 1, let index = plan.index(of: id) else { return }
    progress[index].prior = PriorSuccess(output: output, consumed: [], isInherited: true)
  }

  /// Begins an attempt of the run; every node is pending.
  mutating func begin(in turn: inout Turn) {
    if !hasBegun { settleInheritance() }
    hasBegun = true
    if let flaw = plan.flaw { return end(.refused(reason: flaw), in: &turn) }
    if let timeout = plan.definition.timeout { turn.wakes.append(.wake(.runTimeout, after: timeout)) }
    for index in 0..<plan.ownCount {
      operations += 1
      progress[index].tally = DependencyTally(unsettled: plan.inputs[index].count)
    }
    enter(.main, in: &turn)
  }

  /// `resumed`: the next attempt of a run that did not succeed. Everything is pending again; what succeeded is kept as
  /// soon as it is known that it would read the same again. One that has used more than it may begins nothing that costs.
  mutating func resume(in turn: inout Turn) {
    guard status.isResumable else { return }
    // Nodes of iterations come again with their loop.
    for index in 0..<plan.ownCount { setBack(index, in: &turn) }
    attempt += 1
    (outcome, ending, verdict, isHeld, evidence) = (nil, nil, nil, false, .unasked)
    (starts, kept) = (0, 0)
    begin(in: &turn)
    holdBudget(in: &turn)
  }

  /// Makes a node pending again; its success may be kept.
  mutating func setBack(_ index: Int, in turn: inout Turn) {
    operations += 1
    let state = progress[index].state
    if state.status == .succeeded, let output = state.output {
      progress[index].prior = PriorSuccess(output: output, consumed: state.consumed, isInherited: false)
    }
    move(index, to: .waiting)
    show(index, as: .pending, in: &turn)
    progress[index].state.output = nil
    progress[index].state.failure = nil
    progress[index].state.consumed = []
    progress[index].executions = 0
    leftAsking.remove(index)
  }

  /// An earlier success that stands: what it read is what is there now. Nodes that end the run are asked again, for what
  /// they do is not an output.
  mutating func keepablePrior(of index: Int) -> PriorSuccess? {
    guard let prior = progress[index].prior, !plan.traits[index].alwaysRun, plan.traits[index].control == nil else {
      return nil
    }
    for (upstream, earlier) in zip(plan.inputs[index], prior.consumed) {
      operations += 1
      guard result(of: upstream).isSame(as: earlier) else { return nil }
    }
    return prior
  }

  /// Settles a node with its earlier success, without starting it.
  mutating func keep(_ index: Int, _ prior: PriorSuccess, in turn: inout Turn) {
    kept += 1
    let summary = prior.isInherited ? "kept: taken over from an earlier run" : "kept: what it read has not changed"
    settleSucceeded(index, with: prior.output, summary: summary, in: &turn)
  }

  /// What a node reads, by the plan's order, as it is now.
  mutating func results(readBy index: Int) -> [ConsumedResult] {
    operations += plan.inputs[index].count
    return plan.inputs[index].map(result)
  }

  /// Works out what the inherited successes had read in the run that they come from: each other's outputs, and of every
  /// other node that it had not succeeded.
  private mutating func settleInheritance() {
    for index in progress.indices where progress[index].prior != nil {
      operations += 1 + plan.inputs[index].count
      let consumed = plan.inputs[index].map { upstream in
        let output = progress[upstream].prior?.output
        return ConsumedResult(
          node: progress[upstream].state.id, status: output == nil ? .unknown : .succeeded, sha256: output?.sha256)
      }
      progress[index].prior?.consumed = consumed
    }
  }

  private func result(of index: Int) -> ConsumedResult {
    let state = progress[index].state
    return ConsumedResult(node: state.id, status: state.status, sha256: state.output?.sha256)
  }
}
