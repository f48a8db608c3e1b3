internal import IonEngine
public import IonJSON
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `events/replay`: the durable notifications that a client missed.
public enum ReplayEvents: ServedRequest {
  public static let method = "events/replay"
  public static let ordering = Ordering.serial

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "codebaseId": "All runs of a codebase; may be left out where there is one, and stands not beside `runId`.",
      "runId": "One run alone.",
      "afterSeq": "What came after this event; 0 is everything there is.",
      "limit": "How many events at most; absent is 100.",
    ]

    public var codebaseId: CodebaseID?
    public var runId: RunID?
    public var afterSeq: Offset
    public var limit: PageLimit?

    public func check() throws(JSONDecodingFailure) { try EventScope.check(codebaseId, runId) }
  }

  public struct Result: WireShape, Hashable {
    public static let notes: [String: String] = [
      "events": "The notifications as they were sent, in order.",
      "nextSeq": "The `afterSeq` to go on with.",
      "storeId":
        "Names the store; another one than before means that everything that was known of it is to be forgotten.",
      "oldestSeq": "The oldest event that can be replayed.",
      "lastSeq": "The store's last event: with a `nextSeq` that reaches it nothing is missing.",
    ]

    public var events: [Event]
    public var nextSeq: Int64
    public var storeId: String
    public var oldestSeq: Int64
    public var lastSeq: Int64
  }

  public struct Event: WireShape, Hashable {
    public static let notes: [String: String] = [
      "seq": "Its number.",
      "method": "The notification's name.",
      "params": "What the notification carries, `seq` among it.",
    ]

    public var seq: Int64
    public var method: String
    public var params: JSONValue
  }

  public static let spec = Spec<Self>(
    summary: """
      Returns durable notifications again, exactly as they were. Where a subscription had stopped pushing \
      (`events/gap`), it goes on once a replay has reached the end.
      """,
    errors: ErrorKind.reading + [.runNotFound, .seqExpired],
    examples: [
      .init(
        "what was missed", Params(codebaseId: Sample.codebaseID, runId: nil, afterSeq: 48, limit: nil),
        Result(
          events: WorkflowMessage.examples.map {
            Event(seq: $0.seq, method: WorkflowMessage.method, params: OpenRPCDocument.encoded($0))
          }, nextSeq: 49, storeId: Sample.storeID, oldestSeq: 1, lastSeq: 49))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await EventScope.workspace(params.codebaseId, params.runId, session)
    let after = Int64(params.afterSeq.value)
    let limit = params.limit?.value ?? PageSize.usual
    let (result, isAtEnd) = try await session.serving { () async throws(EngineFailure) in
      let state = try await workspace.storeState()
      try state.bounds.checkReplay(after: after)
      let notices = try await workspace.notices(of: params.runId, after: after, limit: limit).notices
      let isAtEnd = notices.count < limit
      // What was written meanwhile may be among the notices, so the later of the two counts.
      let last = max(state.bounds.last, notices.last?.seq ?? 0)
      let next = isAtEnd ? max(after, last) : notices.last?.seq ?? after
      return (
        Result(
          events: notices.compactMap { event(of: $0, in: workspace.codebase) }, nextSeq: next, storeId: state.id,
          oldestSeq: state.bounds.oldest, lastSeq: last), isAtEnd
      )
    }
    if isAtEnd { await session.caughtUp(in: workspace, run: params.runId, to: result.nextSeq) }
    return result
  }

  private static func event(of notice: StoredNotice, in codebase: Codebase) -> Event? {
    notice.notification(in: codebase).map {
      Event(seq: notice.seq, method: type(of: $0).method, params: OpenRPCDocument.encoded($0))
    }
  }
}
