/// Where everything of a run's graph stands: nodes, the frames around some of them, and the edges' ways.
struct GraphLayout {
  struct Frame: Hashable, Sendable {
    var rect: Rect
    /// What stands over it; empty where a node is its heading.
    var label: String
    /// How many frames are around it.
    var depth: Int
  }

  /// By the picture's nodes.
  let nodes: [Rect]
  /// What each node is called where it stands.
  let names: [String]
  /// Outer ones come first.
  let frames: [Frame]
  let routes: [Route]
  let size: Size

  /// - Parameter notes: The second lines of the nodes' boxes.
  init(_ picture: RunPicture, _ links: PictureLinks, notes: [String]) {
    let tree = NodeTree(picture.nodes, links)
    let nodeSize = NodeBox.size(
      name: tree.names.map { PlainText.width($0) }.max() ?? 0, note: notes.map { PlainText.width($0) }.max() ?? 0)
    var nodes = [Rect](
      repeating: Rect(origin: Point(x: 0, y: 0), size: Size(width: 0, height: 0)), count: picture.nodes.count)
    let block = Block(tree, frame: 0, nodeSize: nodeSize, depth: 0)
    for (node, rect) in block.nodes { nodes[node] = rect }
    self.nodes = nodes
    names = tree.names
    frames = block.frames
    routes = block.routes
    size = block.size
  }
}

/// What the box of one node is like.
enum NodeBox {
  static let height = 46.0
  /// Of a column in the name and in the note.
  static let column = (name: 7.4, note: 5.9)
  /// Where the texts begin, and how much stays free behind them.
  static let inset = 38.0
  static let trail = 10.0

  /// For names and notes of up to so many columns.
  static func size(name: Int, note: Int) -> Size {
    let text = max(Double(name) * column.name, Double(note) * column.note)
    return Size(width: min(244, max(132, inset + text + trail)).rounded(), height: height)
  }

  /// How many columns of a text a box of this width has room for.
  static func columns(_ width: Double, _ column: Double) -> Int { Int((width - inset - trail / 2) / column) }
}

/// One frame with everything in it, placed from its own corner.
private struct Block {
  private(set) var size = Size(width: 0, height: 0)
  private(set) var nodes: [(Int, Rect)] = []
  private(set) var frames: [GraphLayout.Frame] = []
  private(set) var routes: [Route] = []

  private static let padding = 14.0
  private static let labelHeight = 24.0
  private static let gridGap = Size(width: 14, height: 12)

  init(_ tree: NodeTree, frame index: Int, nodeSize: Size, depth: Int) {
    let frame = tree.frames[index]
    let parts = frame.members.map { member in
      switch member {
      case .node(let node): Block(node: node, nodeSize)
      case .frame(let inner): Block(tree, frame: inner, nodeSize: nodeSize, depth: depth + 1)
      }
    }
    let isBare = frame.isBare
    let head = isBare ? 0 : frame.owner == nil ? (frame.label.isEmpty ? 0 : Self.labelHeight) : nodeSize.height + 10
    let inset = isBare ? Point(x: 0, y: 0) : Point(x: Self.padding, y: Self.padding + head)
    let sizes = parts.map(\.size)
    let origins: [Point]
    let inner: Size
    switch frame.arrangement {
    case .layered:
      let layout = LayeredLayout(sizes, frame.links)
      (origins, inner) = (layout.origins, layout.size)
      routes = layout.routes.compactMap { $0?.moved(by: inset) }
    case .rows: (origins, inner) = Self.grid(sizes, columns: 1)
    case .grid: (origins, inner) = Self.grid(sizes, columns: Self.gridColumns(sizes))
    }
    size = inner
    guard !isBare else {
      add(parts, at: origins, inset)
      return
    }
    let labelWidth = 7.0 * Double(PlainText.width(frame.label)) + 4
    let content = max(inner.width, frame.owner == nil ? labelWidth : nodeSize.width)
    size = Size(width: content + 2 * Self.padding, height: inner.height + head + 2 * Self.padding)
    frames.append(
      GraphLayout.Frame(
        rect: Rect(origin: Point(x: 0, y: 0), size: size), label: frame.owner == nil ? frame.label : "", depth: depth))
    if let owner = frame.owner {
      nodes.append((owner, Rect(origin: Point(x: Self.padding, y: Self.padding), size: nodeSize)))
    }
    add(parts, at: origins, inset)
  }

  private init(node: Int, _ size: Size) {
    self.size = size
    nodes = [(node, Rect(origin: Point(x: 0, y: 0), size: size))]
  }

  private mutating func add(_ parts: [Block], at origins: [Point], _ inset: Point) {
    for (part, origin) in zip(parts, origins) {
      let offset = origin + inset
      nodes += part.nodes.map { ($0, $1.moved(by: offset)) }
      frames += part.frames.map { GraphLayout.Frame(rect: $0.rect.moved(by: offset), label: $0.label, depth: $0.depth) }
      routes += part.routes.map { $0.moved(by: offset) }
    }
  }

  /// As many as make a block somewhat wider than high.
  private static func gridColumns(_ sizes: [Size]) -> Int {
    guard let first = sizes.first else { return 1 }
    let area = Double(sizes.count) * (first.height + gridGap.height) / (first.width + gridGap.width)
    return max(1, Int((area * 1.4).squareRoot().rounded()))
  }

  private static func grid(_ sizes: [Size], columns: Int) -> ([Point], Size) {
    var origins: [Point] = []
    var total = Size(width: 0, height: 0)
    var y = 0.0
    let width = sizes.map(\.width).max() ?? 0
    for start in stride(from: 0, to: sizes.count, by: columns) {
      let row = sizes[start..<min(sizes.count, start + columns)]
      for column in row.indices {
        origins.append(Point(x: Double(column - start) * (width + gridGap.width), y: y))
      }
      total.width = max(total.width, Double(row.count) * (width + gridGap.width) - gridGap.width)
      total.height = y + (row.map(\.height).max() ?? 0)
      y = total.height + gridGap.height
    }
    return (origins, total)
  }
}
