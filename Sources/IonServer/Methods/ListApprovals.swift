internal import IonEngine
public import IonJSON
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `approval/list`: the gates of a run, or of all that have not ended.
public enum ListApprovals: ServedRequest {
  public static let method = "approval/list"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "runId": "One run alone, also one that has ended.",
      "codebaseId":
        "All runs of a codebase that have not ended; may be left out where there is one, and stands not beside `runId`.",
      "state": "Only gates that stand so; absent is all.",
      "cursor": "From the page before; absent for the first page.",
      "limit": "How many entries at most; absent is 100.",
    ]

    public var runId: RunID?
    public var codebaseId: CodebaseID?
    public var state: GateState?
    public var cursor: String?
    public var limit: PageLimit?

    public init(runId: RunID? = nil, state: GateState? = nil) {
      self.runId = runId
      self.state = state
    }

    public func check() throws(JSONDecodingFailure) { try EventScope.check(codebaseId, runId) }
  }

  public struct Result: WireShape, Hashable {
    public static let notes: [String: String] = [
      "approvals": "By run in the order in which they were made, then in the workflow's order. Each node's last gate.",
      "nextCursor": "Where the next page starts; absent on the last one.",
    ]

    public var approvals: [ApprovalShape]
    public var nextCursor: String?
  }

  public static let spec = Spec<Self>(
    summary: """
      Lists the gates of a run, or of every run of a codebase that has not ended, whichever process has it. A gate waits \
      on when all of Ion ends, and can be answered by the next one.
      """,
    errors: ErrorKind.reading + [.runNotFound],
    examples: [
      .init(
        "all that wait", Params(state: .pending),
        Result(approvals: [ApprovalShape(Sample.gate, of: Sample.run)], nextCursor: nil))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await EventScope.workspace(params.codebaseId, params.runId, session)
    guard workspace.hasStore else { return Result(approvals: [], nextCursor: nil) }
    let all = try await session.serving { () async throws(EngineFailure) in
      try await workspace.gates(of: params.runId)
    }
    let wanted = all.filter { params.state == nil || $0.gate.state == params.state }
    let page = try Paging.page(of: wanted, after: params.cursor, limit: params.limit) { $0.gate.id.rawValue }
    return Result(approvals: page.items.map { ApprovalShape($0) }, nextCursor: page.nextCursor)
  }
}
