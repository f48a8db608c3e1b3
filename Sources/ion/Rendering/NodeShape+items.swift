internal import IonServer
internal import IonWorkflow

extension NodeShape {
  /// The node whose item this is; nil for other nodes.
  var owner: NodeID? { item.flatMap(nodeId.owner(ofItem:)) }
}
