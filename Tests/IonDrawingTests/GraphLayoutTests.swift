import IonWorkflow
import Testing

@testable import IonDrawing

@Suite struct GraphLayoutTests {
  private func layout(_ picture: RunPicture) -> GraphLayout {
    GraphLayout(picture, PictureLinks(picture.nodes), notes: picture.nodes.map { $0.kind })
  }

  @Test func nothingOverlapsAndEverythingIsInside() {
    for picture in Pictures.all + (1...40).map(RandomPicture.make) {
      let layout = layout(picture)
      let whole = Rect(origin: Point(x: 0, y: 0), size: layout.size)
      for (index, rect) in layout.nodes.enumerated() {
        #expect(whole.contains(rect))
        for other in layout.nodes[(index + 1)...] { #expect(!rect.overlaps(other), "\(picture.nodes.map(\.id))") }
      }
      for (index, frame) in layout.frames.enumerated() {
        #expect(whole.contains(frame.rect))
        for node in layout.nodes { #expect(frame.rect.contains(node) || !frame.rect.overlaps(node)) }
        for other in layout.frames[(index + 1)...] {
          #expect(!frame.rect.overlaps(other.rect) || frame.rect.contains(other.rect))
        }
      }
    }
  }

  @Test func whatDependsStandsToTheRight() {
    for picture in (1...40).map(RandomPicture.make) {
      let layout = layout(picture)
      for (target, sources) in PictureLinks(picture.nodes).dependencies.enumerated() {
        for source in sources {
          #expect(layout.nodes[source].maxX < layout.nodes[target].origin.x)
        }
      }
    }
  }

  @Test func edgesLeadToTheRightAndThroughNoNode() {
    for picture in (1...40).map(RandomPicture.make) {
      let layout = layout(picture)
      for route in layout.routes {
        for (index, (from, to)) in zip(route.points, route.points.dropFirst()).enumerated() {
          #expect(from.x <= to.x)
          // Straight pieces run beside the nodes; curves stay between two layers.
          guard index % 2 == 0, index > 0, index < route.points.count - 2 else { continue }
          let line = Rect(origin: from, size: Size(width: to.x - from.x, height: 0.01))
          for node in layout.nodes { #expect(!line.overlaps(node)) }
        }
      }
    }
  }

  @Test func sameRunIsDrawnTheSame() {
    for picture in Pictures.all {
      #expect(ReportDrawing.svg(picture) == ReportDrawing.svg(picture))
      #expect(ReportPage.html(picture) == ReportPage.html(picture))
      #expect(MermaidText.chart(picture) == MermaidText.chart(picture))
    }
  }

  @Test func circlesAndUnknownIdsAreDrawnAllTheSame() {
    let layout = layout(
      Pictures.run([
        Pictures.node("a", ["b"]), Pictures.node("b", ["a"]), Pictures.node("c", ["b", "nobody"]),
      ]))
    #expect(layout.nodes.count == 3)
    #expect(layout.routes.count == 2)
  }

  @Test func iterationsStandInTheirLoopOneBelowTheOther() throws {
    let picture = Pictures.loop
    let layout = layout(picture)
    let place = { (id: String) in layout.nodes[try #require(picture.nodes.firstIndex { $0.id.rawValue == id })] }
    let frame = try #require(layout.frames.first { $0.rect.contains(layout.nodes[1]) })
    #expect(frame.label.isEmpty)
    for number in 1...3 {
      #expect(frame.rect.contains(try place("review#\(number)/edit")))
      #expect(try place("review#\(number)/edit").maxX < place("review#\(number)/test").origin.x)
    }
    #expect(try place("review#1/test").maxY < place("review#2/edit").origin.y)
    #expect(layout.names[3] == "test")
    let instances = try #require(layout.frames.first { $0.label == "build" })
    #expect(try instances.rect.contains(place("build[linux,1]")) && instances.rect.contains(place("build[mac,1]")))
    // plan → review, plan → build, review → ship, build → ship, and one edge in each iteration.
    #expect(layout.routes.count == 7)
  }

  @Test func includedNodesStandInTheirInclude() throws {
    var nodes = [Pictures.node("incl__a"), Pictures.node("incl__b", ["incl__a"]), Pictures.node("incl", ["incl__b"])]
    nodes[0].includedBy = "incl"
    nodes[1].includedBy = "incl"
    let layout = layout(Pictures.run(nodes + [Pictures.node("after", ["incl"])]))
    let frame = try #require(layout.frames.first)
    #expect(layout.frames.count == 1 && layout.nodes[..<3].allSatisfy { frame.rect.contains($0) })
    #expect(layout.routes.count == 2)
  }

  @Test func whatIsDoneAtTheEndStandsBelowAllElse() throws {
    var nodes = [
      Pictures.node("a"), Pictures.node("b", ["a"], .failed), Pictures.node("tell"), Pictures.node("tidy"),
      Pictures.node("sweep", ["tidy"]),
    ]
    nodes[2].phase = .onFailure
    nodes[3].phase = .onExit
    nodes[4].phase = .onExit
    let layout = layout(Pictures.run(nodes, .failed))
    #expect(layout.frames.map(\.label) == ["on_failure", "on_exit"])
    #expect(layout.frames[0].rect.contains(layout.nodes[2]) && layout.frames[1].rect.contains(layout.nodes[4]))
    #expect(layout.nodes[1].maxY < layout.frames[0].rect.origin.y)
    #expect(layout.frames[0].rect.maxY < layout.frames[1].rect.origin.y)
    #expect(layout.routes.count == 2)
    #expect(!MermaidText.chart(Pictures.run(nodes, .failed)).contains("[\"main\"]"))
  }

  @Test func manyNodesWithTheSameNeighboursAreOneBlockWithOneEdgeEachWay() {
    let leaves = (0..<30).map { "leaf\($0)" }
    let picture = Pictures.run(
      [Pictures.node("root")] + leaves.map { Pictures.node($0, ["root"]) } + [Pictures.node("end", leaves)])
    let layout = layout(picture)
    #expect(layout.frames.map(\.label) == ["30 nodes"])
    #expect(layout.routes.count == 2)
    #expect(layout.size.width < 3_000 && layout.size.height < 1_000)
  }
}

/// Graphs that nobody would draw by hand, the same for the same number.
enum RandomPicture {
  static func make(_ seed: Int) -> RunPicture {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
    func dice(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let count = 2 + dice(40)
    return Pictures.run(
      (0..<count).map { index in
        let dependencies = index == 0 ? [] : Set((0..<dice(4)).map { _ in "n\(dice(index))" }).sorted()
        return Pictures.node("n\(index)", dependencies)
      })
  }
}
