import IonEngine
import IonJSON
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

/// What reaches a connection that follows a codebase or a run: once, in order, and without a gap that nobody closes.
@Suite struct SessionEventTests {
  private static let two = """
    name: two
    nodes:
      - id: a
        bash: echo one
      - id: b
        depends_on: [a]
        bash: echo two
    """

  /// The numbers of the durable events that came, in the order in which they did.
  private func seqs(_ client: WireClient) -> [Int64] {
    client.log.filter { $0.direction == .notification }.compactMap { $0.message.at("params.seq")?.integerValue }
  }

  private func start(_ workflow: String, _ server: ServerFixture) async throws -> JSONValue {
    try #require(await server.client.call("workflow/execute", ["workflow": .string(workflow)])?.at("result.runId"))
  }

  /// Everything that the store would replay.
  private func stored(_ server: ServerFixture, after seq: Int64 = 0) async throws -> [Int64] {
    try await server.fixture.workspace.notices(of: nil, after: seq, limit: 10_000).notices.map(\.seq)
  }

  @Test func answerPrecedesWhatItCausedAndWaitComesLast() async throws {
    let server = try await ServerFixture.small(files: [".ion/workflows/two.yaml": Self.two])
    await server.hello()
    let run = try await start("two", server)
    #expect(server.client.log.last?.direction == .reply)
    #expect(seqs(server.client).isEmpty)
    let outcome = await server.client.call("workflow/wait", ["runId": run])
    #expect(outcome?.at("result.status") == "succeeded")
    let seen = seqs(server.client)
    #expect(seen == seen.sorted())
    #expect(Set(seen).count == seen.count)
    #expect(seen.last == outcome?.at("result.seq")?.integerValue)
    #expect(server.client.heard("workflow/message").count == 2)
  }

  @Test func olderSubscriptionsHearOfARunBehindTheAnswerToo() async throws {
    let server = try await ServerFixture.small(files: [".ion/workflows/two.yaml": Self.two])
    await server.hello()
    _ = await server.client.call("events/subscribe", ["output": "full"])
    let answer = await server.client.call("test/finish", ["workflow": "two"])
    let last = try #require(answer?.at("result.seq")?.integerValue)
    #expect(server.client.log.last?.direction == .reply)
    #expect(server.client.heard("workflow/output").isEmpty && seqs(server.client).isEmpty)
    while seqs(server.client).last != last { guard await server.client.next() != nil else { break } }
    #expect(try await seqs(server.client) == stored(server))
  }

  @Test func eventReachesAConnectionOnceHoweverManySubscriptionsWantIt() async throws {
    let server = try await ServerFixture.small(files: [".ion/workflows/two.yaml": Self.two])
    await server.hello()
    _ = await server.client.call("events/subscribe", ["output": "full"])
    let run = try await start("two", server)
    _ = await server.client.call("events/subscribe", ["runId": run, "output": "tail", "kinds": ["workflow/progress"]])
    let outcome = await server.client.call("workflow/wait", ["runId": run])
    #expect(outcome?.at("result.status") == "succeeded")
    let seen = seqs(server.client)
    #expect(Set(seen).count == seen.count)
    #expect(try await Set(stored(server)).subtracting(seen).isEmpty)
    while server.client.heard("workflow/output").count < 2 { _ = await server.client.next("workflow/output") }
    #expect(await server.goodbye() == 0)
    #expect(
      server.client.heard("workflow/output").compactMap { $0["text"]?.stringValue }.sorted() == ["one\n", "two\n"])
  }

  @Test func subscriptionReplaysFirstThenGoesOnLive() async throws {
    let server = try await ServerFixture.small(files: [".ion/workflows/two.yaml": Self.two])
    let (first, _) = try await server.fixture.run("two")
    await server.hello()
    let subscribed = await server.client.call("events/subscribe", ["afterSeq": 0])
    #expect(subscribed?.at("result.lastSeq")?.integerValue == first.seq)
    let run = try await start("two", server)
    _ = await server.client.call("workflow/wait", ["runId": run])
    #expect(try await seqs(server.client) == stored(server))
  }

  @Test func kindsNarrowWhatComes() async throws {
    let server = try await ServerFixture.small(files: [".ion/workflows/two.yaml": Self.two])
    _ = try await server.fixture.run("two")
    await server.hello()
    _ = await server.client.call("events/subscribe", ["afterSeq": 0, "kinds": ["workflow/message"]])
    _ = await server.client.next("workflow/message")
    _ = await server.client.next("workflow/message")
    #expect(await server.goodbye() == 0)
    #expect(server.client.heard("workflow/progress").isEmpty)
    #expect(server.client.heard("workflow/message").count == 2)
  }

  @Test func plainClientsGetNoneOfIonsNotifications() async throws {
    let server = try await ServerFixture.small(files: [".ion/workflows/two.yaml": Self.two])
    await server.hello([:])
    let run = try await start("two", server)
    _ = await server.client.call("workflow/wait", ["runId": run])
    #expect(await server.client.first("window/showMessage") != nil)
    #expect(await server.goodbye() == 0)
    let methods = Set(server.client.log.filter { $0.direction == .notification }.compactMap { $0.message["method"] })
    #expect(methods == ["window/showMessage"])
  }

  @Test func clientThatReadsNothingGetsOneGapAndCatchesUpWithReplay() async throws {
    let server = try await ServerFixture.small(
      files: [".ion/workflows/two.yaml": Self.two], pipeSize: 4096, backlog: 20)
    await server.hello()
    _ = await server.client.call("events/subscribe", ["afterSeq": 0])
    // Runs go to their ends although nobody reads; far more is said of them than the pipe and the backlog hold.
    while try await stored(server).count < 100 {
      #expect(try await server.fixture.run("two").run.status == .succeeded)
    }
    let gap = try #require(await server.client.next("events/gap"))
    let pushed = seqs(server.client)
    #expect(gap.at("params.lastSeq")?.integerValue == pushed.last)
    let all = try await stored(server)
    #expect(pushed == Array(all.prefix(pushed.count)))
    #expect(pushed.count < all.count)
    #expect(try await replay(after: pushed.last ?? 0, server) == Array(all.dropFirst(pushed.count)))
    // Pushing goes on behind the replay, with nothing twice.
    let next = try await server.fixture.run("two").run
    while seqs(server.client).last != next.seq { guard await server.client.next() != nil else { break } }
    #expect(try await seqs(server.client).dropFirst(pushed.count).elementsEqual(stored(server, after: all.last ?? 0)))
    #expect(server.client.heard("events/gap").count == 1)
  }

  /// Asks for page after page, as a client does that was told of a gap.
  private func replay(after seq: Int64, _ server: ServerFixture) async throws -> [Int64] {
    var missing: [Int64] = []
    var from = seq
    while true {
      let page = await server.client.call("events/replay", ["afterSeq": .integer(from), "limit": 25])
      let found = try #require(page?.at("result.events")?.arrayValue).compactMap { $0.at("params.seq")?.integerValue }
      missing += found
      from = try #require(page?.at("result.nextSeq")?.integerValue)
      if found.count < 25 { return missing }
    }
  }

  @Test func runsThatADeadOwnerLeftAreSettledOnceTheClientIsThere() async throws {
    let folder = TemporaryFolder("ion-left")
    let fixture = try await EngineFixture(
      files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: sleep 1000}]\n"], folder: folder)
    let run = try await fixture.start("w")
    await fixture.platform.until("a", is: .running)
    // What the disk has at this moment is what a crash would leave.
    try folder.copy("workspace/.ion", to: "image")
    await fixture.engine.close(reason: "gone", grace: .zero)
    try folder.move("workspace/.ion", to: "old")
    try folder.move("image", to: "workspace/.ion")
    let server = try await ServerFixture(folder: folder)
    await server.hello()
    _ = await server.client.call("events/subscribe", ["afterSeq": 0])
    let settled = await server.client.next { $0.at("params.status") == "interrupted" }
    #expect(settled?.at("params.runId") == .string(run.id.rawValue))
    #expect(await server.goodbye() == 0)
  }
}
