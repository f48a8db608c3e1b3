public import IonProcess
internal import IonScheduler
public import IonStore
public import IonWorkflow

/// A run with everything that happened in it, for drawing it.
public struct RunHistory: Sendable {
  public var record: RunRecord
  /// What the definition of the run's last attempt says of each node; nodes that it has no more are left out.
  public var declarations: [NodeID: Node]
  /// In the definition's order.
  public var nodes: [NodeRecord]
  /// The starts of each node over the whole run, in order.
  public var executions: [NodeID: [NodeHistory.Execution]]
  /// When this was read.
  public var readAt: WallTime

  public init(
    record: RunRecord, declarations: [NodeID: Node], nodes: [NodeRecord],
    executions: [NodeID: [NodeHistory.Execution]], readAt: WallTime
  ) {
    self.record = record
    self.declarations = declarations
    self.nodes = nodes
    self.executions = executions
    self.readAt = readAt
  }
}

extension Workspace {
  /// Everything that happened in a run, folded from its log.
  ///
  /// - Throws: `.runNotFound`; `.invalidState` where the run's definition is gone.
  public func history(of run: RunID) async throws(EngineFailure) -> RunHistory {
    // The row first: nodes may be newer than it, never older.
    let record = try await record(of: run)
    let nodes = try await nodes(of: run)
    var fold = try await withStore { opened throws(EngineFailure) in
      try await RunFold(of: record, in: opened.home.store)
    }
    var executions: [NodeID: [NodeHistory.Execution]] = [:]
    var seq: Int64 = 0
    while true {
      let last = seq
      let events = try await reading { store throws(StoreFailure) in
        try await store.events(of: run, after: last, limit: 1_000)
      }
      for stored in events {
        let node = stored.event.startedOrEnded
        let before = node.flatMap { fold.run.node($0) }
        try await fold.take(stored.event)
        guard let node else { continue }
        executions[node, default: []]
          .note(before, fold.run.node(node), in: fold.run.attempt, at: stored.wallTime)
      }
      guard events.count == 1_000, let end = events.last else { break }
      seq = end.seq
    }
    var declarations: [NodeID: Node] = [:]
    for row in nodes { declarations[row.node] = fold.run.definition(of: row.node) }
    return RunHistory(
      record: record, declarations: declarations, nodes: nodes, executions: executions,
      readAt: dependencies.clock.wallTime)
  }

  /// The end of what a node's last attempt printed, both streams in order of arrival; nil where it has no attempt.
  ///
  /// - Throws: `.unusable` where it can't be read.
  public nonisolated func outputEnd(of node: NodeRecord, limit: Int) throws(EngineFailure) -> OutputSlice? {
    guard node.attempt > 0 else { return nil }
    let folder = paths(of: node.run).log(of: node.node, attempt: node.attempt)
    do {
      return try OutputReader(OutputFiles(folder)).tail(.merged, limit: limit, isComplete: node.status.isSettled)
    } catch {
      throw .unusable("\(error)")
    }
  }
}

extension RunEvent {
  /// The node that this event may have started, or ended a start of; nil where it does neither.
  fileprivate var startedOrEnded: NodeID? {
    if case .slotGranted(let node) = self { return node }
    if case .stepSucceeded(let node, _) = self { return node }
    if case .stepReused(let node, _, _) = self { return node }
    if case .stepFailed(let node, _, _) = self { return node }
    if case .stepStopped(let node) = self { return node }
    if case .stepLost(let node) = self { return node }
    return nil
  }
}
