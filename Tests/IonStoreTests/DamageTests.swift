import Foundation
import IonScheduler
import IonWorkflow
import Testing

@testable import IonStore

@Suite struct DamageTests {
  let folder = TemporaryFolder()

  /// Two finished runs, written in turns; everything is in the database's file, and nobody has it open.
  private func filled() async throws -> (id: String, runs: [RunRecord], nodes: [[NodeRecord]], seq: Int64) {
    let store = try await folder.open()
    let hold = try await store.own()
    var runs: [RunRecord] = []
    for id in ["r1", "r2"] { runs.append(try await store.createRun(draft(id, key: "key of \(id)")).run) }
    for node: NodeID in ["compile", "test"] {
      for run in runs {
        let output = NodeOutput(text: "output of \(node) in \(run.id)", file: nil, length: 1, sha256: "\(node)")
        _ = try await store.commit(success(run, node, index: node == "test" ? 1 : 0, output: output))
      }
    }
    for run in runs { _ = try await store.commit(end(run)) }
    runs = []
    var nodes: [[NodeRecord]] = []
    for id: RunID in ["r1", "r2"] {
      runs.append(try #require(try await store.run(id)))
      nodes.append(try await store.nodes(of: id))
    }
    let seq = try await store.bounds().last
    hold.release()
    return (store.id, runs, nodes, seq)
  }

  /// Changes one byte of the database where a text stands that is stored in it, at its last place or at its first.
  private func flip(_ text: String, in name: String = "store.sqlite", first: Bool = false) throws {
    var data = try #require(folder.contents(name))
    let place = try #require(data.range(of: Data(text.utf8), options: first ? [] : .backwards))
    data[place.lowerBound] ^= 0x01
    try folder.replace(name, with: data)
  }

  @Test func aFileThatIsNoDatabaseIsMovedAside() async throws {
    let garbage = Data(repeating: 0x5A, count: 5000)
    try FileManager.default.createDirectory(atPath: folder.path.text, withIntermediateDirectories: true)
    try folder.replace("store.sqlite", with: garbage)
    let store = try await folder.open()
    let aside = try #require(store.report.movedAside)
    #expect(aside == folder.path.appending("store.sqlite.damaged-1"))
    #expect(store.report.recoveredEvents == 0)
    #expect(FileManager.default.contents(atPath: aside.text) == garbage)
    let hold = try await store.own()
    _ = try await store.createRun(draft("r1"))
    hold.release()
    let again = try await folder.open()
    #expect(again.report == OpeningReport())
    #expect(again.id == store.id)
  }

  /// SQLite deletes the log of an empty database unread.
  @Test(arguments: [true, false])
  func aLogWithoutItsDatabaseIsMovedAside(_ isEmptied: Bool) async throws {
    _ = try await folder.open()
    let log = Data(repeating: 0x5A, count: 5000)
    try FileManager.default.removeItem(atPath: folder.database)
    if isEmptied { try folder.replace("store.sqlite", with: Data()) }
    try folder.replace("store.sqlite-wal", with: log)
    let store = try await folder.open()
    #expect(store.report.movedAside?.name == "store.sqlite.damaged-1")
    #expect(folder.contents("store.sqlite.damaged-1-wal") == log)
    #expect(try await folder.open().report == OpeningReport())
  }

  @Test func everyDamagedFileHasANumberOfItsOwn() async throws {
    for number in 1...3 {
      _ = try await folder.open()
      for companion in StoreFiles.companions {
        try? FileManager.default.removeItem(atPath: folder.database + companion)
      }
      try folder.replace("store.sqlite", with: Data("garbage \(number)".utf8))
      #expect(try await folder.open().report.movedAside?.name == "store.sqlite.damaged-\(number)")
    }
    #expect(folder.contents("store.sqlite.damaged-1") == Data("garbage 1".utf8))
  }

  @Test func aChangedEventCutsItsRunAndNoOther() async throws {
    let before = try await filled()
    try folder.fold()
    // The first place is the log's, the second the node's row.
    for _ in 0..<2 { try flip("output of test in r1") }
    let store = try await folder.open()
    #expect(store.report == OpeningReport())
    await #expect(throws: StoreFailure.self) { try await store.history(of: "r1") }
    let rebuilt = try await folder.open()
    #expect(rebuilt.report.movedAside != nil)
    #expect(rebuilt.id != before.id)
    #expect(try await rebuilt.history(of: "r1").last == .slotGranted("test"))
    #expect(try await rebuilt.nodes(of: "r1").map(\.status) == [.succeeded, .pending])
    #expect(try await rebuilt.run("r1")?.status == .running)
    #expect(try await rebuilt.run("r2") == before.runs[1])
    #expect(try await rebuilt.nodes(of: "r2") == before.nodes[1])
    #expect(try await rebuilt.text(sha256: "hash-of-definition") == "name: build\0é\n")
    let hold = try await rebuilt.own()
    defer { hold.release() }
    #expect(try await !rebuilt.createRun(draft("r3", key: "key of r2")).created)
    #expect(try await rebuilt.commit(Turn(run: "r1", events: [.resumed])).firstSeq > before.seq)
  }

  @Test func everythingIsRecoveredWhereOnlyARowIsDamaged() async throws {
    let before = try await filled()
    try folder.tamper("UPDATE node SET state = 'nonsense'")
    let store = try await folder.open()
    await #expect(throws: StoreFailure.self) { try await store.nodes(of: "r2") }
    let rebuilt = try await folder.open()
    #expect(rebuilt.report.movedAside != nil)
    #expect(rebuilt.report.recoveredEvents == Int(before.seq))
    for (index, id) in ["r1", "r2"].enumerated() {
      #expect(try await rebuilt.nodes(of: RunID(id)) == before.nodes[index])
      #expect(try await rebuilt.run(RunID(id)) == before.runs[index])
    }
  }

  @Test(
    arguments: [
      ([.permissionAsked("test", question)], true), ([.childAsked("test")], true),
      ([.permissionAsked("test", question), .permissionWithdrawn("test", "g1")], false),
      ([.childAsked("test"), .childStoodStill("test")], false), ([.childAsked("test"), .stepLost("test")], false),
    ] as [([RunEvent], Bool)])
  func thatAgentsWaitIsRecovered(_ events: [RunEvent], _ isWaiting: Bool) async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    let run = try await store.createRun(draft("r1")).run
    var turn = end(run, status: .awaitingApproval)
    turn.events = events
    _ = try await store.commit(turn)
    hold.release()
    try folder.tamper("UPDATE node SET state = 'nonsense'")
    await #expect(throws: StoreFailure.self) { try await folder.open().nodes(of: "r1") }
    let rebuilt = try #require(try await folder.open().run("r1"))
    #expect(rebuilt.status == .awaitingApproval && rebuilt.hasWaitingAgents == isWaiting)
  }

  private static let question = GateQuestion(id: "g1", message: "May I?")

  @Test(arguments: ["print(1)", #"go","inputs"#]) func aChangedTextOrRequestIsNotUsed(_ text: String) async throws {
    _ = try await filled()
    try folder.fold()
    try flip(text, first: true)
    let store = try await folder.open()
    await #expect(throws: StoreFailure.self) {
      _ = try await store.text(sha256: "hash-of-script")
      _ = try await store.runs(RunFilter())
    }
    #expect(try await folder.open().report.movedAside != nil)
  }

  @Test(arguments: [2, 3, 5, 8, 13, 21]) func aWrecked4KPageIsSurvived(_ page: Int) async throws {
    let before = try await filled()
    try folder.fold()
    var data = try #require(folder.contents("store.sqlite"))
    #expect(data.count >= (page + 1) * 4096)
    data.replaceSubrange(page * 4096..<(page + 1) * 4096, with: Data(repeating: 0xA5, count: 4096))
    try folder.replace("store.sqlite", with: data)
    StoreFiles(folder: folder.path).suspect()
    let store = try await folder.open()
    let aside = try #require(store.report.movedAside)
    #expect(FileManager.default.contents(atPath: aside.text) == data)
    try await expectPrefix(of: before, in: store)
  }

  /// What is left of each run folds, and was there before.
  private func expectPrefix(
    of before: (id: String, runs: [RunRecord], nodes: [[NodeRecord]], seq: Int64), in store: CodebaseStore
  ) async throws {
    for (run, nodes) in zip(before.runs, before.nodes) {
      guard let found = try await store.run(run.id) else { continue }
      #expect(found.request == run.request)
      for (node, original) in zip(try await store.nodes(of: run.id), nodes) {
        #expect(node == original || node.status == .pending, "\(node) \(original)")
      }
      _ = try await store.history(of: run.id)
    }
    let hold = try await store.own()
    defer { hold.release() }
    _ = try await store.createRun(draft("after"))
    #expect(try folder.ask("PRAGMA integrity_check") == ["ok"])
  }

  @Test(arguments: [50, 100, 511, 4096, 5000, 20000]) func aFileCutShortIsSurvived(_ length: Int) async throws {
    let before = try await filled()
    try folder.fold()
    let data = try #require(folder.contents("store.sqlite"))
    try folder.replace("store.sqlite", with: data.prefix(length))
    let store = try await folder.open()
    #expect(store.report.movedAside != nil)
    try await expectPrefix(of: before, in: store)
  }

  @Test(arguments: 0..<12) func aFlippedByteInTheWriteAheadLogLosesOnlyWhatCameAfter(_ twelfth: Int) async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    let run = try await store.createRun(draft("r1")).run
    for _ in 0..<6 { _ = try await store.commit(success(run, "compile")) }
    let all = try await store.history(of: "r1")
    let last = try await store.bounds().last
    let copy = try folder.copy()
    hold.release()
    var data = try #require(copy.contents("store.sqlite-wal"))
    data[(data.count - 1) * twelfth / 12 + 40] ^= 0x10
    try copy.replace("store.sqlite-wal", with: data)
    let crashed = try await copy.open()
    let history = try await crashed.history(of: "r1")
    #expect(history == Array(all.prefix(history.count)))
    let again = try await crashed.own()
    defer { again.release() }
    if try await crashed.run("r1") == nil { _ = try await crashed.createRun(draft("r1")) }
    _ = try await crashed.commit(Turn(run: "r1", events: [.resumed]))
    #expect(try await crashed.history(of: "r1").last == .resumed)
    #expect(last > 0)
  }

  /// Bytes flipped anywhere are either harmless, or noticed by a failure after which the store can be opened again; what
  /// the log then says was said before. `ION_STORE_FUZZ` runs as many more rounds.
  @Test(arguments: 0..<(24 + (Int(ProcessInfo.processInfo.environment["ION_STORE_FUZZ"] ?? "") ?? 0)))
  func flippedBytesAreHarmlessOrNoticed(_ seed: Int) async throws {
    var random = SeededNumbers(seed: UInt64(seed))
    try await expectHarmlessOrNoticed { data in
      for _ in 0..<Int.random(in: 1...16, using: &random) {
        data[Int.random(in: 0..<data.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
      }
    }
  }

  /// The last byte of each field of SQLite's own header, by which it reads all the others.
  @Test(arguments: [0, 15, 17, 18, 19, 20, 21, 22, 23, 27, 31, 35, 39, 43, 47, 51, 55, 59, 63, 67, 71, 95, 99])
  func aChangedHeaderIsHarmlessOrNoticed(_ place: Int) async throws {
    try await expectHarmlessOrNoticed { data in data[place] ^= 0x03 }
  }

  private func expectHarmlessOrNoticed(_ change: (inout Data) -> Void) async throws {
    let before = try await filled()
    let history = try await folder.open().history(of: "r1")
    try folder.fold()
    var data = try #require(folder.contents("store.sqlite"))
    change(&data)
    try folder.replace("store.sqlite", with: data)
    // What the third opening finds was suspected twice.
    for _ in 0..<2 {
      do throws(StoreFailure) { try await visit(history) } catch { StoreFiles(folder: folder.path).suspect() }
    }
    try await visit(history)
    StoreFiles(folder: folder.path).suspect()
    try await expectPrefix(of: before, in: folder.open())
  }

  /// Reads and writes what there is.
  private func visit(_ known: [RunEvent]) async throws(StoreFailure) {
    let store = try await CodebaseStore.open(folder: folder.path)
    _ = try await store.runs(RunFilter())
    _ = try await store.unfinishedRuns()
    _ = try await store.notices(of: nil, after: 0, limit: 1000)
    _ = try await store.artifacts(of: nil, prefix: nil)
    _ = try await store.text(sha256: "hash-of-definition")
    for id: RunID in ["r1", "r2"] {
      _ = try await store.run(id)
      _ = try await store.nodes(of: id)
      let history = try await store.history(of: id)
      if id == "r1" { #expect(history == Array(known.prefix(history.count))) }
    }
    let hold = try await store.own()
    defer { hold.release() }
    _ = try await store.createRun(draft("fuzz", key: "key of r1"))
    if try await store.run("fuzz") != nil { _ = try await store.deleteRun("fuzz") }
  }

  @Test func suspicionOfASoundStoreIsCleared() async throws {
    let before = try await filled()
    let files = StoreFiles(folder: folder.path)
    files.suspect()
    let store = try await folder.open()
    #expect(store.report == OpeningReport())
    #expect(store.id == before.id)
    #expect(!files.isSuspect)
  }

  @Test func aDamagedStoreThatSomebodyOwnsIsLeftAlone() async throws {
    _ = try await filled()
    try folder.fold()
    let owner = try await folder.open()
    let hold = try await owner.own()
    let garbage = Data(repeating: 0x5A, count: 5000)
    try folder.replace("store.sqlite", with: garbage)
    await #expect(throws: StoreFailure.self) { try await folder.open() }
    #expect(folder.contents("store.sqlite") == garbage)
    hold.release()
    #expect(try await folder.open().report.movedAside != nil)
  }

  @Test func aDamagedStoreOfANewerIonIsLeftAlone() async throws {
    _ = try await filled()
    try folder.tamper("INSERT INTO grdb_migrations (identifier) VALUES ('v7')")
    try flip("output of test in r1")
    StoreFiles(folder: folder.path).suspect()
    let data = folder.contents("store.sqlite")
    #expect(try await folder.open().report.newerVersion == 7)
    #expect(folder.contents("store.sqlite") == data)
  }

  @Test func whatARebuildingLeftBehindIsNoHindrance() async throws {
    _ = try await filled()
    for ending in [""] + StoreFiles.companions {
      try folder.replace("store.sqlite.rebuilding" + ending, with: Data("half".utf8))
    }
    try folder.fold()
    let data = try #require(folder.contents("store.sqlite"))
    try folder.replace("store.sqlite", with: data.prefix(data.count / 2))
    let store = try await folder.open()
    #expect(store.report.movedAside != nil)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path.text)
    #expect(!names.contains { $0.contains("rebuilding") || $0.contains("suspect") })
  }
}
