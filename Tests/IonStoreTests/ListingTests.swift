import IonWorkflow
import Testing

@testable import IonStore

@Suite struct ListingTests {
  let folder = TemporaryFolder()

  /// Seven runs, the even ones of another workflow, their wall clock running backwards; the first three have ended.
  private func filled() async throws -> (CodebaseStore, StoreOwnership) {
    let store = try await folder.open()
    let hold = try await store.own()
    for number in 1...7 {
      let workflow = number.isMultiple(of: 2) ? "test" : "build"
      let run = try await store.createRun(
        draft("r\(number)", workflow: workflow, createdAt: WallTime(1000 - number))
      ).run
      if number <= 3 { _ = try await store.commit(end(run, status: number == 1 ? .failed : .succeeded)) }
    }
    return (store, hold)
  }

  private func ids(_ store: CodebaseStore, _ filter: RunFilter) async throws -> [RunID] {
    try await store.runs(filter).items.map(\.id)
  }

  @Test func runsComeNewestFirstWhateverTheWallClockSaid() async throws {
    let (store, hold) = try await filled()
    defer { hold.release() }
    #expect(try await ids(store, RunFilter()) == ["r7", "r6", "r5", "r4", "r3", "r2", "r1"])
    #expect(try await store.runs(RunFilter()).nextCursor == nil)
  }

  @Test func filtersAreJoined() async throws {
    let (store, hold) = try await filled()
    defer { hold.release() }
    #expect(try await ids(store, RunFilter(workflow: "test")) == ["r6", "r4", "r2"])
    #expect(try await ids(store, RunFilter(statuses: [.succeeded, .failed])) == ["r3", "r2", "r1"])
    #expect(try await ids(store, RunFilter(workflow: "build", statuses: [.succeeded])) == ["r3"])
    #expect(try await ids(store, RunFilter(since: 995, until: 998)) == ["r5", "r4", "r3"])
    #expect(try await ids(store, RunFilter(workflow: "none")) == [])
  }

  @Test func pagesStayPutWhileRunsComeAndGo() async throws {
    let (store, hold) = try await filled()
    defer { hold.release() }
    let first = try await store.runs(RunFilter(limit: 3))
    #expect(first.items.map(\.id) == ["r7", "r6", "r5"])
    _ = try await store.createRun(draft("r8"))
    _ = try await store.deleteRun("r5")
    _ = try await store.deleteRun("r4")
    let second = try await store.runs(RunFilter(cursor: first.nextCursor, limit: 3))
    #expect(second.items.map(\.id) == ["r3", "r2", "r1"])
    #expect(second.nextCursor == nil)
  }

  @Test func everyRunIsOnOnePage() async throws {
    let (store, hold) = try await filled()
    defer { hold.release() }
    var seen: [RunID] = []
    var cursor: String?
    repeat {
      let page = try await store.runs(RunFilter(cursor: cursor, limit: 2))
      seen += page.items.map(\.id)
      cursor = page.nextCursor
    } while cursor != nil
    #expect(seen == ["r7", "r6", "r5", "r4", "r3", "r2", "r1"])
  }

  @Test(arguments: ["", "7", "n1-", "n1--4", "n1-0", "n1-zzzzzzzzzzzzzzzzzzzz", "n2-7"])
  func anInventedCursorIsNamed(_ cursor: String) async throws {
    let store = try await folder.open()
    await #expect(throws: StoreFailure.invalidCursor(cursor)) { try await store.runs(RunFilter(cursor: cursor)) }
  }

  @Test func aPageHasAtLeastOneRun() async throws {
    let (store, hold) = try await filled()
    defer { hold.release() }
    #expect(try await ids(store, RunFilter(limit: 0)) == ["r7"])
    #expect(try await ids(store, RunFilter(limit: -5)) == ["r7"])
  }

  @Test func unfinishedRunsComeOldestFirst() async throws {
    let (store, hold) = try await filled()
    defer { hold.release() }
    for (id, status) in [("r4", RunStatus.queued), ("r5", .awaitingApproval), ("r6", .paused), ("r7", .interrupted)] {
      let run = try #require(try await store.run(RunID(id)))
      _ = try await store.commit(end(run, status: status))
    }
    let unfinished = try await store.unfinishedRuns()
    #expect(unfinished.map(\.id) == ["r4", "r5", "r6"])
    #expect(unfinished.allSatisfy { $0.status.isLive })
  }

  @Test func everyLiveStatusIsUnfinished() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    for status in RunStatus.allCases {
      var draft = draft(status.rawValue)
      draft.run.status = status
      _ = try await store.createRun(draft)
    }
    #expect(try await store.unfinishedRuns().map(\.status) == RunStatus.allCases.filter(\.isLive))
  }
}
