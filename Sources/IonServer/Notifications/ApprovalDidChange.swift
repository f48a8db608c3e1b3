public import IonStore
public import IonWorkflow

/// `approval/didChange`: a gate was opened, or is pending no more.
public struct ApprovalDidChange: SentNotification, Hashable {
  public static let method = "approval/didChange"
  public static let summary = "A gate waits for an answer, or does so no more."
  public static let isDurable = true
  public static let notes: [String: String] = ApprovalShape.notes.merging([
    "seq": "The event's number in the codebase's store; what was seen before can be dropped by it.",
    "codebaseId": "The codebase whose store has the run.",
  ]) { $1 }

  public var seq: Int64
  public var codebaseId: CodebaseID
  /// Its members stand beside the others.
  public var approval: ApprovalShape

  public init(_ gate: GateRecord, of run: RunID, seq: Int64, codebase: CodebaseID) {
    self.seq = seq
    codebaseId = codebase
    approval = ApprovalShape(gate, of: run)
  }

  private enum CodingKeys: String, CodingKey { case seq, codebaseId }

  public init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: CodingKeys.self)
    seq = try members.decode(Int64.self, forKey: .seq)
    codebaseId = try members.decode(CodebaseID.self, forKey: .codebaseId)
    approval = try ApprovalShape(from: decoder)
  }

  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(seq, forKey: .seq)
    try members.encode(codebaseId, forKey: .codebaseId)
    try approval.encode(to: encoder)
  }

  public static let examples = [
    ApprovalDidChange(Sample.gate, of: Sample.run, seq: 47, codebase: Sample.codebaseID)
  ]
}
