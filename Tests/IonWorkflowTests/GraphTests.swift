import IonWorkflow
import Testing

@Suite struct GraphTests {
  /// Nodes as `id: what it depends on ~ what it waits for`, one a line.
  static func graph(_ text: String) -> WorkflowGraph {
    WorkflowGraph(
      text.split(separator: "\n").map { line in
        let head = line.split(separator: ":", omittingEmptySubsequences: false)
        let needs = head[1].split(separator: "~", omittingEmptySubsequences: false)
        var node = Node(id: NodeID(head[0].filter { $0 != " " }), kind: .exec([]))
        node.dependsOn = needs[0].split(separator: " ").map { NodeID($0) }
        node.waitsFor = needs.count > 1 ? needs[1].split(separator: " ").map { NodeID($0) } : []
        return node
      })
  }

  @Test func everyEdgeIsKnownFromBothEnds() {
    let graph = Self.graph("d: b c ~ a\na:\nb: a\nc: a ~ b")
    #expect(graph.dependencies == [[2, 3], [], [1], [1]])
    #expect(graph.waits == [[1], [], [], [2]])
    #expect(graph.dependents == [[], [0, 2, 3], [0, 3], [0]])
    #expect(graph.index(of: "c") == 3)
    #expect(graph.index(of: "x") == nil)
  }

  @Test func nodeThatIsNeededTwiceHasOneDependent() {
    #expect(Self.graph("a:\nb: a ~ a").dependents == [[1], []])
  }

  @Test func unknownIDsAreLeftOut() {
    let graph = Self.graph("a: ghost ~ spook")
    #expect(graph.dependencies == [[]])
    #expect(graph.topologicalOrder == [0])
  }

  /// A graph, and its nodes in an order in which everything stands behind what it needs.
  static let orders: [(String, [Int]?)] = [
    ("", []),
    ("a:", [0]),
    ("a:\nb:\nc:", [0, 1, 2]),
    ("c: b\nb: a\na:", [2, 1, 0]),
    ("d: b c\nb: a\nc: a\na:", [3, 1, 2, 0]),
    ("a: ~ b\nb:", [1, 0]),
    ("b: a a ~ a\na:", [1, 0]),
    ("a: a", nil),
    ("a: b\nb: a", nil),
    ("a:\nb: a ~ c\nc: b", nil),
  ]

  @Test(arguments: orders) func orderRespectsNeeds(text: String, order: [Int]?) {
    #expect(Self.graph(text).topologicalOrder == order)
    #expect((Self.graph(text).cycle == nil) == (order != nil))
  }

  /// A graph, and the cycle that is found in it.
  static let cycles: [(String, [Int])] = [
    ("a: a", [0]),
    ("a: ~ a", [0]),
    ("a: b\nb: a", [0, 1]),
    ("a: b\nb: c\nc: d\nd: b", [1, 2, 3]),
    ("x:\na: x b\nb: x ~ a", [1, 2]),
  ]

  @Test(arguments: cycles) func cycleIsFound(text: String, cycle: [Int]) {
    #expect(Self.graph(text).cycle == cycle)
  }

  @Test func longChainNeedsNoStack() {
    let count = 10_000
    func chain(closed: Bool) -> WorkflowGraph {
      WorkflowGraph(
        (0..<count).map { index in
          var node = Node(id: NodeID("n\(index)"), kind: .exec([]))
          if index + 1 < count || closed { node.dependsOn = [NodeID("n\((index + 1) % count)")] }
          return node
        })
    }
    #expect(chain(closed: false).topologicalOrder == Array((0..<count).reversed()))
    #expect(chain(closed: false).cycle == nil)
    #expect(chain(closed: true).topologicalOrder == nil)
    #expect(chain(closed: true).cycle?.count == count)
  }

  @Test func manyEdgesAreCountedOnce() {
    let count = 300
    let nodes = (0..<count).map { index in
      var node = Node(id: NodeID("n\(index)"), kind: .exec([]))
      node.dependsOn = (0..<index).map { NodeID("n\($0)") }
      return node
    }
    let graph = WorkflowGraph(nodes)
    #expect(graph.topologicalOrder == Array(0..<count))
    #expect(graph.dependents[0] == Array(1..<count))
  }
}
