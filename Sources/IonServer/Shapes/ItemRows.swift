internal import IonStore
internal import IonWorkflow

/// Which nodes of a run are worth a line each, for those who show runs to people. Where a node has many items, those that
/// came out well, or have not begun, are left out: the node itself says how many there are.
public enum ItemRows {
  /// The most items of one node that are all shown.
  public static let limit = 20

  /// `nodes` keeps its order; `describe` says which item of which node one is, if any, and how it stands.
  static func told<Row>(_ nodes: [Row], _ describe: (Row) -> (id: NodeID, item: Int?, status: NodeStatus)) -> [Row] {
    func owner(_ row: Row) -> NodeID? {
      let (id, item, _) = describe(row)
      return item.flatMap(id.owner(ofItem:))
    }
    let counts = Dictionary(grouping: nodes.compactMap(owner)) { $0 }.mapValues(\.count)
    return nodes.filter { node in
      guard let owner = owner(node), counts[owner] ?? 0 > limit else { return true }
      return ![.succeeded, .pending, .skipped].contains(describe(node).status)
    }
  }

  /// The nodes of a run that are worth a line each.
  public static func told(_ nodes: [NodeShape]) -> [NodeShape] { told(nodes) { ($0.nodeId, $0.item, $0.status) } }

  static func told(_ nodes: [NodeRecord]) -> [NodeRecord] { told(nodes) { ($0.node, $0.item, $0.status) } }
}
