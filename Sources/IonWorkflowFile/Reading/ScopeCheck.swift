internal import IonWorkflow

/// Checks a list of nodes together: their ids, what they depend on, what their texts read, and the order that follows.
struct ScopeCheck {
  let context: FileContext
  let facts: FileFacts

  /// Checks the nodes, their groups' bodies included, and fills in what each of them waits for.
  /// - Returns: The references that lead to nodes outside of the list.
  @discardableResult
  func check(_ drafts: inout [NodeDraft], within outer: Scope, isBody: Bool, matrix: Set<String> = [])
    -> [PendingReference]
  {
    let scope = Scope(levels: outer.levels + [level(drafts, within: outer, isBody: isBody, matrix: matrix)])
    for index in drafts.indices { checkDependencies(&drafts[index], in: scope) }
    var reads: [NodeRead] = []
    var outward: [PendingReference] = []
    for index in drafts.indices {
      let outOfBody = checkBody(&drafts[index], within: scope)
      let references = drafts[index].references + outOfBody
      let check = ReferenceCheck(context: context, facts: facts, scope: scope, draft: drafts[index], index: index)
      let found = check.check(references)
      reads += found.reads
      outward += found.outward
      check.checkCondition()
      check.checkSession()
    }
    OrderCheck(context: context).check(&drafts, reads: reads)
    return outward
  }

  // MARK: Ids

  private func level(_ drafts: [NodeDraft], within outer: Scope, isBody: Bool, matrix: Set<String>) -> Scope.Level {
    var level = Scope.Level()
    level.isBody = isBody
    level.matrix = matrix
    // By their places: a draft is large, and a copy of each costs more than what is looked at.
    for index in drafts.indices {
      guard let id = drafts[index].id else { continue }
      context.count()
      if let first = level.indices[id] {
        let line = context.source.line(of: drafts[first].idPlace.lowerBound) + 1
        context.report(
          .error, "duplicateID", "\(quoted(id.rawValue)) is the id of the node on line \(line) already",
          at: drafts[index].idPlace)
        continue
      }
      if outer.levels.contains(where: { $0.indices[id] != nil }) {
        context.report(
          .error, "shadowedID", "\(quoted(id.rawValue)) is the id of a node outside of this list already",
          at: drafts[index].idPlace,
          hint: isBody ? "ids inside of a group differ from those around it" : "all ids of a workflow differ")
      }
      level.indices[id] = index
      if drafts[index].isFreeForm { level.freeForm.insert(id) }
      level.formats[id] = drafts[index].readFormat
      if drafts[index].kindKey?.text == "include" { level.includes.insert(id) }
      hide(drafts[index].body, in: id, &level)
    }
    return level
  }

  private func hide(_ body: [NodeDraft], in group: NodeID, _ level: inout Scope.Level) {
    for draft in body {
      if let id = draft.id { level.hidden[id] = group }
      hide(draft.body, in: group, &level)
    }
  }

  private func checkDependencies(_ draft: inout NodeDraft, in scope: Scope) {
    let own = draft.id
    var seen: Set<NodeID> = []
    draft.dependencies = draft.dependencies.compactMap { dependency in
      context.count()
      var name: String { quoted(dependency.id.rawValue) }
      switch scope.find(dependency.id) {
      case .local(_, let id):
        if id != own {
          if id != dependency.id { context.noteInside(dependency.id, of: id, at: dependency.place) }
          let named = context.isUnfolding ? dependency.id : id
          return seen.insert(named).inserted ? NodeDraft.Dependency(id: id, named: named, place: dependency.place) : nil
        }
        context.report(.error, "cycle", "\(name) depends on itself", at: dependency.place)
      case .outer:
        let isBody = scope.levels.last?.isBody ?? false
        context.report(
          .error, "unknownNode", "\(name) is outside of this list, and what is in it can't depend on it",
          at: dependency.place,
          hint: isBody ? "let the group depend on it" : "all of these run when it has settled; read its `.status`")
      case .hidden(let group):
        context.report(
          .error, "unknownNode", "\(name) is inside of the group \(quoted(group.rawValue))", at: dependency.place,
          hint: "depend on `\(group)`")
      case .unknown where facts.ends[dependency.id] != nil:
        context.report(
          .error, "endNode",
          "\(name) runs at the end (`\(facts.ends[dependency.id] ?? "")`): nothing before can wait for it",
          at: dependency.place)
      case .unknown:
        context.report(
          .error, "unknownNode", "no node has the id \(name)", at: dependency.place,
          hint: scope.hint(for: dependency.id.rawValue, context))
      }
      return nil
    }
  }

  // MARK: Groups

  /// Checks a group's body, and what the group's own texts read of it.
  /// - Returns: The references that lead out of the body.
  private func checkBody(_ draft: inout NodeDraft, within scope: Scope) -> [PendingReference] {
    guard case .loopGroup? = draft.kind else { return [] }
    let matrix = Set(draft.matrixNames)
    var outward = check(&draft.body, within: scope, isBody: true, matrix: matrix)
    let isInside = { (reference: PendingReference) in
      ["until_bash", "gate_message"].contains(reference.key)
    }
    if case .loopGroup(let group)? = draft.kind, group.untilBash != nil {
      for node in draft.body where node.id == LoopGroup.testID {
        context.report(
          .error, "duplicateID", "\(quoted(LoopGroup.testID.rawValue)) is what the loop's own test is called",
          at: node.idPlace, hint: "call the node otherwise")
      }
    }
    var body = Scope.Level()
    body.isBody = true
    body.matrix = matrix
    for (index, node) in draft.body.enumerated() {
      guard let id = node.id else { continue }
      body.indices[id] = index
      body.formats[id] = node.readFormat
    }
    let inner = ReferenceCheck(
      context: context, facts: facts, scope: Scope(levels: scope.levels + [body]), draft: draft, index: -1)
    outward += inner.check(draft.references.filter(isInside)).outward
    draft.references.removeAll(where: isInside)
    return outward
  }
}

extension Scope {
  /// What may have been meant by an id that nothing has.
  func hint(for id: String, _ context: FileContext) -> String? {
    context.hint(for: id, among: names, count: count)
  }
}
