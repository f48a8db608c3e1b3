public import IonWorkflow

/// One attempt of a node that ran: where a success that was taken over came from.
public struct StepOrigin: Hashable, Codable, Sendable {
  public var run: RunID
  public var node: NodeID
  /// Counts from 1.
  public var attempt: Int

  public init(run: RunID, node: NodeID, attempt: Int) {
    self.run = run
    self.node = node
    self.attempt = attempt
  }
}
