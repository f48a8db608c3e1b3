import IonScheduler
import IonWorkflow
import Testing

@testable import IonStore

@Suite struct ConcurrencyTests {
  let folder = TemporaryFolder()

  @Test func readersSeeWholeTurnsWhileOthersWrite() async throws {
    let store = try await folder.open()
    let reader = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    var runs: [RunRecord] = []
    for number in 0..<4 { runs.append(try await store.createRun(draft("r\(number)")).run) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for run in runs {
        group.addTask { for _ in 0..<60 { _ = try await store.commit(success(run, "compile")) } }
        group.addTask {
          var seen: Int64 = 0
          while seen < 60 {
            let history = try await reader.history(of: run.id)
            #expect(history.count.isMultiple(of: 2))
            #expect(Int64(history.count / 2) >= seen)
            seen = Int64(history.count / 2)
            let record = try #require(try await reader.run(run.id))
            let notices = try await reader.notices(of: run.id, after: 0, limit: 1000)
            #expect(try #require(notices.last).seq >= record.seq)
          }
        }
      }
      try await group.waitForAll()
    }
    let numbers: [Int64] = try folder.ask("SELECT seq FROM event ORDER BY seq")
    #expect(numbers == Array(1...Int64(numbers.count)))
  }

  @Test func commitsOfOneRunStayInTheirOrder() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    _ = try await store.createRun(draft("r1"))
    var last: Int64 = 0
    for number in 0..<50 {
      let seq = try await store.commit(Turn(run: "r1", events: [.interrupted(reason: "\(number)")])).seq
      #expect(seq > last)
      last = seq
    }
    let expected = (0..<50).map { RunEvent.interrupted(reason: "\($0)") }
    #expect(try await store.history(of: "r1") == expected)
  }
}
