/// Gives the vertices of ordered layers their height: each as near to the middle of its neighbours as order and distance
/// allow.
struct LayerPlacement {
  private let graph: LayeredGraph
  private let heights: [Double]
  private let gap: Double
  /// The middle of each vertex.
  private(set) var middles: [Double]

  /// - Parameter heights: Of the boxes; dummies have none.
  init(_ graph: LayeredGraph, heights: [Double], gap: Double) {
    self.graph = graph
    self.heights = heights
    self.gap = gap
    middles = [Double](repeating: 0, count: graph.layerOf.count)
    for layer in graph.layers { settle(layer, wanting: layer.map { _ in 0 }) }
    for pass in 0..<6 {
      let isDownward = pass % 2 == 0
      for layer in isDownward ? graph.layers : graph.layers.reversed() {
        settle(layer, wanting: layer.map { wish(of: $0, isDownward: isDownward) })
      }
    }
    let top = graph.layers.joined().map { middles[$0] - height($0) / 2 }.min() ?? 0
    // Boxes begin at whole pixels, which keeps their lines sharp.
    for vertex in middles.indices {
      let half = height(vertex) / 2
      middles[vertex] = (middles[vertex] - half - top).rounded() + half
    }
  }

  private func height(_ vertex: Int) -> Double { vertex < graph.boxes ? heights[vertex] : 0 }

  private func wish(of vertex: Int, isDownward: Bool) -> Double {
    let neighbours = isDownward ? graph.up[vertex] : graph.down[vertex]
    guard !neighbours.isEmpty else { return middles[vertex] }
    return neighbours.reduce(0) { $0 + middles[$1] } / Double(neighbours.count)
  }

  /// How far the middles of two neighbours in a layer are apart at least.
  private func distance(_ upper: Int, _ lower: Int) -> Double {
    let isBox = upper < graph.boxes || lower < graph.boxes
    return (height(upper) + height(lower)) / 2 + (isBox ? gap : gap / 2)
  }

  /// The least squares of all wishes that keep order and distance: with the distances taken off, neighbours that would
  /// stand in the wrong order are pooled to their mean. Linear in the layer.
  private mutating func settle(_ layer: [Int], wanting wishes: [Double]) {
    var pools: [(sum: Double, weight: Double, count: Int)] = []
    var shifts: [Double] = []
    for (index, vertex) in layer.enumerated() {
      shifts.append(index == 0 ? 0 : shifts[index - 1] + distance(layer[index - 1], vertex))
      // Long edges are kept straight before boxes are.
      let weight = vertex < graph.boxes ? 1.0 : 4.0
      pools.append(((wishes[index] - shifts[index]) * weight, weight, 1))
      while pools.count > 1 {
        let last = pools[pools.count - 1], previous = pools[pools.count - 2]
        guard previous.sum / previous.weight > last.sum / last.weight else { break }
        pools.removeLast()
        pools[pools.count - 1] = (
          previous.sum + last.sum, previous.weight + last.weight, previous.count + last.count
        )
      }
    }
    var index = 0
    for pool in pools {
      for _ in 0..<pool.count {
        middles[layer[index]] = pool.sum / pool.weight + shifts[index]
        index += 1
      }
    }
  }
}
