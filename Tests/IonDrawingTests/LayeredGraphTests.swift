import IonWorkflow
import Testing

@testable import IonDrawing

@Suite struct LayeredGraphTests {
  @Test func layersAreLongestWaysAndBeginningsStandNearWhatNeedsThem() {
    let links = [
      Link(source: 0, target: 1), Link(source: 1, target: 2), Link(source: 0, target: 2), Link(source: 3, target: 2),
    ]
    let graph = LayeredGraph(boxes: 4, links: links)
    #expect(Array(graph.layerOf[..<4]) == [0, 1, 2, 1])
    #expect(graph.chains[2]?.count == 3)
  }

  @Test func edgesOfOneSourceShareTheirDummies() {
    // A chain of ten, and an edge from its first to each other.
    let links = (1..<10).flatMap { [Link(source: $0 - 1, target: $0), Link(source: 0, target: $0)] }
    #expect(LayeredGraph(boxes: 10, links: links).layerOf.count == 10 + 8)
  }

  @Test func dummiesStayFewWhereEveryEdgeIsLong() {
    let count = 2_000
    let links =
      (1..<count).map { Link(source: $0 - 1, target: $0) } + (0..<count - 2).map { Link(source: $0, target: count - 1) }
    let graph = LayeredGraph(boxes: count, links: links)
    #expect(graph.layerOf.count - count <= 8 * (count + links.count) + 1_024)
    #expect(graph.chains.contains { $0 == nil })
    let layout = LayeredLayout(Array(repeating: Size(width: 100, height: 40), count: count), links)
    #expect(layout.routes.allSatisfy { $0 != nil })
  }

  @Test func crossingsAreUndoneWhereTheyCanBe() {
    // Two rows of four, each joined to the one opposite, listed the wrong way round.
    let links = (0..<4).map { Link(source: $0, target: 7 - $0) }
    let layers = LayerOrder.layers(of: LayeredGraph(boxes: 8, links: links))
    #expect(layers[0].map { 7 - $0 } == layers[1])
  }

  @Test func chainIsAStraightLine() {
    let links = (1..<6).map { Link(source: $0 - 1, target: $0) }
    let layout = LayeredLayout(Array(repeating: Size(width: 100, height: 40), count: 6), links)
    #expect(Set(layout.origins.map(\.y)) == [0])
    #expect(layout.size == Size(width: 6 * 100 + 5 * 56, height: 40))
  }

  @Test(arguments: [
    ("test", "test", []), ("review#2/test", "test", ["review", "iteration 2"]),
    ("build[linux,1]", "[linux,1]", ["build"]),
    ("a#1/b#12/c[x/y#1/z]", "[x/y#1/z]", ["a", "iteration 1", "a#1/b", "iteration 12", "a#1/b#12/c"]),
    ("odd/slash", "odd/slash", []), ("#1/x", "#1/x", []), ("a#/x", "a#/x", []), ("", "", []), ("[a]", "[a]", []),
    ("a]", "a]", []),
  ])
  func idsTellWhereNodesStand(id: String, name: String, frames: [String]) {
    let path = NodePath(id)
    #expect(path.name == name)
    #expect(
      path.frames.map { frame in
        switch frame {
        case .loop(let id), .instances(let id), .included(let id): id
        case .iteration(_, let number): "iteration \(number)"
        case .phase(let phase): phase.rawValue
        }
      } == frames)
  }

  @Test func dependenciesAreMeantWithinTheIterationFirst() {
    let nodes = Pictures.loop.nodes
    let links = PictureLinks(nodes)
    #expect(links.dependencies[5] == [4])
    // `build` has no row of its own here: its instances are meant.
    #expect(links.dependencies[10] == [1, 8, 9])
    #expect(links.dependents[0] == [1, 8, 9])
  }
}
