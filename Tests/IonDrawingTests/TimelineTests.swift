import IonWorkflow
import Testing

@testable import IonDrawing

@Suite struct TimelineTests {
  @Test func executionsOfOneLaneDontOverlapAndNoLaneIsWasted() {
    let picture = Pictures.run([
      Pictures.ran("a", [], .succeeded, 0..<100), Pictures.ran("b", [], .succeeded, 0..<50),
      Pictures.ran("c", [], .succeeded, 50..<100), Pictures.ran("d", [], .failed, 100..<120, 130..<140),
      Pictures.ran("e", [], .running, 90..<91), Pictures.node("f", [], .skipped),
    ])
    let lanes = SlotLanes(picture)
    #expect(lanes.count == 3)
    #expect(lanes.bars.count == 6)
    for (index, bar) in lanes.bars.enumerated() {
      for other in lanes.bars[(index + 1)...] where other.lane == bar.lane {
        #expect(bar.end <= other.execution.startedAt || other.end <= bar.execution.startedAt)
      }
    }
    // What runs goes on until the picture was taken.
    #expect(lanes.bars.first { $0.node == 4 }?.end == picture.takenAt)
  }

  @Test func retriesWaitedSinceTheFailureBeforeThem() {
    var node = Pictures.ran("a", [], .succeeded, 0..<10, 40..<50, 90..<95)
    node.executions[2].runAttempt = 2
    let bars = SlotLanes(Pictures.run([node])).bars
    #expect(bars.map(\.waitedFrom) == [nil, Pictures.start + 10, nil])
  }

  @Test func timeGrowsToTheRightAndLongPausesAreCutShort() throws {
    let axis = TimeAxis([(0, 4_000), (2_000, 5_000), (7_205_000, 7_210_000)], width: 1_000)
    let pause = try #require(axis.breaks.first)
    #expect(axis.breaks.count == 1 && pause.length == 7_200_000 && pause.width == 64)
    let places = stride(from: -1_000, through: 7_212_000, by: 997).map { axis.x(of: Int64($0)) }
    #expect(places == places.sorted())
    #expect(axis.x(of: 0) == 0 && axis.x(of: 7_210_000) == 1_000 && axis.x(of: 5_000) == pause.x)
    #expect(zip(axis.ticks, axis.ticks.dropFirst()).allSatisfy { $1.x - $0.x >= 44 })
  }

  @Test func pausesThatAreShortBesideTheWorkAreLeftAlone() {
    #expect(TimeAxis([(0, 9_000), (11_000, 20_000)], width: 1_000).breaks.isEmpty)
    #expect(TimeAxis([(0, 10), (1_500, 1_510)], width: 1_000).breaks.isEmpty)
  }

  @Test func momentsWithoutLengthAndNothingAtAllAreFine() {
    #expect(TimeAxis([], width: 100).ticks.isEmpty)
    #expect(TimeAxis([], width: 100).x(of: 5) == 0)
    let point = TimeAxis([(7, 7)], width: 100)
    #expect(point.x(of: 7) == 0 && !point.ticks.isEmpty)
  }

  private static let axes: [(Int64, [String])] = [
    (9, ["0", "1ms", "2ms"]), (950, ["0", "100ms", "200ms"]), (4_500, ["0", "500ms", "1.0s"]),
    (60_000, ["0", "10s", "20s"]), (600_000, ["0", "1m", "2m"]), (5_400_000, ["0", "10m", "20m"]),
    (100_000_000, ["0", "3h", "6h"]), (900_000_000, ["0", "1d", "2d"]),
  ]

  @Test(arguments: axes)
  func ticksAreRound(length: Int64, first: [String]) {
    #expect(TimeAxis([(1_000, 1_000 + length)], width: 2_000).ticks.prefix(3).map(\.label) == first)
  }

  @Test func nodesThatWaitedForAPlaceAreCounted() {
    let picture = Pictures.run([
      Pictures.ran("a", [], .succeeded, 0..<100), Pictures.ran("b", ["a"], .succeeded, 110..<200),
      Pictures.ran("c", ["a"], .succeeded, 200..<300), Pictures.ran("d", ["a"], .succeeded, 300..<400),
    ])
    let waiting = WaitingCount(picture, PictureLinks(picture.nodes))
    #expect(waiting.steps.map { $0.time - Pictures.start } == [100, 200, 300])
    #expect(waiting.steps.map(\.count) == [2, 1, 0])
    #expect(waiting.peak == 2)
  }

  @Test func whatNoDependencyTellsOfIsNotCountedAsWaiting() {
    var nodes = [
      Pictures.ran("loop#2/a", [], .succeeded, 500..<600), Pictures.ran("loop#2/b", ["a"], .succeeded, 900..<950),
      Pictures.ran("tidy", [], .succeeded, 1_000..<1_100),
    ]
    nodes[2].phase = .onExit
    let picture = Pictures.run(nodes)
    let steps = WaitingCount(picture, PictureLinks(nodes)).steps
    #expect(steps.map { $0.time - Pictures.start } == [600, 900] && steps.map(\.count) == [1, 0])
  }

  @Test func runsInWhichNothingRanHaveNoTimeline() {
    let picture = Pictures.run([Pictures.node("a", [], .pending)], .queued)
    #expect(TimelineFigure(picture, PictureLinks(picture.nodes), width: 800) == nil)
    #expect(ReportPage.html(picture).contains("Nothing ran."))
  }
}
