public import IonJSON
public import IonWorkflow

/// How a run goes on with another definition of its workflow than it had.
public struct Redefinition: Hashable, Sendable {
  /// SHA-256 of the new definition's text.
  public var definitionHash: String
  /// Every node of the new definition, in its order, then those of the iterations of loops that are kept.
  public var nodes: [NodeID]
  /// Those among them that mean what they meant before, and so does all that is upstream of them: what they gave may be
  /// kept. In the definition's order.
  public var unchanged: [NodeID]
  /// The run's inputs as the new definition has them; secrets are never among them.
  public var inputs: [String: JSONValue]
  /// Files that were frozen with the new definition: name to SHA-256 of the text.
  public var frozenFiles: [String: String]

  public init(
    definitionHash: String, nodes: [NodeID], unchanged: [NodeID], inputs: [String: JSONValue],
    frozenFiles: [String: String]
  ) {
    self.definitionHash = definitionHash
    self.nodes = nodes
    self.unchanged = unchanged
    self.inputs = inputs
    self.frozenFiles = frozenFiles
  }
}

extension RunEvent {
  /// What another definition changes; nil for every event but `redefined`.
  public var redefinition: Redefinition? {
    if case .redefined(let change) = self { change } else { nil }
  }
}
