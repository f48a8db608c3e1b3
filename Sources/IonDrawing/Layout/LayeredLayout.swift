/// Places boxes of a graph from left to right, so that every edge leads to the right, and finds each edge's way between
/// them.
struct LayeredLayout {
  struct Metrics: Hashable, Sendable {
    /// Between layers, and between the boxes of one.
    var layerGap = 56.0
    var boxGap = 14.0
  }

  private(set) var origins: [Point] = []
  /// One for each link; nil for one that leads backwards.
  private(set) var routes: [Route?] = []
  private(set) var size = Size(width: 0, height: 0)
  private let boxes: [Size]
  private let metrics: Metrics
  /// Where each layer begins, and how wide it is.
  private var columns: [(x: Double, width: Double)] = []

  init(_ boxes: [Size], _ links: [Link], _ metrics: Metrics = Metrics()) {
    self.boxes = boxes
    self.metrics = metrics
    var graph = LayeredGraph(boxes: boxes.count, links: links)
    graph.layers = LayerOrder.layers(of: graph)
    let middles = LayerPlacement(graph, heights: boxes.map(\.height), gap: metrics.boxGap).middles
    placeColumns(graph)
    origins = boxes.indices.map {
      Point(x: columns[graph.layerOf[$0]].x, y: middles[$0] - boxes[$0].height / 2)
    }
    let bottom = max(middles.max() ?? 0, boxes.indices.map { origins[$0].y + boxes[$0].height }.max() ?? 0)
    size = Size(width: columns.last.map { $0.x + $0.width } ?? 0, height: bottom)
    routes = links.indices.map { index in
      if let chain = graph.chains[index] { return route(chain, graph, middles) }
      let link = links[index]
      guard graph.layerOf[link.source] < graph.layerOf[link.target] else { return nil }
      size.height = bottom + metrics.boxGap
      return detour(link, graph, below: bottom + metrics.boxGap)
    }
  }

  private mutating func placeColumns(_ graph: LayeredGraph) {
    var x = 0.0
    for layer in graph.layers {
      let width = layer.filter { $0 < boxes.count }.map { boxes[$0].width }.max() ?? 0
      columns.append((x, width))
      x += width + metrics.layerGap
    }
  }

  private func middle(_ box: Int) -> Double { origins[box].y + boxes[box].height / 2 }

  private func route(_ chain: [Int], _ graph: LayeredGraph, _ middles: [Double]) -> Route {
    let last = chain.count - 1
    var points: [Point] = []
    for (index, vertex) in chain.enumerated() {
      let column = columns[graph.layerOf[vertex]]
      let isBox = vertex < boxes.count
      let left = Point(x: column.x, y: middles[vertex])
      if index > 0 { points.append(left) }
      if index == 0, isBox { points.append(Point(x: column.x + boxes[vertex].width, y: left.y)) }
      // A box's own edge ends where the box begins.
      if index == last { points.append(left) } else { points.append(Point(x: column.x + column.width, y: left.y)) }
    }
    return Route(points: points)
  }

  /// The way of a very long edge: under everything.
  private func detour(_ link: Link, _ graph: LayeredGraph, below lane: Double) -> Route {
    let from = columns[graph.layerOf[link.source]], to = columns[graph.layerOf[link.target]]
    let start = Point(x: from.x + boxes[link.source].width, y: middle(link.source))
    let end = Point(x: to.x, y: middle(link.target))
    let right = from.x + from.width
    return Route(points: [
      start, Point(x: right, y: start.y), Point(x: right + metrics.layerGap, y: lane),
      Point(x: max(right + metrics.layerGap, to.x - metrics.layerGap), y: lane), end, end,
    ])
  }
}
