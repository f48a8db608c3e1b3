internal import IonWorkflow

/// The nodes of a run by index, and what they mean for its scheduling: the definition's nodes first, then those of the
/// iterations that its loops have come to, and of items, as they were begun.
struct RunPlan: Equatable, Sendable {
  /// Where a node of an iteration, or of an item, comes from.
  struct Origin: Hashable, Sendable {
    /// The index of the loop, or of the node with `fan_out`.
    var loop: Int
    /// From 1, items too.
    var iteration: Int
    /// Its place in the loop's body.
    var position: Int
  }

  typealias Join = NodeListPlan.Join

  let definition: WorkflowDefinition
  /// The definition's own nodes.
  let list: NodeListPlan
  /// Why the definition can't be run at all, for people; nil for one that the reader let through.
  let flaw: String?
  private(set) var traits: [NodeTraits]
  /// For each node, those that wait for it, ascending.
  private(set) var edges: [[NodeListPlan.Edge]]
  /// For each node, those that it waits for and whose results it reads, without repeats: `dependsOn`, `waitsFor`, then
  /// others that its texts name; a loop's body names those around the loop last.
  private(set) var inputs: [[Int]]
  /// For each node, how many of its inputs it waits for; the others have settled before.
  private(set) var waits: [Int]
  private(set) var loops: [Int: LoopPlan]
  private(set) var fanOuts: [Int: FanOutPlan]
  /// The nodes that stand for others.
  private(set) var joins: [Int: Join]
  /// For each node of an iteration or an item, in the order of their indices.
  private var origins: [Origin] = []
  private var instances: [NodeID: Int] = [:]
  /// For each loop, where each iteration's nodes begin; for each node with `fan_out`, where its items' are.
  private var bases: [Int: [Int]] = [:]

  init(_ definition: WorkflowDefinition) {
    let list = NodeListPlan(definition.nodes, bound: definition.referencesByInclude)
    self.definition = definition
    self.list = list
    flaw = list.flaw
    traits = list.traits
    edges = list.edges
    inputs = list.inputs
    waits = list.inputs.map(\.count)
    loops = list.loops
    fanOuts = list.fanOuts
    joins = list.joins
  }

  /// All else follows from the definition and from which iterations and items there are.
  static func == (left: RunPlan, right: RunPlan) -> Bool {
    left.origins == right.origins && (left.list === right.list || left.definition == right.definition)
  }

  /// How many nodes of the run may have a place at once.
  var places: Int { definition.maxParallel.map { max(1, $0) } ?? .max }

  var count: Int { traits.count }

  /// How many of the nodes are the definition's own; they come first.
  var ownCount: Int { list.nodes.count }

  /// The index of a node; nil for an unknown id.
  func index(of id: NodeID) -> Int? { list.graph.index(of: id) ?? instances[id] }

  /// Where a node of an iteration or an item comes from; nil for the definition's own.
  func origin(of index: Int) -> Origin? { index < ownCount ? nil : origins[index - ownCount] }

  /// What the workflow says of a node. Its id is the one that the list has in which it stands.
  func node(at index: Int) -> Node {
    guard let origin = origin(of: index) else { return list.nodes[index] }
    return body(of: origin.loop)!.nodes[origin.position]
  }

  /// The node that a text of another one means by an id: of the same iteration, else of those around it.
  func index(of id: NodeID, seenFrom index: Int) -> Int? {
    var scope = origin(of: index)
    while let origin = scope {
      if let found = self.index(of: id, in: origin.iteration, of: origin.loop) { return found }
      scope = self.origin(of: origin.loop)
    }
    return list.graph.index(of: id)
  }

  /// A body node of an iteration; nil where the body has no such node, or the loop hasn't come to the iteration.
  func index(of id: NodeID, in iteration: Int, of loop: Int) -> Int? {
    guard let nodes = instances(of: loop, iteration), let place = body(of: loop)?.graph.index(of: id) else {
      return nil
    }
    return nodes.lowerBound + place
  }

  /// What a loop repeats, or a node with `fan_out` does for each item; nil for other nodes.
  private func body(of owner: Int) -> NodeListPlan? { loops[owner]?.body ?? fanOuts[owner]?.body }

  /// The node with `fan_out` that a node is an item of; nil for other nodes.
  func fanOut(ofItem index: Int) -> Int? {
    origin(of: index).flatMap { fanOuts[$0.loop] == nil ? nil : $0.loop }
  }

  /// The items that a node has come to over the whole run, by their positions.
  func items(of fanOut: Int) -> [Int] { bases[fanOut] ?? [] }

  /// How many iterations a loop has come to over the whole run.
  func iterations(of loop: Int) -> Int { bases[loop]?.count ?? 0 }

  /// The nodes of an iteration; nil where the loop hasn't come to it.
  func instances(of loop: Int, _ iteration: Int) -> Range<Int>? {
    guard let bases = bases[loop], let body = body(of: loop), bases.indices.contains(iteration - 1) else {
      return nil
    }
    return bases[iteration - 1]..<bases[iteration - 1] + body.nodes.count
  }

  /// A node in all iterations of the loops that it is in, itself among them.
  func twins(of index: Int) -> [Int] {
    guard let origin = origin(of: index) else { return [index] }
    return twins(of: origin.loop).flatMap { loop in
      (bases[loop] ?? []).map { $0 + origin.position }
    }
  }

  /// Every iteration and item, its owner's index and its nodes, in the order in which they were begun.
  var iterationsInOrder: [(loop: Int, nodes: Range<Int>)] {
    origins.filter { $0.position == 0 }.compactMap { origin in
      instances(of: origin.loop, origin.iteration).map { (origin.loop, $0) }
    }
  }

  /// Adds the nodes of a loop's next iteration, `review#2/test` for `test` in the second one of `review`. `loopID` is the
  /// loop's own id. Returns their indices and ids.
  mutating func addIteration(of loop: Int, id loopID: NodeID) -> (indices: Range<Int>, ids: [NodeID]) {
    guard let body = loops[loop]?.body else { return (count..<count, []) }
    let base = count
    let iteration = iterations(of: loop) + 1
    bases[loop, default: []].append(base)
    var ids: [NodeID] = []
    for (position, node) in body.nodes.enumerated() {
      let id = NodeID(rawValue: "\(loopID)#\(iteration)/\(node.id)")
      ids.append(id)
      instances[id] = base + position
      origins.append(Origin(loop: loop, iteration: iteration, position: position))
      var own = body.traits[position]
      own.phase = traits[loop].phase
      traits.append(own)
      edges.append(body.edges[position].map { .init(target: base + $0.target, isRuled: $0.isRuled) })
      waits.append(body.inputs[position].count)
      let around = body.outside[position].compactMap { index(of: $0, seenFrom: loop) }
      inputs.append(body.inputs[position].map { base + $0 } + around)
      if let inner = body.loops[position] { loops[base + position] = inner }
      if let inner = body.fanOuts[position] { fanOuts[base + position] = inner }
      if let join = body.joins[position] { joins[base + position] = join.moved(by: base) }
    }
    return (base..<count, ids)
  }

  /// Adds the node of the next item, `each[0]` for the first one of `each`. It waits for nothing and is waited for by
  /// nothing but its owner, which keeps the books of what was read for all of them.
  mutating func addItem(of owner: Int, id ownerID: NodeID) -> (index: Int, id: NodeID) {
    let index = count
    let position = bases[owner]?.count ?? 0
    let id = NodeID.item(position, of: ownerID)
    bases[owner, default: []].append(index)
    instances[id] = index
    origins.append(Origin(loop: owner, iteration: position + 1, position: 0))
    var own = fanOuts[owner]!.body.traits[0]
    own.phase = traits[owner].phase
    traits.append(own)
    edges.append([])
    inputs.append([])
    waits.append(0)
    return (index, id)
  }
}
