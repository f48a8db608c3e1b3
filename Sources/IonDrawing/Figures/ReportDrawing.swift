internal import IonWorkflow

/// The report as one SVG that stands alone: a heading, the graph, the timeline. It follows the light or dark scheme of
/// whoever shows it.
public enum ReportDrawing {
  private static let margin = 24.0
  private static let headHeight = 62.0

  /// The drawing's text.
  public static func svg(_ picture: RunPicture) -> String {
    let links = PictureLinks(picture.nodes)
    let graph = GraphFigure(picture, links)
    let width = max(graph.size.width, 720)
    let timeline = TimelineFigure(picture, links, width: width)
    let graphTop = margin + headHeight
    let timelineTop = graphTop + graph.size.height + 44
    let height = timeline.map { timelineTop + $0.size.height } ?? graphTop + max(graph.size.height, 20)
    let title = ReportTitle(picture)
    let outer = Size(width: width + 2 * margin, height: height + margin)
    let look = StatusLook(picture.status)
    var markup: Markup = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(outer.width)" height="\(outer.height)" \
      viewBox="0 0 \(outer.width) \(outer.height)" role="img" aria-label="\(title.line)">
      <title>\(title.line)</title>
      <style>\(Markup(trusted: style))</style>
      <defs>\(StatusLook.symbols)\(TimelineFigure.definitions)</defs>
      <rect class="ground" width="100%" height="100%"/>
      <g class="\(look.rawValue)">\(look.mark(x: margin, y: margin, size: 24))</g>
      <text class="title" x="\(margin + 34)" y="\(margin + 18)">\(PlainText.cut(title.workflow, to: Int(width / 11)))</text>
      <text class="note" x="\(margin + 34)" y="\(margin + 38)">\(PlainText.cut(title.state, to: Int(width / 6)))</text>

      """
    markup += "<g transform=\"translate(\(margin) \(graphTop))\">\n\(graph.content)</g>\n"
    if picture.nodes.isEmpty {
      markup += "<text class=\"note\" x=\"\(margin)\" y=\"\(graphTop + 14)\">The run has no nodes.</text>\n"
    }
    if let timeline {
      markup += """
        <text class="section" x="\(margin)" y="\(timelineTop - 14)">Timeline</text>
        <g transform="translate(\(margin) \(timelineTop))">
        \(timeline.content)</g>

        """
    }
    markup += "</svg>\n"
    return markup.text
  }

  private static let style = """

    svg{\(FigureStyle.light)}
    @media(prefers-color-scheme:dark){svg{\(FigureStyle.dark)}}
    \(FigureStyle.rules)
    .ground{fill:var(--bg)}
    svg .title{font-size:19px;font-weight:650}
    svg .section{font-size:14px;font-weight:600}

    """
}

/// What a report is called, and how its run stands.
struct ReportTitle {
  let workflow: String
  /// `run 7 failed in 3.2s · 2 succeeded, 1 failed`.
  let state: String
  var line: String { "\(workflow): \(state)" }

  init(_ picture: RunPicture) {
    workflow = PlainText.line(picture.workflow)
    var text = "run \(picture.number) \(Self.predicate(picture))"
    if picture.attempt > 1 { text += ", attempt \(picture.attempt)" }
    let counts = picture.counts
    let tally = NodeStatus.allCases.compactMap { status in
      counts[status].map { "\($0) \(StatusLook(status).word)" }
    }
    state = ([text] + (tally.isEmpty ? [] : [tally.joined(separator: ", ")])).joined(separator: " · ")
  }

  private static func predicate(_ picture: RunPicture) -> String {
    let word = StatusLook(picture.status).word
    guard let duration = picture.duration else {
      return picture.status == .queued ? "has not started" : "\(word) before it started"
    }
    let span = TimeText.span(duration)
    switch picture.status {
    case .succeeded, .failed: return "\(word) in \(span)"
    case .cancelled, .interrupted: return "was \(word) after \(span)"
    case .queued: return "has not started"
    case .running: return "has been running for \(span)"
    case .awaitingApproval: return "is awaiting approval, \(span) after its start"
    case .paused: return "is paused, \(span) after its start"
    }
  }
}
