/// What an id says of an instance of a node: `review#3/test` is `test` in the third iteration of `review`.
public struct NodeInstance: Hashable, Sendable {
  /// The node's id where the workflow defines it.
  public var base: NodeID
  /// The loop that the instance belongs to, an instance itself where loops are in loops; nil outside of loops.
  public var loop: NodeID?
  /// The loop's iteration, from 1; nil outside of loops.
  public var iteration: Int?

  public init(base: NodeID, loop: NodeID?, iteration: Int?) {
    self.base = base
    self.loop = loop
    self.iteration = iteration
  }
}

extension NodeID {
  /// What the id says of an instance; nil for a node that there is once.
  public var instance: NodeInstance? {
    var loop: NodeID?
    var iteration: Int?
    var start = rawValue.utf8.startIndex
    for slash in rawValue.utf8.indices where rawValue.utf8[slash] == UInt8(ascii: "/") {
      let head = rawValue.utf8[start..<slash]
      guard let mark = head.lastIndex(of: UInt8(ascii: "#")), mark > head.startIndex,
        let number = Int(Substring(head[head.index(after: mark)...])), number > 0
      else { continue }
      loop = NodeID(rawValue[..<mark])
      iteration = number
      start = rawValue.utf8.index(after: slash)
    }
    let name = rawValue[start...].prefix { $0 != "[" }
    guard loop != nil || name.utf8.count < rawValue.utf8.count else { return nil }
    return NodeInstance(base: NodeID(name), loop: loop, iteration: iteration)
  }
}
