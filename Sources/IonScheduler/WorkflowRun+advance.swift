internal import IonWorkflow

extension WorkflowRun {
  /// Applies one event and returns what to do next: the rows to write (`record`, one for each node that looks different
  /// now), then what ends, then what begins, each in the definition's order, then the run's end.
  ///
  /// An event that doesn't fit changes nothing and returns nothing: a fact about a step that isn't running, an answer
  /// that nobody waits for, anything but `resumed` once the run has ended. A result that the driver reports for a step
  /// that it was told to stop stands, for it came first: the driver reports `stepStopped` for every step that its signal
  /// may have ended, whatever the exit code. Such a result settles the node, never the run: its end is decided.
  public mutating func advance(on event: RunEvent) -> [RunCommand] {
    guard outcome == nil || event == .resumed else { return [] }
    var turn = Turn()
    apply(event, in: &turn)
    decideDueNodes(in: &turn)
    requestSlots(in: &turn)
    finishIfSettled(in: &turn)
    return turn.commands(after: progress)
  }

  private mutating func apply(_ event: RunEvent, in turn: inout Turn) {
    switch event {
    case .inherited(let id, let output): inherit(output, by: id)
    case .started: if !hasBegun { begin(in: &turn) }
    case .resumed: resume(in: &turn)
    case .redefined: break
    case .conditionSettled(let id, let verdict): settleCondition(of: id, verdict, in: &turn)
    case .itemsListed(let id, let items): noteItems(items, of: id, in: &turn)
    case .itemsGathered(let id, let output): settleItems(of: id, output, in: &turn)
    case .slotGranted(let id): start(id, in: &turn)
    case .stepSpawned(let id, let facts): if let index = runningIndex(of: id) { progress[index].process = facts }
    case .usageReported, .sessionKnown, .permissionAsked, .permissionWithdrawn, .childBegan, .childStoodStill,
      .childAsked, .childWentOn:
      applyNews(event, in: &turn)
    case .stepSucceeded(let id, let output): succeed(id, with: output, in: &turn)
    case .stepReused(let id, let output, let origin):
      succeed(id, with: output, summary: "taken over from run \(origin.run)", in: &turn)
    case .stepFailed(let id, let failure, let dice): fail(id, with: failure, dice: dice, in: &turn)
    case .stepStopped(let id): settleStopped(id, in: &turn)
    case .stepLost(let id): settleLost(id, in: &turn)
    case .retryDelayElapsed(let id):
      if isOpen, let index = plan.index(of: id), progress[index].phase == .delayed { startAgain(index, in: &turn) }
    case .loopSettled(let id, let iteration, let verdict): settleLoop(id, iteration, verdict, in: &turn)
    case .runTimeoutElapsed: if hasBegun, let limit = plan.definition.timeout { end(.timedOut(limit), in: &turn) }
    case .gateOpened(let id, let question): openGate(of: id, question, in: &turn)
    case .gateAnswered(let id, let gate, let answer, let output): decide(gate, of: id, answer, output, in: &turn)
    case .gateTimeoutElapsed(let id, let gate, let output): expire(gate, of: id, output, in: &turn)
    case .continued: wakeAgain(in: &turn)
    case .cancelRequested(let reason): end(.cancelled(by: nil, reason: reason), in: &turn)
    case .nodeCancelRequested(let id, let reason): cancel(id, reason: reason, in: &turn)
    case .refused(let reason): if !hasBegun { end(.refused(reason: reason), in: &turn) }
    case .evidenceChecked(let fault): if evidence == .asked { evidence = .checked(fault: fault) }
    case .interrupted(let reason): end(.interrupted(reason: reason), in: &turn)
    }
  }

  /// What a node's agent, or its child run, tells of itself.
  private mutating func applyNews(_ event: RunEvent, in turn: inout Turn) {
    switch event {
    case .usageReported(let id, let usage): note(usage, of: id, in: &turn)
    case .sessionKnown(let id, let session, let summary): note(session, of: id, summary: summary, in: &turn)
    case .permissionAsked(let id, let question): askLeave(of: id, question, in: &turn)
    case .permissionWithdrawn(let id, let gate): withdrawLeave(gate, of: id, in: &turn)
    case .childBegan(let id, let child): noteChild(child, of: id, in: &turn)
    case .childStoodStill(let id): moveChild(of: id, to: .standing, in: &turn)
    case .childAsked(let id): moveChild(of: id, to: .blocked, in: &turn)
    case .childWentOn(let id): moveChild(of: id, to: .running, in: &turn)
    default: break
    }
  }

  /// The index of a node whose process, or child run, may be alive; nil for every other.
  func runningIndex(of id: NodeID) -> Int? {
    plan.index(of: id).flatMap { progress[$0].phase.isRunning ? $0 : nil }
  }

  /// Puts a node into a phase, and keeps the sets that go by phases.
  mutating func move(_ index: Int, to phase: Phase) {
    if let fanOut = plan.fanOut(ofItem: index) {
      fanOuts[fanOut]?.active += (phase.takesPlace ? 1 : 0) - (progress[index].phase.takesPlace ? 1 : 0)
    }
    switch progress[index].phase {
    case .ready: ready.remove(index)
    case .queued: queued.remove(index)
    case .running, .blocked, .stopping: running.remove(index)
    case .asking, .standing: asking.remove(index)
    case .waiting, .evaluating, .opening, .listing, .open, .gathering, .delayed, .settled: break
    }
    moving += (phase.isMoving ? 1 : 0) - (progress[index].phase.isMoving ? 1 : 0)
    progress[index].phase = phase
    switch phase {
    case .ready: ready.insert(index)
    case .queued: queued.insert(index)
    case .running, .blocked, .stopping: running.insert(index)
    case .asking, .standing: asking.insert(index)
    case .waiting, .evaluating, .opening, .listing, .open, .gathering, .delayed, .settled: break
    }
  }

  /// Gives a node a status that people see, and keeps the counts.
  mutating func show(_ index: Int, as status: NodeStatus, summary: String? = nil, in turn: inout Turn) {
    turn.touch(index, progress[index].state)
    let old = progress[index].state.status
    if old != status && index < plan.ownCount {
      counts[status, default: 0] += 1
      let left = counts[old, default: 1] - 1
      counts[old] = left == 0 ? nil : left
    }
    progress[index].state.status = status
    progress[index].state.summary = summary
    operations += 1
  }
}
