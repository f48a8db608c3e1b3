internal import IonWorkflow

/// When what ran, as SVG: a lane for each slot, retries with their waits, and how many nodes waited for a place.
struct TimelineFigure {
  private(set) var content = Markup()
  let size: Size

  private let picture: RunPicture
  private let axis: TimeAxis
  private let lanes: SlotLanes
  private let waiting: WaitingCount

  private static let gutter = 70.0
  private static let head = 24.0
  private static let laneHeight = 27.0
  private static let bandHeight = 40.0

  /// Nil where nothing ever ran.
  init?(_ picture: RunPicture, _ links: PictureLinks, width: Double) {
    lanes = SlotLanes(picture)
    guard !lanes.bars.isEmpty else { return nil }
    self.picture = picture
    waiting = WaitingCount(picture, links)
    axis = TimeAxis(
      lanes.bars.map { (start: $0.execution.startedAt, end: $0.end) }, width: width - Self.gutter - 12)
    let band = waiting.peak > 0 ? Self.bandHeight + 14 : 0
    size = Size(width: width, height: Self.head + Double(lanes.count) * Self.laneHeight + band + 6)
    drawGrid()
    drawBars()
    if waiting.peak > 0 { drawWaiting() }
  }

  /// What the figures refer to; stands once in a document.
  static let definitions: Markup = """
    <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
    <path d="M0 0V6" stroke="var(--failed)" stroke-width="1.6" stroke-opacity=".38"/></pattern>
    """

  private func x(_ time: Int64) -> Double { Self.gutter + axis.x(of: time) }

  private func top(of lane: Int) -> Double { Self.head + Double(lane) * Self.laneHeight }

  private mutating func drawGrid() {
    let bottom = size.height - 4
    for pause in axis.breaks {
      let x = Self.gutter + pause.x
      content += """
        <rect class="break" x="\(x)" y="\(Self.head - 2)" width="\(pause.width)" height="\(bottom - Self.head)"/>\
        <text class="tick" x="\(x + pause.width / 2)" y="14" text-anchor="middle">\(TimeText.span(pause.length))\
        <title>nothing ran for \(TimeText.span(pause.length))</title></text>
        """
    }
    for tick in axis.ticks {
      let x = Self.gutter + tick.x
      let anchor = tick.x < 12 ? "start" : tick.x > axis.width - 16 ? "end" : "middle"
      if axis.breaks.contains(where: { abs($0.x + $0.width / 2 - tick.x) < 44 }) {
        content += "<path class=\"rule\" d=\"M\(x) \(Self.head - 4)V\(bottom)\"/>"
        continue
      }
      content += """
        <path class="rule" d="M\(x) \(Self.head - 4)V\(bottom)"/>\
        <text class="tick" x="\(x)" y="14" text-anchor="\(anchor)">\(tick.label)</text>
        """
    }
    for lane in 0..<lanes.count {
      content += """
        <text class="label" x="0" y="\(top(of: lane) + 17)">slot \(lane + 1)</text>\
        <path class="rule" d="M\(Self.gutter) \(top(of: lane) + Self.laneHeight)H\(size.width - 12)"/>
        """
    }
    content += "\n"
  }

  private mutating func drawBars() {
    /// Where the next bar of each lane begins, walking back.
    var limit = [Double](repeating: size.width - 4, count: lanes.count)
    var texts: [Markup] = []
    for bar in lanes.bars.reversed() {
      texts.append(draw(bar, upTo: limit[bar.lane]))
      limit[bar.lane] = x(bar.waitedFrom.map { min($0, bar.execution.startedAt) } ?? bar.execution.startedAt)
    }
    for text in texts.reversed() { content += text }
    if picture.status.isLive, picture.endedAt == nil {
      let now = x(picture.takenAt)
      content += "<path class=\"now\" d=\"M\(now) \(Self.head - 4)V\(size.height - 4)\"><title>now</title></path>"
    }
  }

  private func draw(_ bar: SlotLanes.Bar, upTo limit: Double) -> Markup {
    let node = picture.nodes[bar.node]
    let look = StatusLook(bar.execution.status)
    let left = x(bar.execution.startedAt)
    let width = max(2.5, x(bar.end) - left)
    let y = top(of: bar.lane) + 4
    var markup: Markup = """
      <g class="bar \(look.rawValue)" data-node="\(bar.node)"><title>\(tip(bar, node))</title>
      """
    if let from = bar.waitedFrom, x(from) < left {
      markup += "<path class=\"retry\" d=\"M\(x(from)) \(y + 9.5)H\(left)\"/>"
    }
    let rect: Markup = "x=\"\(left)\" y=\"\(y)\" width=\"\(width)\" height=\"19\" rx=\"\(min(4, width / 2))\""
    markup += "<rect \(rect)/>"
    if look == .failed { markup += "<rect class=\"hatch\" \(rect)/>" }
    let again = bar.execution.attempt > 1 ? " (\(bar.execution.attempt))" : ""
    let isMarked = width >= 24
    let textLeft = left + (isMarked ? 20 : 5)
    if isMarked { markup += look.mark(x: left + 4, y: y + 3.5, size: 12) }
    let inside = Int((left + width - textLeft - 3) / 6.4)
    let beside = Int((limit - left - width - 8) / 6.4)
    let name = node.id.rawValue + again
    let needed = PlainText.width(name)
    if needed <= inside || inside >= 6 && beside < needed {
      markup += "<text class=\"inside\" x=\"\(textLeft)\" y=\"\(y + 13.5)\">\(PlainText.cut(name, to: inside))</text>"
    } else if beside >= min(needed, 6) {
      markup += """
        <text class="inside" x="\(left + width + 5)" y="\(y + 13.5)">\(PlainText.cut(name, to: beside))</text>
        """
    }
    markup += "</g>\n"
    return markup
  }

  private func tip(_ bar: SlotLanes.Bar, _ node: RunPicture.Node) -> String {
    let begin = lanes.bars[0].execution.startedAt
    var text = "\(node.id.rawValue), attempt \(bar.execution.attempt): \(StatusLook(bar.execution.status).word)"
    text += " \(TimeText.span(bar.end - bar.execution.startedAt))"
    text += ", from \(TimeText.span(bar.execution.startedAt - begin))"
    if let from = bar.waitedFrom { text += ", after a wait of \(TimeText.span(bar.execution.startedAt - from))" }
    return text + (bar.execution.error.map { "\n" + PlainText.shortened($0, to: 200) } ?? "")
  }

  /// A band of steps below the lanes.
  private mutating func drawWaiting() {
    let bottom = size.height - 6
    let scale = Self.bandHeight / Double(waiting.peak)
    var path: Markup = ""
    var isOpen = false
    for step in waiting.steps {
      let x = x(step.time), y = bottom - Double(step.count) * scale
      path += isOpen ? "H\(x)V\(y)" : "M\(x) \(bottom)V\(y)"
      isOpen = step.count > 0
    }
    content += """
      <text class="label" x="0" y="\(bottom - Self.bandHeight / 2 + 4)">waiting</text>\
      <path class="waiting" d="\(path)"><title>nodes that waited for a place: at most \(waiting.peak)</title></path>\
      <text class="tick" x="\(Self.gutter - 6)" y="\(bottom - Self.bandHeight + 9)" text-anchor="end">\(waiting.peak)</text>
      """
  }
}
