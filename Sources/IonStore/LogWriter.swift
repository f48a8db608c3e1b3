internal import GRDB
internal import IonJSON
internal import IonScheduler
internal import IonWorkflow

/// What one transaction adds to the log: gives out the numbers, and keeps the tables that are folds of the log beside it.
struct LogWriter {
  let db: Database
  private let epoch: Int64
  private let wallTime: WallTime
  private let bootTime: Int64
  /// The last number given out.
  private(set) var seq: Int64
  private let firstSeq: Int64
  /// What was added last.
  private var tail: EventRow?

  /// Asserts that the store still belongs to the owner with this epoch.
  init(_ db: Database, epoch: Int64, clock: StoreClock) throws {
    let head = try LogHead(db)
    guard head.epoch == epoch else { throw StoreFailure.notOwner }
    self.db = db
    self.epoch = epoch
    wallTime = clock.wall()
    bootTime = clock.boot()
    seq = head.seq
    firstSeq = seq
  }

  /// What was committed, with the notices that were.
  func committed(_ notices: [StoredNotice]) -> CommittedTurn {
    CommittedTurn(firstSeq: min(firstSeq + 1, seq), seq: seq, notices: notices)
  }

  /// Whether anything was added.
  var hasAdded: Bool { seq != firstSeq }

  /// Appends events in order. `nodes` are the rows of the same turn, which know the attempts.
  mutating func append(_ events: [RunEvent], run: Int64, nodes: [NodeRecord]) throws {
    let attempts = Dictionary(nodes.map { ($0.node, $0.attempt) }) { first, _ in first }
    for event in events {
      let encoded = EncodedEvent(event)
      let attempt = encoded.node.flatMap { attempts[$0] }
      try add(
        .fact, run: run, kind: encoded.kind.rawValue, node: encoded.node, attempt: attempt, payload: encoded.payload)
    }
  }

  /// Appends notices in order; `id` is the run's.
  mutating func append(_ notices: [Notice], run: Int64, id: RunID) throws -> [StoredNotice] {
    var stored: [StoredNotice] = []
    for notice in notices {
      try add(.notice, run: run, kind: notice.kind.rawValue, payload: notice.stored(run: id))
      stored.append(StoredNotice(seq: seq, run: id, notice: notice))
    }
    return stored
  }

  mutating func append(_ creation: RunCreation, run: Int64) throws {
    try add(.creation, run: run, kind: RunCreation.kind, payload: creation.stored)
  }

  private mutating func add(
    _ rowClass: EventRow.Class, run: Int64, kind: String, node: NodeID? = nil, attempt: Int? = nil, payload: JSONValue?
  ) throws {
    let previous = if let tail, tail.run == run { tail.seq } else { try db.row(.lastOfRun, [run])?.read(0) ?? Int64(0) }
    seq += 1
    let row = EventRow(
      seq: seq, run: run, classCode: rowClass.rawValue, previous: previous, kind: kind, node: node?.rawValue,
      attempt: attempt.map(Int64.init), epoch: epoch, wallTime: wallTime, bootTime: bootTime,
      payload: payload?.serializedText())
    try row.insert(db)
    tail = row
  }
}
