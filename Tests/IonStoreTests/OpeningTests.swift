import Foundation
import GRDB
import Glibc
import IonScheduler
import IonWorkflow
import Testing

@testable import IonStore

@Suite struct OpeningTests {
  let folder = TemporaryFolder()

  @Test func everythingIsTheUsersAlone() async throws {
    let inner = try #require(AbsolutePath(folder.path.text + "/a/b"))
    let store = try await CodebaseStore.open(folder: inner)
    let hold = try await store.own()
    defer { hold.release() }
    _ = try await store.createRun(draft("r1"))
    for made in ["", "a", "a/b"] { #expect(folder.mode(made) == 0o700) }
    for name in ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm", "owner.lock"] {
      #expect(folder.mode("a/b/" + name) == 0o600, "\(name)")
    }
  }

  @Test func aFolderThatWasThereKeepsItsPermissions() async throws {
    mkdir(folder.path.text, 0o755)
    chmod(folder.path.text, 0o755)
    _ = try await folder.open()
    #expect(folder.mode("") == 0o755)
    #expect(folder.mode("store.sqlite") == 0o600)
  }

  @Test func aStoreOpenedAgainIsTheSame() async throws {
    let first = try await folder.open()
    let hold = try await first.own()
    let run = try await first.createRun(draft("r1")).run
    hold.release()
    let second = try await folder.open()
    #expect(second.id == first.id)
    #expect(second.report == OpeningReport())
    #expect(try await second.run("r1") == run)
  }

  /// As a process leaves it that is killed in the middle of the first transaction, which needs a rollback journal because
  /// the database has no write-ahead log yet.
  @Test func aStoreThatWasOnlyHalfMadeIsMadeAnew() async throws {
    mkdir(folder.path.text, 0o700)
    let queue = try DatabaseQueue(path: folder.database)
    try await queue.writeWithoutTransaction { [folder] db in
      try db.execute(sql: "CREATE TABLE half (made)")
      // So small a cache has to write to the database's file before the end.
      try db.execute(sql: "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN")
      for _ in 0..<100 { try db.execute(sql: "INSERT INTO half VALUES (randomblob(1000))") }
      let copy = TemporaryFolder()
      mkdir(copy.path.text, 0o700)
      for name in ["store.sqlite", "store.sqlite-journal"] {
        try copy.replace(name, with: #require(folder.contents(name)))
      }
      #expect(StoreFiles(folder: copy.path).hasUnfinishedJournal)
      try db.execute(sql: "ROLLBACK")
      folder.remove()
      try FileManager.default.moveItem(atPath: copy.path.text, toPath: folder.path.text)
    }
    let store = try await folder.open()
    #expect(store.report == OpeningReport())
    #expect(try folder.ask("SELECT count(*) FROM half", as: Int.self) == [0])
    #expect(!StoreFiles(folder: folder.path).hasUnfinishedJournal)
    let hold = try await store.own()
    defer { hold.release() }
    #expect(try await store.createRun(draft("r1")).created)
  }

  @Test func twoStoresHaveTwoIDs() async throws {
    let other = TemporaryFolder()
    let ids = [try await folder.open().id, try await other.open().id]
    #expect(ids[0] != ids[1])
    #expect(ids.allSatisfy { $0.count == 32 })
  }

  @Test func aStoreOpenedByManyAtOnceIsMadeOnce() async throws {
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<16 { group.addTask { try await folder.open().id } }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(ids.count == 1)
  }

  /// Somebody else has the lock, and there is no database yet.
  private func beginMaking() async throws -> OwnerLock {
    mkdir(folder.path.text, 0o700)
    let lock = try await OwnerLock.take(StoreFiles(folder: folder.path), .system)
    lock.write(OwnerNote(holder: .current(), epoch: 0, seq: 0))
    return lock
  }

  @Test func aStoreThatSomebodyElseIsMakingIsWaitedFor() async throws {
    let lock = try await beginMaking()
    let clock = ManualClock { if $0 == 3 { lock.release() } }
    let store = try await folder.open(clock: clock.clock)
    #expect(store.report == OpeningReport())
    #expect(clock.sleepingTime == .milliseconds(60))
  }

  @Test func whoMakesAStoreIsNotWaitedForForEver() async throws {
    let lock = try await beginMaking()
    defer { lock.release() }
    let clock = ManualClock()
    await #expect(throws: StoreFailure.owned(pid: getpid())) { try await folder.open(clock: clock.clock) }
    #expect(clock.sleepingTime == .milliseconds(4980))
  }

  @Test func readersWorkBesideAnotherOwner() async throws {
    let writer = try await folder.open()
    let hold = try await writer.own()
    defer { hold.release() }
    _ = try await writer.createRun(draft("r1"))
    let reader = try await folder.open()
    #expect(reader.id == writer.id)
    #expect(try await reader.runs(RunFilter()).items.map(\.id) == ["r1"])
    let version = try await reader.dataVersion()
    #expect(try await reader.dataVersion() == version)
    let committed = try await writer.commit(Turn(run: "r1", events: [.started]))
    #expect(try await reader.dataVersion() != version)
    #expect(try await reader.bounds().last == committed.seq)
  }

  @Test func ownWritesChangeTheDataVersionToo() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    let version = try await store.dataVersion()
    _ = try await store.createRun(draft("r1"))
    #expect(try await store.dataVersion() != version)
  }

  @Test func aNewerStoreIsOnlyRead() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    let run = try await store.createRun(draft("r1")).run
    hold.release()
    try folder.tamper("INSERT INTO grdb_migrations (identifier) VALUES ('v7')")
    let newer = try await folder.open()
    #expect(newer.report.newerVersion == 7)
    #expect(newer.id == store.id)
    #expect(try await newer.run("r1") == run)
    let failure = StoreFailure.newerVersion(found: 7, known: Schema.version)
    await #expect(throws: failure) { try await newer.own() }
    await #expect(throws: failure) { try await newer.commit(Turn(run: "r1", events: [.started])) }
    // A handle from before the update notices too, when it takes the store again.
    await #expect(throws: failure) { try await store.own() }
    #expect(try await store.owner() == nil)
  }

  @Test func anUnfinishedMakingIsGoneOnWith() async throws {
    mkdir(folder.path.text, 0o700)
    let queue = try DatabaseQueue(path: folder.database)
    try await queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA journal_mode = WAL; VACUUM") }
    try queue.close()
    let store = try await folder.open()
    #expect(store.report == OpeningReport())
    #expect(store.id.count == 32)
  }

  @Test func aFolderBelowAFileIsUnusable() async throws {
    let file = TemporaryFolder()
    try Data().write(to: URL(fileURLWithPath: file.path.text))
    for path in [file.path, file.path.appending("a"), file.path.appending("a/b")] {
      #expect(await unusable(path)?.contains(path.text) == true)
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may write anywhere")) func aReadOnlyFolderIsUnusable() async throws {
    mkdir(folder.path.text, 0o500)
    #expect(await unusable(folder.path)?.contains("can't be locked") == true)
  }

  /// Why no store can be opened in a folder; nil where it can.
  private func unusable(_ folder: AbsolutePath) async -> String? {
    do throws(StoreFailure) { _ = try await CodebaseStore.open(folder: folder) } catch {
      if case .unusable(let message) = error { return message }
    }
    return nil
  }

  @Test func networkFileSystemsAreRefusedWithAWayOut() {
    let files = StoreFiles(folder: folder.path)
    for type in ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph"] {
      let reason =
        "is on a network file system (\(type)), where a store would be damaged; choose a folder on a local disk"
      #expect(throws: files.unusable(reason)) { try files.refuseRemote(type) }
    }
    for type in ["ext4", "btrfs", "tmpfs", "overlay", "xfs", "zfs", "fuse.gocryptfs", "fuseblk", nil] {
      #expect(throws: Never.self) { try files.refuseRemote(type) }
    }
  }

  @Test(arguments: [
    ("/", "overlay"), ("/data/ann", "ext4"), ("/data/ann/far", "nfs4"), ("/data/ann/far/x/y", "nfs4"),
    ("/data/ann/farther", "ext4"), ("/mnt/with space/x", "fuse.sshfs"), ("/twice/x", "tmpfs"), ("/mnt", "overlay"),
  ])
  func theMountThatHoldsAPathIsTheInnermost(_ path: String, _ type: String) {
    let table = MountTable(
      mountinfo: """
        21 1 0:20 / / rw,relatime - overlay overlay rw
        22 21 8:1 / /data rw shared:1 - ext4 /dev/sda1 rw
        23 22 0:44 / /data/ann/far rw,nosuid shared:2 master:3 - nfs4 server:/x rw,vers=4
        24 21 0:45 / /mnt/with\\040space rw - fuse.sshfs ann@host: rw
        25 21 0:46 / /twice rw - ext4 /dev/sdb rw
        26 25 0:47 / /twice rw - tmpfs tmpfs rw
        broken line
        """)
    #expect(table.type(holding: path) == type)
  }

  @Test func thisMachinesMountsAreRead() throws {
    let table = MountTable(mountinfo: try #require(readText(atPath: "/proc/self/mountinfo")))
    #expect(table.type(holding: "/proc/self") == "proc")
  }
}
