internal import IonEngine
public import IonJSON
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `approval/respond`: answers a gate.
public enum RespondToApproval: ServedRequest {
  public static let method = "approval/respond"
  public static let ordering = Ordering.serial
  public static let startsRuns = true

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "approvalId": "The gate, by the id of this opening.",
      "optionId": "The decision: one of the gate's options.",
      "comment": "What the person wrote; absent for nothing.",
      "form": "Values for the gate's form, by name; absent where it has none.",
      "secrets":
        "The run's inputs of type `secret`, which are stored nowhere: needed where no process has the run any more.",
      "idempotencyKey": "With the same key the same answer may be sent again, and gets what stands.",
      "workDoneToken": "Where this takes the run up, its progress is reported on it; absent leaves that to the server.",
    ]

    public var approvalId: GateID
    public var optionId: String
    public var comment: String?
    public var form: [String: JSONValue]?
    public var secrets: [String: JSONValue]?
    public var idempotencyKey: String?
    public var workDoneToken: ProgressToken?

    public init(approvalId: GateID, optionId: String) {
      self.approvalId = approvalId
      self.optionId = optionId
    }
  }

  public typealias Result = ApprovalShape

  public static let spec = Spec<Self>(
    summary: """
      Answers a gate, and is durable when it is answered. The first answer that fits counts, whoever gives it; a later \
      one gets `alreadyResolved` with what stands, and one that doesn't fit is refused with everything that is wrong \
      with it in `findings`: neither changes anything. Where no process has the run any more, because only its gates \
      were left, this server goes on with it, and this connection is subscribed to it.
      """,
    errors: ErrorKind.starting + [
      .runNotFound, .storeDamaged, .unusable, .approvalNotFound, .alreadyResolved, .inputInvalid, .invalidState,
      .idempotencyConflict,
    ],
    examples: [
      .init(
        "yes, with a word",
        {
          var params = Params(approvalId: Sample.gate.id, optionId: "approve")
          params.comment = "after the fix"
          return params
        }(), ApprovalShape(Sample.decidedGate, of: Sample.run))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let unknown = EngineFailure.gateNotFound(params.approvalId.rawValue)
    guard let run = params.approvalId.run else { throw Failure(unknown) }
    let workspace: Workspace
    do throws(Failure) {
      workspace = try await session.workspace(of: run)
    } catch {
      throw error.kind == .runNotFound ? Failure(unknown) : error
    }
    let decidedBy = await session.clientName
    let answered = try await session.serving(inputs: "/secrets") { () async throws(EngineFailure) in
      try await workspace.answer(params.approvalId, params.answer(by: decidedBy), secrets: params.secrets ?? [:])
    }
    if let before = answered.takenUpAfter {
      try await session.follow(answered.run, in: workspace, after: before, workDoneToken: params.workDoneToken?.json)
    }
    return ApprovalShape(answered.gate)
  }
}

extension RespondToApproval.Params {
  fileprivate func answer(by client: String) -> GateAnswer {
    GateAnswer(
      decision: optionId, comment: comment.flatMap { $0.isEmpty ? nil : $0 }, form: form ?? [:], decidedBy: client,
      idempotencyKey: idempotencyKey)
  }
}
