internal import GRDB
internal import IonScheduler
internal import IonWorkflow

/// A run's rows as its part of the log tells them: from its creation on, node rows and the run's state are those of the
/// last progress notice that has them, and outputs those of the steps' events.
struct RebuiltRun {
  private let creation: RunCreation
  private let createdAt: WallTime
  private var record: RunRecord
  private var nodes: [NodeRecord]
  private var places: [NodeID: Int]
  private var outputs: [NodeID: NodeOutput] = [:]
  /// The gates that were told of, with their questions.
  private var gates: [NodeID: GateRecord] = [:]
  /// The nodes whose agents, or those of their child runs, wait for answers.
  private var asking: Set<NodeID> = []
  private var artifacts: [ArtifactRecord] = []
  private var seq: Int64
  /// Hashes of the texts that are kept for the run.
  private var texts: Set<String>

  /// Makes the rows of the run with this number anew.
  static func rebuild(_ number: Int64, in db: Database) throws {
    var chain = EventChain()
    var run: RebuiltRun?
    try db.rows(.allOfRun, [number]).collect {
      let row = try EventRow($0)
      try chain.add(row)
      if run == nil { run = try RebuiltRun(creation: row) } else { try run?.add(row) }
    }
    guard let run else { throw Fields.Mismatch(description: "the log has nothing of run number \(number)") }
    try run.write(db)
  }

  /// Starts from the run's first row, which is of class `creation`.
  private init(creation row: EventRow) throws {
    guard row.classCode == EventRow.Class.creation.rawValue, row.kind == RunCreation.kind else {
      throw Fields.Mismatch(description: "event \(row.seq) is no run's beginning")
    }
    creation = try RunCreation(stored: row.fields(), number: Int(row.run))
    createdAt = row.wallTime
    record = creation.record
    texts = Set(creation.texts)
    nodes = creation.nodes
    places = Dictionary(nodes.enumerated().map { ($1.node, $0) }) { first, _ in first }
    seq = row.seq
  }

  /// Takes up the next row of the run.
  private mutating func add(_ row: EventRow) throws {
    switch EventRow.Class(rawValue: row.classCode) {
    case .fact:
      let event = try row.event()
      note(event)
      add(event, at: row.wallTime)
    case .notice: add(try row.notice(run: record.id.rawValue).notice)
    case .creation, nil: throw Fields.Mismatch(description: "event \(row.seq) is out of place")
    }
    seq = row.seq
  }

  private mutating func add(_ event: RunEvent, at time: WallTime) {
    switch event {
    case .started: record.startedAt = record.startedAt ?? time
    case .inherited(let node, let output), .stepSucceeded(let node, let output), .stepReused(let node, let output, _),
      .loopSettled(let node, _, .done(let output)), .itemsGathered(let node, let output):
      outputs[node] = output
      if let place = places[node] { nodes[place].output = output }
    case .gateAnswered(let node, _, _, let output): outputs[node] = output
    case .gateTimeoutElapsed(let node, _, let output): outputs[node] = output ?? outputs[node]
    case .redefined(let change): redefine(change)
    case .resumed:
      record.startedAt = record.startedAt ?? time
      record.reopenChanges()
    case .conditionSettled, .loopSettled, .slotGranted, .stepSpawned, .usageReported, .stepFailed, .stepStopped,
      .stepLost, .retryDelayElapsed, .runTimeoutElapsed, .gateOpened, .continued, .cancelRequested,
      .nodeCancelRequested,
      .interrupted, .refused, .evidenceChecked, .childBegan, .childStoodStill, .childAsked, .childWentOn, .sessionKnown,
      .permissionAsked, .permissionWithdrawn, .itemsListed:
      break
    }
  }

  /// Whose agents wait by now.
  private mutating func note(_ event: RunEvent) {
    switch event {
    case .permissionAsked(let node, _), .childAsked(let node): asking.insert(node)
    case .permissionWithdrawn(let node, _), .gateAnswered(let node, _, _, _), .childWentOn(let node),
      .childStoodStill(let node), .stepSucceeded(let node, _), .stepFailed(let node, _, _), .stepStopped(let node),
      .stepLost(let node):
      asking.remove(node)
    default: break
    }
  }

  private mutating func redefine(_ change: Redefinition) {
    record.adopt(change)
    texts.insert(change.definitionHash)
    texts.formUnion(change.frozenFiles.values)
    nodes = change.nodes.enumerated().map { index, id in
      var row = places[id].map { nodes[$0] } ?? NodeRecord(run: record.id, node: id, index: index)
      row.index = index
      return row
    }
    places = Dictionary(nodes.enumerated().map { ($1.node, $0) }) { first, _ in first }
  }

  private mutating func add(_ notice: Notice) {
    switch notice {
    case .progress(let progress):
      record.status = progress.status
      record.attempt = progress.attempt
      record.error = progress.error
      record.result = progress.result
      record.endedAt = progress.status.isLive ? nil : progress.time
      record.counts = [:]
      for (word, count) in progress.counts {
        if let status = NodeStatus(rawValue: word) { record.counts[status] = count }
      }
      for node in progress.nodes { put(node) }
    case .artifact(let artifact): artifacts.append(artifact)
    case .gate(let gate):
      gates[gate.node] = gate
      if let place = places[gate.node], nodes[place].gate?.id == gate.id { nodes[place].gate = gate }
    case .changes(let changes): record.changes = changes.state
    case .message, .runDeleted: break
    }
  }

  private mutating func put(_ node: NodeRecord) {
    var node = node
    // A notice may leave the text out, which the step's event has.
    if let output = outputs[node.node], output.sha256 == node.output?.sha256 { node.output = output }
    if let gate = gates[node.node], gate.id == node.gate?.id { node.gate?.question = gate.question }
    if let place = places[node.node] {
      nodes[place] = node
    } else {
      places[node.node] = nodes.count
      nodes.append(node)
    }
  }

  /// Puts the rows in the place of those that the store has.
  private func write(_ db: Database) throws {
    let number = Int64(record.number)
    var record = record
    record.hasWaitingAgents = record.status == .awaitingApproval && !asking.isEmpty
    // What iterations and items have used is in their owners' rows.
    let own = nodes.filter { $0.item == nil && !$0.node.rawValue.contains("/") }
    record.usage = own.compactMap(\.usage).reduce(nil) { sum, usage in sum.map { $0 + usage } ?? usage }
    if try db.row(.runByNumber, [number]) != nil {
      try db.updateRun(record, number: number, seq: seq)
      try db.updateRequest(record.request, number: number)
      try db.noteParent(of: record, number: number)
    } else {
      _ = try db.insertRun(record, number: number, seq: seq)
      if let idempotency = creation.idempotency { try db.insert(idempotency, run: number, at: createdAt) }
    }
    for text in texts.sorted() { try db.run(.insertRunText, [number, text]) }
    try db.deleteDetails(run: number)
    for node in nodes { try db.upsert(node, run: number) }
    for artifact in artifacts { try db.upsert(artifact, run: number) }
  }
}
