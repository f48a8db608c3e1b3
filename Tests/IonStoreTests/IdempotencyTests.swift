import IonScheduler
import IonWorkflow
import Testing

@testable import IonStore

@Suite struct IdempotencyTests {
  let folder = TemporaryFolder()
  let clock = ManualClock()

  @Test func theSameKeyAndParametersGiveTheFirstRun() async throws {
    let store = try await folder.open(clock: clock.clock)
    let hold = try await store.own()
    defer { hold.release() }
    let first = try await store.createRun(draft("r1", key: "k"))
    let last = try await store.commit(Turn(run: "r1", events: [.started])).seq
    let second = try await store.createRun(draft("r2", key: "k"))
    #expect(!second.created)
    #expect(second.run.id == first.run.id)
    #expect(second.committed.notices.isEmpty)
    #expect(second.committed.firstSeq == last && second.committed.seq == last)
    #expect(try await store.run("r2") == nil)
  }

  @Test func theSameKeyWithOtherParametersIsAConflict() async throws {
    let store = try await folder.open(clock: clock.clock)
    let hold = try await store.own()
    defer { hold.release() }
    _ = try await store.createRun(draft("r1", key: "k"))
    await #expect(throws: StoreFailure.idempotencyConflict(key: "k")) {
      try await store.createRun(draft("r2", key: "k", parametersHash: "other"))
    }
    #expect(try await store.run("r2") == nil)
  }

  @Test func keysAreComparedByTheirBytes() async throws {
    let store = try await folder.open(clock: clock.clock)
    let hold = try await store.own()
    defer { hold.release() }
    for (number, key) in ["k", "k\0", "k\0a", "é", "e\u{301}", ""].enumerated() {
      #expect(try await store.createRun(draft("r\(number)", key: key)).created)
    }
  }

  @Test func aKeyIsForgottenAfterADay() async throws {
    let store = try await folder.open(clock: clock.clock)
    let hold = try await store.own()
    defer { hold.release() }
    _ = try await store.createRun(draft("r1", key: "k"))
    clock.advance(by: 24 * 60 * 60 * 1000 - 1)
    #expect(try await store.createRun(draft("r2", key: "k")).run.id == "r1")
    clock.advance(by: 1)
    #expect(try await store.createRun(draft("r2", key: "k")).created)
  }

  @Test func aDeletedRunsKeyIsFree() async throws {
    let store = try await folder.open(clock: clock.clock)
    let hold = try await store.own()
    defer { hold.release() }
    _ = try await store.createRun(draft("r1", key: "k"))
    _ = try await store.deleteRun("r1")
    #expect(try await store.createRun(draft("r2", key: "k")).created)
  }
}
