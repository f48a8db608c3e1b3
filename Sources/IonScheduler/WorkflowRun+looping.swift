public import IonWorkflow

extension WorkflowRun {
  /// The iteration of a loop that is under way, or was the last one, from 1; nil for a loop that was never begun, and for
  /// a node that is none.
  public func iteration(of id: NodeID) -> Int? { plan.index(of: id).flatMap { loops[$0]?.iteration } }

  /// What a loop's iteration gave so far: the output of the first of its last nodes that came out well.
  public func result(ofLoop id: NodeID) -> NodeState? {
    plan.index(of: id).flatMap { loops[$0]?.result }.map { progress[$0].state }
  }

  /// A node of the iteration that a loop is in, from which all of it can be seen; nil for a loop that was never begun.
  public func iterationNode(ofLoop id: NodeID) -> NodeID? {
    plan.index(of: id).flatMap { loops[$0]?.nodes.first }.map { progress[$0].state.id }
  }

  /// How `until_bash` came out in a loop's iteration; nil for a loop without.
  public func test(ofLoop id: NodeID) -> NodeState? {
    guard let index = plan.index(of: id), let test = plan.loops[index]?.test, let nodes = loops[index]?.nodes else {
      return nil
    }
    return progress[nodes.lowerBound + test].state
  }

  /// A node of the iteration before the one that a node belongs to; nil in the first one, and for an unknown id.
  public func previous(_ id: NodeID, seenFrom reader: NodeID) -> NodeState? {
    guard let reader = plan.index(of: reader), let origin = plan.origin(of: reader),
      let index = plan.index(of: id, in: origin.iteration - 1, of: origin.loop)
    else { return nil }
    return progress[index].state
  }

  /// What the iteration gave before the one that a node belongs to; nil in the first one, and outside of loops.
  public func previousOutput(seenFrom reader: NodeID) -> NodeOutput? {
    guard let reader = plan.index(of: reader), let origin = plan.origin(of: reader), let loop = loops[origin.loop],
      loop.iteration == origin.iteration
    else { return nil }
    return loop.previousResult.flatMap { progress[$0].state.output }
  }

  /// The loop that a node belongs to, and the iteration, or the node with `fan_out` that it is an item of, and which one, from
  /// 1; nil for a node of the definition's own.
  public func place(of id: NodeID) -> (loop: NodeID, iteration: Int)? {
    guard let index = plan.index(of: id), let origin = plan.origin(of: index) else { return nil }
    return (progress[origin.loop].state.id, origin.iteration)
  }
}

extension WorkflowRun {
  /// Begins a loop, or goes on with the iteration that a resume found it in.
  mutating func openLoop(_ index: Int, in turn: inout Turn) {
    guard let loop = plan.loops[index] else { return }
    progress[index].state.attempt += 1
    progress[index].executions += 1
    progress[index].prior = nil
    starts += 1
    move(index, to: .open)
    let consumed = results(readBy: index)
    if let earlier = loops[index], !earlier.isDone, !plan.traits[index].alwaysRun, isSame(consumed, earlier.consumed) {
      goOn(index, from: earlier, in: &turn)
    } else {
      loops[index] = LoopProgress(limit: loop.maxIterations, consumed: consumed)
      beginIteration(1, of: index, keepsWhatItCan: false, in: &turn)
    }
  }

  mutating func isSame(_ consumed: [ConsumedResult], _ earlier: [ConsumedResult]) -> Bool {
    operations += consumed.count
    return consumed.count == earlier.count && zip(consumed, earlier).allSatisfy { $0.isSame(as: $1) }
  }

  /// Takes up the iteration that was under way. A loop that had used up its iterations gets as many again.
  private mutating func goOn(_ index: Int, from earlier: LoopProgress, in turn: inout Turn) {
    loops[index]?.cancellation = nil
    loops[index]?.isUsedUp = false
    guard earlier.isUsedUp else { return beginIteration(earlier.iteration, of: index, keepsWhatItCan: true, in: &turn) }
    loops[index]?.limit = earlier.iteration + (plan.loops[index]?.maxIterations ?? 0)
    beginIteration(earlier.iteration + 1, of: index, keepsWhatItCan: false, in: &turn)
  }

  mutating func beginIteration(
    _ number: Int, of loop: Int, keepsWhatItCan: Bool, in turn: inout Turn
  ) {
    guard var state = loops[loop] else { return }
    let nodes = plan.instances(of: loop, number) ?? addIteration(of: loop)
    if number > state.iteration { state.previousResult = state.result }
    state.iteration = number
    state.nodes = nodes
    state.unsettled = nodes.count
    (state.failures, state.firstFailures, state.result) = (0, [], nil)
    loops[loop] = state
    let word = plan.traits[loop].isGate ? "revision" : "iteration"
    show(loop, as: .running, summary: "\(word) \(number) of \(state.limit)", in: &turn)
    progress[loop].state.failure = nil
    for index in nodes {
      setBack(index, in: &turn)
      if !keepsWhatItCan {
        progress[index].prior = nil
        progress[index].child?.isOver = true
        progress[index].session?.isOver = true
        // A loop in the body begins anew, too, and so do items.
        (loops[index], fanOuts[index]) = (nil, nil)
      }
      progress[index].tally = DependencyTally(unsettled: plan.waits[index])
      if plan.waits[index] == 0 { turn.due.append(index) }
    }
    if nodes.isEmpty { endIteration(of: loop, in: &turn) }
  }

  /// Takes note of a node of an iteration that has settled.
  mutating func note(_ index: Int, in origin: RunPlan.Origin) {
    let status = progress[index].state.status
    if status == .succeeded, loops[origin.loop]?.result == nil,
      plan.loops[origin.loop]?.sinks.contains(origin.position) ?? false
    {
      loops[origin.loop]?.result = index
    }
    if failsItsPlace(index) { loops[origin.loop]?.noteFailure(of: index) }
  }

  /// Everything of a loop's iteration has settled.
  mutating func endIteration(of loop: Int, in turn: inout Turn) {
    guard progress[loop].phase == .open, let state = loops[loop] else { return }
    if let reason = state.cancellation {
      settle(loop, as: .cancelled, summary: reason, in: &turn)
    } else if state.failures > 0 {
      let causes = failureText(of: state.firstFailures, among: state.failures)
      let word = plan.traits[loop].isGate ? "revision" : "iteration"
      settleFailed(loop, with: StepFailure(.body, "\(word) \(state.iteration): \(causes)"), in: &turn)
    } else if plan.traits[loop].isGate {
      open(loop, in: &turn)
    } else {
      turn.loops.append(loop)
    }
  }

  /// `loopSettled`.
  mutating func settleLoop(_ id: NodeID, _ iteration: Int, _ verdict: LoopVerdict, in turn: inout Turn) {
    guard isOpen, let index = plan.index(of: id), progress[index].phase == .open, let state = loops[index],
      state.iteration == iteration, state.unsettled == 0
    else { return }
    switch verdict {
    case .done(let output): finishLoop(index, with: output, in: &turn)
    case .failed(let failure): settleFailed(index, with: failure, in: &turn)
    // A person may say that it is done, after the last iteration too.
    case .again where plan.traits[index].approval != nil: open(index, in: &turn)
    case .again: repeatLoop(index, after: state, in: &turn)
    }
  }

  /// Ends a loop well.
  mutating func finishLoop(_ index: Int, with output: NodeOutput, in turn: inout Turn) {
    loops[index]?.isDone = true
    progress[index].state.session = loops[index]?.result.flatMap { progress[$0].state.session }
    let count = loops[index]?.iteration ?? 0
    settleSucceeded(index, with: output, summary: Self.summary(ofIterations: count), in: &turn)
  }

  /// Begins a loop's next iteration, where it may have one.
  mutating func repeatLoop(_ index: Int, after state: LoopProgress, in turn: inout Turn) {
    guard state.iteration < state.limit else {
      loops[index]?.isUsedUp = true
      let message = "it was not done after \(Self.summary(ofIterations: state.iteration))"
      return settleFailed(index, with: StepFailure(.iterations, message), in: &turn)
    }
    move(index, to: .open)
    beginIteration(state.iteration + 1, of: index, keepsWhatItCan: false, in: &turn)
  }

  private static func summary(ofIterations count: Int) -> String {
    count == 1 ? "1 iteration" : "\(count) iterations"
  }

  /// Whether a node is one of the definition's, or of an iteration that is under way: a loop that began anew has nodes
  /// left of iterations to which it may come again.
  func isUnderWay(_ index: Int) -> Bool {
    guard let origin = plan.origin(of: index) else { return true }
    if let state = fanOuts[origin.loop] {
      return progress[origin.loop].phase == .open && origin.iteration <= state.count
    }
    return progress[origin.loop].phase == .open && loops[origin.loop]?.iteration == origin.iteration
  }

  /// Stops a loop on request: what runs of it is told to stop, and the loop is cancelled once it has.
  mutating func cancelLoop(_ index: Int, reason: String?, in turn: inout Turn) {
    guard let nodes = loops[index]?.nodes else { return }
    loops[index]?.cancellation = reason ?? "cancelled on request"
    for node in nodes { cancel(node, reason: reason, in: &turn) }
    // Where it is only asked whether it is done, nothing else brings its end.
    if progress[index].phase == .open && loops[index]?.unsettled == 0 { endIteration(of: index, in: &turn) }
  }
}
