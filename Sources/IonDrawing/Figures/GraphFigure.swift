internal import IonWorkflow

/// The graph of a run as SVG: nodes by what they depend on, coloured by status.
struct GraphFigure {
  let content: Markup
  let size: Size
  private static let margin = 4.0

  /// - Parameter target: The beginning of the ids that nodes link to (`node-` and its place among the nodes); nil for a
  ///   drawing that stands alone.
  init(_ picture: RunPicture, _ links: PictureLinks, linkingTo target: String? = nil) {
    let notes = picture.nodes.map { Self.note($0, picture) }
    let layout = GraphLayout(picture, links, notes: notes)
    var content = Markup()
    let inset = Point(x: Self.margin, y: Self.margin)
    for frame in layout.frames { content += Self.frame(frame, inset) }
    for route in layout.routes { content += "<path class=\"edge\" d=\"\(Self.path(route.moved(by: inset)))\"/>" }
    for route in layout.routes {
      guard let end = route.points.last else { continue }
      content += Self.head(at: end + inset)
    }
    for (index, node) in picture.nodes.enumerated() {
      let box = Self.box(
        node, layout.names[index], notes[index], layout.nodes[index].moved(by: inset), picture)
      let label = Self.label(node, picture)
      if let target {
        content += """
          <a class="node \(StatusLook(node.status).rawValue)" href="#\(target)\(index)" data-node="\(index)" \
          aria-label="\(label)">\(box)</a>

          """
      } else {
        content += "<g class=\"node \(StatusLook(node.status).rawValue)\">\(box)</g>\n"
      }
    }
    self.content = content
    size = Size(width: layout.size.width + 2 * Self.margin, height: layout.size.height + 2 * Self.margin)
  }

  private static func frame(_ frame: GraphLayout.Frame, _ inset: Point) -> Markup {
    let rect = frame.rect.moved(by: inset)
    var markup: Markup = """
      <rect class="frame" x="\(rect.origin.x)" y="\(rect.origin.y)" width="\(rect.size.width)" \
      height="\(rect.size.height)" rx="10"/>
      """
    if !frame.label.isEmpty {
      let label = PlainText.cut(frame.label, to: max(8, Int(rect.size.width / 7)))
      markup += "<text class=\"label\" x=\"\(rect.origin.x + 14)\" y=\"\(rect.origin.y + 22)\">\(label)</text>"
    }
    return markup
  }

  /// Curves leave and arrive level.
  private static func path(_ route: Route) -> Markup {
    guard let first = route.points.first else { return Markup() }
    var path: Markup = "M\(first.x) \(first.y)"
    for (index, point) in route.points.enumerated().dropFirst() {
      let before = route.points[index - 1]
      if index % 2 == 1 {
        if point != before { path += "H\(point.x)" }
      } else if point.y == before.y {
        path += "H\(point.x)"
      } else {
        let middle = (before.x + point.x) / 2
        path += "C\(middle) \(before.y) \(middle) \(point.y) \(point.x) \(point.y)"
      }
    }
    return path
  }

  private static func head(at end: Point) -> Markup {
    "<path class=\"head\" d=\"M\(end.x) \(end.y)L\(end.x - 7) \(end.y - 3.5)V\(end.y + 3.5)Z\"/>"
  }

  private static func box(
    _ node: RunPicture.Node, _ name: String, _ note: String, _ rect: Rect, _ picture: RunPicture
  ) -> Markup {
    let name = PlainText.cut(name, to: NodeBox.columns(rect.size.width, NodeBox.column.name))
    let note = PlainText.cut(note, to: NodeBox.columns(rect.size.width, NodeBox.column.note))
    let x = rect.origin.x + NodeBox.inset
    return """
      <title>\(tip(node, picture))</title><rect class="box" x="\(rect.origin.x)" y="\(rect.origin.y)" \
      width="\(rect.size.width)" height="\(rect.size.height)" rx="8"/>\
      \(StatusLook(node.status).mark(x: rect.origin.x + 11, y: rect.midY - 9))\
      <text class="name" x="\(x)" y="\(rect.origin.y + 20)">\(name)</text>\
      <text class="note" x="\(x)" y="\(rect.origin.y + 36)">\(note)</text>
      """
  }

  /// The second line in a box: what tells most of a node beside its name.
  private static func note(_ node: RunPicture.Node, _ picture: RunPicture) -> String {
    var parts = [node.kind]
    let duration = node.duration(by: picture.takenAt)
    if let duration, node.status != .skipped { parts.append(TimeText.span(duration)) }
    switch node.status {
    case .succeeded, .failed, .running: if duration == nil { parts.append(StatusLook(node.status).word) }
    case .pending, .awaitingApproval, .skipped, .cancelled, .interrupted, .unknown:
      parts = [node.kind, StatusLook(node.status).word]
    }
    if let code = node.exitCode, node.status == .failed { parts.append("exit \(code)") }
    if node.attempt > 1 { parts.append("attempt \(node.attempt)") }
    return parts.filter { !$0.isEmpty }.joined(separator: " · ")
  }

  private static func label(_ node: RunPicture.Node, _ picture: RunPicture) -> String {
    let duration = node.duration(by: picture.takenAt).map { ", \(TimeText.span($0))" } ?? ""
    let attempt = node.attempt > 1 ? ", attempt \(node.attempt)" : ""
    return "\(node.id.rawValue): \(StatusLook(node.status).word)\(duration)\(attempt)"
  }

  /// What shows where the pointer rests.
  private static func tip(_ node: RunPicture.Node, _ picture: RunPicture) -> String {
    let why = (node.error ?? node.summary).map { "\n" + PlainText.shortened($0, to: 300) } ?? ""
    return label(node, picture) + why
  }
}
