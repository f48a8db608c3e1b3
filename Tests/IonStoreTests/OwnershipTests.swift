import Foundation
import Glibc
import IonScheduler
import IonWorkflow
import Testing

@testable import IonStore

@Suite struct OwnershipTests {
  let folder = TemporaryFolder()

  @Test func writingNeedsAHold() async throws {
    let store = try await folder.open()
    await #expect(throws: StoreFailure.notOwner) { try await store.createRun(draft("r1")) }
    let hold = try await store.own()
    _ = try await store.createRun(draft("r1"))
    hold.release()
    await #expect(throws: StoreFailure.notOwner) { try await store.commit(Turn(run: "r1", events: [.started])) }
    await #expect(throws: StoreFailure.notOwner) { try await store.deleteRun("r1") }
    await #expect(throws: StoreFailure.notOwner) { try await store.rebuildRows(of: "r1") }
    #expect(try await store.run("r1") != nil)
  }

  @Test func theLockStaysUntilTheLastHoldIsReleased() async throws {
    let store = try await folder.open()
    let other = try await folder.open()
    let first = try await store.own()
    let second = try await store.own()
    #expect(first.epoch == second.epoch)
    first.release()
    first.release()
    await #expect(throws: StoreFailure.owned(pid: getpid())) { try await other.own() }
    _ = try await store.createRun(draft("r1"))
    second.release()
    let third = try await other.own()
    defer { third.release() }
    #expect(third.epoch == second.epoch + 1)
    await #expect(throws: StoreFailure.owned(pid: getpid())) { try await store.own() }
  }

  @Test func holdsTakenAtOnceShareOneEpoch() async throws {
    let store = try await folder.open()
    let holds = try await withThrowingTaskGroup(of: StoreOwnership.self) { group in
      for _ in 0..<20 { group.addTask { try await store.own() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(holds.map(\.epoch)).count == 1)
    for hold in holds.dropLast() { hold.release() }
    let other = try await folder.open()
    await #expect(throws: StoreFailure.owned(pid: getpid())) { try await other.own() }
    holds.last?.release()
    try await other.own().release()
  }

  @Test func ofManyOwnersAtOnceOneWins() async throws {
    var stores: [CodebaseStore] = []
    for _ in 0..<20 { stores.append(try await folder.open()) }
    for _ in 0..<5 {
      let holds = await withTaskGroup(of: StoreOwnership?.self) { group in
        for store in stores {
          group.addTask {
            do throws(StoreFailure) { return try await store.own() } catch {
              #expect(error == .owned(pid: getpid()))
              return nil
            }
          }
        }
        return await group.reduce(into: [StoreOwnership]()) { if let hold = $1 { $0.append(hold) } }
      }
      #expect(holds.count == 1)
      holds.first?.release()
    }
  }

  @Test func aWriterWhoseEpochIsOverWritesNothing() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    let run = try await store.createRun(draft("r1")).run
    try folder.tamper("UPDATE head SET epoch = epoch + 1")
    await #expect(throws: StoreFailure.notOwner) { try await store.commit(success(run, "compile")) }
    #expect(try await store.bounds().last == run.seq)
    #expect(try await store.history(of: "r1").isEmpty)
  }

  @Test func theOwnerIsKnownWhileItOwns() async throws {
    let store = try await folder.open()
    let other = try await folder.open()
    #expect(try await other.owner() == nil)
    let hold = try await store.own()
    let owner = try #require(try await other.owner())
    #expect(owner.pid == getpid())
    #expect(owner.startTicks > 0)
    #expect(owner.bootID.count == 36)
    hold.release()
    #expect(try await other.owner() == nil)
  }

  @Test func anOwnerThatDiedIsNoOwner() async throws {
    let store = try await folder.open()
    let note = try #require(OwnerNote.read(store.files))
    let boot = ProcessIdentity.current().bootID
    // A pid that lives, of a process that started at another time: the dead owner's number was used again.
    try Data("\(getpid()) 1 \(boot) \(note.epoch) \(note.seq)\n".utf8).write(to: URL(fileURLWithPath: folder.lock))
    #expect(try await store.owner() == nil)
    try await store.own().release()
  }

  @Test func anotherProcessOwnsTheStore() async throws {
    let store = try await folder.open()
    let epoch = try #require(OwnerNote.read(store.files)).epoch
    let other = Process()
    other.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
    other.arguments = [folder.lock, "-c", "echo locked; read line"]
    let (input, output) = (Pipe(), Pipe())
    other.standardInput = input
    other.standardOutput = output
    try other.run()
    #expect(try output.fileHandleForReading.read(upToCount: 6) == Data("locked".utf8))
    await #expect(throws: StoreFailure.owned(pid: 0)) { try await store.own() }
    try input.fileHandleForWriting.close()
    other.waitUntilExit()
    let hold = try await store.own()
    #expect(hold.epoch == epoch + 1)
    hold.release()
  }

  @Test func aChildDoesNotInheritTheLock() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    let listing = folder.path.appending("listing").text
    var pid: pid_t = 0
    let arguments: [UnsafeMutablePointer<CChar>?] = [
      strdup("sh"), strdup("-c"), strdup("ls -l /proc/self/fd > \(listing)"), nil,
    ]
    defer { for argument in arguments { free(argument) } }
    #expect(posix_spawn(&pid, "/bin/sh", nil, nil, arguments, environ) == 0)
    #expect(waitpid(pid, nil, 0) == pid)
    let text = String(decoding: try #require(folder.contents("listing")), as: UTF8.self)
    #expect(text.contains("listing"))
    // Other tests, in other folders, may have files open that their children inherit.
    #expect(!text.contains(folder.lock))
    #expect(!text.contains(folder.database))
  }

  @Test func aDroppedStoreGivesItsLockBack() async throws {
    do {
      let store = try await folder.open()
      _ = try await store.own()
    }
    try await folder.open().own().release()
  }

  @Test func aDroppedStoreHasNothingOpen() async throws {
    func open() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { descriptor in
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
        return target?.hasPrefix(folder.path.text) == true ? target : nil
      }
    }
    do {
      let store = try await folder.open()
      let hold = try await store.own()
      _ = try await store.createRun(draft("r1"))
      _ = try await store.runs(RunFilter())
      #expect(try !open().isEmpty)
      hold.release()
    }
    // A connection's last work may be what drops it.
    while try !open().isEmpty { await Task.yield() }
  }

  @Test func aRemovedStoreIsNotWrittenTo() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    _ = try await store.createRun(draft("r1"))
    folder.remove()
    await #expect(throws: StoreFailure.self) { try await store.commit(Turn(run: "r1", events: [.started])) }
    await #expect(throws: StoreFailure.self) { try await store.dataVersion() }
    hold.release()
    await #expect(throws: StoreFailure.self) { try await store.own() }
    let fresh = try await folder.open()
    #expect(fresh.id != store.id)
    #expect(fresh.report == OpeningReport())
    // The old handle doesn't mistake the new file for its own.
    await #expect(throws: StoreFailure.self) { try await store.dataVersion() }
    await #expect(throws: StoreFailure.self) { try await store.own() }
    #expect(!fresh.files.isSuspect)
  }
}
