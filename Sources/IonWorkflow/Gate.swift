public import IonJSON

/// One opening of a gate: what is asked of people once, and answered once. Globally unique, opaque to clients.
public struct GateID: TextIdentifier {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The gate that a node's start with this number opens.
  public init(_ node: NodeID, of run: RunID, attempt: Int) { rawValue = "\(run)/\(node)/\(attempt)" }

  /// What the agent of a node's start asks leave for, from 1.
  public init(_ node: NodeID, of run: RunID, attempt: Int, question: Int) {
    rawValue = "\(run)/\(node)/\(attempt).\(question)"
  }

  /// Whether it is an agent's question, which is gone with the agent.
  public var isOfAgent: Bool { rawValue.utf8.reversed().prefix { $0 != UInt8(ascii: "/") }.contains(UInt8(ascii: ".")) }

  /// The run that an id of this form names; nil for any other text. Whether there is such a gate is another question.
  public var run: RunID? {
    let parts = rawValue.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty ? RunID(parts[0]) : nil
  }
}

/// Where a gate stands. The words are the protocol's.
public enum GateState: String, Codable, CaseIterable, Sendable {
  case pending, decided, expired, cancelled
}

/// What somebody, or the gate's timeout, decided.
public struct GateAnswer: Hashable, Sendable {
  /// One of the gate's options.
  public var decision: String
  /// What the person wrote; nil for nothing.
  public var comment: String?
  /// The form's values after checking.
  public var form: [String: JSONValue]
  /// Who decided, for people.
  public var decidedBy: String
  /// The key under which a client may send the same answer again; nil where it gave none.
  public var idempotencyKey: String?

  public init(
    decision: String, comment: String? = nil, form: [String: JSONValue] = [:], decidedBy: String,
    idempotencyKey: String? = nil
  ) {
    self.decision = decision
    self.comment = comment
    self.form = form
    self.decidedBy = decidedBy
    self.idempotencyKey = idempotencyKey
  }

  /// Who decides where nobody did in time.
  public static let timeout = "timeout"
}
