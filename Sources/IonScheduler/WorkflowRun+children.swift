public import IonWorkflow

extension WorkflowRun {
  /// The start of a `workflow` node that its child run is called after: the one that began it. Nil for other nodes, and
  /// before the first start.
  public func childAttempt(of id: NodeID) -> Int? {
    plan.index(of: id).flatMap { progress[$0].child?.attempt }
  }

  /// Whether a node's child run waits for answers alone, and can be left alone with that.
  public func isStanding(_ id: NodeID) -> Bool { plan.index(of: id).map { progress[$0].phase == .standing } ?? false }

  /// Whether a node's agent waits for an answer, or agents of its child run do.
  public func isBlocked(_ id: NodeID) -> Bool { plan.index(of: id).map { progress[$0].phase == .blocked } ?? false }
}

extension WorkflowRun {
  /// Gives a node that starts its child: the one that it had, where that was cut off or failed before the run was resumed
  /// and would be asked for the same again, else another one.
  mutating func beginChild(_ index: Int) {
    let consumed = results(readBy: index)
    if let child = progress[index].child, !child.isOver, !plan.traits[index].alwaysRun,
      isSame(consumed, child.consumed)
    {
      return
    }
    progress[index].child = ChildProgress(attempt: progress[index].state.attempt, consumed: consumed)
    progress[index].state.child = nil
    beginCounting(index)
  }

  /// `childBegan`.
  mutating func noteChild(_ child: RunID, of id: NodeID, in turn: inout Turn) {
    guard let index = runningIndex(of: id), plan.traits[index].isChild else { return }
    turn.touch(index, progress[index].state)
    progress[index].state.child = child
  }

  /// `childStoodStill`, `childAsked` and `childWentOn`. A child that stands still takes no place of the run; one that goes on
  /// takes it again, whether there is one or not. One whose agents wait keeps it.
  mutating func moveChild(of id: NodeID, to phase: Phase, in turn: inout Turn) {
    guard let index = runningIndex(of: id), plan.traits[index].isChild, progress[index].phase != phase,
      [.running, .blocked, .standing].contains(progress[index].phase)
    else { return }
    // What goes on from its gates asks for leave later, if ever.
    if phase == .blocked, progress[index].phase == .standing { return }
    move(index, to: phase)
    show(
      index, as: phase == .running ? .running : .awaitingApproval, summary: Self.summary(ofChildIn: phase), in: &turn)
    noteRoom(besides: index, in: &turn)
  }

  private static func summary(ofChildIn phase: Phase) -> String? {
    switch phase {
    case .standing: "its run waits for an answer"
    case .blocked: "an agent of its run asks for leave"
    default: nil
    }
  }
}
