internal import Foundation
internal import GRDB
internal import IonScheduler
public import IonWorkflow

extension CodebaseStore {
  /// How long an idempotency key is kept, in milliseconds.
  static let idempotencySpan: WallTime = 24 * 60 * 60 * 1000

  /// Creates a run with everything that it starts from; or finds the one that the idempotency key stands for.
  public func createRun(_ draft: RunDraft) async throws(StoreFailure) -> CreatedRun {
    let now = clock.wall()
    return try await write(draft.durability) { log in
      try log.db.run(.expireIdempotency, [now - Self.idempotencySpan])
      if let earlier = try Self.earlierRun(draft.idempotency, log) { return earlier }
      return try Self.create(draft, at: now, &log)
    }
  }

  /// The run that an idempotency key already stands for.
  private static func earlierRun(_ idempotency: RunDraft.Idempotency?, _ log: LogWriter) throws -> CreatedRun? {
    guard let idempotency, let row = try log.db.row(.idempotency, [Data(idempotency.key.utf8)]) else { return nil }
    guard try row.read(0) == idempotency.parametersHash else {
      throw StoreFailure.idempotencyConflict(key: idempotency.key)
    }
    let number = try row.read(1, as: Int64.self)
    guard let run = try log.db.row(.runByNumber, [number]) else { return nil }
    return CreatedRun(run: try RunRecord(run), created: false, committed: log.committed([]))
  }

  private static func create(_ draft: RunDraft, at now: WallTime, _ log: inout LogWriter) throws -> CreatedRun {
    var record = draft.run
    guard !record.id.rawValue.utf8.contains(0), draft.nodes.allSatisfy({ !$0.node.rawValue.utf8.contains(0) }) else {
      throw StoreFailure.failed("an id of run \(record.id) has a NUL in it")
    }
    let number = try log.db.insertRun(record, number: nil, seq: 0)
    let texts = draft.texts.keys.sorted()
    for hash in texts { try log.db.keep(draft.texts[hash] ?? "", sha256: hash, run: number) }
    for node in draft.nodes { try log.db.upsert(node, run: number) }
    if let idempotency = draft.idempotency { try log.db.insert(idempotency, run: number, at: now) }
    try log.append(
      RunCreation(record: record, nodes: draft.nodes, texts: texts, idempotency: draft.idempotency), run: number)
    try log.append(draft.events, run: number, nodes: draft.nodes)
    let notices = try log.append(draft.notices, run: number, id: record.id)
    try log.db.run(.updateSeq, [log.seq, number])
    record.number = Int(number)
    record.seq = log.seq
    return CreatedRun(run: record, created: true, committed: log.committed(notices))
  }

  /// Appends a turn to the log and brings the rows up to date, in one transaction that the caller's cancellation doesn't
  /// cut short. What was fixed when the run was made (id, number, workflow, parent) is not written again, and the
  /// request only where the run goes on with another definition.
  public func commit(_ turn: Turn) async throws(StoreFailure) -> CommittedTurn {
    try await write(turn.durability) { log in
      guard let number = try log.db.number(of: turn.run) else { throw StoreFailure.runNotFound(turn.run) }
      try log.append(turn.events, run: number, nodes: turn.nodes)
      if turn.events.contains(where: { $0.redefinition != nil }), let record = turn.record {
        try log.db.updateRequest(record.request, number: number)
        try log.db.run(.deleteNodes, [number])
      }
      for (hash, text) in turn.texts { try log.db.keep(text, sha256: hash, run: number) }
      for node in turn.nodes { try log.db.upsert(node, run: number) }
      for artifact in turn.artifacts { try log.db.upsert(artifact, run: number) }
      let notices = try log.append(turn.notices, run: number, id: turn.run)
      if let record = turn.record {
        try log.db.updateRun(record, number: number, seq: log.hasAdded ? log.seq : nil)
      } else if log.hasAdded {
        try log.db.run(.updateSeq, [log.seq, number])
      }
      return log.committed(notices)
    }
  }

  /// Deletes a run and everything that only it needs, and leaves its `runDeleted` notice.
  public func deleteRun(_ id: RunID) async throws(StoreFailure) -> CommittedTurn {
    try await write(.barrier) { log in
      guard let number = try log.db.number(of: id) else { throw StoreFailure.runNotFound(id) }
      try log.db.deleteRun(number: number)
      let notices = try log.append([.runDeleted], run: number, id: id)
      return log.committed(notices)
    }
  }

  /// Makes a run's rows anew from the log, where they disagree with it. Throws `.damaged` where the log itself is.
  public func rebuildRows(of id: RunID) async throws(StoreFailure) {
    try await write(.barrier) { log in
      guard let number = try log.db.number(of: id) else { throw StoreFailure.runNotFound(id) }
      try RebuiltRun.rebuild(number, in: log.db)
    }
  }

  private func write<Value: Sendable>(
    _ durability: Turn.Durability, _ body: @escaping @Sendable (inout LogWriter) throws -> Value
  ) async throws(StoreFailure) -> Value {
    if let found = report.newerVersion { throw .newerVersion(found: found, known: Schema.version) }
    guard let tenure = ownership.tenure else { throw .notOwner }
    return try await tenure.write(durability, body)
  }
}
