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
    try run(
      .insertRun,
      [
        number, record.id.rawValue, record.workflow, record.status.rawValue, record.createdAt, seq,
        record.stored.serializedText(),
      ])
    let given = number ?? lastInsertedRowID
    let request = record.request.stored.serializedText()
    try run(.insertRequest, [given, request, Checksum.of(request)])
    return given
  }

  func updateRun(_ record: RunRecord, number: Int64, seq: Int64) throws {
    try run(.updateRun, [record.status.rawValue, seq, record.stored.serializedText(), number])
  }

  func upsert(_ node: NodeRecord, run number: Int64) throws {
    let state = node.stored(withText: false).serializedText()
    try run(.upsertNode, [number, node.node.rawValue, node.index, state, node.output?.text])
  }

  func upsert(_ artifact: ArtifactRecord, run number: Int64) throws {
    try run(.upsertArtifact, [number, artifact.name, artifact.stored.serializedText()])
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
    try run(.deleteRun, [number])
  }
}

extension RunRecord {
  /// Reads `number, seq, state, request, sum of the request`.
  init(_ row: Row) throws {
    let text = try row.read(3, as: String.self)
    guard try row.read(4) == Checksum.of(text) else {
      throw Fields.Mismatch(
        description: "the request of run number \(try row.read(0, as: Int64.self)) was changed on disk")
    }
    let request = try RunRequest(stored: Fields(text: text))
    try self.init(stored: Fields(text: row.read(2)), number: row.read(0), seq: row.read(1), request: request)
  }
}

extension NodeRecord {
  /// Reads `state, output`.
  init(_ row: Row, run: RunID) throws {
    try self.init(stored: Fields(text: row.read(0)), run: run)
    output?.text = try row.readOptional(1)
  }
}

/// Reads the body and the sum of a kept text, which stand one after the other.
func keptText(_ row: Row, at column: Int) throws -> String {
  let body = try row.read(column, as: Data.self)
  let text = String(decoding: body, as: UTF8.self)
  guard try row.read(column + 1) == Checksum.of(text) else {
    throw Fields.Mismatch(description: "a text was changed on disk")
  }
  return text
}
