internal import GRDB

/// The tables of a store and how they came to be. A released step is never changed; new ones are added.
enum Schema {
  /// The newest step that this Ion knows.
  static let version = 2

  /// The step that a database has come to, or 0 for an empty one.
  static func version(of db: Database) throws -> Int {
    guard try db.tableExists("grdb_migrations") else { return 0 }
    let names = try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations")
    return names.compactMap { Int($0.dropFirst()) }.max() ?? 0
  }

  /// Brings an older or empty database up to date. The caller owns the store.
  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("v1") { db in
      for statement in first { try db.execute(sql: statement) }
      try db.execute(sql: "INSERT INTO meta (key, value) VALUES ('storeID', lower(hex(randomblob(16))))")
      try db.execute(sql: "INSERT INTO head (id, epoch, seq) VALUES (1, 0, 0)")
    }
    migrator.registerMigration("v2") { db in
      for statement in second { try db.execute(sql: statement) }
    }
    return migrator
  }()

  /// Throws where a statement that made this version's tables doesn't stand in the database as it was written. What others
  /// put beside them is theirs.
  static func check(_ db: Database) throws {
    let found = Set(try String.fetchAll(db, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
    guard found.isSuperset(of: first + second) else {
      throw Fields.Mismatch(description: "the schema was changed on disk")
    }
    _ = try LogHead(db)
  }

  private static let first = [
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    // The last ownership, and the number that its first event follows. One row.
    "CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, seq INTEGER NOT NULL)",
    // One row for each time that the store was taken, so that a time of an event can be told from another boot's.
    """
    CREATE TABLE owner (
      epoch INTEGER PRIMARY KEY, pid INTEGER NOT NULL, start_ticks TEXT NOT NULL, boot_id TEXT NOT NULL,
      since INTEGER NOT NULL)
    """,
    "CREATE TABLE text (id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, body BLOB NOT NULL, sum INTEGER NOT NULL)",
    """
    CREATE TABLE run (
      number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, workflow TEXT NOT NULL, status TEXT NOT NULL,
      created_at INTEGER NOT NULL, seq INTEGER NOT NULL, state TEXT NOT NULL, sum INTEGER NOT NULL)
    """,
    // Apart from the run's row, which is rewritten in every turn, because it may be long.
    "CREATE TABLE request (run INTEGER PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL)",
    "CREATE INDEX run_by_workflow ON run (workflow)",
    "CREATE INDEX run_by_status ON run (status)",
    "CREATE TABLE run_text (run INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (run, sha256)) WITHOUT ROWID",
    "CREATE INDEX run_text_by_text ON run_text (sha256)",
    """
    CREATE TABLE node (
      id INTEGER PRIMARY KEY, run INTEGER NOT NULL, node TEXT NOT NULL, position INTEGER NOT NULL, state TEXT NOT NULL,
      output TEXT, sum INTEGER NOT NULL, UNIQUE (run, node))
    """,
    """
    CREATE TABLE event (
      seq INTEGER PRIMARY KEY, run INTEGER NOT NULL, class INTEGER NOT NULL, previous INTEGER NOT NULL,
      kind TEXT NOT NULL, node TEXT, attempt INTEGER, epoch INTEGER NOT NULL, wall_time INTEGER NOT NULL,
      boot_time INTEGER NOT NULL, payload TEXT, sum INTEGER NOT NULL)
    """,
    "CREATE INDEX event_by_run ON event (run)",
    """
    CREATE TABLE artifact (
      run INTEGER NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (run, name))
    WITHOUT ROWID
    """,
    """
    CREATE TABLE idempotency (
      key BLOB PRIMARY KEY, parameters_hash TEXT NOT NULL, run INTEGER NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID
    """,
    "CREATE INDEX idempotency_by_age ON idempotency (created_at)",
    "CREATE INDEX idempotency_by_run ON idempotency (run)",
  ]

  private static let second = [
    // Which runs are children, and whose. A run's parent stands in its state, too.
    "CREATE TABLE child (run INTEGER PRIMARY KEY, parent TEXT NOT NULL)",
    "CREATE INDEX child_by_parent ON child (parent)",
  ]
}
