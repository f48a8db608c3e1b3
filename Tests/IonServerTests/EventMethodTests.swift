import IonEngine
import IonJSON
import IonRPC
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

@Suite struct EventMethodTests {
  private static let nodes =
    "  - {id: a, bash: 'echo x > $ARTIFACTS_DIR/x'}\n  - {id: b, depends_on: [a], bash: 'true'}"

  /// The notifications that a platform is told are what a replay returns, one by one.
  @Test func replayReturnsExactlyTheDurableNotifications() async throws {
    let desk = try await MethodDesk(nodes: Self.nodes)
    let run = try await desk.start()
    let ended = try await desk.end(of: run)
    await desk.fixture.platform.until { $0.contains { $0.seq == ended.seq } }
    let told = desk.fixture.platform.notices.compactMap { $0.notification(in: desk.codebase) }
    let replay = try await desk.call(ReplayEvents.self, ["runId": run.json, "afterSeq": 0, "limit": 1000])
    #expect(replay.events.map(\.params) == told.map { OpenRPCDocument.encoded($0) })
    #expect(replay.events.map(\.method) == told.map { type(of: $0).method })
    #expect(replay.events.map(\.seq) == desk.fixture.platform.notices.map(\.seq))
    for event in replay.events { #expect(event.params["seq"] == .integer(event.seq)) }
    #expect(Set(replay.events.map(\.method)) == ["workflow/progress", "workflow/message", "artifact/didChange"])
  }

  @Test func replayGoesOnWhereItStopped() async throws {
    let desk = try await MethodDesk(nodes: Self.nodes)
    _ = try await desk.run()
    _ = try await desk.run()
    let whole = try await desk.call(ReplayEvents.self, ["afterSeq": 0, "limit": 1000])
    #expect(whole.nextSeq == whole.lastSeq)
    var pieces: [ReplayEvents.Event] = []
    var after: Int64 = 0
    while after < whole.lastSeq {
      let page = try await desk.call(ReplayEvents.self, ["afterSeq": .integer(after), "limit": 3])
      #expect(page.nextSeq > after)
      pieces += page.events
      after = page.nextSeq
    }
    #expect(pieces == whole.events)
    #expect(whole.events.map(\.seq) == whole.events.map(\.seq).sorted())
  }

  @Test func replayPastTheEndIsEmpty() async throws {
    let desk = try await MethodDesk(nodes: Self.nodes)
    let run = try await desk.run()
    let replay = try await desk.call(ReplayEvents.self, ["afterSeq": .integer(run.seq + 1_000)])
    #expect(replay.events.isEmpty)
    #expect(replay.nextSeq == run.seq + 1_000)
    #expect(!replay.storeId.isEmpty)
  }

  @Test(arguments: [
    ("{}", "/params/afterSeq"), (#"{"afterSeq": -1}"#, "/params/afterSeq"),
    (#"{"afterSeq": 0, "runId": "r", "codebaseId": "c"}"#, "/params/runId"),
    (#"{"afterSeq": 0, "limit": 0}"#, "/params/limit"),
  ])
  func wrongReplaysAreRefused(params: String, path: String) async throws {
    let desk = try await MethodDesk()
    let error = await desk.refusal(ReplayEvents.self, try JSONParser().parse(Array(params.utf8)))
    #expect(error?.code == -32602)
    #expect(error?.path == path)
  }

  @Test(arguments: [
    (#"{"runId": "r", "codebaseId": "c"}"#, "/params/runId"), (#"{"kinds": ["workflow/none"]}"#, "/params/kinds/0"),
    (#"{"output": "loud"}"#, "/params/output"), (#"{"afterSeq": 1.5}"#, "/params/afterSeq"),
  ])
  func wrongSubscriptionsAreRefused(params: String, path: String) async throws {
    let desk = try await MethodDesk()
    let error = await desk.refusal(SubscribeEvents.self, try JSONParser().parse(Array(params.utf8)))
    #expect(error?.code == -32602)
    #expect(error?.path == path)
  }

  @Test func unknownSubscriptionEndsQuietly() async throws {
    let desk = try await MethodDesk()
    #expect(try await !desk.call(UnsubscribeEvents.self, ["subscriptionId": "none"]).ended)
  }

  @Test func eventsThatAreGoneSayWhatIsLeft() {
    let bounds = SequenceBounds(oldest: 10, last: 20)
    #expect(throws: Never.self) { try bounds.checkReplay(after: 9) }
    #expect(throws: Never.self) { try SequenceBounds(oldest: 10, last: 0).checkReplay(after: 0) }
    do {
      try bounds.checkReplay(after: 8)
      Issue.record("events before 10 were promised")
    } catch {
      #expect(Failure(error).kind == .seqExpired)
      #expect(Failure(error).facts == ["oldestSeq": 10])
    }
  }
}
