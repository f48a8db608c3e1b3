internal import IonWorkflow

/// Reads the lists of nodes that run at the end of a run.
struct EndReader {
  /// One of the lists.
  struct List {
    var phase: NodePhase
    var drafts: [NodeDraft]

    func nodes(in source: SourceText) -> [Node] {
      drafts.flatMap { $0.nodes(in: source) }.map { node in
        var node = node
        node.phase = phase
        return node
      }
    }
  }

  let context: FileContext

  func read(_ fields: Fields) -> [List] {
    [NodePhase.onSuccess, .onFailure, .onExit].compactMap { phase in
      fields.nodes(phase.rawValue).map { List(phase: phase, drafts: drafts($0, of: phase)) }
    }
  }

  private func drafts(_ nodes: [YAMLNode], of phase: NodePhase) -> [NodeDraft] {
    let drafts = NodeReader(context: context).read(nodes)
    for draft in drafts {
      guard let key = draft.kindKey, ["cancel", "finish"].contains(key.text) else { continue }
      context.report(
        .error, "misplacedKind",
        "a `\(key.text)` node ends the run, and what runs in `\(phase.rawValue)` runs behind its end",
        at: key.range)
    }
    return drafts
  }

  /// Checks the lists. They may read every node of the workflow, and those of the lists before.
  func check(_ lists: inout [List], behind main: [NodeDraft], _ check: ScopeCheck) {
    guard !lists.isEmpty else { return }
    var outer = Scope.Level()
    add(main, to: &outer)
    for index in lists.indices {
      let outward = check.check(&lists[index].drafts, within: Scope(levels: [outer]), isBody: false)
      for pending in outward {
        guard let id = pending.reference.node, outer.indices[id] == nil, let include = outer.include(of: id) else {
          continue
        }
        context.noteInside(id, of: include, at: context.place(pending.range, in: pending.scalar))
      }
      add(lists[index].drafts, to: &outer)
    }
  }

  private func add(_ drafts: [NodeDraft], to level: inout Scope.Level) {
    for (index, draft) in drafts.enumerated() {
      guard let id = draft.id, level.indices[id] == nil else { continue }
      level.indices[id] = index
      if draft.isFreeForm { level.freeForm.insert(id) }
      level.formats[id] = draft.readFormat
      if draft.kindKey?.text == "include" { level.includes.insert(id) }
    }
  }
}
