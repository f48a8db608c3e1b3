internal import IonJSON
internal import IonScheduler
internal import IonStore
internal import IonWorkflow

/// Which nodes a run comes to, as far as that is known before it starts.
struct ForeseenNodes {
  enum Chance: Hashable {
    /// It runs wherever the steps before it succeed.
    case certain
    /// Something that isn't known decides.
    case open
    /// It is skipped, or done already.
    case none
  }

  /// A node that needs an agent, and whether it comes to that.
  struct Entry {
    var node: Node
    var chance: Chance
  }

  private let outlook: PlanOutlook
  private let run: WorkflowRun

  /// `run` is the run as it stands: what it has done needs nothing any more.
  init(
    _ run: WorkflowRun, _ request: RunRequest, inputs: [String: JSONValue], paths: ProjectPaths, root: AbsolutePath
  ) {
    self.run = run
    let variables = RunVariables.all(of: "foreseen", request, paths: paths, root: root)
    let values = PlanValues(run.definition, paths: paths, inputs: inputs, variables: variables)
    var rehearsal = RunRehearsal(values, stubs: PlanStubs(), folder: paths.logs)
    rehearsal.play()
    outlook = PlanOutlook(of: rehearsal)
  }

  /// The nodes that need agents, those of loops behind their loops.
  var agents: [Entry] { entries(run.definition.nodes, prefix: "", within: .certain) }

  private func entries(_ nodes: [Node], prefix: String, within outer: Chance) -> [Entry] {
    nodes.flatMap { node -> [Entry] in
      let id = NodeID(rawValue: prefix + node.id.rawValue)
      let chance = chance(of: node, id, within: outer)
      var found = node.kind.needsAgent ? [Entry(node: node, chance: chance)] : []
      if case .loopGroup(let group) = node.kind {
        found += entries(group.nodes, prefix: "\(id)#1/", within: chance)
      }
      return found
    }
  }

  private func chance(of node: Node, _ id: NodeID, within outer: Chance) -> Chance {
    guard outer != .none, run.node(id)?.status != .succeeded else { return .none }
    // What a failure brings about isn't in a plan in which nothing fails.
    if node.phase == .onFailure { return node.when == nil ? .certain : .open }
    switch outlook.outlooks[id]?.verdict {
    case .run?, nil: return outer
    case .depends?: return .open
    case .skip?, .fail?: return .none
    }
  }
}
