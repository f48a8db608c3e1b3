internal import IonEngine
public import IonJSON
public import IonStore
public import IonWorkflow

/// A gate of a run as the protocol shows it: `Approval`.
public struct ApprovalShape: WireShape, Hashable {
  public static let schemaName: String? = "Approval"
  public static let notes: [String: String] = [
    "approvalId": "Names this opening of the gate: one that is asked anew has another.",
    "runId": "The run that waits.",
    "nodeId": "The node whose gate it is.",
    "ofAgent":
      """
    Whether an agent asks leave for something: it waits with the process that has its run, and the gate is closed when that \
    goes. Absent for a gate of the workflow's own.
    """,
    "state": "Whether it waits, and how it was closed.",
    "title": "One line: which workflow asks, and which node of it.",
    "message": "What people are asked.",
    "options": "The decisions that there are, in the order in which they are shown.",
    "form": "Questions that an answer has values for, in the file's order; absent where there are none.",
    "openedAt": "When it was first asked.",
    "expiresAt": "When its time is over; absent where it waits for ever.",
    "defaultOptionId": "What is decided then; absent where the node fails instead, or has all the time.",
    "optionId": "What was decided; absent unless it is `decided`.",
    "comment": "What the person wrote; absent where nothing was.",
    "values": "What the form was answered with; absent where there was nothing to answer.",
    "decidedBy": "Who decided, for people; `timeout` where nobody did in time. Absent unless it is `decided`.",
    "decidedAt": "When it was pending no more; absent before.",
  ]

  public var approvalId: GateID
  public var runId: RunID
  public var nodeId: NodeID
  public var ofAgent: Bool?
  public var state: GateState
  public var title: String
  public var message: String
  public var options: [ApprovalOptionShape]
  public var form: [InputShape]?
  public var openedAt: Timestamp
  public var expiresAt: Timestamp?
  public var defaultOptionId: String?
  public var optionId: String?
  public var comment: String?
  public var values: [String: JSONValue]?
  public var decidedBy: String?
  public var decidedAt: Timestamp?

  public init(_ gate: GateRecord, of run: RunID) {
    approvalId = gate.id
    runId = run
    nodeId = gate.node
    ofAgent = gate.id.isOfAgent ? true : nil
    state = gate.state
    title = gate.question?.title ?? gate.node.rawValue
    message = gate.question?.message ?? ""
    options = (gate.question?.options ?? []).map(ApprovalOptionShape.init)
    let fields = gate.question?.form ?? []
    form = fields.isEmpty ? nil : fields.map(InputShape.init)
    openedAt = Timestamp(gate.openedAt)
    expiresAt = gate.deadline.map(Timestamp.init)
    defaultOptionId = gate.question?.defaultDecision
    optionId = gate.answer?.decision
    comment = gate.answer?.comment
    values = gate.answer.flatMap { $0.form.isEmpty ? nil : $0.form }
    decidedBy = gate.answer?.decidedBy
    decidedAt = gate.closedAt.map(Timestamp.init)
  }

  init(_ gate: RunGate) { self.init(gate.gate, of: gate.run) }
}

/// One decision of a gate as the protocol shows it: `ApprovalOption`.
public struct ApprovalOptionShape: WireShape, Hashable {
  public static let schemaName: String? = "ApprovalOption"
  public static let notes: [String: String] = [
    "optionId": "What an answer names it by.",
    "title": "What people see.",
    "kind": "What it comes to, for those who show it.",
  ]

  public var optionId: String
  public var title: String
  public var kind: ApprovalOptionKind

  init(_ decision: Approval.Decision) {
    optionId = decision.id
    title = decision.label
    kind =
      switch decision.id {
      case Approval.approve: .approve
      case Approval.reject: .reject
      default: .other
      }
  }
}

/// What a decision of a gate comes to.
public enum ApprovalOptionKind: String, WireWord, Hashable {
  case approve, reject, other

  public static let schemaName = "ApprovalOptionKind"

  public var meaning: String {
    switch self {
    case .approve: "It says yes."
    case .reject: "It says no. Where the workflow declares no `decisions`, that cancels the run."
    case .other: "The workflow says what follows."
    }
  }
}

extension GateState: WireWord {
  public static let schemaName = "ApprovalState"

  public var meaning: String {
    switch self {
    case .pending: "It waits for an answer."
    case .decided: "It was answered, or its timeout took the default decision."
    case .expired: "Nobody answered in time, and its node failed."
    case .cancelled: "It was closed without an answer: its run or its node ended, or it was asked anew."
    }
  }
}
