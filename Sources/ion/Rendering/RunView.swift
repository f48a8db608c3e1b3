internal import IonServer
internal import IonWorkflow

/// What a terminal shows of one run: its nodes, what they print, and how it goes. Pure: facts in, lines out.
struct RunView {
  /// One node as it is drawn.
  struct Line {
    var id: NodeID
    /// How deep it stands below what it depends on.
    let depth: Int
    var status = NodeStatus.pending
    var attempt = 0
    /// Milliseconds since 1970.
    var startedAt: Int64?
    var endedAt: Int64?
    var error: String?
    var summary: String?
    /// Whether it is the test of a loop that goes on.
    var saysNotYet = false
    /// The last line that it printed.
    var output = ""
  }

  let title: String
  let runID: RunID
  private(set) var status = RunStatus.queued
  private(set) var error: String?
  private(set) var lines: [Line] = []
  private var indices: [NodeID: Int] = [:]
  private let startedAt: Int64

  /// `nodes` are the workflow's in its order, each with what it depends on; `now` is when drawing starts.
  init(title: String, runID: RunID, nodes: [(id: NodeID, dependsOn: [NodeID])], now: Int64) {
    self.title = title
    self.runID = runID
    startedAt = now
    for node in Self.asTree(nodes) {
      indices[node.id] = lines.count
      lines.append(Line(id: node.id, depth: node.depth))
    }
  }

  /// Puts every node below the last of those that it depends on, depth first, so that the DAG reads as a tree.
  private static func asTree(_ nodes: [(id: NodeID, dependsOn: [NodeID])]) -> [(id: NodeID, depth: Int)] {
    var depths: [NodeID: Int] = [:]
    var children: [NodeID: [NodeID]] = [:]
    var roots: [NodeID] = []
    for node in nodes { depths[node.id] = 0 }
    // In the file's order a node may stand before what it depends on; its parent is the one that is deepest by then.
    for node in nodes {
      guard let parent = node.dependsOn.max(by: { (depths[$0] ?? 0) < (depths[$1] ?? 0) }) else {
        roots.append(node.id)
        continue
      }
      depths[node.id] = (depths[parent] ?? 0) + 1
      children[parent, default: []].append(node.id)
    }
    var ordered: [(id: NodeID, depth: Int)] = []
    var stack = Array(roots.reversed().map { (id: $0, depth: 0) })
    while let next = stack.popLast() {
      ordered.append(next)
      for child in (children[next.id] ?? []).reversed() { stack.append((child, next.depth + 1)) }
    }
    return ordered
  }

  mutating func apply(_ progress: WorkflowProgress) {
    status = progress.status
    error = progress.error
    for node in progress.nodes { apply(node) }
  }

  mutating func apply(_ node: NodeShape) {
    guard let index = index(of: node.nodeId) else { return }
    if lines[index].id != node.nodeId { lines[index] = Line(id: node.nodeId, depth: lines[index].depth) }
    lines[index].status = node.status
    if node.attempt > lines[index].attempt { lines[index].output = "" }
    lines[index].attempt = node.attempt
    lines[index].startedAt = node.startedAt?.wallTime
    lines[index].endedAt = node.endedAt?.wallTime
    lines[index].error = node.saysNotYet ? nil : node.error
    lines[index].summary = node.saysNotYet ? "not yet" : node.summary
    lines[index].saysNotYet = node.saysNotYet
  }

  /// The line of a node. A node of a loop's body has one line, which shows its newest iteration, below those that the
  /// loop has already; nil for an older iteration, and for a node that nobody knows.
  private mutating func index(of id: NodeID) -> Int? {
    guard let instance = id.instance, let loop = instance.loop, let iteration = instance.iteration else {
      return indices[id]
    }
    guard let owner = index(of: loop) else { return nil }
    let key = NodeID("\(loop)/\(instance.base)")
    guard let known = indices[key] else {
      let depth = lines[owner].depth + 1
      let place = lines[(owner + 1)...].firstIndex { $0.depth < depth || $0.id.instance?.loop == nil } ?? lines.endIndex
      for (id, index) in indices where index >= place { indices[id] = index + 1 }
      indices[key] = place
      lines.insert(Line(id: id, depth: depth), at: place)
      return place
    }
    return iteration < lines[known].id.instance?.iteration ?? 0 ? nil : known
  }

  mutating func apply(_ output: WorkflowOutput) {
    guard let index = index(of: output.nodeId), lines[index].id == output.nodeId else { return }
    let last = output.text.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
    if let last { lines[index].output = TerminalText.plain(String(last)) }
  }

  /// The picture: at most `rows` lines of at most `columns` columns. `frame` turns the spinners.
  func draw(columns: Int, rows: Int, frame: Int, now: Int64, style: Style) -> [String] {
    let shown = choose(rows: max(1, rows - 3))
    var picture = [header(now: now, columns: columns, style: style)]
    picture += shown.map { draw(lines[$0], columns: columns, frame: frame, now: now, style: style) }
    let hidden = lines.count - shown.count
    if hidden > 0 { picture.append(style.dim("  … and \(hidden) more")) }
    return picture
  }

  /// All lines where they fit; else what runs and what failed first, then what ended last, each in its place.
  private func choose(rows: Int) -> [Int] {
    guard lines.count > rows else { return Array(lines.indices) }
    let ranked = lines.indices.sorted { left, right in
      let (leftRank, rightRank) = (rank(lines[left]), rank(lines[right]))
      if leftRank != rightRank { return leftRank < rightRank }
      let (leftEnd, rightEnd) = (lines[left].endedAt ?? 0, lines[right].endedAt ?? 0)
      return leftEnd == rightEnd ? left < right : leftEnd > rightEnd
    }
    return ranked.prefix(rows).sorted()
  }

  private func rank(_ line: Line) -> Int {
    switch line.status {
    case .running, .awaitingApproval, .unknown: 0
    case .failed, .interrupted: line.saysNotYet ? 2 : 1
    case .succeeded, .cancelled: 2
    case .pending: 3
    case .skipped: 4
    }
  }

  private func header(now: Int64, columns: Int, style: Style) -> String {
    let settled = lines.count { $0.status.isSettled }
    let tally = "  \(settled)/\(lines.count)  \(TerminalText.duration(now - startedAt))"
    let text = TerminalText.cut(TerminalText.cut(title, to: max(8, columns - tally.count)) + tally, to: columns)
    let room = columns - text.count - 2
    return style.bold(text) + (room < 6 ? "" : style.dim("  \(runID.rawValue.prefix(room))"))
  }

  /// A node of a loop's body goes by its own name, below the loop, and says which iteration it is of.
  private static func label(of id: NodeID) -> String {
    guard let instance = id.instance, let iteration = instance.iteration else { return id.rawValue }
    return "\(instance.base) #\(iteration)"
  }

  private func draw(_ line: Line, columns: Int, frame: Int, now: Int64, style: Style) -> String {
    let indent = String(repeating: "  ", count: min(line.depth, 8))
    var left = indent + Self.label(of: line.id)
    if line.attempt > 1 { left += " on attempt \(line.attempt)" }
    if let time = line.startedAt.map({ TerminalText.duration((line.endedAt ?? now) - $0) }) { left += "  \(time)" }
    let note = TerminalText.plain(line.error ?? line.summary ?? (line.status == .running ? line.output : ""))
    let room = max(0, columns - left.count - 6)
    let mark =
      line.saysNotYet ? StatusMark.notYet(style) : StatusMark.of(line.status, frame: frame, style: style)
    let tail = note.isEmpty || room < 8 ? "" : "  " + style.dim(TerminalText.cut(note, to: room))
    return " \(mark) \(TerminalText.cut(left, to: max(8, columns - 4)))\(tail)"
  }
}
