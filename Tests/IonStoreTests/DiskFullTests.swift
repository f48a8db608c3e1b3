import GRDB
import IonScheduler
import IonWorkflow
import Testing

@testable import IonStore

@Suite struct DiskFullTests {
  let folder = TemporaryFolder()

  @Test func withoutRoomNothingIsWrittenAndWithRoomItGoesOn() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    let run = try await store.createRun(draft("r1")).run
    let tenure = try #require(store.ownership.tenure)
    func allow(_ pages: String) async throws {
      try await tenure.write(.ordinary) { log in try log.db.execute(sql: "PRAGMA max_page_count = \(pages)") }
    }
    let pages: [Int] = try folder.ask("PRAGMA page_count")
    try await allow("\(pages[0])")
    let large = NodeOutput(text: String(repeating: "x", count: 60000), file: nil, length: 60000, sha256: "x")
    for durability in [Turn.Durability.ordinary, .barrier] {
      var turn = success(run, "compile", output: large)
      turn.durability = durability
      await #expect(throws: StoreFailure.diskFull) { try await store.commit(turn) }
    }
    #expect(try await store.bounds().last == run.seq)
    #expect(try await store.nodes(of: "r1") == draft("r1").nodes)
    try await allow("1000000")
    #expect(try await store.commit(success(run, "compile", output: large)).firstSeq == run.seq + 1)
  }

  /// What SQLite reports, and what it means to whoever waits for the store.
  @Test(arguments: [
    (ResultCode.SQLITE_FULL, StoreFailure.diskFull), (.SQLITE_CORRUPT_VTAB, .damaged("m (SQLite 267)")),
    (.SQLITE_NOTADB, .damaged("m (SQLite 26)")), (.SQLITE_IOERR_SHORT_READ, .damaged("m (SQLite 522)")),
    (.SQLITE_IOERR_FSYNC, .failed("m (SQLite 1034)")),
    (.SQLITE_BUSY, .failed("m (SQLite 5)")),
  ]) func errorsOfSQLiteHaveAMeaning(_ code: ResultCode, _ failure: StoreFailure) async throws {
    let files = try await folder.open().files
    #expect(files.failure(DatabaseError(resultCode: code, message: "m")) == failure)
    let isDamage = if case .damaged = failure { true } else { false }
    #expect(files.isSuspect == isDamage)
  }

  @Test(arguments: [ResultCode.SQLITE_READONLY_DIRECTORY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY_DBMOVED])
  func aStoreThatCantBeWrittenIsUnusable(_ code: ResultCode) async throws {
    let files = try await folder.open().files
    guard case .unusable(let message) = files.failure(DatabaseError(resultCode: code, message: "m")) else {
      Issue.record("not unusable")
      return
    }
    #expect(message.contains(folder.path.text))
  }
}
