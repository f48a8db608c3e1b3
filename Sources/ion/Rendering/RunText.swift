internal import IonServer
internal import IonWorkflow

/// Runs and nodes as lines of text.
enum RunText {
  /// How a run ended, and what to do next.
  static func end(_ run: RunShape, style: Style) -> String {
    let time = duration(run).map { " in \($0)" } ?? ""
    let why = run.error.map { ": \($0)" } ?? ""
    let text = "\(StatusMark.of(run.status, style: style)) \(run.workflow) \(run.status.rawValue)\(time)\(why)"
    guard run.resumable else { return text }
    return text + "\n" + style.dim("  ion resume \(run.runId.rawValue.prefix(6))   go on from here")
  }

  /// One run in a list.
  static func line(_ run: RunShape, style: Style) -> String {
    let counts = NodeStatus.allCases.compactMap { status in
      run.counts[status.rawValue].flatMap { $0 > 0 ? "\($0) \(status.rawValue)" : nil }
    }
    let tally = counts.joined(separator: ", ")
    let mark = StatusMark.of(run.status, style: style)
    let attempt = run.attempt > 1 ? " (attempt \(run.attempt))" : ""
    return "\(mark) \(run.runId.rawValue.prefix(8))  \(run.createdAt)  \(run.workflow)  "
      + "\(run.status.rawValue)\(attempt)  \(style.dim(tally))"
  }

  /// One node of a run.
  static func line(_ node: NodeShape, style: Style) -> String {
    var text = " \(StatusMark.of(node.status, style: style)) \(node.nodeId)  \(node.status.rawValue)"
    if node.attempt > 1 { text += " (attempt \(node.attempt))" }
    if let start = node.startedAt, let end = node.endedAt {
      text += "  \(TerminalText.duration(end.wallTime - start.wallTime))"
    }
    if let note = node.error ?? node.summary { text += "  " + style.dim(TerminalText.plain(note)) }
    return text
  }

  private static func duration(_ run: RunShape) -> String? {
    guard let start = run.startedAt, let end = run.endedAt else { return nil }
    return TerminalText.duration(end.wallTime - start.wallTime)
  }
}
