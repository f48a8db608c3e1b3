internal import IonEngine
public import IonJSON
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `events/subscribe`: what happened and what happens, as one ordered stream of notifications.
public enum SubscribeEvents: ServedRequest {
  public static let method = "events/subscribe"
  public static let ordering = Ordering.serial

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "codebaseId": "All runs of a codebase; may be left out where there is one, and stands not beside `runId`.",
      "runId": "One run alone.",
      "afterSeq":
        "Replays what came after this event first; 0 replays all there is. Absent: only what comes from now on.",
      "kinds": "Only these notifications; absent or empty is all.",
      "output": "How much of what steps print is sent; absent is `tail`.",
    ]

    public var codebaseId: CodebaseID?
    public var runId: RunID?
    public var afterSeq: Offset?
    public var kinds: [EventKind]?
    public var output: OutputMode?

    public func check() throws(JSONDecodingFailure) { try EventScope.check(codebaseId, runId) }
  }

  public struct Result: WireShape, Hashable {
    public static let notes: [String: String] = [
      "subscriptionId": "For `events/unsubscribe`.",
      "storeId":
        "Names the store; another one than before means that everything that was known of it is to be forgotten.",
      "oldestSeq": "The oldest event that can be replayed.",
      "lastSeq": "The store's last event at this moment.",
    ]

    public var subscriptionId: String
    public var storeId: String
    public var oldestSeq: Int64
    public var lastSeq: Int64
  }

  public static let spec = Spec<Self>(
    summary: """
      Subscribes this connection to a codebase or a run: what came after `afterSeq` is replayed, then what happens \
      follows, in one order. An event may come twice; its `seq` tells. A later subscription takes the place of those \
      that it includes.
      """,
    errors: ErrorKind.reading + [.runNotFound, .seqExpired, .invalidState],
    examples: [
      .init(
        "go on after a restart of the editor",
        Params(codebaseId: Sample.codebaseID, runId: nil, afterSeq: 42, kinds: nil, output: OutputMode.none),
        Result(subscriptionId: "s1", storeId: Sample.storeID, oldestSeq: 1, lastSeq: 49))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await EventScope.workspace(params.codebaseId, params.runId, session)
    let after = params.afterSeq.map { Int64($0.value) }
    let state = try await session.serving { () async throws(EngineFailure) in try await workspace.storeState() }
    let subscription = try await session.subscribe(
      to: workspace, run: params.runId, after: after, kinds: Set((params.kinds ?? []).map(\.rawValue)),
      output: params.output ?? .tail)
    return Result(
      subscriptionId: subscription.id, storeId: state.id, oldestSeq: subscription.bounds.oldest,
      lastSeq: subscription.bounds.last)
  }
}
