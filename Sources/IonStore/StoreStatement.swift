internal import GRDB

/// Every statement that a store runs more than once, by name, so that they can be looked at together: none of them may
/// walk over the log or over all runs, or a store would slow down as it grows.
enum StoreStatement: String, CaseIterable {
  case head = "SELECT epoch, seq, coalesce((SELECT max(seq) FROM event), 0) FROM head WHERE id = 1"
  case takeHead = "UPDATE head SET epoch = ?, seq = ? WHERE id = 1"
  case lastOwner = "SELECT boot_id FROM owner ORDER BY epoch DESC LIMIT 1"
  case insertOwner = "INSERT INTO owner (epoch, pid, start_ticks, boot_id, since) VALUES (?, ?, ?, ?, ?)"
  case storeID = "SELECT value FROM meta WHERE key = 'storeID'"

  case insertEvent = """
    INSERT INTO event (seq, run, class, previous, kind, node, attempt, epoch, wall_time, boot_time, payload, sum)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
  case lastOfRun = "SELECT coalesce(max(seq), 0) FROM event WHERE run = ?"
  case lastEvent = """
    SELECT seq, run, class, previous, kind, node, attempt, epoch, wall_time, boot_time, payload, sum FROM event
    ORDER BY seq DESC LIMIT 1
    """
  case eventsOfRun = """
    SELECT seq, run, class, previous, kind, node, attempt, epoch, wall_time, boot_time, payload, sum FROM event
    WHERE run = ? AND class = ? AND seq > ? ORDER BY seq LIMIT ?
    """
  case allOfRun = """
    SELECT seq, run, class, previous, kind, node, attempt, epoch, wall_time, boot_time, payload, sum FROM event
    WHERE run = ? ORDER BY seq
    """
  case notices = """
    SELECT seq, run, class, previous, kind, node, attempt, epoch, wall_time, boot_time, payload, sum,
    (SELECT id FROM run WHERE number = event.run) FROM event WHERE class = 1 AND seq > ? ORDER BY seq LIMIT ?
    """
  case deleteEvents = "DELETE FROM event WHERE run = ?"

  case numberOfRun = "SELECT number FROM run WHERE id = ?"
  case runByNumber =
    "SELECT number, seq, status, state, run.sum, body, request.sum FROM run JOIN request ON run = number WHERE number = ?"
  case unfinishedRuns = """
    SELECT number, seq, status, state, run.sum, body, request.sum FROM run JOIN request ON run = number
    WHERE status IN ('queued', 'running', 'awaitingApproval', 'paused') ORDER BY number
    """
  case insertRun = """
    INSERT INTO run (number, id, workflow, status, created_at, seq, state, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    """
  case insertChild =
    "INSERT INTO child (run, parent) VALUES (?, ?) ON CONFLICT (run) DO UPDATE SET parent = excluded.parent"
  case deleteChild = "DELETE FROM child WHERE run = ?"
  case insertRequest = "INSERT INTO request (run, body, sum) VALUES (?, ?, ?)"
  case updateRun = "UPDATE run SET status = ?, seq = coalesce(?, seq), state = ?, sum = ? WHERE number = ?"
  /// The same where the status is what it was: SQLite writes an index anew for a column that is merely named.
  case updateRunInPlace = """
    UPDATE run SET seq = coalesce(?2, seq), state = ?3, sum = ?4 WHERE number = ?5 AND status = ?1
    """
  case updateSeq = "UPDATE run SET seq = ? WHERE number = ?"
  case deleteRun = "DELETE FROM run WHERE number = ?"
  case updateRequest = "UPDATE request SET body = ?, sum = ? WHERE run = ?"
  case deleteRequest = "DELETE FROM request WHERE run = ?"

  case upsertNode = """
    INSERT INTO node (run, node, position, state, output, sum) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (run, node)
    DO UPDATE SET position = excluded.position, state = excluded.state, output = excluded.output, sum = excluded.sum
    """
  case nodesOfRun = "SELECT state, output, sum FROM node WHERE run = ? ORDER BY position, id"
  case nodeOfRun = "SELECT state, output, sum FROM node WHERE run = ? AND node = ?"
  case deleteNodes = "DELETE FROM node WHERE run = ?"

  case upsertArtifact = """
    INSERT INTO artifact (run, name, state, sum) VALUES (?, ?, ?, ?) ON CONFLICT (run, name)
    DO UPDATE SET state = excluded.state, sum = excluded.sum
    """
  case artifactsOfRun = """
    SELECT artifact.state, artifact.sum, id FROM artifact CROSS JOIN run ON number = run
    WHERE run = ? AND name >= ? AND substr(name, 1, length(?2)) = ?2 ORDER BY name
    """
  case artifacts = """
    SELECT artifact.state, artifact.sum, id FROM artifact CROSS JOIN run ON number = run
    WHERE substr(name, 1, length(?1)) = ?1 ORDER BY run, name
    """
  case deleteArtifacts = "DELETE FROM artifact WHERE run = ?"

  case text = "SELECT body, sum FROM text WHERE sha256 = ?"
  case insertText = "INSERT INTO text (sha256, body, sum) VALUES (?, ?, ?) ON CONFLICT (sha256) DO NOTHING"
  case insertRunText = "INSERT INTO run_text (run, sha256) VALUES (?, ?) ON CONFLICT DO NOTHING"
  case runOfText = "SELECT run FROM run_text WHERE sha256 = ? LIMIT 1"
  case deleteTexts = """
    DELETE FROM text WHERE sha256 IN (SELECT sha256 FROM run_text WHERE run = ?) AND NOT EXISTS
    (SELECT 1 FROM run_text WHERE run_text.sha256 = text.sha256 AND run <> ?1)
    """
  case deleteRunTexts = "DELETE FROM run_text WHERE run = ?"

  case idempotency = "SELECT parameters_hash, run FROM idempotency WHERE key = ?"
  case insertIdempotency = "INSERT INTO idempotency (key, parameters_hash, run, created_at) VALUES (?, ?, ?, ?)"
  case expireIdempotency = "DELETE FROM idempotency WHERE created_at <= ?"
  case deleteIdempotency = "DELETE FROM idempotency WHERE run = ?"
}

extension Database {
  /// Runs a statement that returns no rows.
  func run(_ statement: StoreStatement, _ arguments: StatementArguments = StatementArguments()) throws {
    try cachedStatement(sql: statement.rawValue).execute(arguments: arguments)
  }

  /// The first row that a statement returns.
  func row(_ statement: StoreStatement, _ arguments: StatementArguments = StatementArguments()) throws -> Row? {
    try Row.fetchOne(cachedStatement(sql: statement.rawValue), arguments: arguments)
  }

  /// The rows that a statement returns, one by one; a row is valid until the next one is taken.
  func rows(_ statement: StoreStatement, _ arguments: StatementArguments = StatementArguments()) throws -> RowCursor {
    try Row.fetchCursor(cachedStatement(sql: statement.rawValue), arguments: arguments)
  }
}
