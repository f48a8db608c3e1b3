public import IonWorkflow

/// One gate of a run: what is asked, and what came of it.
public struct GateRecord: Hashable, Sendable {
  /// What people are shown.
  public struct Question: Hashable, Sendable {
    /// One line: which workflow asks, and which node of it.
    public var title: String
    public var message: String
    /// In the order in which they are shown.
    public var options: [Approval.Decision]
    /// In the file's order.
    public var form: [InputDeclaration]
    /// How long it waits from its opening; nil is for ever.
    public var timeout: Duration?
    /// The decision that the timeout takes; nil where the node fails then.
    public var defaultDecision: String?

    public init(title: String, message: String, of approval: Approval) {
      self.title = title
      self.message = message
      options = approval.options
      form = approval.form
      timeout = approval.timeout
      defaultDecision = approval.defaultDecision
    }
  }

  public var id: GateID
  public var node: NodeID
  public var state: GateState
  /// Nil in the notices that tell how a run goes, which need not say it again.
  public var question: Question?
  public var openedAt: WallTime
  /// What was decided; nil unless the gate is `decided`.
  public var answer: GateAnswer?
  /// When it was pending no more; nil before.
  public var closedAt: WallTime?

  public init(id: GateID, node: NodeID, question: Question?, openedAt: WallTime) {
    self.id = id
    self.node = node
    self.question = question
    self.openedAt = openedAt
    state = .pending
    answer = nil
    closedAt = nil
  }

  /// When its time is over; nil where it has no end.
  public var deadline: WallTime? {
    question?.timeout.map {
      openedAt + $0.components.seconds * 1000 + $0.components.attoseconds / 1_000_000_000_000_000
    }
  }
}
