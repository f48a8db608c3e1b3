public import IonJSON
internal import IonScheduler
public import IonStore
public import IonWorkflow

/// A gate and the run that it belongs to.
public struct RunGate: Hashable, Sendable {
  public var run: RunID
  public var gate: GateRecord

  public init(run: RunID, gate: GateRecord) {
    self.run = run
    self.gate = gate
  }
}

/// What came of an answer to a gate.
public struct AnsweredGate: Sendable {
  public var gate: RunGate
  /// The run as it stands now.
  public var run: RunRecord
  /// The run's last event before this process took it up with the answer; nil where it didn't have to.
  public var takenUpAfter: Int64?
}

extension Workspace {
  /// The gates of a run in the definition's order, with those that wait in its children; without one, those of every run that hasn't ended, oldest run first.
  /// Each node's last one.
  public func gates(of run: RunID?) async throws(EngineFailure) -> [RunGate] {
    var runs: [RunID] = []
    if let run {
      runs = [try await record(of: run).id]
    } else {
      await settleOrphans()
      let unfinished = try await reading { store throws(StoreFailure) in try await store.unfinishedRuns() }
      runs = unfinished.map(\.id)
    }
    var gates: [RunGate] = []
    for id in runs {
      for row in try await nodes(of: id) {
        if let gate = row.gate { gates.append(RunGate(run: id, gate: gate)) }
        // A run waits for its children's gates, too; among those of all runs they are there themselves.
        guard run != nil, row.status == .awaitingApproval, let child = row.child else { continue }
        gates += try await self.gates(of: child).filter { $0.gate.state == .pending }
      }
    }
    return gates
  }

  /// The gates of a run that stands so; none is looked for where none waits.
  public func gates(of run: RunRecord) async throws(EngineFailure) -> [RunGate] {
    guard run.counts[.awaitingApproval, default: 0] > 0 else { return [] }
    return try await gates(of: run.id)
  }

  /// Answers a gate. The first answer that fits counts, and is durable when this returns. Where only gates were left of
  /// the run and no process has it, this one goes on with it; `secrets` are the run's secret inputs then.
  ///
  /// - Throws: `.gateNotFound`; `.alreadyResolved`; `.answerInvalid`; `.invalidState` for a gate of a run that was
  ///   interrupted, and has to be resumed first; `.workspaceNotTrusted`; `.pathLocked`; `.store(.owned)` where another
  ///   process has live runs.
  public func answer(
    _ gate: GateID, _ answer: GateAnswer, secrets: [String: JSONValue]
  ) async throws(EngineFailure) -> AnsweredGate {
    guard let run = gate.run else { throw .gateNotFound(gate.rawValue) }
    try checkMayStart()
    if let driver = driver(of: run) { return try await self.answer(gate, answer, of: run, driver) }
    if let child = try await stored(run), child.parentRun != nil {
      return try await self.answer(gate, answer, ofChild: child, secrets)
    }
    return try await alone(with: run) { () async throws(EngineFailure) in
      if let driver = driver(of: run) { return try await self.answer(gate, answer, of: run, driver) }
      return try await beginning { () async throws(EngineFailure) in
        if let standing = try await standing(gate, of: run, answer) { return standing }
        return try await proceed(with: gate, of: run, answer, secrets)
      }
    }
  }

  private func stored(_ run: RunID) async throws(EngineFailure) -> RunRecord? {
    guard hasStore else { return nil }
    return try await reading { store throws(StoreFailure) in try await store.run(run) }
  }

  /// The same for a run that is a child: the runs above are taken up with it.
  private func answer(
    _ gate: GateID, _ answer: GateAnswer, ofChild child: RunRecord, _ secrets: [String: JSONValue]
  ) async throws(EngineFailure) -> AnsweredGate {
    let (driver, after) = try await beginning {
      () async throws(EngineFailure) -> (RunDriver?, Int64?) in
      guard try await standing(gate, of: child.id, answer) == nil else { return (nil, nil) }
      let family = try await takeUpFamily(of: child, inputs: secrets)
      return (family.driver, family.takenUpAfter)
    }
    guard let driver else {
      if let standing = try await standing(gate, of: child.id, answer) { return standing }
      throw .unusable("The answer was not taken: run \(child.id) could not go on. The gate may be answered later.")
    }
    var answered = try await self.answer(gate, answer, of: child.id, driver)
    answered.takenUpAfter = after
    return answered
  }

  private func answer(
    _ gate: GateID, _ answer: GateAnswer, of run: RunID, _ driver: RunDriver
  ) async throws(EngineFailure) -> AnsweredGate {
    let standing = try await driver.answer(gate, answer)
    return AnsweredGate(gate: RunGate(run: run, gate: standing), run: await driver.record)
  }

  private func proceed(
    with gate: GateID, of run: RunID, _ answer: GateAnswer, _ secrets: [String: JSONValue]
  ) async throws(EngineFailure) -> AnsweredGate {
    let started = try await proceed(with: run, inputs: secrets) { past throws(EngineFailure) in
      try Self.event(of: answer, to: gate, past)
    }
    let record = await started.begun() ?? started.record
    guard let taken = await started.driver?.closedGates[gate] else {
      throw .unusable("The answer was not taken: run \(run) could not go on. The gate may be answered later.")
    }
    return AnsweredGate(gate: RunGate(run: run, gate: taken), run: record, takenUpAfter: started.record.seq)
  }

  /// What a stored gate says to an answer by itself; nil where the run may go on with it.
  private func standing(
    _ gate: GateID, of run: RunID, _ answer: GateAnswer
  ) async throws(EngineFailure) -> AnsweredGate? {
    guard try await knows(run) else { throw .gateNotFound(gate.rawValue) }
    try await settle(run)
    let record = try await record(of: run)
    guard let found = try await gates(of: run).first(where: { $0.gate.id == gate }) else {
      throw .gateNotFound(gate.rawValue)
    }
    guard found.gate.state == .pending else {
      return AnsweredGate(gate: RunGate(run: run, gate: try found.gate.settled(by: answer, in: run)), run: record)
    }
    guard !record.status.isResumable else {
      throw .invalidState(
        run, "Run \(run) was \(record.status.rawValue) while its gate waited; resume it, and then answer the gate.")
    }
    return nil
  }

  private static func event(
    of answer: GateAnswer, to gate: GateID, _ past: WorkflowExecutor.Past
  ) throws(EngineFailure) -> RunEvent {
    guard let state = past.run.nodes.first(where: { $0.gate?.id == gate }),
      let approval = past.run.definition(of: state.id)?.gate
    else { throw .gateNotFound(gate.rawValue) }
    if let row = past.rows.first(where: { $0.node == state.id })?.gate, row.state != .pending {
      throw .alreadyResolved(row, run: row.id.run ?? "")
    }
    return try RunDriver.event(
      answer, to: gate, of: state.id, approval, iteration: past.run.iterationOutput(of: state.id))
  }

  /// Goes on with a run that only waits at its gates and that no process has.
  func proceed(
    with run: RunID, inputs: [String: JSONValue]?,
    happening: ((WorkflowExecutor.Past) throws(EngineFailure) -> RunEvent)?
  ) async throws(EngineFailure) -> StartedRun {
    try await begin { opened throws(EngineFailure) in
      try await opened.executor.proceed(with: run, inputs: inputs, happening: happening)
    }
  }

  /// Does something with a run that no process has, one thing at a time.
  func alone<Value: Sendable>(
    with run: RunID, _ body: () async throws(EngineFailure) -> Value
  ) async throws(EngineFailure) -> Value {
    while proceedings[run] != nil {
      await withCheckedContinuation { proceedings[run]?.append($0) }
    }
    proceedings[run] = []
    defer { for waiter in proceedings.removeValue(forKey: run) ?? [] { waiter.resume() } }
    return try await body()
  }
}

extension StartedRun {
  /// The run's row once its first turn is durable; nil where it has no driver.
  func begun() async -> RunRecord? { await driver?.begun() }
}
