internal import IonEngine
public import IonJSON
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `events/replay`: the durable notifications after a number.
public enum ReplayEvents: ServedRequest {
  public static let method = "events/replay"
  public static let ordering = Ordering.serial

  public struct Params: WireShape {
    public static let notes = [
      "codebaseId": "Which codebase; absent where `runId` says it, or the session has one.",
      "runId": "Only this run; absent: all of the codebase.",
      "afterSeq": "The last event that is known.",
      "limit": "How many at most; 100 where nothing is said.",
    ]

    public var codebaseId: CodebaseID?
    public var runId: RunID?
    public var afterSeq: Bounded<Position>
    public var limit: Bounded<PageSize>?
  }

  /// One durable notification: `Event`.
  public struct Event: WireShape, Hashable {
    public static let schemaName: String? = "Event"
    public static let notes = [
      "seq": "Its number.",
      "method": "The notification's method.",
      "params": "The notification's params, exactly as they were or would be sent.",
    ]

    public var seq: Int64
    public var method: String
    public var params: JSONValue
  }

  public struct Result: WireShape {
    public static let notes = [
      "events": "In order.",
      "nextSeq": "What `afterSeq` goes on from.",
      "oldestSeq": "The oldest event that can be replayed.",
      "lastSeq": "The last event there was.",
    ]

    public var events: [Event]
    public var nextSeq: Int64
    public var oldestSeq: Int64
    public var lastSeq: Int64
  }

  public static let spec = Spec<Self>(
    summary: "The durable notifications after a number, exactly as they were or would be sent.",
    errors: ErrorKind.ofRun + [.seqExpired, .invalidState],
    examples: [
      .init(
        "of a codebase", Params(codebaseId: Sample.codebaseID, afterSeq: 49),
        Result(events: [], nextSeq: 49, oldestSeq: 1, lastSeq: 49))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace: Workspace
    if let run = params.runId {
      workspace = try await session.workspace(of: run)
    } else {
      workspace = try await session.workspace(params.codebaseId)
    }
    let limit = params.limit?.value ?? 100
    let page = try await session.ask { () async throws(EngineFailure) in
      try await workspace.notices(of: params.runId, after: Int64(params.afterSeq.value), limit: limit)
    }
    let events = page.notices.compactMap { notice -> Event? in
      guard let message = notice.notification(in: workspace.codebase) else { return nil }
      return Event(seq: notice.seq, method: type(of: message).method, params: OpenRPCDocument.encoded(message))
    }
    let isLast = page.notices.count < limit
    let next = isLast ? max(page.bounds.last, Int64(params.afterSeq.value)) : page.notices.last?.seq ?? page.bounds.last
    if isLast { try await session.caughtUp(in: workspace, run: params.runId, to: next) }
    return Result(events: events, nextSeq: next, oldestSeq: page.bounds.oldest, lastSeq: page.bounds.last)
  }
}
