import Foundation
import IonWorkflow
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@testable import IonDrawing

@Suite struct FigureTests {
  @Test func drawingsAreWellFormed() throws {
    for picture in Pictures.all.flatMap({ [$0, Pictures.withoutStart($0)] }) {
      let elements = try XMLElements(ReportDrawing.svg(picture))
      #expect(elements.count("g", ofClass: "node") == picture.nodes.count)
      #expect(
        elements.names.isSubset(of: [
          "svg", "title", "style", "defs", "symbol", "pattern", "rect", "circle", "path", "use", "g", "text",
        ]))
    }
  }

  @Test func everyMarkThatIsUsedIsDefined() throws {
    let elements = try XMLElements(
      ReportDrawing.svg(Pictures.run(NodeStatus.allCases.map { Pictures.node($0.rawValue, [], $0) })))
    let used = Set(elements.attributes("href", of: "use"))
    #expect(used.count == NodeStatus.allCases.count)
    #expect(used.isSubset(of: elements.attributes("id", of: "symbol").map { "#\($0)" }))
  }

  @Test func statusesDifferByShapeAndWordAndSignToo() {
    #expect(Set(StatusLook.allCases.map(\.word)).count == StatusLook.allCases.count)
    #expect(Set(StatusLook.allCases.map(\.sign)).count == StatusLook.allCases.count)
    #expect(Set(NodeStatus.allCases.map { StatusLook($0) }) == Set(StatusLook.allCases))
  }

  /// WCAG 2.2, 1.4.3: 4.5 to 1 for text.
  @Test func coloursCanBeReadOnLightAndOnDark() {
    for look in StatusLook.allCases {
      for (colours, grounds, ink, muted) in [
        (look.colours.light, ["#f6f7f9", "#ffffff"], "#1b2229", "#59636e"),
        (look.colours.dark, ["#101419", "#171c22"], "#e6eaef", "#9aa5b1"),
      ] {
        for ground in grounds + [colours.fill] { #expect(Contrast.of(colours.ink, on: ground) >= 4.5, "\(look)") }
        #expect(Contrast.of(ink, on: colours.fill) >= 7)
        #expect(Contrast.of(muted, on: colours.fill) >= 4.5, "\(look)")
      }
    }
    #expect(FigureStyle.light.contains("--muted:#59636e") && FigureStyle.dark.contains("--muted:#9aa5b1"))
  }

  @Test func longIdsAreCutAndStandWholeInTheirTip() {
    let id = String(repeating: "long-", count: 40)
    let svg = ReportDrawing.svg(Pictures.run([Pictures.node(id)]))
    #expect(svg.contains("<title>\(id): succeeded</title>"))
    #expect(svg.contains("class=\"name\"") && !svg.contains(">\(id)<"))
  }

  @Test(arguments: [
    (RunStatus.queued, false, "run 7 has not started"), (.failed, false, "run 7 failed before it started"),
    (.succeeded, true, "run 7 succeeded in 9.0s"), (.interrupted, true, "run 7 was interrupted after 9.0s"),
    (.running, true, "run 7 has been running for 9.0s"), (.paused, true, "run 7 is paused, 9.0s after its start"),
  ])
  func headingSaysHowTheRunStands(status: RunStatus, isStarted: Bool, state: String) {
    let picture = Pictures.run([], status)
    #expect(ReportTitle(isStarted ? picture : Pictures.withoutStart(picture)).state == state)
  }
}

@Suite struct MermaidTextTests {
  @Test func everythingOfARunIsQuotedAndEscaped() {
    for text in Pictures.hostile {
      let lines = MermaidText.chart(Pictures.hostileRun(text)).split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines[0].hasPrefix("%% ") && !lines[0].contains("{"))
      #expect(lines[1] == "flowchart LR")
      for line in lines.dropFirst(2) {
        let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
        #expect(parts.count == 1 || parts.count == 3, "\(line)")
        guard parts.count == 3 else { continue }
        let label = parts[1].replacing("<br/>", with: " ")
        #expect(!label.contains { "<>[](){}|`\\&'".contains($0) }, "\(label)")
      }
    }
  }

  @Test func loopsAreSubgraphs() {
    let chart = MermaidText.chart(Pictures.loop)
    #expect(chart.contains("subgraph g1[\"review\"]\n    n1[") && chart.contains("[\"iteration 2\"]"))
    #expect(chart.contains("  n4 --> n5\n"))
    #expect(chart.split(separator: "\n").count { $0.hasSuffix("end") } == 5)
  }

  @Test func runWithoutNodesIsAChartAllTheSame() {
    #expect(MermaidText.chart(Pictures.run([])).contains("The run has no nodes"))
  }
}

/// The contrast between two colours, by WCAG 2.
enum Contrast {
  static func of(_ first: String, on second: String) -> Double {
    let values = [luminance(first), luminance(second)].sorted()
    return (values[1] + 0.05) / (values[0] + 0.05)
  }

  private static func luminance(_ colour: String) -> Double {
    let number = Int(colour.dropFirst(), radix: 16) ?? 0
    let parts = [16, 8, 0].map { shift -> Double in
      let part = Double(number >> shift & 255) / 255
      return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }
}
