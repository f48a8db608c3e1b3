internal import IonScheduler
public import IonStore
public import IonWorkflow

extension Workspace {
  /// What is waited for of a run.
  public enum Goal: Sendable {
    case end
    /// A gate that waits for an answer while nothing else goes on, or the end.
    case standstill
  }

  /// Cancels a run, or one node of it. Cancelling what has ended changes nothing.
  public func cancel(_ run: RunID, node: NodeID?, reason: String?, force: Bool) async throws(EngineFailure) -> RunRecord
  {
    if let driver = driver(of: run) {
      if let node, await !driver.has(node) {
        throw .nodeNotFound(node, of: run, among: try await nodes(of: run).map(\.node))
      }
      await driver.cancel(node: node, reason: reason, force: force)
      return await driver.record
    }
    try await settle(run)
    let record = try await record(of: run)
    if let node { _ = try await self.node(node, of: run) }
    if record.isResting { return try await cancelWaiting(run, node: node, reason: reason) }
    if record.waitsForPath, node == nil { return try await cancelQueued(record, reason: reason) }
    if record.status.isLive { try await ownOrFail() }
    return record
  }

  /// The same for a run that nobody has because it only waits at its gates.
  private func cancelWaiting(_ run: RunID, node: NodeID?, reason: String?) async throws(EngineFailure) -> RunRecord {
    try await alone(with: run) { () async throws(EngineFailure) in
      guard driver(of: run) == nil else {
        return try await cancel(run, node: node, reason: reason, force: false)
      }
      if let parent = try await waitingParent(of: run) {
        _ = try await takeUpFamily(of: parent, inputs: node == nil ? nil : [:])
        return try await cancel(run, node: node, reason: reason, force: false)
      }
      let started = try await proceed(with: run, inputs: node == nil ? nil : [:]) { past throws(EngineFailure) in
        guard let node else { return .cancelRequested(reason: reason) }
        return .nodeCancelRequested(node, reason: reason)
      }
      return await started.begun() ?? started.record
    }
  }

  /// The same for a queued run that nobody has.
  private func cancelQueued(_ record: RunRecord, reason: String?) async throws(EngineFailure) -> RunRecord {
    let run = record.id
    return try await alone(with: run) { () async throws(EngineFailure) in
      guard driver(of: run) == nil else {
        return try await cancel(run, node: nil, reason: reason, force: false)
      }
      let record = try await self.record(of: run)
      guard record.waitsForPath else { return record }
      return try await opened().executor.cancelQueued(record, reason: reason)
    }
  }

  /// The run itself, where it is a child of a run that waits for it; nil for others.
  private func waitingParent(of run: RunID) async throws(EngineFailure) -> RunRecord? {
    let record = try await record(of: run)
    guard record.parentRun != nil, try await root(of: record).isResting else { return nil }
    return record
  }

  /// Fails with the owner's pid where another process has the run.
  private func ownOrFail() async throws(EngineFailure) {
    try await reading { store throws(StoreFailure) in try await store.own().release() }
  }

  /// Returns when what is waited for is there, or the time is over (`timedOut`).
  ///
  /// A run of another process is asked about four times a second. Cancelling the task ends the wait, not the run.
  public func wait(
    for run: RunID, until goal: Goal = .end, timeout: Duration?
  ) async throws(EngineFailure) -> (run: RunRecord, timedOut: Bool) {
    let clock = dependencies.clock
    let reached = await withTaskGroup(of: RunRecord?.self) { group in
      if let driver = driver(of: run) {
        group.addTask {
          switch goal {
          case .end: await driver.end()
          case .standstill: await driver.standstill()
          }
        }
      } else {
        group.addTask { await self.reachedElsewhere(goal, by: run) }
      }
      if let timeout {
        group.addTask {
          do { try await clock.sleep(for: timeout) } catch { return nil }
          return nil
        }
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
    if let reached {
      await settled()
      return (reached, false)
    }
    return (try await record(of: run), true)
  }

  private func reachedElsewhere(_ goal: Goal, by run: RunID) async -> RunRecord? {
    while !Task.isCancelled {
      do {
        let record = try await record(of: run)
        if !record.status.isLive || goal == .standstill && record.status == .awaitingApproval { return record }
        try await dependencies.clock.sleep(for: .milliseconds(250))
      } catch {
        return nil
      }
    }
    return nil
  }
}
