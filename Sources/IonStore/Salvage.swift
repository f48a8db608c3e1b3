internal import GRDB
internal import IonWorkflow

/// Makes a new database of what can be read in a damaged one.
///
/// Events are taken over in order until the first one that can't be read; where one is missing or was changed, its run is
/// cut there, and the others go on. All other rows are made from these events, but for the texts, which are taken over as
/// they are. The damaged file is only read, and moved aside when the new one is complete.
enum Salvage {
  /// Throws where the database, or anything that stands in it, isn't what was written, or can't be written. A store of a
  /// newer Ion is left alone. The caller holds the store's lock.
  static func check(_ files: StoreFiles) async throws(StoreFailure) {
    let isKnown = try await Readers(files).read { db in
      try check(db)
      return try Schema.version(of: db) <= Schema.version
    }
    guard isKnown else { return }
    try await WritingConnection(files).access { db in try db.inTransaction(.immediate) { .rollback } }
  }

  private static func check(_ db: Database) throws {
    let version = try Schema.version(of: db)
    guard version <= Schema.version else { return }
    let verdict = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)")
    guard verdict == "ok" else { throw Fields.Mismatch(description: verdict ?? "no verdict on the database") }
    guard version == Schema.version else { return }
    try Schema.check(db)
    var chain = EventChain()
    try db.each(everyEvent) { row in try chain.add(EventRow(row)) }
    try db.each(everyText) { row in _ = try keptText(row, at: 1) }
    let runs = try RunQuery(RunFilter(), limit: Int.max)
    try db.each(runs.sql, runs.arguments) { row in
      let run = try RunRecord(row)
      try db.rows(.nodesOfRun, [run.number]).collect { _ = try NodeRecord($0, run: run.id) }
      try db.rows(.artifactsOfRun, [run.number, ""]).collect { _ = try ArtifactRecord($0, run: run.id) }
    }
  }

  /// Puts a rebuilt database in the place of the damaged one. The caller holds the store's lock.
  static func rebuild(_ files: StoreFiles, into report: inout OpeningReport) async throws(StoreFailure) {
    files.suspect()
    files.removeDraft()
    try files.prepareDatabaseFile(files.draft)
    let recovered: Int
    do {
      let draft = try DatabaseQueue(path: files.draft.text, configuration: WritingConnection.configuration)
      recovered = try await salvage(from: files, into: draft)
      try draft.close()
    } catch { throw files.failure(error) }
    report.movedAside = try files.moveDatabaseAside()
    report.recoveredEvents = recovered
    try files.adoptDraft()
    files.clearSuspicion()
  }

  private static func salvage(from files: StoreFiles, into draft: DatabaseQueue) async throws(StoreFailure) -> Int {
    let outcome: Result<Int, any Error> = await withCheckedContinuation { continuation in
      Schema.migrator.asyncMigrate(draft) { migrated in
        continuation.resume(returning: Result { try copy(files, to: migrated.get()) })
      }
    }
    do { return try outcome.get() } catch { throw files.failure(error) }
  }

  /// Copies what can be read, and returns the number of events. Nothing at all can be where the file isn't a database.
  private static func copy(_ files: StoreFiles, to draft: Database) throws -> Int {
    guard files.databaseIdentity() != nil else { return 0 }
    var configuration = WritingConnection.configuration
    configuration.readonly = true
    guard let source = try reading({ try DatabaseQueue(path: files.database.text, configuration: configuration) })
    else {
      return 0
    }
    var recovered = 0
    try draft.inTransaction(.immediate) {
      try source.inDatabase { db in
        let version = try reading { try Schema.version(of: db) } ?? 0
        guard version <= Schema.version else { throw StoreFailure.newerVersion(found: version, known: Schema.version) }
        recovered = try copyEvents(db, to: draft)
        try copyTexts(db, to: draft)
      }
      return .commit
    }
    return recovered
  }

  private static let everyEvent = """
    SELECT seq, run, class, previous, kind, node, attempt, epoch, wall_time, boot_time, payload, sum FROM event
    NOT INDEXED ORDER BY seq
    """

  private static let everyText = "SELECT sha256, body, sum FROM text"

  private static func copyEvents(_ source: Database, to draft: Database) throws -> Int {
    var chain = EventChain()
    // Runs whose beginning was taken over, and those that end early because something of theirs can't be read.
    var known: Set<Int64> = []
    var cut: Set<Int64> = []
    var last: Int64 = 0
    guard let cursor = try reading({ try Row.fetchCursor(source, sql: everyEvent) }) else { return 0 }
    while let row = try reading({ try cursor.next() }) ?? nil {
      // A row that was changed may name any run; the run that it was of is found when its next row misses it.
      guard let event = try reading({ try EventRow(row) }), !cut.contains(event.run) else { continue }
      guard try reading({ try chain.add(event) }) != nil else {
        cut.insert(event.run)
        continue
      }
      if event.classCode == EventRow.Class.creation.rawValue { known.insert(event.run) }
      // Of a deleted run only the notice is left, which says so.
      guard known.contains(event.run) || event.kind == NoticeKind.runDeleted.rawValue else { continue }
      try event.insert(draft)
      last = event.seq
    }
    for run in known.sorted() {
      do {
        try RebuiltRun.rebuild(run, in: draft)
      } catch let error where error is Fields.Mismatch || error is StoreFailure {
        // Whole rows that make no run: nothing can be done with them.
        try draft.deleteRun(number: run)
      }
    }
    try draft.run(.takeHead, [0, last])
    return try Int.fetchOne(draft, sql: "SELECT count(*) FROM event") ?? 0
  }

  /// Takes over the texts that the recovered runs need.
  private static func copyTexts(_ source: Database, to draft: Database) throws {
    guard let cursor = try reading({ try Row.fetchCursor(source, sql: everyText) }) else { return }
    while let row = try reading({ try cursor.next() }) ?? nil {
      guard let hash = String.fromDatabaseValue(row[0]), let text = try reading({ try keptText(row, at: 1) }) else {
        continue
      }
      if try draft.row(.runOfText, [hash]) != nil { try draft.insert(text, sha256: hash) }
    }
  }

  /// What a read of the damaged file gives; nil where it fails because of the damage, which here is what was to be
  /// expected. Other failures (no descriptors, no memory) are thrown, so that nothing is given up because of them.
  private static func reading<Value>(_ read: () throws -> Value) throws -> Value? {
    do {
      return try read()
    } catch let error as DatabaseError where passing.contains(error.resultCode) {
      throw error
    } catch {
      return nil
    }
  }

  private static let passing: [ResultCode] = [
    .SQLITE_CANTOPEN, .SQLITE_NOMEM, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_FULL, .SQLITE_PERM, .SQLITE_READONLY,
    .SQLITE_INTERRUPT,
  ]
}

extension Database {
  /// Looks at every row that a query gives.
  fileprivate func each(
    _ sql: String, _ arguments: StatementArguments = StatementArguments(), _ look: (Row) throws -> Void
  ) throws {
    try Row.fetchCursor(self, sql: sql, arguments: arguments).collect(look)
  }
}
