internal import GRDB
public import IonScheduler
public import IonWorkflow

extension CodebaseStore {
  /// A run's row as it was last committed; nil where there is no such run.
  public func run(_ id: RunID) async throws(StoreFailure) -> RunRecord? {
    try await readers.read { db in
      guard let number = try db.number(of: id) else { return nil }
      return try db.row(.runByNumber, [number]).map { try RunRecord($0) }
    }
  }

  /// The runs whose status is live, oldest first: those that somebody must drive or reconcile.
  public func unfinishedRuns() async throws(StoreFailure) -> [RunRecord] {
    try await readers.read { db in try db.rows(.unfinishedRuns).collect { try RunRecord($0) } }
  }

  /// A run's nodes in the definition's order; empty where there is no such run.
  public func nodes(of run: RunID) async throws(StoreFailure) -> [NodeRecord] {
    try await readers.read { db in
      guard let number = try db.number(of: run) else { return [] }
      return try db.rows(.nodesOfRun, [number]).collect { try NodeRecord($0, run: run) }
    }
  }

  /// One node of a run; nil where there is no such run, or no such node of it.
  public func node(_ id: NodeID, of run: RunID) async throws(StoreFailure) -> NodeRecord? {
    try await readers.read { db in
      guard let number = try db.number(of: run), !id.rawValue.utf8.contains(0) else { return nil }
      return try db.row(.nodeOfRun, [number, id.rawValue]).map { try NodeRecord($0, run: run) }
    }
  }

  /// The events that a run is folded from, in order. Throws `.damaged` where one is missing or was changed, and
  /// `.unknownEvent` where a newer Ion wrote it.
  public func history(of run: RunID) async throws(StoreFailure) -> [RunEvent] {
    try await readers.read { db in
      guard let number = try db.number(of: run) else { return [] }
      var chain = EventChain()
      return try db.rows(.allOfRun, [number]).collect {
        let row = try EventRow($0)
        try chain.add(row)
        return row.classCode == EventRow.Class.fact.rawValue ? try row.event() : nil
      }.compactMap { $0 }
    }
  }

  /// A page of a run's events with what stands beside each in the log; empty at the end.
  public func events(of run: RunID, after seq: Int64, limit: Int) async throws(StoreFailure) -> [StoredEvent] {
    try await readers.read { db in
      guard let number = try db.number(of: run) else { return [] }
      return try db.events(of: number, .fact, after: seq, limit: limit).collect { cursor in
        let row = try EventRow(cursor)
        return StoredEvent(
          seq: row.seq, run: run, event: try row.event(), attempt: row.attempt.map(Int.init), epoch: row.epoch,
          wallTime: row.wallTime, bootTime: row.bootTime)
      }
    }
  }

  /// A page of what people are told, in order, at most `limit` from after `seq`; empty at the end.
  public func notices(of run: RunID?, after seq: Int64, limit: Int) async throws(StoreFailure) -> [StoredNotice] {
    try await readers.read { db in
      guard let run else {
        return try db.rows(.notices, [seq, max(0, limit)]).collect { try EventRow($0).notice(run: $0.readOptional(12)) }
      }
      guard let number = try db.number(of: run) else { return [] }
      return try db.events(of: number, .notice, after: seq, limit: limit).collect {
        try EventRow($0).notice(run: run.rawValue)
      }
    }
  }

  /// Where a replay can start, and the last number given to an event.
  public func bounds() async throws(StoreFailure) -> SequenceBounds {
    try await readers.read { db in
      // Only whole runs are ever deleted, and each leaves its notice: a replay may start anywhere.
      SequenceBounds(oldest: 1, last: try LogHead(db).seq)
    }
  }

  /// Artifacts by run and name, of one run or of all, whose name starts with the prefix.
  public func artifacts(of run: RunID?, prefix: String?) async throws(StoreFailure) -> [ArtifactRecord] {
    try await readers.read { db in
      let rows =
        try run.map { try db.number(of: $0).map { try db.rows(.artifactsOfRun, [$0, prefix ?? ""]) } }
        ?? db.rows(.artifacts, [prefix ?? ""])
      return try rows?.collect {
        try ArtifactRecord($0, run: RunID(rawValue: $0.read(2)))
      } ?? []
    }
  }

  /// A text that was kept with a run; nil where no run has it.
  public func text(sha256: String) async throws(StoreFailure) -> String? {
    try await readers.read { db in
      try db.row(.text, [sha256]).map { try keptText($0, at: 0) }
    }
  }
}

extension Database {
  fileprivate func events(of run: Int64, _ rowClass: EventRow.Class, after seq: Int64, limit: Int) throws -> RowCursor {
    try rows(.eventsOfRun, [run, rowClass.rawValue, seq, max(0, limit)])
  }
}
