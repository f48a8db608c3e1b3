internal import IonWorkflow

/// The nodes of a picture in the frames that they are drawn in: iterations in their loop, instances in their node, and
/// many nodes with the same neighbours in one block.
struct NodeTree {
  enum Member: Hashable, Sendable { case node(Int), frame(Int) }

  struct Frame: Hashable, Sendable {
    enum Arrangement: Hashable, Sendable {
      /// By what depends on what, from left to right.
      case layered
      /// One below the other.
      case rows
      /// In rows and columns; nothing in it depends on another.
      case grid
    }

    /// What stands over it where no node does; empty for nothing.
    var label: String
    /// The node that it belongs to, which is its heading; nil where the picture has none.
    var owner: Int?
    var arrangement: Arrangement
    /// Whether it only holds nodes with the same neighbours together.
    var isBlock = false
    /// Whether nothing is drawn of it but what it holds.
    var isBare = false
    var members: [Member] = []
    /// Between members, by their place in `members`.
    var links: [Link] = []
  }

  /// The first one is the whole drawing.
  private(set) var frames = [Frame(label: "", owner: nil, arrangement: .layered, isBare: true)]
  /// For each frame, that around it.
  private var parents = [-1]
  private var frameOf: [NodePath.Frame: Int] = [:]
  /// What each node is called in its frame.
  private(set) var names: [String] = []

  /// So many nodes with the same neighbours make a block.
  static let blockSize = 8

  init(_ nodes: [RunPicture.Node], _ known: PictureLinks) {
    let paths = nodes.map { NodePath($0.id.rawValue) }
    names = paths.map(\.name)
    // What is done at the end of the run stands below all else.
    let hasEnd = nodes.contains { $0.phase != .main }
    if hasEnd { frames[0].arrangement = .rows }
    let homes = nodes.indices.map { index in
      ((hasEnd ? [.phase(Self.phase(of: index, nodes, paths, known))] : [])
        + Self.includes(around: index, nodes, known) + paths[index].frames).reduce(0) {
          frame($1, in: $0, known.indices)
        }
    }
    place(nodes.count, homes)
    link(known.dependencies, homes)
    for index in frames.indices where frames[index].arrangement == .layered { makeBlocks(index) }
  }

  /// The stage that a node belongs to: its own, or that of the loop that it is in.
  private static func phase(
    of index: Int, _ nodes: [RunPicture.Node], _ paths: [NodePath], _ known: PictureLinks
  ) -> NodePhase {
    guard case .loop(let outermost) = paths[index].frames.first, let loop = known.indices[outermost] else {
      return nodes[index].phase
    }
    return nodes[loop].phase
  }

  /// The includes that a node came by, outermost first.
  private static func includes(
    around index: Int, _ nodes: [RunPicture.Node], _ known: PictureLinks
  ) -> [NodePath.Frame] {
    var frames: [NodePath.Frame] = []
    var next = nodes[index].includedBy
    // They are nested at most three deep; more would be a circle.
    while let id = next, frames.count < 4 {
      frames.insert(.included(id: id.rawValue), at: 0)
      next = known.indices[id.rawValue].flatMap { nodes[$0].includedBy }
    }
    return frames
  }

  private mutating func frame(_ key: NodePath.Frame, in parent: Int, _ owners: [String: Int]) -> Int {
    if let known = frameOf[key] { return known }
    var frame: Frame
    switch key {
    case .loop(let id): frame = Frame(label: NodePath(id).name, owner: owners[id], arrangement: .rows)
    case .iteration(_, let number): frame = Frame(label: "iteration \(number)", owner: nil, arrangement: .layered)
    case .instances(let id): frame = Frame(label: NodePath(id).name, owner: owners[id], arrangement: .grid)
    case .included(let id): frame = Frame(label: NodePath(id).name, owner: owners[id], arrangement: .layered)
    case .phase(let phase):
      frame = Frame(label: phase.rawValue, owner: nil, arrangement: .layered, isBare: phase == .main)
    }
    // A node can't be its own frame's member, nor head two of them.
    if let owner = frame.owner, frames.contains(where: { $0.owner == owner }) { frame.owner = nil }
    frameOf[key] = frames.count
    frames.append(frame)
    parents.append(parent)
    return frames.count - 1
  }

  /// Puts nodes and frames into what is around them, in the order of the nodes. A node that heads a frame isn't in it.
  private mutating func place(_ count: Int, _ homes: [Int]) {
    var headed: [Int: Int] = [:]
    for (index, frame) in frames.enumerated() { if let owner = frame.owner { headed[owner] = index } }
    var isPlaced = [Bool](repeating: false, count: frames.count)
    func add(_ frame: Int, to frames: inout [Frame]) {
      guard frame > 0, !isPlaced[frame] else { return }
      isPlaced[frame] = true
      add(parents[frame], to: &frames)
      frames[parents[frame]].members.append(.frame(frame))
    }
    for node in 0..<count {
      if let frame = headed[node] {
        add(frame, to: &frames)
      } else {
        add(homes[node], to: &frames)
        frames[homes[node]].members.append(.node(node))
      }
    }
  }

  /// Gives each edge to the innermost frame that both its ends are in.
  private mutating func link(_ dependencies: [[Int]], _ homes: [Int]) {
    var slots: [Member: Int] = [:]
    for frame in frames { for (slot, member) in frame.members.enumerated() { slots[member] = slot } }
    var headed: [Int: Int] = [:]
    for (index, frame) in frames.enumerated() { if let owner = frame.owner { headed[owner] = index } }
    func way(to node: Int) -> [Member] {
      var way = [headed[node].map(Member.frame) ?? .node(node)]
      var frame = headed[node].map { parents[$0] } ?? homes[node]
      while frame > 0 {
        way.append(.frame(frame))
        frame = parents[frame]
      }
      return way.reversed()
    }
    let ways = dependencies.indices.map(way)
    for (target, sources) in dependencies.enumerated() {
      for source in sources {
        let pair = zip(ways[source], ways[target])
        guard let fork = pair.first(where: { $0 != $1 }), let from = slots[fork.0], let to = slots[fork.1] else {
          continue
        }
        let common = pair.prefix { $0 == $1 }.last?.0
        guard case .frame(let frame) = common ?? .frame(0) else { continue }
        frames[frame].links.append(Link(source: from, target: to))
      }
    }
    for index in frames.indices {
      if frames[index].arrangement == .layered { frames[index].links.removeRepeats() } else { frames[index].links = [] }
    }
  }

  /// Draws nodes that depend on the same, and on which the same depend, as one block with one edge each way.
  private mutating func makeBlocks(_ index: Int) {
    let frame = frames[index]
    guard frame.members.count >= Self.blockSize else { return }
    var keys = [[Int]](repeating: [], count: frame.members.count)
    for link in frame.links { keys[link.target].append(link.source) }
    for slot in keys.indices { keys[slot].append(-1) }
    for link in frame.links { keys[link.source].append(link.target) }
    var alike: [[Int]: [Int]] = [:]
    for (slot, member) in frame.members.enumerated() {
      guard case .node = member else { continue }
      alike[keys[slot], default: []].append(slot)
    }
    var blocks: [Int: Int] = [:]
    for group in alike.values.filter({ $0.count >= Self.blockSize }).sorted(by: { $0[0] < $1[0] }) {
      let block = Frame(
        label: "\(group.count) nodes", owner: nil, arrangement: .grid, isBlock: true,
        members: group.map { frame.members[$0] })
      for slot in group { blocks[slot] = frames.count }
      frames.append(block)
      parents.append(index)
    }
    guard !blocks.isEmpty else { return }
    var members: [Member] = []
    var newSlot: [Member: Int] = [:]
    let moved = frame.members.enumerated().map { slot, member in
      let member = blocks[slot].map(Member.frame) ?? member
      if newSlot[member] == nil {
        newSlot[member] = members.count
        members.append(member)
      }
      return newSlot[member] ?? 0
    }
    frames[index].members = members
    frames[index].links = frame.links.map { Link(source: moved[$0.source], target: moved[$0.target]) }
    frames[index].links.removeRepeats()
  }
}

extension [Link] {
  /// Keeps the first of each.
  fileprivate mutating func removeRepeats() {
    var known: Set<Link> = []
    self = filter { known.insert($0).inserted }
  }
}
