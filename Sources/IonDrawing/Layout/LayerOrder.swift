/// Orders the vertices within layers so that few edges cross: a few sweeps in which each vertex goes to the middle of its
/// neighbours in the layer before, keeping the best order that was met.
struct LayerOrder {
  private var graph: LayeredGraph
  private var place: [Int]

  /// The layers of the graph in their best order.
  static func layers(of graph: LayeredGraph) -> [[Int]] {
    var order = LayerOrder(graph)
    var best = graph.layers
    var fewest = order.crossings
    for sweep in 0..<8 where fewest > 0 {
      order.sweep(isDownward: sweep % 2 == 0)
      let crossings = order.crossings
      if crossings < fewest { (best, fewest) = (order.graph.layers, crossings) }
    }
    return best
  }

  private init(_ graph: LayeredGraph) {
    self.graph = graph
    place = [Int](repeating: 0, count: graph.layerOf.count)
    for layer in graph.layers { note(layer) }
  }

  private mutating func note(_ layer: [Int]) { for (index, vertex) in layer.enumerated() { place[vertex] = index } }

  private mutating func sweep(isDownward: Bool) {
    let indices = Array(graph.layers.indices)
    for index in isDownward ? indices : indices.reversed() {
      let keyed = graph.layers[index].enumerated().map { offset, vertex in
        let neighbours = isDownward ? graph.up[vertex] : graph.down[vertex]
        // One without neighbours keeps its place.
        let sum = neighbours.reduce(0) { $0 + place[$1] }
        return (
          key: neighbours.isEmpty ? Double(offset) : Double(sum) / Double(neighbours.count), offset: offset, vertex
        )
      }
      graph.layers[index] = keyed.sorted { ($0.key, $0.offset) < ($1.key, $1.offset) }.map(\.2)
      note(graph.layers[index])
    }
  }

  /// How many pairs of edges cross, counted with a Fenwick tree.
  private var crossings: Int {
    var crossings = 0
    for (index, layer) in graph.layers.enumerated().dropLast() {
      var tree = CountTree(graph.layers[index + 1].count)
      var seen = 0
      for vertex in layer {
        let ends = graph.down[vertex].map { place[$0] }
        for end in ends { crossings += seen - tree.count(upTo: end) }
        for end in ends { tree.add(end) }
        seen += ends.count
      }
    }
    return crossings
  }
}

/// How many of the numbers that were added are at most a bound (a Fenwick tree).
private struct CountTree {
  private var sums: [Int]

  init(_ bound: Int) { sums = [Int](repeating: 0, count: bound + 1) }

  mutating func add(_ number: Int) {
    var index = number + 1
    while index < sums.count {
      sums[index] += 1
      index += index & -index
    }
  }

  func count(upTo number: Int) -> Int {
    var index = number + 1
    var count = 0
    while index > 0 {
      count += sums[index]
      index -= index & -index
    }
    return count
  }
}
