extension Node {
  /// How many children run at once, and what they must have come to; nil for a node without `fan_out`.
  public var fanOut: ChildWorkflow.FanOut? {
    if case .workflow(let child) = kind { child.fanOut } else { nil }
  }

  /// What the node does for each of its items, with all that it says of that; nil for a node without `fan_out`.
  public var item: Node? {
    guard case .workflow(var child) = kind, child.fanOut != nil else { return nil }
    child.fanOut = nil
    var item = Node(id: id, kind: .workflow(child))
    item.retry = retry
    item.timeout = timeout
    item.bindings = bindings
    item.outputType = outputType
    item.outputFormat = outputFormat
    item.artifacts = artifacts
    item.instance = instance
    item.include = include
    item.range = range
    item.idRange = idRange
    return item
  }
}

extension NodeID {
  /// The instance of a node with `fan_out` for one of its items, from 0: `each[2]`.
  public static func item(_ position: Int, of node: NodeID) -> NodeID { NodeID("\(node)[\(position)]") }

  /// The node whose item this is, which is known to be the one at a position; nil where the id is none of such.
  public func owner(ofItem position: Int) -> NodeID? {
    let suffix = "[\(position)]"
    return rawValue.hasSuffix(suffix) ? NodeID(rawValue.dropLast(suffix.count)) : nil
  }
}
