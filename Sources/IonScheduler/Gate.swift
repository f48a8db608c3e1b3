public import IonWorkflow

/// What a gate asks, once.
public struct GateQuestion: Hashable, Sendable {
  public var id: GateID
  /// The node's message with its references resolved, or what an agent asks leave for.
  public var message: String
  /// What may be answered where an agent asks; nil for a gate of the definition's.
  public var decisions: [Approval.Decision]?

  public init(id: GateID, message: String, decisions: [Approval.Decision]? = nil) {
    self.id = id
    self.message = message
    self.decisions = decisions
  }
}

/// One opening of a node's gate, as the run knows it.
public struct Gate: Hashable, Sendable {
  public let question: GateQuestion
  public internal(set) var state = GateState.pending
  /// What was decided; nil unless the gate is `decided`.
  public internal(set) var answer: GateAnswer?

  public var id: GateID { question.id }

  init(_ question: GateQuestion) { self.question = question }
}
