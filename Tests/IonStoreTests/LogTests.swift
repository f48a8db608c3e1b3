import Foundation
import IonJSON
import IonScheduler
import IonWorkflow
import Testing

@testable import IonStore

@Suite struct LogTests {
  let folder = TemporaryFolder()

  private func sequence() throws -> [Int64] { try folder.ask("SELECT seq FROM event ORDER BY seq") }

  @Test func numbersHaveNoGapsWhateverFails() async throws {
    let store = try await folder.open()
    for round in 0..<3 {
      let hold = try await store.own()
      let run = try await store.createRun(draft("r\(round)")).run
      _ = try await store.commit(success(run, "compile"))
      await #expect(throws: StoreFailure.self) { try await store.createRun(draft("r\(round)")) }
      await #expect(throws: StoreFailure.self) { try await store.commit(Turn(run: "none", events: [.started])) }
      hold.release()
    }
    let numbers = try sequence()
    #expect(numbers == Array(1...Int64(numbers.count)))
    #expect(try await store.bounds().last == numbers.last)
  }

  @Test func deletingARunLeavesItsNoticeAndNothingElse() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    let kept = try await store.createRun(draft("r1")).run
    var gone = draft("r2", key: "k")
    gone.texts["only-of-r2"] = "x"
    let run = try await store.createRun(gone).run
    var turn = success(run, "compile")
    turn.artifacts = [RecordCodecTests.artifact]
    let last = try await store.commit(turn).seq
    let deleted = try await store.deleteRun("r2")
    #expect(deleted.notices == [StoredNotice(seq: last + 1, run: "r2", notice: .runDeleted)])
    #expect(deleted.firstSeq == last + 1 && deleted.seq == last + 1)
    #expect(try await store.notices(of: nil, after: kept.seq, limit: 99) == deleted.notices)
    #expect(try await store.run("r2") == nil)
    #expect(try await store.text(sha256: "only-of-r2") == nil)
    #expect(try await store.text(sha256: "hash-of-definition") != nil)
    #expect(try sequence() == Array(1...kept.seq) + [last + 1])
    for table in ["node", "artifact", "run_text", "request", "idempotency"] {
      #expect(try folder.ask("SELECT count(*) FROM \(table) WHERE run = \(run.number)") == [0], "\(table)")
    }
    await #expect(throws: StoreFailure.runNotFound("r2")) { try await store.deleteRun("r2") }
    // Neither the run's number nor those of its events are given again.
    let next = try await store.createRun(draft("r2")).run
    #expect(next.number == 3)
    #expect(next.seq > last + 1)
  }

  @Test func deletingTheLastRunDoesNotFreeItsNumbers() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    _ = try await store.createRun(draft("r1"))
    let last = try await store.deleteRun("r1").seq
    let run = try await store.createRun(draft("r2")).run
    #expect(run.number == 2)
    #expect(run.seq > last)
  }

  @Test func noticesArePagedByTheirNumbers() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    var expected: [StoredNotice] = []
    for id in ["r1", "r2"] {
      let created = try await store.createRun(draft(id))
      expected += created.committed.notices
      for node: NodeID in ["compile", "test"] {
        expected += try await store.commit(success(created.run, node)).notices
      }
    }
    var seen: [StoredNotice] = []
    while true {
      let page = try await store.notices(of: nil, after: seen.last?.seq ?? 0, limit: 2)
      if page.isEmpty { break }
      #expect(page.count <= 2)
      seen += page
    }
    #expect(seen == expected)
    #expect(try await store.notices(of: "r2", after: 0, limit: 99) == expected.filter { $0.run == "r2" })
    #expect(try await store.notices(of: nil, after: 0, limit: 0).isEmpty)
    #expect(try await store.notices(of: nil, after: 0, limit: -1).isEmpty)
  }

  @Test func afterARebootNumbersJump() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    let run = try await store.createRun(draft("r1")).run
    hold.release()
    try folder.tamper("UPDATE owner SET boot_id = 'another'")
    let next = try await store.own()
    #expect(try await store.commit(Turn(run: "r1", events: [.started])).firstSeq == run.seq + Tenure.jump + 1)
    next.release()
    let third = try await store.own()
    defer { third.release() }
    #expect(try await store.commit(Turn(run: "r1", events: [.resumed])).firstSeq == run.seq + Tenure.jump + 2)
  }

  @Test func aLogBehindItsLastOwnersNoteJumpsPastIt() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    _ = try await store.createRun(draft("r1"))
    let copy = try folder.copy()
    let last = try await store.commit(Turn(run: "r1", events: [.started])).seq
    hold.release()
    // The database of an earlier moment beside the note of a later one: a backup was put back, or commits were lost.
    try FileManager.default.removeItem(atPath: copy.lock)
    try FileManager.default.copyItem(atPath: folder.lock, toPath: copy.lock)
    let restored = try await copy.open()
    let again = try await restored.own()
    defer { again.release() }
    #expect(again.epoch == hold.epoch + 1)
    #expect(try await restored.commit(Turn(run: "r1", events: [.started])).firstSeq == last + Tenure.jump + 1)
  }

  @Test func rowsThatDisagreeWithTheLogAreMadeAnew() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    let run = try await store.createRun(draft("r1")).run
    var turn = success(run, "compile")
    turn.notices.append(.artifact(RecordCodecTests.artifact))
    turn.artifacts = [RecordCodecTests.artifact]
    turn.artifacts[0].run = "r1"
    _ = try await store.commit(turn)
    _ = try await store.commit(end(try #require(turn.record)))
    var expected = try #require(try await store.run("r1"))
    expected.endedAt = 2000
    let nodes = try await store.nodes(of: "r1")
    let artifacts = try await store.artifacts(of: "r1", prefix: nil)
    try folder.tamper(
      """
      UPDATE run SET state = replace(state, 'succeeded', 'failed'), status = 'failed', seq = 1;
      DELETE FROM node WHERE node = 'test'; UPDATE node SET state = '{}'; DELETE FROM artifact
      """)
    try await store.rebuildRows(of: "r1")
    #expect(try await store.run("r1") == expected)
    #expect(try await store.nodes(of: "r1") == nodes)
    #expect(try await store.artifacts(of: "r1", prefix: nil) == artifacts)
    #expect(try await store.runs(RunFilter(statuses: [.succeeded])).items == [expected])
  }

  @Test func gatesAreMadeAnewFromTheLog() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    let run = try await store.createRun(draft("r1")).run
    var turn = success(run, "compile")
    var gate = RecordCodecTests.gate
    gate.node = "test"
    var row = NodeRecord(run: "r1", node: "test", index: 1, status: .succeeded)
    row.gate = gate
    row.output = output
    turn.events.append(.gateAnswered("test", gate.id, try #require(gate.answer), output))
    turn.nodes.append(row)
    row.output?.text = nil
    row.gate?.question = nil
    let lean = ProgressNotice(status: .running, attempt: 1, counts: [:], nodes: [row], error: nil, time: 2000)
    turn.notices += [.progress(lean), .gate(gate), .progress(lean)]
    _ = try await store.commit(turn)
    let nodes = try await store.nodes(of: "r1")
    #expect(nodes[1].gate == gate && nodes[1].output == output)
    try folder.tamper("DELETE FROM node")
    try await store.rebuildRows(of: "r1")
    #expect(try await store.nodes(of: "r1") == nodes)
  }

  @Test func anotherDefinitionIsInTheRowsAndInTheLog() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    let run = try await store.createRun(draft("r1")).run
    var turn = success(run, "compile")
    turn.artifacts = [RecordCodecTests.artifact]
    turn.artifacts[0].run = "r1"
    turn.notices.append(.artifact(turn.artifacts[0]))
    _ = try await store.commit(turn)
    let change = Redefinition(
      definitionHash: "new", nodes: ["lint", "compile"], unchanged: ["compile"], inputs: ["level": 4],
      frozenFiles: ["fix.py": "fix"])
    var record = run
    record.adopt(change)
    record.counts = [.pending: 1, .succeeded: 1]
    var kept = turn.nodes[0]
    kept.index = 1
    var next = success(record, "compile", index: 1)
    next.events = [.redefined(change)]
    next.nodes = [NodeRecord(run: "r1", node: "lint", index: 0), kept]
    next.texts = ["new": "name: new", "fix": "fixed"]
    _ = try await store.commit(next)

    let found = try #require(try await store.run("r1"))
    #expect(found.definitionHash == "new" && found.firstDefinitionHash == "hash-of-definition")
    #expect(found.request.inputs == ["level": 4] && found.request.frozenFiles == ["fix.py": "fix"])
    #expect(try await store.nodes(of: "r1") == next.nodes)
    #expect(try await store.artifacts(of: "r1", prefix: nil) == turn.artifacts)
    for (hash, text) in ["new": "name: new", "fix": "fixed"] {
      #expect(try await store.text(sha256: hash) == text)
    }
    #expect(try await store.history(of: "r1").contains(.redefined(change)))
    try folder.tamper("DELETE FROM node; UPDATE request SET body = '{}'; DELETE FROM run_text WHERE sha256 = 'new'")
    try await store.rebuildRows(of: "r1")
    #expect(try await store.run("r1") == found)
    #expect(try await store.nodes(of: "r1") == next.nodes)
    _ = try await store.deleteRun("r1")
    #expect(try await store.text(sha256: "new") == nil)
  }

  @Test func aCopyTakenInMidFlightIsAPrefix() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    let run = try await store.createRun(draft("r1")).run
    // Few enough for no checkpoint to come between the two files that are copied one after the other.
    let writing = Task { for _ in 0..<80 { _ = try await store.commit(success(run, "compile")) } }
    let copies = try (0..<5).map { _ in try folder.copy() }
    try await writing.value
    let all = try await store.history(of: "r1")
    for copy in copies {
      let crashed = try await copy.open()
      let history = try await crashed.history(of: "r1")
      #expect(history == Array(all.prefix(history.count)))
      #expect(try await crashed.run("r1")?.seq == crashed.bounds().last)
    }
  }
}
