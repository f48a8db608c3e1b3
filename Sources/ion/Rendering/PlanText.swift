internal import IonEngine
internal import IonServer
internal import IonWorkflow

/// A plan as lines of text: its nodes by waves, with why they don't run, or what they would do.
struct PlanText {
  private let plan: PlanWorkflow.Result
  private let style: Style
  /// How wide a line may be; nil has no bound.
  private let columns: Int?

  init(_ plan: PlanWorkflow.Result, style: Style, columns: Int?) {
    self.plan = plan
    self.style = style
    self.columns = columns
  }

  var lines: [String] {
    var lines = [head]
    if let problem = plan.problem { lines.append(fitted("  ", "it would not start: \(problem)", style.red)) }
    if !plan.requires.isEmpty {
      lines.append(
        fitted("  ", "requires, which is not looked for: \(plan.requires.joined(separator: ", "))", style.dim))
    }
    let bodies = Dictionary(grouping: plan.nodes.filter { $0.loop != nil }) { $0.loop }
    let own = plan.nodes.filter { $0.loop == nil }
    lines += waves(of: own, bodies, indent: "")
    return lines
  }

  private var head: String {
    let end = plan.status.map { "would be \($0.rawValue)" } ?? "how it ends isn't certain"
    let counts = PlanVerdict.allCases.compactMap { verdict -> String? in
      let count = plan.nodes.count { $0.verdict == verdict }
      return count == 0 ? nil : "\(count) \(verdict.rawValue)"
    }
    return "\(style.bold(TerminalText.plain(plan.workflow))) \(end): \(counts.joined(separator: ", "))"
  }

  private func waves(
    of nodes: [PlannedNodeShape], _ bodies: [NodeID?: [PlannedNodeShape]], indent: String
  ) -> [String] {
    var lines: [String] = []
    let byWave = Dictionary(grouping: nodes) { $0.wave }
    for (number, wave) in byWave.keys.sorted().enumerated() {
      lines.append(style.dim("\(indent)wave \(number + 1)"))
      for node in byWave[wave] ?? [] {
        lines += self.lines(of: node, indent: indent)
        guard let body = bodies[node.nodeId] else { continue }
        let limit = node.maxIterations.map { " of at most \($0)" } ?? ""
        lines.append(style.dim("\(indent)    iteration 1\(limit)"))
        lines += waves(of: body, bodies, indent: indent + "    ")
      }
    }
    return lines
  }

  private func lines(of node: PlannedNodeShape, indent: String) -> [String] {
    let kind = node.runnable ? node.kind : "\(node.kind), which this version doesn't run"
    let name = "\(node.nodeId)  \(kind)"
    let whole = name + agent(of: node)
    let inner = indent + "      "
    switch node.verdict {
    case .skip:
      return [fitted("\(indent)  \(style.dim("–")) ", "\(name)  \(node.reason)", style.dim, hidden: style.isOn ? 8 : 0)]
    case .run:
      let end = node.status == .failed ? [fitted(inner, node.reason, style.red)] : []
      return ["\(indent)  \(style.green("▸")) \(whole)"] + end + doing(node, inner)
    case .fail: return ["\(indent)  \(style.red("✗")) \(whole)", fitted(inner, node.reason, style.red)]
    case .depends:
      return ["\(indent)  \(style.yellow("?")) \(whole)", fitted(inner, node.reason, style.yellow)] + doing(node, inner)
    }
  }

  /// Who takes the turns of a node's agent, behind its kind.
  private func agent(of node: PlannedNodeShape) -> String {
    guard node.provider != nil || node.absence != nil else { return "" }
    let words = [node.provider ?? "by nobody who is said", node.model].compactMap(\.self).joined(separator: ", ")
    return "  \(style.dim(TerminalText.plain(words)))"
  }

  /// What a node would do: its text's first line, and what the references in it stand for.
  private func doing(_ node: PlannedNodeShape, _ indent: String) -> [String] {
    var lines: [String] = []
    // What to do about it stands above, in why the run would not start.
    if let absence = node.absence?.prefix(while: { $0 != ";" }) {
      lines.append(fitted(indent, String(absence), style.red))
    }
    if let words = node.words {
      lines.append(fitted(indent, words.map(Self.quoted).joined(separator: " "), { $0 }))
    } else if let text = node.text {
      let all = text.split(separator: "\n")
      let more = all.count > 1 ? " (and \(all.count - 1) more lines)" : ""
      lines.append(fitted(indent, TerminalText.plain(all.first.map(String.init) ?? "") + more, { $0 }))
    }
    for value in node.values {
      lines.append(fitted(indent, "\(value.name) = \(value.text.map(Self.quoted) ?? "?")", style.dim))
    }
    return lines
  }

  private static func quoted(_ word: String) -> String {
    let isPlain = !word.isEmpty && word.utf8.allSatisfy { $0 > 32 && $0 != 34 && $0 != 39 && $0 != 127 }
    return isPlain ? word : "\"\(word.replacing("\n", with: "⏎"))\""
  }

  private func fitted(_ indent: String, _ text: String, _ paint: (String) -> String, hidden: Int = 0) -> String {
    let text = TerminalText.plain(text)
    return indent + paint(columns.map { TerminalText.cut(text, to: $0 - indent.count + hidden) } ?? text)
  }
}
