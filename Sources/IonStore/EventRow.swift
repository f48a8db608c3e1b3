internal import GRDB
internal import IonScheduler
internal import IonWorkflow

/// One row of the log.
struct EventRow: Hashable, Sendable {
  /// What a row is for. Raw values are part of the schema.
  enum Class: Int64, CaseIterable {
    /// A `RunEvent`, to be folded.
    case fact = 0
    /// A `Notice`, to be pushed and replayed.
    case notice = 1
    /// What a run was created with, from which its rows can be rebuilt. The first row of every run.
    case creation = 2
  }

  var seq: Int64
  /// The run's number.
  var run: Int64
  /// A raw value of `Class`.
  var classCode: Int64
  /// The number of the same run's row before this one, 0 for its first: so that a missing row is noticed.
  var previous: Int64
  var kind: String
  var node: String?
  var attempt: Int64?
  var epoch: Int64
  var wallTime: Int64
  var bootTime: Int64
  /// JSON.
  var payload: String?
}

extension EventRow {
  /// Reads a row of a statement whose first columns are those of the table, in the table's order, and throws where the
  /// row isn't what was written.
  init(_ row: Row) throws {
    seq = try row.read(0)
    run = try row.read(1)
    classCode = try row.read(2)
    previous = try row.read(3)
    kind = try row.read(4)
    node = try row.readOptional(5)
    attempt = try row.readOptional(6)
    epoch = try row.read(7)
    wallTime = try row.read(8)
    bootTime = try row.read(9)
    payload = try row.readOptional(10)
    try row.expect(checksum, at: 11, in: "event \(seq)")
  }

  func insert(_ db: Database) throws {
    try db.run(
      .insertEvent, [seq, run, classCode, previous, kind, node, attempt, epoch, wallTime, bootTime, payload, checksum])
  }

  private var checksum: Int64 {
    var sum = Checksum()
    sum.add(seq)
    sum.add(run)
    sum.add(classCode)
    sum.add(previous)
    sum.add(kind)
    sum.add(node)
    sum.add(attempt ?? -1)
    sum.add(epoch)
    sum.add(wallTime)
    sum.add(bootTime)
    sum.add(payload)
    return sum.value
  }

  /// The event of a row of class `fact`.
  func event() throws -> RunEvent {
    guard let known = EncodedEvent.Kind(rawValue: kind) else { throw StoreFailure.unknownEvent(kind: kind, seq: seq) }
    do throws(Fields.Mismatch) {
      return try RunEvent(known, node: node.map { NodeID(rawValue: $0) }, payload: payload)
    } catch { throw mismatch(error) }
  }

  /// The notice of a row of class `notice`. `run` is the id of the run's row, nil where that is gone.
  func notice(run id: String?) throws -> StoredNotice {
    guard let known = NoticeKind(rawValue: kind) else { throw StoreFailure.unknownEvent(kind: kind, seq: seq) }
    do throws(Fields.Mismatch) {
      let fields = try self.fields()
      let run: RunID = if let id { RunID(rawValue: id) } else { RunID(rawValue: try fields.text("run")) }
      return StoredNotice(seq: seq, run: run, notice: try Notice(known, stored: fields, run: run))
    } catch { throw mismatch(error) }
  }

  /// The payload's members.
  func fields() throws(Fields.Mismatch) -> Fields { try Fields(text: payload ?? "") }

  private func mismatch(_ error: Fields.Mismatch) -> Fields.Mismatch {
    Fields.Mismatch(description: "event \(seq) (\(kind)): \(error.description)")
  }
}

/// The rows of runs as they come in order, held against what each says about the one before it.
struct EventChain {
  private var last: [Int64: Int64] = [:]

  /// Takes up the next row; throws where rows of its run are missing before it.
  mutating func add(_ row: EventRow) throws(Fields.Mismatch) {
    guard last[row.run, default: 0] == row.previous else {
      throw Fields.Mismatch(description: "events before event \(row.seq) are missing")
    }
    last[row.run] = row.seq
  }
}
