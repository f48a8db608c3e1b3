internal import IonScheduler
internal import IonStore
internal import IonWorkflow

extension RunDriver {
  /// The rows of the nodes that changed, and what people are told of their gates.
  func addRows(of commands: [RunCommand], to turn: inout Turn, now: WallTime) {
    let lacking = lacks.takeNotices()
    turn.notices += lacking.flatMap(\.notices)
    let touched = commands.compactMap { if case .record(let id) = $0 { id } else { nil } } + lacking.map(\.node)
    var recorded: Set<NodeID> = []
    for id in touched where recorded.insert(id).inserted {
      let before = rows[id]?.gate
      guard let row = updatedRow(of: id, now: now) else { continue }
      turn.nodes.append(row)
      turn.notices += Self.notices(of: row.gate, after: before, now: now)
    }
  }

  /// When the run began and ended, as far as these events say.
  func settleTimes(_ events: [RunEvent], now: WallTime) {
    if record.startedAt == nil, events.contains(where: { $0 == .started || $0 == .resumed }) { record.startedAt = now }
    if events.contains(.resumed) {
      record.endedAt = nil
      record.error = nil
      record.reopenChanges()
      record.result = nil
    }
    if run.outcome != nil && record.endedAt == nil { record.endedAt = now }
  }

  private func updatedRow(of id: NodeID, now: WallTime) -> NodeRecord? {
    guard let state = run.node(id), let position = run.position(of: id) else { return nil }
    var row = rows[id] ?? NodeRecord(run: context.id, node: id, index: position)
    // What goes on after an answer has begun before it.
    let begins = state.status == .running && row.status != .running && row.status != .awaitingApproval
    if row.attempt != state.attempt || begins {
      row.startedAt = now
      row.endedAt = nil
      row.logBytes = nil
      row.files = []
      lacks.forget(id)
    }
    if let files = changedFiles.removeValue(forKey: id) { row.files = files }
    if let size = logSizes.removeValue(forKey: id) { row.logBytes = size }
    if state.status == .pending { row.endedAt = nil }
    if state.status.isSettled && (row.endedAt == nil || row.status != state.status) { row.endedAt = now }
    if state.status == .running && row.status != .running, let node = node(id), node.kind.isAgentTurn {
      let settings = context.agents.settings(of: node)
      (row.provider, row.model) = (settings.provider, settings.model)
    }
    if lacks.isModelless(id) { row.model = nil }
    row.status = state.status
    row.attempt = state.attempt
    row.output = state.output
    row.error = state.failure?.message
    row.exitCode = state.failure?.exitCode
    row.summary = state.summary
    row.usage = state.usage
    row.child = state.child
    row.item = run.item(id)?.position
    row.session = state.session
    row.gate = state.gate.map { record(of: $0, at: id, before: row.gate, now: now) }
    if let gate = row.gate, gate.state != .pending { closedGates[gate.id] = gate }
    rows[id] = row
    return row
  }

  func progress(_ nodes: [NodeRecord], now: WallTime) -> ProgressNotice {
    let lean = nodes.map { node -> NodeRecord in
      var node = node
      node.output?.text = nil
      node.gate?.question = nil
      return node
    }
    let counts = Dictionary(uniqueKeysWithValues: record.counts.map { ($0.key.rawValue, $0.value) })
    return ProgressNotice(
      status: record.status, attempt: record.attempt, counts: counts, nodes: lean, error: record.error,
      result: record.result, time: now)
  }
}
