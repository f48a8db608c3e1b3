/// A graph whose vertices stand in layers, every edge leading from one layer to the next: the first step of Sugiyama's
/// method. An edge over several layers goes by way of dummies, which the edges of one source share.
///
/// The work and the number of dummies are linear in nodes and edges: the longest edges have no dummies where there would
/// be too many, and are drawn outside.
struct LayeredGraph {
  /// How many vertices are boxes; those behind them are dummies.
  let boxes: Int
  private(set) var layerOf: [Int]
  /// The vertices of each layer, in the order in which they stand in it.
  var layers: [[Int]] = []
  /// For each vertex, those of the next layer, and of the one before, that it is joined to.
  private(set) var down: [[Int]] = []
  private(set) var up: [[Int]] = []
  /// For each link, the vertices from its source to its target; nil for one that is drawn outside, and for one that
  /// closes a circle.
  private(set) var chains: [[Int]?] = []

  init(boxes: Int, links: [Link]) {
    self.boxes = boxes
    layerOf = Self.layers(of: boxes, links)
    down = Array(repeating: [], count: boxes)
    up = down
    makeChains(links)
    layers = Array(repeating: [], count: (layerOf.max() ?? -1) + 1)
    for vertex in layerOf.indices { layers[layerOf[vertex]].append(vertex) }
  }

  /// The longest way from a beginning to each box; beginnings stand as far right as their edges allow. Links that close
  /// a circle are as if they weren't there.
  private static func layers(of boxes: Int, _ links: [Link]) -> [Int] {
    var targets = [[Int]](repeating: [], count: boxes)
    var missing = [Int](repeating: 0, count: boxes)
    for link in links {
      targets[link.source].append(link.target)
      missing[link.target] += 1
    }
    var layer = [Int](repeating: 0, count: boxes)
    var isPlaced = [Bool](repeating: false, count: boxes)
    var order: [Int] = []
    var next = 0
    for box in 0..<boxes where missing[box] == 0 { order.append(box); isPlaced[box] = true }
    for candidate in 0...boxes {
      while next < order.count {
        let source = order[next]
        next += 1
        for target in targets[source] where !isPlaced[target] {
          layer[target] = max(layer[target], layer[source] + 1)
          missing[target] -= 1
          if missing[target] == 0 { order.append(target); isPlaced[target] = true }
        }
      }
      // What is left then stands in circles: the first of them is let through.
      if candidate < boxes, !isPlaced[candidate], order.count < boxes, next == order.count {
        order.append(candidate)
        isPlaced[candidate] = true
      }
    }
    var isTarget = [Bool](repeating: false, count: boxes)
    for link in links { isTarget[link.target] = true }
    for box in order.reversed() where !isTarget[box] {
      if let nearest = targets[box].lazy.map({ layer[$0] }).min(), nearest > layer[box] { layer[box] = nearest - 1 }
    }
    return layer
  }

  private mutating func makeChains(_ links: [Link]) {
    var reach = [Int](repeating: 0, count: boxes)
    for link in links { reach[link.source] = max(reach[link.source], span(link) - 1) }
    var limit = reach.max() ?? 0
    let budget = 8 * (boxes + links.count) + 1_024
    while reach.reduce(0, { $0 + min($1, limit) }) > budget { limit /= 2 }
    /// Each source's dummies, by how far they are from it.
    var trails = [[Int]](repeating: [], count: boxes)
    for link in links {
      guard span(link) > 0, span(link) - 1 <= limit else {
        chains.append(nil)
        continue
      }
      while trails[link.source].count < span(link) - 1 {
        let dummy = layerOf.count
        join(trails[link.source].last ?? link.source, dummy)
        trails[link.source].append(dummy)
      }
      let trail = trails[link.source].prefix(span(link) - 1)
      join(trail.last ?? link.source, link.target)
      chains.append([link.source] + trail + [link.target])
    }
  }

  private func span(_ link: Link) -> Int { layerOf[link.target] - layerOf[link.source] }

  /// Joins two vertices of neighbouring layers. A second one that isn't there yet is made.
  private mutating func join(_ first: Int, _ second: Int) {
    if second == layerOf.count {
      layerOf.append(layerOf[first] + 1)
      down.append([])
      up.append([])
    }
    down[first].append(second)
    up[second].append(first)
  }
}
