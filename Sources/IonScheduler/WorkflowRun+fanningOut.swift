public import IonWorkflow

extension WorkflowRun {
  /// The items of a node with `fan_out`, as they were listed; nil for other nodes, and before.
  public func items(of id: NodeID) -> ItemList? { plan.index(of: id).flatMap { fanOuts[$0]?.items } }

  /// The nodes of those items, in their order.
  public func itemNodes(of id: NodeID) -> [NodeID] {
    guard let index = plan.index(of: id), let count = fanOuts[index]?.count else { return [] }
    return plan.items(of: index).prefix(count).map { progress[$0].state.id }
  }

  /// The node with `fan_out` that a node is an item of, and which one, from 0; nil for a node that is none.
  public func item(_ id: NodeID) -> (of: NodeID, position: Int)? {
    guard let index = plan.index(of: id), let origin = plan.origin(of: index), plan.fanOuts[origin.loop] != nil else {
      return nil
    }
    return (progress[origin.loop].state.id, origin.iteration - 1)
  }
}

extension WorkflowRun {
  /// Begins a node with `fan_out`, or goes on with the items that a resume finds.
  mutating func openFanOut(_ index: Int, in turn: inout Turn) {
    turn.touch(index, progress[index].state)
    progress[index].state.attempt += 1
    progress[index].executions += 1
    progress[index].prior = nil
    starts += 1
    let consumed = results(readBy: index)
    if let earlier = fanOuts[index], earlier.items != nil, !earlier.isDone, !plan.traits[index].alwaysRun,
      isSame(consumed, earlier.consumed)
    {
      return beginItems(of: index, keepsWhatItCan: true, in: &turn)
    }
    fanOuts[index] = FanOutProgress(consumed: consumed)
    move(index, to: .listing)
    turn.listings.append(index)
  }

  /// The index of a node of which it was asked what its items are, or what they gave; nil for every other.
  func askedIndex(of id: NodeID) -> Int? {
    plan.index(of: id).flatMap { isOpen && [.listing, .gathering].contains(progress[$0].phase) ? $0 : nil }
  }

  /// `itemsListed`.
  mutating func noteItems(_ items: ItemList, of id: NodeID, in turn: inout Turn) {
    guard isOpen, let index = plan.index(of: id), progress[index].phase == .listing else { return }
    fanOuts[index]?.items = items
    beginItems(of: index, keepsWhatItCan: false, in: &turn)
  }

  /// Has every item begin as soon as there is room for it, but for those that came out well before and may be kept.
  private mutating func beginItems(of fanOut: Int, keepsWhatItCan: Bool, in turn: inout Turn) {
    guard var state = fanOuts[fanOut] else { return }
    addItems(of: fanOut, upTo: state.count)
    let items = plan.items(of: fanOut)
    state.unsettled = state.count
    state.due = OrderedIndexSet(bound: state.count)
    (state.failures, state.firstFailures, state.cancellation) = (0, [], nil)
    fanOuts[fanOut] = state
    move(fanOut, to: .open)
    show(fanOut, as: .running, summary: state.summary, in: &turn)
    progress[fanOut].state.failure = nil
    for (position, item) in items.enumerated() {
      setBack(item, in: &turn)
      if !keepsWhatItCan {
        progress[item].prior = nil
        progress[item].child?.isOver = true
      }
      guard position < state.count else {
        move(item, to: .settled)
        show(item, as: .skipped, summary: "not run: its list has \(FanOutProgress.words(state.count)) now", in: &turn)
        continue
      }
      progress[item].tally = DependencyTally()
      if let prior = keepablePrior(of: item) {
        keep(item, prior, in: &turn)
      } else {
        fanOuts[fanOut]?.due.insert(position)
      }
    }
    turn.fillings.insert(fanOut)
    if state.count == 0 { endItems(of: fanOut, in: &turn) }
  }

  /// Lets items start, the first ones first, as far as their nodes have room for them.
  mutating func fillFanOuts(in turn: inout Turn) {
    for fanOut in turn.fillings.sorted() {
      guard progress[fanOut].phase == .open, fanOuts[fanOut]?.cancellation == nil,
        let limit = plan.fanOuts[fanOut]?.limit
      else { continue }
      let items = plan.items(of: fanOut)
      while let active = fanOuts[fanOut]?.active, active < limit, let position = fanOuts[fanOut]?.due.first {
        fanOuts[fanOut]?.due.remove(position)
        move(items[position], to: .ready)
        operations += 1
      }
    }
    turn.fillings = []
  }

  /// A node takes no place any more, or takes one again.
  mutating func noteRoom(besides index: Int, in turn: inout Turn) {
    if let fanOut = plan.fanOut(ofItem: index) { turn.fillings.insert(fanOut) }
  }

  /// `retryDelayElapsed`: an item waits again until there is room for it.
  mutating func startAgain(_ index: Int, in turn: inout Turn) {
    guard let fanOut = plan.fanOut(ofItem: index), let origin = plan.origin(of: index) else {
      return move(index, to: .ready)
    }
    move(index, to: .waiting)
    fanOuts[fanOut]?.due.insert(origin.iteration - 1)
    turn.fillings.insert(fanOut)
  }

  /// An item has settled.
  mutating func leaveFanOut(_ origin: RunPlan.Origin, in turn: inout Turn) {
    // One that an earlier attempt of the run left behind may be of no list any more.
    guard let count = fanOuts[origin.loop]?.count, origin.iteration <= count else { return }
    fanOuts[origin.loop]?.unsettled -= 1
    fanOuts[origin.loop]?.due.remove(origin.iteration - 1)
    turn.fillings.insert(origin.loop)
  }

  /// Takes note of how an item came out, and shows how far its node is.
  mutating func noteItem(_ index: Int, of fanOut: Int, in turn: inout Turn) {
    guard fanOuts[fanOut] != nil, progress[fanOut].phase == .open else { return }
    if progress[index].state.status != .succeeded { fanOuts[fanOut]?.noteFailure(of: index) }
    show(fanOut, as: .running, summary: fanOuts[fanOut]?.summary, in: &turn)
  }

  /// All items have settled.
  mutating func endItems(of fanOut: Int, in turn: inout Turn) {
    guard progress[fanOut].phase == .open else { return }
    if let reason = fanOuts[fanOut]?.cancellation {
      return settle(fanOut, as: .cancelled, summary: reason, in: &turn)
    }
    move(fanOut, to: .gathering)
    turn.gatherings.append(fanOut)
  }

  /// `itemsGathered`: the node has the list in any case, and fails where it needs all of its items.
  mutating func settleItems(of id: NodeID, _ output: NodeOutput, in turn: inout Turn) {
    guard isOpen, let index = plan.index(of: id), progress[index].phase == .gathering, let state = fanOuts[index],
      let needsAll = plan.fanOuts[index]?.needsAll
    else { return }
    turn.touch(index, progress[index].state)
    guard needsAll, state.failures > 0 else {
      fanOuts[index]?.isDone = true
      return settleSucceeded(index, with: output, summary: state.summary, in: &turn)
    }
    progress[index].state.output = output
    let causes = failureText(of: state.firstFailures, among: state.failures)
    let message = "\(state.failures) of \(FanOutProgress.words(state.count)) failed: \(causes)"
    settleFailed(index, with: StepFailure(.members, message), in: &turn)
  }

  /// Stops a node with `fan_out` on request: what runs of its items is told to stop, and it is cancelled once that has.
  mutating func cancelItems(of fanOut: Int, reason: String?, in turn: inout Turn) {
    guard let count = fanOuts[fanOut]?.count else { return }
    fanOuts[fanOut]?.cancellation = reason ?? "cancelled on request"
    for item in plan.items(of: fanOut).prefix(count) { cancel(item, reason: reason, in: &turn) }
  }
}

extension FanOutProgress {
  fileprivate mutating func noteFailure(of index: Int) {
    failures += 1
    if firstFailures.count < WorkflowRun.failuresTold { firstFailures.append(index) }
  }
}
