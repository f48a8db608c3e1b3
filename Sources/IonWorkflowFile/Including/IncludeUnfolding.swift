internal import IonJSON
internal import IonWorkflow

/// Puts the workflows that a file includes in the places of its `include` nodes.
struct IncludeUnfolding {
  let context: FileContext
  /// What messages call the file's workflow.
  let title: String

  /// An include whose workflow can be put in its place.
  private struct Ready {
    var site: IncludeSite
    var volume: IncludeLibrary.Volume
    var inputs: [BoundInput]
  }

  /// - Parameter findings: What became of each of the file's includes, in their order.
  func unfold(_ file: inout FileRead, _ findings: [IncludeLibrary.Finding]) {
    guard !file.sites.isEmpty else { return }
    var ready: [NodeID: Ready] = [:]
    var told: Set<AbsolutePath> = []
    let all = file.definition?.allNodes ?? []
    let sites = Set(file.sites.map(\.id))
    let nodes = Dictionary(all.lazy.filter { sites.contains($0.id) }.map { ($0.id, $0) }) { first, _ in first }
    for (site, finding) in zip(file.sites, findings) {
      if case .volume(let volume, let path) = finding {
        relay(volume, path, at: site, isFirst: told.insert(path).inserted)
      }
      guard let volume = usable(finding, at: site) else { continue }
      let inputs = IncludeInputs(context: context, site: site)
        .bound(volume.reading.definition?.inputs ?? [], by: nodes[site.id]?.bindings ?? [])
      if ready[site.id] == nil { ready[site.id] = Ready(site: site, volume: volume, inputs: inputs) }
    }
    guard var definition = file.definition, file.sites.allSatisfy({ ready[$0.id] != nil }) else { return }
    var ids = Set(definition.nodes.map(\.id))
    guard let unfolded = unfold(definition.nodes, ready, among: ids, &definition, &ids) else { return }
    definition.nodes = unfolded
    checkInsides(ids, ready.mapValues(\.site))
    file.definition = definition
  }

  /// A list of nodes with the workflows of its includes in their places, and of those in its groups; nil where that would
  /// be too many nodes, which is reported.
  /// - Parameters:
  ///   - outer: The ids of the list and of those around it.
  ///   - definition: Gets what the included workflows bring along.
  ///   - ids: Gets the ids of the nodes that came in.
  private func unfold(
    _ nodes: [Node], _ ready: [NodeID: Ready], among outer: Set<NodeID>, _ definition: inout WorkflowDefinition,
    _ ids: inout Set<NodeID>
  ) -> [Node]? {
    let own = Dictionary(nodes.map { ($0.id, $0) }) { first, _ in first }
    var taken = outer
    var unfolded: [Node] = []
    for var node in nodes {
      if case .loopGroup(var group) = node.kind {
        let around = taken.union(group.nodes.map(\.id))
        guard let body = unfold(group.nodes, ready, among: around, &definition, &ids) else { return nil }
        group.nodes = body
        node.kind = .loopGroup(group)
      }
      guard case .include = node.kind, let found = ready[node.id], let included = found.volume.reading.definition else {
        unfolded.append(node)
        continue
      }
      reportEnds(of: included, at: found.site)
      guard context.countNodes(included.nodes.count, at: found.site.place) else { return nil }
      let graft = IncludeGraft(node, of: included) { id in own[id]?.continueOnError ?? isTolerated(id, ready) }
      claim(graft.nodes, of: found.site, in: &taken)
      ids.formUnion(graft.nodes.lazy.map(\.id))
      unfolded += graft.nodes
      definition.includes.append(IncludedWorkflow(id: node.id, name: included.name, inputs: found.inputs))
      definition.includes += included.includes.map { $0.relabelled(graft.labels) }
      definition.require(of: included)
    }
    return unfolded
  }

  /// Takes the ids of an include's nodes; those that are taken already are reported.
  private func claim(_ nodes: [Node], of site: IncludeSite, in taken: inout Set<NodeID>) {
    for id in nodes.lazy.map(\.id) where id != site.id && !taken.insert(id).inserted {
      context.report(
        .error, "duplicateID",
        "the included \(quoted(site.workflow)) brings \(quoted(id.rawValue)), which is there already", at: site.idPlace,
        hint: "give the include another id")
    }
  }

  // MARK: Findings

  /// The included file where it can be put in the place of its include; what is wrong with it is reported there.
  private func usable(_ finding: IncludeLibrary.Finding, at site: IncludeSite) -> IncludeLibrary.Volume? {
    switch finding {
    case .missing(.notFound(let name, let near)):
      let names = near.map { "`\($0)`" }
      context.report(
        .error, "unknownWorkflow", "no workflow is called \(quoted(name))", at: site.place,
        hint: names.isEmpty ? nil : "did you mean \(alternatives(names))?")
    case .missing(let failure): context.report(.error, "ambiguousWorkflow", failure.description, at: site.place)
    case .cycle(let names):
      context.report(
        .error, "includeCycle", "these workflows include each other: \(way(names))", at: site.place,
        hint: "take one of the includes out")
    case .volume(let volume, _):
      guard volume.deepest.count <= IncludeLibrary.depthLimit else {
        context.report(
          .error, "includeDepth",
          "includes stand at most \(IncludeLibrary.depthLimit) deep inside each other: \(way([title] + volume.deepest))",
          at: site.place)
        return nil
      }
      return volume.reading.definition == nil ? nil : volume
    }
    return nil
  }

  /// What an included workflow does at its end belongs to runs of its own.
  private func reportEnds(of included: WorkflowDefinition, at site: IncludeSite) {
    let phases = NodePhase.allCases.filter { phase in phase != .main && included.nodes.contains { $0.phase == phase } }
    guard !phases.isEmpty else { return }
    context.report(
      .warning, "endsLeftOut",
      "what stands in \(alternatives(phases.map { "`\($0.rawValue)`" })) of the included \(quoted(site.workflow)) runs only "
        + "at the end of its own runs", at: site.place)
  }

  private func way(_ names: [String]) -> String {
    let shown =
      names.count <= 20 ? names : Array(names.prefix(10)) + ["… \(names.count - 20) more …"] + names.suffix(10)
    return shown.map { $0.hasPrefix("…") ? $0 : quoted($0) }.joined(separator: " → ")
  }

  /// Tells at the include what is wrong with the file that it leads to; errors at each, warnings at the first.
  private func relay(_ volume: IncludeLibrary.Volume, _ path: AbsolutePath, at site: IncludeSite, isFirst: Bool) {
    let faults = volume.reading.diagnostics.filter { $0.severity == .error || ($0.severity == .warning && isFirst) }
    guard let first = faults.first(where: { $0.severity == .error }) ?? faults.first else { return }
    let errors = faults.count { $0.severity == .error }
    let counts = [(errors, "error"), (faults.count - errors, "warning")].filter { $0.0 > 0 }
      .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: " and ")
    let place = "\(path.name):\(first.range.start.line + 1):\(first.range.start.column + 1)"
    let which = faults.count == 1 ? "" : errors == 1 ? "the error: " : "first: "
    var finding = Finding(
      errors > 0 ? .error : .warning, "includedFile",
      "the included \(quoted(site.workflow)) has \(counts); \(which)\(place): \(first.message)", at: site.place,
      hint: first.hint)
    finding.related = faults.map { fault in
      Diagnostic.Related(
        path: path, range: fault.range, line: volume.source.lineText(fault.range.start.line),
        message: "\(fault.severity.rawValue): \(fault.message)" + (fault.hint.map { "; \($0)" } ?? ""))
    }
    finding.related += faults.flatMap(\.related)
    context.report(finding)
  }

  /// Whether the failure of a node inside of another include counts as a success.
  private func isTolerated(_ id: NodeID, _ ready: [NodeID: Ready]) -> Bool {
    guard let include = context.insides.first(where: { $0.id == id })?.include,
      let nodes = ready[include]?.volume.reading.definition?.nodes
    else { return false }
    let labels = Relabelling.below(include)
    return nodes.first { labels.id($0.id) == id }?.continueOnError ?? false
  }

  /// Looks up the nodes of includes that the file names.
  private func checkInsides(_ ids: Set<NodeID>, _ sites: [NodeID: IncludeSite]) {
    for inside in context.insides where !ids.contains(inside.id) {
      guard let site = sites[inside.include] else { continue }
      let prefix = inside.include.rawValue + "__"
      let members = ids.lazy.map(\.rawValue).filter { $0.hasPrefix(prefix) }
      context.report(
        .error, "unknownNode",
        "the included \(quoted(site.workflow)) has no node that is called \(quoted(inside.id.rawValue)) here",
        at: inside.place, hint: context.hint(for: inside.id.rawValue, among: Array(members)))
    }
  }
}

extension WorkflowDefinition {
  /// Asks for what an included workflow asks for.
  fileprivate mutating func require(of included: WorkflowDefinition) {
    for name in included.requirements where !requirements.contains(name) { requirements.append(name) }
    for name in included.secrets where !secrets.contains(name) { secrets.append(name) }
  }
}
