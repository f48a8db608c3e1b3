internal import IonEngine
internal import IonJSON
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `events/subscribe`: follows a codebase, or one of its runs.
public enum SubscribeEvents: ServedRequest {
  public static let method = "events/subscribe"
  public static let ordering = Ordering.serial

  public struct Params: WireShape {
    public static let notes = [
      "codebaseId": "Which codebase; absent where `runId` says it, or the session has one.",
      "runId": "Only this run; absent: all of the codebase.",
      "afterSeq": "Replay what came after this event first; absent: only what comes from now on.",
      "kinds": "Only these notifications, by method; absent: all.",
      "output": "How much of what steps print; absent counts as `none`.",
    ]

    public var codebaseId: CodebaseID?
    public var runId: RunID?
    public var afterSeq: Bounded<Position>?
    public var kinds: [String]?
    public var output: OutputMode?
  }

  public struct Result: WireShape {
    public static let notes = [
      "subscriptionId": "For `events/unsubscribe`.",
      "storeId": "Names the store; a new one means that everything known of it is to be forgotten.",
      "oldestSeq": "The oldest event that can be replayed.",
      "lastSeq": "The last event there was.",
    ]

    public var subscriptionId: String
    public var storeId: String
    public var oldestSeq: Int64
    public var lastSeq: Int64
  }

  public static let spec = Spec<Self>(
    summary: "Follows a codebase, or one of its runs: replay first, then live, as one ordered stream.",
    errors: ErrorKind.ofRun + [.seqExpired, .invalidState],
    examples: [
      .init(
        "from where one left off", Params(codebaseId: Sample.codebaseID, afterSeq: 43),
        Result(subscriptionId: "s1", storeId: Sample.storeID, oldestSeq: 1, lastSeq: 49))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace: Workspace
    if let run = params.runId {
      workspace = try await session.workspace(of: run)
    } else {
      workspace = try await session.workspace(params.codebaseId)
    }
    let store = try await session.ask { () async throws(EngineFailure) in try await workspace.store() }
    let subscription = try await session.subscribe(
      to: workspace, run: params.runId, after: params.afterSeq.map { Int64($0.value) }, kinds: Set(params.kinds ?? []),
      output: params.output ?? .none)
    return Result(
      subscriptionId: subscription.id, storeId: store.id, oldestSeq: subscription.bounds.oldest,
      lastSeq: subscription.bounds.last)
  }
}
