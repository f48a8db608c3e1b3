internal import IonServer
internal import IonWorkflow

/// Who took the turns of a run's agents, and what that came to, as lines of text: one for each node, and their sum.
enum AgentsText {
  /// None where the run has no agents.
  static func lines(_ nodes: [NodeShape], total: UsageShape?, style: Style) -> [String] {
    let agents = nodes.filter { $0.provider != nil }
    guard !agents.isEmpty || total != nil else { return [] }
    // Of one alone it would be the same again.
    let isSaid = agents.count == 1 && agents[0].usage == total
    let sum = isSaid ? [] : total.map { [["  together", "", usage($0)]] } ?? []
    return TerminalText.columns(agents.map(row) + sum).map(style.dim)
  }

  private static func row(_ node: NodeShape) -> [String] {
    let who = [node.provider, node.model].compactMap(\.self).joined(separator: " ")
    let session = node.sessionId.map { "session \($0)" }
    let rest = [node.files.map(files), session].compactMap(\.self).joined(separator: ", ")
    return ["  \(node.nodeId)", TerminalText.plain(who), node.usage.map(usage) ?? "", TerminalText.plain(rest)]
  }

  /// `12.3k in, 1.2k out, $0.42`
  private static func usage(_ usage: UsageShape) -> String {
    let tokens = "\(short(usage.inputTokens)) in, \(short(usage.outputTokens)) out"
    return usage.usd.map { "\(tokens), \(dollars($0))" } ?? tokens
  }

  private static func short(_ count: Int) -> String {
    switch count {
    case ..<1000: "\(count)"
    case ..<1_000_000: "\(tenths(Double(count) / 1000))k"
    default: "\(tenths(Double(count) / 1_000_000))M"
    }
  }

  private static func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }

  /// Cents, and as many places more as a small sum needs to be seen.
  private static func dollars(_ usd: Double) -> String {
    guard usd > 0, usd < 0.1 else {
      let cents = Int((min(usd, 1e12) * 100).rounded())
      return "$\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
    }
    let tenThousandths = max(1, Int((usd * 10_000).rounded()))
    let digits = String(tenThousandths)
    return "$0." + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// How many files, and the first of them.
  private static func files(_ files: [NodeFileShape]) -> String {
    let more = files.count > 3 ? " and \(files.count - 3) more" : ""
    return "files " + files.prefix(3).map { TerminalText.path($0.path) }.joined(separator: ", ") + more
  }
}

/// The agents' nodes of a run as they were told while it went, in the order in which they were first heard of.
struct SeenAgents {
  private(set) var nodes: [NodeShape] = []
  private var places: [NodeID: Int] = [:]

  mutating func note(_ news: RunNews) {
    guard case .progress(let progress, _) = news else { return }
    for node in progress.nodes where node.provider != nil {
      if let place = places[node.nodeId] {
        nodes[place] = node
      } else {
        places[node.nodeId] = nodes.count
        nodes.append(node)
      }
    }
  }
}
