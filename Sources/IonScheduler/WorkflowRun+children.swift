public import IonWorkflow

extension WorkflowRun {
  /// The start of a `workflow` node that its child run is called after: the one that began it. Nil for other nodes, and
  /// before the first start.
  public func childAttempt(of id: NodeID) -> Int? {
    plan.index(of: id).flatMap { progress[$0].child?.attempt }
  }

  /// Whether a node's child run waits for answers alone.
  public func isStanding(_ id: NodeID) -> Bool { plan.index(of: id).map { progress[$0].phase == .standing } ?? false }
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

  /// `childStoodStill` and `childWentOn`. A child that stands still takes no place of the run; one that goes on takes it
  /// again, whether there is one or not.
  mutating func settleChild(of id: NodeID, isStanding: Bool, in turn: inout Turn) {
    guard let index = runningIndex(of: id), plan.traits[index].isChild,
      progress[index].phase == (isStanding ? .running : .standing)
    else { return }
    move(index, to: isStanding ? .standing : .running)
    show(
      index, as: isStanding ? .awaitingApproval : .running,
      summary: isStanding ? "its run waits for an answer" : nil, in: &turn)
    noteRoom(besides: index, in: &turn)
  }
}
