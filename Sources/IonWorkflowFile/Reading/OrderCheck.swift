internal import IonWorkflow

/// Checks the order that a list's dependencies and references ask for, and lets nodes wait for what they read.
struct OrderCheck {
  let context: FileContext

  func check(_ drafts: inout [NodeDraft], reads: [NodeRead]) {
    waitForSessions(&drafts)
    let graph = graph(drafts)
    if let cycle = graph.cycle { return reportCycle(cycle, drafts, reads) }
    let missing = Ancestry(graph, context).missing(reads)
    for read in missing {
      guard let node = drafts[read.node].id, let target = drafts[read.target].id else { continue }
      drafts[read.node].waitsFor.append(target)
      context.report(
        .warning, "notUpstream",
        "\(quoted(node.rawValue)) doesn't depend on \(quoted(target.rawValue)): it waits for it, outside of its trigger rule",
        at: context.place(read.reference.range, in: read.reference.scalar),
        hint: "add `\(target)` to `depends_on`")
    }
    if !missing.isEmpty, let cycle = self.graph(drafts).cycle { reportCycle(cycle, drafts, reads) }
  }

  /// Who goes on from another node's session waits for that node.
  private func waitForSessions(_ drafts: inout [NodeDraft]) {
    let ids = Set(drafts.compactMap(\.id))
    for index in drafts.indices {
      guard case .resume(let target)? = drafts[index].fields.agentSettings.session, ids.contains(target),
        !drafts[index].dependencies.contains(where: { $0.id == target })
      else { continue }
      drafts[index].waitsFor.append(target)
    }
  }

  /// The graph looks at ids and edges alone, so that nodes with a wrong kind have their place in it too.
  private func graph(_ drafts: [NodeDraft]) -> WorkflowGraph {
    WorkflowGraph(
      drafts.map { draft in
        context.count(1 + draft.dependencies.count + draft.waitsFor.count)
        return (draft.id ?? "", draft.dependencies.map(\.id), draft.waitsFor)
      })
  }

  private func reportCycle(_ cycle: [Int], _ drafts: [NodeDraft], _ reads: [NodeRead]) {
    let ids = cycle.map { drafts[$0].id?.rawValue ?? "" }
    let shown = ids.count <= 40 ? ids : Array(ids.prefix(20)) + ["… \(ids.count - 40) more …"] + ids.suffix(20)
    let path = (shown + [ids[0]]).map { $0.hasPrefix("…") ? $0 : quoted($0) }.joined(separator: " → ")
    let next = cycle.count > 1 ? cycle[1] : cycle[0]
    context.report(
      .error, "cycle", "these nodes wait for each other: \(path)", at: place(of: next, in: cycle[0], drafts, reads),
      hint: "take one of the dependencies out")
  }

  /// Where a node says that it needs another one.
  private func place(of target: Int, in node: Int, _ drafts: [NodeDraft], _ reads: [NodeRead]) -> Range<Int> {
    if let dependency = drafts[node].dependencies.first(where: { $0.id == drafts[target].id }) {
      return dependency.place
    }
    if let read = reads.first(where: { $0.node == node && $0.target == target }) {
      return context.place(read.reference.range, in: read.reference.scalar)
    }
    return drafts[node].idPlace
  }
}

/// Which nodes stand upstream of which.
///
/// What is asked is answered for 64 targets in one pass over the graph, so the work is the graph's size for each 64
/// different nodes that are read without being depended on; direct dependencies cost nothing.
struct Ancestry {
  private let graph: WorkflowGraph
  private let context: FileContext

  init(_ graph: WorkflowGraph, _ context: FileContext) {
    self.graph = graph
    self.context = context
  }

  /// The reads whose target isn't upstream, in their order, each pair of nodes once.
  func missing(_ reads: [NodeRead]) -> [NodeRead] {
    guard !reads.isEmpty, let order = graph.topologicalOrder else { return [] }
    var seen: Set<[Int]> = []
    let direct = graph.dependencies.map(Set.init)
    let open = reads.filter { read in
      read.node != read.target && !direct[read.node].contains(read.target)
        && seen.insert([read.node, read.target]).inserted
    }
    let targets = Array(Set(open.map(\.target))).sorted()
    var batches: [Int: (batch: Int, bit: UInt64)] = [:]
    for (position, target) in targets.enumerated() { batches[target] = (position / 64, 1 << (position % 64)) }
    var waiting = [[Int]](repeating: [], count: (targets.count + 63) / 64)
    for (position, read) in open.enumerated() {
      if let batch = batches[read.target]?.batch { waiting[batch].append(position) }
    }
    var missing: [Int] = []
    for (batch, positions) in waiting.enumerated() {
      let above = masks(order) { batches[$0].flatMap { $0.batch == batch ? $0.bit : nil } ?? 0 }
      missing += positions.filter { above[open[$0].node] & (batches[open[$0].target]?.bit ?? 0) == 0 }
    }
    return missing.sorted().map { open[$0] }
  }

  /// For each node, the bits of the nodes upstream of it.
  private func masks(_ order: [Int], bit: (Int) -> UInt64) -> [UInt64] {
    var above = [UInt64](repeating: 0, count: order.count)
    for node in order {
      context.count(1 + graph.dependencies[node].count)
      for upstream in graph.dependencies[node] { above[node] |= above[upstream] | bit(upstream) }
    }
    return above
  }
}
