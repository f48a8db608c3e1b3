import Foundation
import GRDB
import IonScheduler
import IonWorkflow
import Testing

@testable import IonStore

/// A database of every released schema, as a dump that can be read, opens and holds what it held.
@Suite struct MigrationTests {
  let folder = TemporaryFolder()

  private func restore(_ version: Int) async throws {
    let dump = try #require(
      Bundle.module.url(forResource: "v\(version)", withExtension: "sql", subdirectory: "Fixtures"))
    try FileManager.default.createDirectory(atPath: folder.path.text, withIntermediateDirectories: true)
    var configuration = Configuration()
    configuration.journalMode = .wal
    let queue = try DatabaseQueue(path: folder.database, configuration: configuration)
    let text = try String(contentsOf: dump, encoding: .utf8)
    try await queue.writeWithoutTransaction { db in try db.execute(sql: text) }
    try queue.close()
  }

  private static let schema = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY 1"

  @Test(arguments: 1...Schema.version) func everyReleasedSchemaIsBroughtUpToDate(_ version: Int) async throws {
    try await restore(version)
    let store = try await folder.open()
    #expect(store.report == OpeningReport())
    let fresh = TemporaryFolder()
    _ = try await fresh.open()
    #expect(try folder.ask(Self.schema, as: String.self) == fresh.ask(Self.schema))
  }

  @Test(arguments: 1...Schema.version) func everyReleasedSchemaKeepsWhatItHeld(_ version: Int) async throws {
    try await restore(version)
    let store = try await folder.open(clock: ManualClock().clock)
    #expect(store.id == "daf0eef0ee0922077b216d5a81513278")
    let hold = try await store.own()
    defer { hold.release() }
    #expect(try await store.runs(RunFilter()).items.map(\.id) == ["run-b", "run-a"])
    #expect(try await store.unfinishedRuns().map(\.id) == ["run-b"])
    let events =
      EventCodecTests.first.map(\.0) + [.slotGranted("compile"), .stepSucceeded("compile", output)]
    #expect(try await store.history(of: "run-a") == events)
    let run = try #require(try await store.run("run-a"))
    #expect(run.request == draft("run-a").run.request)
    #expect(run.status == .succeeded && run.number == 1 && run.seq == 27)
    #expect(try await store.nodes(of: "run-a").map(\.output) == [output, nil])
    #expect(try await store.artifacts(of: "run-a", prefix: nil).map(\.name) == ["out/a.txt"])
    #expect(try await store.text(sha256: "hash-of-definition") == "name: build\0é\n")
    #expect(
      try await store.notices(of: nil, after: 27, limit: 9).map(\.notice) == [
        .message(level: .info, text: "created"), .runDeleted,
      ])
    #expect(try await !store.createRun(draft("run-d", key: "key-a")).created)
    let nodes = try await store.nodes(of: "run-a")
    try await store.rebuildRows(of: "run-a")
    #expect(try await store.nodes(of: "run-a") == nodes)
    #expect(try await store.run("run-a")?.status == .succeeded)
    #expect(try await store.createRun(draft("run-d")).run.number == 4)
  }
}
