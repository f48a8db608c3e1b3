import GRDB
import IonWorkflow
import Testing

@testable import IonStore

/// No statement may become slower because the store has lived: each finds its rows by an index.
@Suite struct StatementTests {
  let folder = TemporaryFolder()

  /// How SQLite would run a statement, one line for each table that it visits.
  private func plan(_ store: CodebaseStore, _ sql: String) async throws -> [String] {
    try await store.readers.read { db in
      try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql, arguments: Self.arguments(db, sql)).map { $0["detail"] }
    }
  }

  private static func arguments(_ db: Database, _ sql: String) throws -> StatementArguments {
    let statement = try db.makeStatement(sql: sql)
    for count in 0...12 {
      let arguments = StatementArguments(Array(repeating: 1, count: count))
      do {
        try statement.validateArguments(arguments)
        return arguments
      } catch { continue }
    }
    throw StoreFailure.failed("too many arguments: \(sql)")
  }

  @Test(arguments: StoreStatement.allCases) func noStatementWalksOverATable(_ statement: StoreStatement) async throws {
    let plan = try await plan(folder.open(), statement.rawValue)
    // Taking the first or last row by the primary key is a walk that ends at once; listing everybody's artifacts is one.
    let walks: [StoreStatement: String] = [
      .lastEvent: "SCAN event", .lastOwner: "SCAN owner", .artifacts: "SCAN artifact",
    ]
    let scans = plan.filter { $0.contains("SCAN") && !$0.contains("SCAN CONSTANT ROW") }
    #expect(scans == (walks[statement].map { [$0] } ?? []), "\(plan)")
    // What belongs to one run, or isn't finished, may be sorted.
    let sorted: [StoreStatement] = [.unfinishedRuns, .nodesOfRun]
    #expect(sorted.contains(statement) || !plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
  }

  @Test func everyListingStartsAtItsCursor() async throws {
    let store = try await folder.open()
    for workflow in [nil, "w"] {
      for statuses in [[], [RunStatus.running], [.running, .failed]] {
        for time in [nil, WallTime(5)] {
          let filter = RunFilter(workflow: workflow, statuses: statuses, since: time, until: time, cursor: "n1-a")
          let plan = try await plan(store, RunQuery(filter, limit: 10).sql)
          #expect(plan.first?.hasPrefix("SEARCH run USING") == true, "\(plan)")
          #expect(!plan.contains { $0.contains("SCAN") }, "\(plan)")
        }
      }
    }
  }
}
