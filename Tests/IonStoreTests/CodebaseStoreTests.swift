import IonScheduler
import IonWorkflow
import Testing

@testable import IonStore

@Suite struct CodebaseStoreTests {
  let folder = TemporaryFolder()

  @Test func aCreatedRunIsThereWithEverythingItCameWith() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    var draft = draft("r1")
    draft.events = [.inherited("compile", output)]
    let created = try await store.createRun(draft)
    #expect(created.created)
    #expect(created.run.number == 1)
    #expect(created.run.seq == created.committed.seq)
    #expect(created.committed.notices.map(\.notice) == draft.notices)
    #expect(try await store.run("r1") == created.run)
    #expect(try await store.nodes(of: "r1") == draft.nodes)
    #expect(try await store.history(of: "r1") == draft.events)
    #expect(try await store.text(sha256: "hash-of-definition") == "name: build\0é\n")
    #expect(try await store.text(sha256: "hash-of-script") == "print(1)")
    #expect(try await store.notices(of: nil, after: 0, limit: 10) == created.committed.notices)
  }

  @Test func aCommittedTurnIsThereWhole() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    let run = try await store.createRun(draft("r1")).run
    var turn = success(run, "compile")
    let artifact = ArtifactRecord(
      run: "r1", node: "compile", name: "out/a.o", type: nil, mediaType: "x/o", size: 3, sha256: "s", createdAt: 1)
    turn.artifacts = [artifact]
    turn.notices.append(.artifact(artifact))
    let committed = try await store.commit(turn)
    #expect(committed.firstSeq == run.seq + 1)
    #expect(committed.seq == run.seq + 4)
    #expect(committed.notices.map(\.seq) == [run.seq + 3, run.seq + 4])
    #expect(committed.notices.map(\.notice) == turn.notices)
    var expected = try #require(turn.record)
    expected.seq = committed.seq
    #expect(try await store.run("r1") == expected)
    #expect(try await store.nodes(of: "r1") == [turn.nodes[0], NodeRecord(run: "r1", node: "test", index: 1)])
    #expect(try await store.node("compile", of: "r1") == turn.nodes[0])
    #expect(try await store.history(of: "r1") == turn.events)
    #expect(try await store.artifacts(of: "r1", prefix: nil) == [artifact])
    let events = try await store.events(of: "r1", after: run.seq, limit: 1)
    #expect(events.map(\.event) == [.slotGranted("compile")])
    #expect(events.map(\.attempt) == [1])
    #expect(events.map(\.epoch) == [hold.epoch])
  }

  @Test func aTurnWithoutARowMovesTheRunsNumberOn() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    let run = try await store.createRun(draft("r1")).run
    let committed = try await store.commit(Turn(run: "r1", events: [.started]))
    var expected = run
    expected.seq = committed.seq
    #expect(try await store.run("r1") == expected)
    let empty = try await store.commit(Turn(run: "r1", events: []))
    #expect(empty.firstSeq == committed.seq && empty.seq == committed.seq)
  }

  @Test func aTurnOfAnUnknownRunWritesNothing() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    await #expect(throws: StoreFailure.runNotFound("nobody")) {
      try await store.commit(Turn(run: "nobody", events: [.started]))
    }
    #expect(try await store.bounds() == SequenceBounds(oldest: 1, last: 0))
  }

  @Test func nothingIsFoundOfAnUnknownRun() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    _ = try await store.createRun(draft("r1"))
    for id: RunID in ["nobody", "r1\0", ""] {
      #expect(try await store.run(id) == nil)
      #expect(try await store.nodes(of: id).isEmpty)
      #expect(try await store.node("compile", of: id) == nil)
      #expect(try await store.history(of: id).isEmpty)
      #expect(try await store.notices(of: id, after: 0, limit: 9).isEmpty)
      #expect(try await store.artifacts(of: id, prefix: nil).isEmpty)
      #expect(try await store.events(of: id, after: 0, limit: 9).isEmpty)
    }
    for node: NodeID in ["nobody", "compile\0", ""] { #expect(try await store.node(node, of: "r1") == nil) }
    #expect(try await store.text(sha256: "none") == nil)
  }

  @Test func idsWithANulAreRefused() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    await #expect(throws: StoreFailure.self) { try await store.createRun(draft("r\0")) }
    await #expect(throws: StoreFailure.self) { try await store.createRun(draft("r", nodes: ["a\0"])) }
    #expect(try await store.runs(RunFilter()).items.isEmpty)
  }

  @Test func aSecondRunWithTheSameIDIsRefusedWhole() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    let first = try await store.createRun(draft("r1"))
    await #expect(throws: StoreFailure.self) { try await store.createRun(draft("r1", workflow: "other")) }
    #expect(try await store.run("r1") == first.run)
    #expect(try await store.bounds().last == first.committed.seq)
  }

  @Test func nodesComeInTheDefinitionsOrder() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    var draft = draft("r1", nodes: ["c", "a", "b"])
    draft.nodes.reverse()
    let run = try await store.createRun(draft).run
    _ = try await store.commit(success(run, "c", index: 0))
    #expect(try await store.nodes(of: "r1").map(\.node) == ["c", "a", "b"])
  }

  @Test func textsWithANulAndLongOnesAreKeptWhole() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    let run = try await store.createRun(draft("r1")).run
    let long = NodeOutput(
      text: String(repeating: "é\n", count: 20000), file: nil, length: 60000, sha256: "l")
    var turn = success(run, "compile", output: long)
    turn.nodes[0].error = "a\0b"
    turn.record?.error = "c\0d"
    turn.notices = [.message(level: .error, text: "e\0f")]
    let committed = try await store.commit(turn)
    #expect(try await store.nodes(of: "r1").first == turn.nodes[0])
    #expect(try await store.run("r1")?.error == "c\0d")
    #expect(try await store.notices(of: "r1", after: run.seq, limit: 9) == committed.notices)
    #expect(try await store.history(of: "r1").last == .stepSucceeded("compile", long))
  }

  @Test func artifactsAreFoundByRunAndPrefix() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    func artifact(_ run: RunID, _ name: String, _ sha256: String = "s") -> ArtifactRecord {
      ArtifactRecord(
        run: run, node: nil, name: name, type: nil, mediaType: "text/plain", size: 1, sha256: sha256, createdAt: 1)
    }
    let names = ["a/1", "a/2", "a_3", "é", "é/x", "e\u{301}"]
    for id: RunID in ["r1", "r2"] {
      let run = try await store.createRun(draft(id.rawValue)).run
      var turn = Turn(run: run.id, events: [])
      turn.artifacts = names.map { artifact(id, $0) }
      _ = try await store.commit(turn)
    }
    #expect(try await store.artifacts(of: "r1", prefix: "a/").map(\.name) == ["a/1", "a/2"])
    #expect(
      try await store.artifacts(of: "r1", prefix: "é").map { Array($0.name.utf8) } == [
        Array("é".utf8), Array("é/x".utf8),
      ])
    #expect(try await store.artifacts(of: nil, prefix: "a_").map(\.run) == ["r1", "r2"])
    #expect(try await store.artifacts(of: nil, prefix: nil).count == 12)
    var turn = Turn(run: "r1", events: [])
    turn.artifacts = [artifact("r1", "a/1", "changed")]
    _ = try await store.commit(turn)
    #expect(try await store.artifacts(of: "r1", prefix: "a/1").map(\.sha256) == ["changed"])
  }

  @Test func aCommitIsNotCutShortByCancellation() async throws {
    let store = try await folder.open()
    let hold = try await store.own()
    defer { hold.release() }
    _ = try await store.createRun(draft("r1"))
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await store.commit(Turn(run: "r1", events: [.interrupted(reason: "exit")]))
    }
    task.cancel()
    _ = try await task.value
    #expect(try await store.history(of: "r1") == [.interrupted(reason: "exit")])
  }
}
