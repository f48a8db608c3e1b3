internal import GRDB
internal import IonWorkflow

extension CodebaseStore {
  /// The most runs that one page has.
  static let longestPage = 1000

  /// Newest first means by number: the wall clock may have been set back between two runs.
  public func runs(_ filter: RunFilter) async throws(StoreFailure) -> Page<RunRecord> {
    let limit = min(max(filter.limit, 1), Self.longestPage)
    let query = try RunQuery(filter, limit: limit + 1)
    var runs = try await readers.read { db in
      try Row.fetchCursor(db.cachedStatement(sql: query.sql), arguments: query.arguments).collect { try RunRecord($0) }
    }
    guard runs.count > limit else { return Page(items: runs, nextCursor: nil) }
    runs.removeLast()
    return Page(items: runs, nextCursor: RunQuery.cursor(after: runs[limit - 1]))
  }
}

/// The statement that a filter of runs stands for.
struct RunQuery: Sendable {
  private(set) var sql = """
    SELECT number, seq, status, state, run.sum, body, request.sum FROM run JOIN request ON run = number WHERE number < ?
    """
  private(set) var arguments: StatementArguments

  init(_ filter: RunFilter, limit: Int) throws(StoreFailure) {
    arguments = [try Self.bound(filter.cursor)]
    if let workflow = filter.workflow { add(" AND workflow = ?", [workflow]) }
    if !filter.statuses.isEmpty {
      let marks = filter.statuses.map { _ in "?" }.joined(separator: ", ")
      add(" AND status IN (\(marks))", StatementArguments(filter.statuses.map(\.rawValue)))
    }
    switch filter.family {
    case .all: break
    case .nobodys: add(" AND NOT EXISTS (SELECT 1 FROM child WHERE child.run = number)", [])
    case .children(let parent):
      add(" AND number IN (SELECT child.run FROM child WHERE parent = ?)", [parent.rawValue])
    }
    if let since = filter.since { add(" AND created_at >= ?", [since]) }
    if let until = filter.until { add(" AND created_at < ?", [until]) }
    add(" ORDER BY number DESC LIMIT ?", [limit])
  }

  private mutating func add(_ text: String, _ more: StatementArguments) {
    sql += text
    arguments += more
  }

  /// The opaque text from which the page after a run goes on.
  static func cursor(after run: RunRecord) -> String { prefix + String(run.number, radix: 36) }

  /// Runs come and go between two pages, so a cursor names a number, not a row or a count.
  private static func bound(_ cursor: String?) throws(StoreFailure) -> Int64 {
    guard let cursor else { return .max }
    guard cursor.hasPrefix(prefix), let number = Int64(cursor.dropFirst(prefix.count), radix: 36), number > 0 else {
      throw .invalidCursor(cursor)
    }
    return number
  }

  private static let prefix = "n1-"
}
