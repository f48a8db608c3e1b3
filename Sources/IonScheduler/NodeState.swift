public import IonWorkflow

/// Where a node of a run stands: what people see of it and the store keeps.
public struct NodeState: Hashable, Sendable {
  public let id: NodeID
  public internal(set) var status: NodeStatus = .pending
  /// The node's starts over the whole run, resumes included; 0 before the first.
  public internal(set) var attempt = 0
  /// What it gave; nil for every status but `succeeded`, except that a matrix has the list of its instances' outputs
  /// where some of them failed or were cancelled, too.
  public internal(set) var output: NodeOutput?
  /// Why its last execution failed: there while it is `failed`, and while it waits for a retry.
  public internal(set) var failure: StepFailure?
  /// Why it was skipped, cancelled, interrupted or kept, or what it waits for, for people; nil where the status says it all.
  public internal(set) var summary: String?
  /// What it read when it succeeded, which decides whether a resume keeps it: the nodes in `dependsOn`, then in
  /// `waitsFor`, then those further upstream that its texts name. Empty for every status but `succeeded`.
  public internal(set) var consumed: [ConsumedResult] = []

  /// What its agents have used over the whole run; nil where nobody said.
  public internal(set) var usage: AgentUsage?

  /// The session of its agent's last attempt; nil for other kinds, and before it is known.
  public internal(set) var session: NodeSession?

  /// The gate that the node opened last, or what its agent asked leave for last; nil for other kinds, and before the first.
  public internal(set) var gate: Gate?
  /// The child run of a `workflow` node's last start; nil for other kinds, and while there is none.
  public internal(set) var child: RunID?

  init(_ id: NodeID) { self.id = id }
}

/// What one node gave to another.
public struct ConsumedResult: Hashable, Sendable {
  public let node: NodeID
  /// The status that the reader found. `unknown` where a run took the reader's success over from another run but not
  /// this node's: all that is known then is that the node had not succeeded.
  public let status: NodeStatus
  /// The SHA-256 of the output; nil where there was none.
  public let sha256: String?

  init(node: NodeID, status: NodeStatus, sha256: String?) {
    self.node = node
    self.status = status
    self.sha256 = sha256
  }

  /// Whether this is what a reader once found.
  func isSame(as earlier: ConsumedResult) -> Bool {
    earlier.status == .unknown ? status != .succeeded : self == earlier
  }
}
