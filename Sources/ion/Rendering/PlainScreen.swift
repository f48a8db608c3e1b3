internal import IonJSON
internal import IonProcess
internal import IonServer
internal import IonWorkflow

/// Plain lines for files and pipes: what a node prints behind its name, and how each ends. Of items that come out well there
/// may be thousands: how many they are is said now and then.
struct PlainScreen: RunScreen {
  let tickInterval: Duration? = nil
  let finishesWithNodes = false
  private(set) var hasEnded = false
  /// In bytes.
  private static let longestLine = 64 * 1024
  /// The lines that each node has begun and not ended, by stream: what it says mustn't go on in a line of what it does.
  private var partial: [NodeID: [StepStream: String]] = [:]
  /// The nodes of agents: what they say and what they do are lines of their own, with or without an end.
  private var agents: Set<NodeID> = []
  /// How many items of each node are through.
  private var items: [NodeID: Int] = [:]
  /// The nodes that were seen to run, and up to where each stream of them was shown.
  private var heard: [NodeID: Unheard] = [:]

  mutating func show(_ news: RunNews) {
    switch news {
    case .output(let output, _): show(output)
    case .progress(let progress, _):
      for node in progress.nodes {
        if node.provider != nil { agents.insert(node.nodeId) }
        // A node that runs is told of again where more of it is known.
        if node.status == .running, heard[node.nodeId]?.attempt != node.attempt {
          heard[node.nodeId] = Unheard(node: node.nodeId, attempt: node.attempt, offsets: [:])
        }
        if node.status.isSettled { show(node) }
      }
      showItems(of: progress.nodes)
      hasEnded = progress.status.endsFollowing
    // That the run was cancelled is said in the end.
    case .message: if !hasEnded, let warning = news.warning { Console.line("! \(warning)") }
    case .other: break
    }
  }

  private mutating func show(_ output: WorkflowOutput) {
    // Only what goes on exactly where the last piece ended is shown as it comes. The rest is read from the log when the
    // node has ended: what was left out, and bytes that are no text and so are not as long as they look.
    guard let known = heard[output.nodeId], known.attempt == output.attempt,
      output.offset == known.offsets[output.stream] ?? 0, !output.text.unicodeScalars.contains("\u{FFFD}")
    else { return }
    show(
      output.nodeId, output.stream, output.text, from: output.offset, to: output.offset + output.text.utf8.count)
  }

  mutating func show(_ node: NodeID, _ stream: StepStream, _ text: String, from start: Int, to end: Int) {
    heard[node]?.offsets[stream] = end
    if agents.contains(node) { endLine(of: node, stream == .stdout ? .stderr : .stdout) }
    var bytes = Array((partial[node]?.removeValue(forKey: stream) ?? "").utf8)
    bytes += text.utf8
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let prefix = Array("\(node) | ".utf8)
    var picture: [UInt8] = []
    picture.reserveCapacity(bytes.count + lines.count * prefix.count)
    for line in lines.dropLast() { picture += prefix + line + [UInt8(ascii: "\n")] }
    if let rest = lines.last, !rest.isEmpty {
      // A line without an end is shown in pieces: it may be as long as the step likes.
      if rest.count > Self.longestLine {
        picture += prefix + rest + [UInt8(ascii: "\n")]
      } else {
        partial[node, default: [:]][stream] = String(decoding: rest, as: UTF8.self)
      }
    }
    Console.write(picture)
  }

  /// Shows the line that a stream has begun.
  private mutating func endLine(of node: NodeID, _ stream: StepStream) {
    if let line = partial[node]?.removeValue(forKey: stream) { Console.line("\(node) | \(line)") }
  }

  func unheard(before news: RunNews) -> [Unheard] {
    guard case .progress(let progress, _) = news else { return [] }
    return progress.nodes.compactMap { node in
      guard node.status != .running, let known = heard[node.nodeId] else { return nil }
      return node.logBytes == known.offsets.values.reduce(0, +) ? nil : known
    }
  }

  /// Says how far nodes have come with their items, at 10, 20, 50, 100 and so on.
  private mutating func showItems(of nodes: [NodeShape]) {
    var before: [NodeID: Int] = [:]
    for node in nodes where node.status.isSettled {
      guard let owner = node.owner else { continue }
      before[owner] = before[owner] ?? items[owner, default: 0]
      items[owner, default: 0] += 1
    }
    for node in nodes where node.status == .running {
      guard let earlier = before[node.nodeId], let count = items[node.nodeId], let summary = node.summary,
        Self.hasPassedRoundNumber(earlier, count)
      else { continue }
      Console.line("· \(node.nodeId): \(summary)")
    }
  }

  private static func hasPassedRoundNumber(_ earlier: Int, _ count: Int) -> Bool {
    var power = 10
    while power <= count {
      for round in [power, 2 * power, 5 * power] where earlier < round && round <= count { return true }
      power *= 10
    }
    return false
  }

  private mutating func show(_ node: NodeShape) {
    if node.item != nil, node.status == .succeeded { return }
    for stream in StepStream.allCases { endLine(of: node.nodeId, stream) }
    partial[node.nodeId] = nil
    agents.remove(node.nodeId)
    Console.line("\(StatusMark.of(node, style: Style(isOn: false))) \(RunText.end(node))")
  }

  func tick() {}
  func finish(_ run: RunShape) { Console.line(RunText.end(run, style: Style(isOn: false))) }
}
