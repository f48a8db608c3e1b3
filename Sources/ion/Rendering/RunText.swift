internal import Glibc
internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// Runs and nodes as lines of text.
enum RunText {
  /// How a run ended, and what to do next.
  static func end(_ run: RunShape, style: Style, inLines: Bool = false) -> String {
    let time = duration(run).map { " in \($0)" } ?? ""
    let why = run.error.map { ": \($0)" } ?? ""
    let text = "\(StatusMark.of(run.status, style: style)) \(run.workflow) \(run.status.rawValue)\(time)\(why)"
    if run.status == .awaitingApproval { return ([text] + left(run, style: style)).joined(separator: "\n") }
    let lines = [text] + result(run, inLines: inLines).map { "  " + TerminalText.cut($0, to: 500) }
    guard run.resumable else { return lines.joined(separator: "\n") }
    return text + "\n" + style.dim("  ion resume \(run.runId.rawValue.prefix(6))   go on from here")
  }

  /// How many lines of a text people are shown.
  private static let shownLines = 60

  /// What a run gave, and its author's verdict, as lines; none where its workflow says nothing about it. With `inLines` a text
  /// of several lines has them.
  static func result(_ run: RunShape, inLines: Bool) -> [String] {
    var lines = run.outcome.map { ["outcome: \($0)"] } ?? []
    switch (run.output, run.outputBytes) {
    case (.string(let text)?, _) where inLines && text.contains("\n"):
      lines += block(text, whole: "ion show --json")
    case (let value?, _): lines.append("output: \(TerminalText.plain(value.serializedText()))")
    case (nil, let length?): lines.append("output: \(length) bytes, in the log of its node")
    case (nil, nil): break
    }
    return lines
  }

  /// A text under its heading, line by line. `whole` is the command that shows all of it, where it is too long.
  static func block(_ text: String, whole: String) -> [String] {
    var all = text.split(separator: "\n", omittingEmptySubsequences: false)
    while all.last?.isEmpty == true { all.removeLast() }
    let more = all.count > shownLines ? ["  … \(all.count - shownLines) more lines: `\(whole)`"] : []
    return ["output:"] + all.prefix(shownLines).map { "  " + TerminalText.plain(String($0)) } + more
  }

  /// The gates that a run waits at, and how each is answered.
  static func gates(of run: RunShape, style: Style) -> [String] {
    (run.approvals ?? []).flatMap { GateText.lines($0, style: style) }
  }

  /// The gates of a run that this process leaves, and how it goes on. An agent that asks ends with the process, and no
  /// answer would find it.
  private static func left(_ run: RunShape, style: Style) -> [String] {
    let gates = run.approvals ?? []
    guard gates.contains(where: { $0.ofAgent == true }) else { return self.gates(of: run, style: style) }
    return gates.flatMap { GateText.question($0, style: style) }
      + [
        "  the agent ends with this command: answer it in a terminal or an editor, or ahead of time, by the node's",
        "  `allowed_tools` and `denied_tools`",
        "  ion resume \(run.runId.rawValue.prefix(6))   asks again",
      ].map(style.dim)
  }

  /// One run by itself.
  static func line(_ run: RunShape, style: Style) -> String { row(run, style: style).joined(separator: "  ") }

  /// One run as the cells of a list.
  static func row(_ run: RunShape, style: Style) -> [String] {
    let counts = NodeStatus.allCases.compactMap { status in
      run.counts[status.rawValue].flatMap { $0 > 0 ? "\($0) \(status.rawValue)" : nil }
    }
    let tally = counts.joined(separator: ", ")
    let mark = StatusMark.of(run.status, style: style)
    let attempt = run.attempt > 1 ? " (attempt \(run.attempt))" : ""
    return [
      "\(mark) \(run.runId.rawValue.prefix(8))", localTime(run.createdAt.wallTime), run.workflow,
      run.status.rawValue + attempt, style.dim(tally),
    ]
  }

  /// One node of a run as the cells of a list.
  static func row(_ node: NodeShape, style: Style) -> [String] {
    [
      " \(StatusMark.of(node, style: style)) \(node.nodeId)",
      (node.saysNotYet ? "not yet" : node.status.rawValue)
        + (node.childRunId.map { ", run \($0.rawValue.prefix(8))" } ?? "")
        + (node.attempt > 1 ? " (attempt \(node.attempt))" : ""),
      duration(node) ?? "", style.dim(TerminalText.plain(note(node) ?? "")),
    ]
  }

  /// How one node ended, as a sentence.
  static func end(_ node: NodeShape) -> String {
    if node.saysNotYet { return "\(node.nodeId) says not yet" + (duration(node).map { " in \($0)" } ?? "") }
    let text = "\(node.nodeId) \(node.status.rawValue)" + again(node) + (duration(node).map { " in \($0)" } ?? "")
    guard let note = note(node) else { return text }
    return node.status == .succeeded ? "\(text) (\(note))" : "\(text): \(note)"
  }

  /// Which of its attempts a node ended with, where that wasn't the first. Whatever else became of it may have come
  /// before its next attempt.
  private static func again(_ node: NodeShape) -> String {
    node.attempt > 1 && [.succeeded, .failed].contains(node.status) ? " on attempt \(node.attempt)" : ""
  }

  /// Why a node stands as it does. That one that was skipped was not run needs no saying.
  private static func note(_ node: NodeShape) -> String? {
    if node.saysNotYet { return nil }
    let note = node.error ?? node.summary
    guard node.status == .skipped, let note, note.hasPrefix("not run: ") else { return note }
    return String(note.dropFirst("not run: ".count))
  }

  private static func duration(_ node: NodeShape) -> String? {
    guard let start = node.startedAt, let end = node.endedAt else { return nil }
    return TerminalText.duration(end.wallTime - start.wallTime)
  }

  /// `2026-03-09 14:05:00`, where the machine is.
  private static func localTime(_ milliseconds: Int64) -> String {
    var seconds = time_t(milliseconds / 1000)
    var parts = tm()
    localtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%Y-%m-%d %H:%M:%S", &parts)
    return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func duration(_ run: RunShape) -> String? {
    guard let start = run.startedAt, let end = run.endedAt else { return nil }
    return TerminalText.duration(end.wallTime - start.wallTime)
  }
}
