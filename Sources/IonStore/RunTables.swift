internal import Foundation
internal import GRDB
internal import IonJSON
internal import IonWorkflow

// The tables that are folds of the log. Free text stands in JSON or in blobs, never in a text column of its own: SQLite
// would end it at a NUL.

extension Database {
  /// The number of a run, or nil where there is no such run.
  func number(of run: RunID) throws -> Int64? {
    guard !run.rawValue.utf8.contains(0) else { return nil }
    return try row(.numberOfRun, [run.rawValue])?.read(0)
  }

  /// Adds a run's row, with the next number where `number` is nil, and returns its number.
  func insertRun(_ record: RunRecord, number: Int64?, seq: Int64) throws -> Int64 {
    let (status, state) = (record.status.rawValue, record.stored.serializedText())
    try run(
      .insertRun,
      [
        number, record.id.rawValue, record.workflow, status, record.createdAt, seq, state, Checksum.of(status, state),
      ])
    let given = number ?? lastInsertedRowID
    let request = record.request.stored.serializedText()
    try run(.insertRequest, [given, request, Checksum.of(request)])
    try noteParent(of: record, number: given)
    return given
  }

  /// Notes whose child a run is, so that the children of a run can be found.
  func noteParent(of record: RunRecord, number: Int64) throws {
    if let parent = record.parentRun { try run(.insertChild, [number, parent.rawValue]) }
  }

  /// Brings a run's row up to date; nil leaves the number of its last event as it is.
  func updateRun(_ record: RunRecord, number: Int64, seq: Int64?) throws {
    let (status, state) = (record.status.rawValue, record.stored.serializedText())
    let values: StatementArguments = [status, seq, state, Checksum.of(status, state), number]
    try run(.updateRunInPlace, values)
    if changesCount == 0 { try run(.updateRun, values) }
  }

  /// Puts a run's request in the place of the one that it was made with.
  func updateRequest(_ request: RunRequest, number: Int64) throws {
    let text = request.stored.serializedText()
    try run(.updateRequest, [text, Checksum.of(text), number])
  }

  func upsert(_ node: NodeRecord, run number: Int64) throws {
    let state = node.stored(withText: false).serializedText()
    let text = node.output?.text
    try run(.upsertNode, [number, node.node.rawValue, node.index, state, text, Checksum.of(state, text)])
  }

  func upsert(_ artifact: ArtifactRecord, run number: Int64) throws {
    let state = artifact.stored.serializedText()
    try run(.upsertArtifact, [number, artifact.name, state, Checksum.of(state)])
  }

  /// Keeps a text for a run.
  func keep(_ text: String, sha256: String, run number: Int64) throws {
    try insert(text, sha256: sha256)
    try run(.insertRunText, [number, sha256])
  }

  func insert(_ text: String, sha256: String) throws {
    try run(.insertText, [sha256, Data(text.utf8), Checksum.of(text)])
  }

  func insert(_ idempotency: RunDraft.Idempotency, run number: Int64, at time: WallTime) throws {
    try run(.insertIdempotency, [Data(idempotency.key.utf8), idempotency.parametersHash, number, time])
  }

  /// Deletes the rows of a run's nodes and artifacts.
  func deleteDetails(run number: Int64) throws {
    try run(.deleteNodes, [number])
    try run(.deleteArtifacts, [number])
  }

  /// Deletes everything that the store has of a run, its part of the log included.
  func deleteRun(number: Int64) throws {
    try deleteDetails(run: number)
    try run(.deleteTexts, [number])
    try run(.deleteRunTexts, [number])
    try run(.deleteIdempotency, [number])
    try run(.deleteEvents, [number])
    try run(.deleteRequest, [number])
    try run(.deleteChild, [number])
    try run(.deleteRun, [number])
  }
}

extension RunRecord {
  /// Reads `number, seq, status, state, sum of these two, request, sum of the request`.
  init(_ row: Row) throws {
    let number = try row.read(0, as: Int.self)
    let state = try row.read(3, as: String.self)
    try row.expect(Checksum.of(row.read(2), state), at: 4, in: "run number \(number)")
    let body = try row.read(5, as: String.self)
    try row.expect(Checksum.of(body), at: 6, in: "the request of run number \(number)")
    try self.init(
      stored: Fields(text: state), number: number, seq: row.read(1), request: RunRequest(stored: Fields(text: body)))
  }
}

extension NodeRecord {
  /// Reads `state, output, sum`.
  init(_ row: Row, run: RunID) throws {
    let state = try row.read(0, as: String.self)
    let text = try row.readOptional(1, as: String.self)
    try row.expect(Checksum.of(state, text), at: 2, in: "a node of run \(run)")
    try self.init(stored: Fields(text: state), run: run)
    output?.text = text
  }
}

extension ArtifactRecord {
  /// Reads `state, sum`.
  init(_ row: Row, run: RunID) throws {
    let state = try row.read(0, as: String.self)
    try row.expect(Checksum.of(state), at: 1, in: "an artifact of run \(run)")
    try self.init(stored: Fields(text: state), run: run)
  }
}

/// Reads `body, sum` of a kept text, which begin at a column.
func keptText(_ row: Row, at column: Int) throws -> String {
  let text = String(decoding: try row.read(column, as: Data.self), as: UTF8.self)
  try row.expect(Checksum.of(text), at: column + 1, in: "a text")
  return text
}
