internal import IonWorkflow

/// The report as a Mermaid flowchart, for pages that draw those: the graph and the statuses, without the timeline.
public enum MermaidText {
  /// The chart's text.
  public static func chart(_ picture: RunPicture) -> String {
    let links = PictureLinks(picture.nodes)
    let tree = NodeTree(picture.nodes, links)
    var lines = ["%% \(comment(picture))", "flowchart LR"]
    if picture.nodes.isEmpty { lines.append("  none[\"The run has no nodes\"]") }
    write(tree, frame: 0, picture, indent: "  ", &lines)
    for (target, sources) in links.dependencies.enumerated() {
      for source in sources { lines.append("  n\(source) --> n\(target)") }
    }
    let used = Set(picture.nodes.map { StatusLook($0.status) })
    for look in StatusLook.allCases where used.contains(look) {
      let colours = look.colours.light
      let isOpen = look == .pending || look == .skipped
      let width = look == .failed ? "2.5px" : "1.3px"
      lines.append(
        "  classDef \(look.rawValue) fill:\(colours.fill),stroke:\(colours.ink),color:#1b2229,stroke-width:\(width)"
          + (isOpen ? ",stroke-dasharray:4 3" : ""))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A comment ends with its line, and must not look like a directive (`%%{`).
  private static func comment(_ picture: RunPicture) -> String {
    PlainText.cut(PlainText.line("run \(picture.id.rawValue): \(ReportTitle(picture).line)"), to: 200)
      .filter { $0 != "{" && $0 != "}" }
  }

  private static func write(
    _ tree: NodeTree, frame index: Int, _ picture: RunPicture, indent: String, _ lines: inout [String]
  ) {
    for member in tree.frames[index].members {
      switch member {
      case .node(let node): lines.append(indent + box(node, tree, picture))
      case .frame(let inner):
        let frame = tree.frames[inner]
        // How things stand together in a drawing is up to Mermaid.
        if frame.isBlock || frame.isBare {
          write(tree, frame: inner, picture, indent: indent, &lines)
          continue
        }
        lines.append("\(indent)subgraph g\(inner)[\"\(escape(frame.label))\"]")
        if let owner = frame.owner { lines.append(indent + "  " + box(owner, tree, picture)) }
        write(tree, frame: inner, picture, indent: indent + "  ", &lines)
        lines.append("\(indent)end")
      }
    }
  }

  /// Ids of nodes may be anything, so that they are numbered here.
  private static func box(_ index: Int, _ tree: NodeTree, _ picture: RunPicture) -> String {
    let node = picture.nodes[index]
    let look = StatusLook(node.status)
    let name = escape(PlainText.cut(tree.names[index], to: 60))
    var note = [node.kind, look.word]
    if node.status != .skipped, let duration = node.duration(by: picture.takenAt) {
      note.append(TimeText.span(duration))
    }
    if node.attempt > 1 { note.append("attempt \(node.attempt)") }
    let text = note.filter { !$0.isEmpty }.joined(separator: " · ")
    return "n\(index)[\"\(look.sign) \(name)<br/>\(escape(text))\"]:::\(look.rawValue)"
  }

  /// Letters, digits and what means nothing to Mermaid stay; all else of ASCII becomes a code of its own (`#91;`).
  private static func escape(_ text: String) -> String {
    var result = ""
    for scalar in PlainText.line(text).unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", " ", ".", ",", "-", "_": result.unicodeScalars.append(scalar)
      case _ where scalar.value >= 0xA0: result.unicodeScalars.append(scalar)
      default: result += "#\(scalar.value);"
      }
    }
    return result
  }
}
