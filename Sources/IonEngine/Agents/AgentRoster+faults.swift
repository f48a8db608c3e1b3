internal import IonAgents
internal import IonJSON
internal import IonScheduler
internal import IonWorkflow

/// What is wrong with the agents of a run, and what they don't do, told before anything starts.
extension AgentRoster {
  /// Why the run can't start: the first nodes that have no provider, by what is wrong; nil where all have one.
  func fault(in definition: WorkflowDefinition) -> String? {
    var lacks = NodesByFinding<AgentFault>()
    for node in definition.allNodes where node.kind.needsAgent {
      do throws(AgentFault) {
        _ = try seat(of: node)
      } catch {
        lacks.add(node.id, error)
      }
    }
    return Self.refusal(lacks)
  }

  /// Why a run can't start, or go on, whose nodes all have providers: the first of those that it is certain to come to
  /// whose provider's program isn't there; nil where all are. `foreseen` is asked only where one isn't.
  func absence(in definition: WorkflowDefinition, _ foreseen: () -> ForeseenNodes) -> String? {
    Self.refusal(absences(in: definition, foreseen)[.certain] ?? NodesByFinding())
  }

  /// The nodes whose provider's program isn't there, by whether the run comes to them.
  private func absences(
    in definition: WorkflowDefinition, _ foreseen: () -> ForeseenNodes
  ) -> [ForeseenNodes.Chance: NodesByFinding<AbsentAgent>] {
    var seen: [String?: AbsentAgent?] = [:]
    func absence(of node: Node) -> AbsentAgent? {
      guard !node.environment.contains(where: { $0.name == "PATH" }) else { return self.absence(of: node) }
      let provider = settings(of: node).provider
      if let known = seen[provider] { return known }
      let found = self.absence(of: node)
      seen[provider] = .some(found)
      return found
    }
    let nodes = definition.allNodes.filter(\.kind.needsAgent)
    guard nodes.contains(where: { absence(of: $0) != nil }) else { return [:] }
    var found: [ForeseenNodes.Chance: NodesByFinding<AbsentAgent>] = [:]
    for entry in foreseen().agents {
      if let absence = absence(of: entry.node) { found[entry.chance, default: .init()].add(entry.node.id, absence) }
    }
    return found
  }

  private static func refusal(_ lacks: NodesByFinding<some CustomStringConvertible>) -> String? {
    guard !lacks.all.isEmpty else { return nil }
    return lacks.all.map { lack, ids in
      "\(list(ids)) \(ids.count == 1 ? "needs" : "need") an agent, and \(lack)"
    }.joined(separator: "; ") + ". Nothing was started."
  }

  /// What is told when a run starts, or goes on: which provider is taken where nobody says one; which agents aren't there
  /// that may come to be needed; what nodes ask for that their providers don't act on.
  func warnings(for definition: WorkflowDefinition, _ foreseen: () -> ForeseenNodes) -> [String] {
    let doubtful = absences(in: definition, foreseen)[.open] ?? NodesByFinding()
    return [unsaid.notice].compactMap(\.self)
      + doubtful.all.map { lack, ids in "\(Self.list(ids)) may come to need an agent, and \(lack)" }
      + loneKeys(in: definition)
  }

  /// The keys that providers don't act on, and those that Ion holds them to only as far as they let it: a sentence for each
  /// provider and set of keys.
  private func loneKeys(in definition: WorkflowDefinition) -> [String] {
    var idle = NodesByFinding<ProviderKeys>()
    var held = NodesByFinding<ProviderKeys>()
    for node in definition.allNodes where node.kind.needsAgent {
      guard case .success(let seat) = Result(catching: { () throws(AgentFault) in try seat(of: node) }) else {
        continue
      }
      var keys = seat.settings.keys.map { (word: $0, ability: ability(behind: $0)) }
      if let budget = definition.budget, budget.usd != nil || !seat.provider.countsTokens {
        keys.append((word: "budget", ability: .budget))
      }
      var (idleKeys, heldKeys) = ([String](), [String]())
      for key in keys {
        if let ability = key.ability, seat.acts(on: ability) { continue }
        if let ability = key.ability, seat.isHeld(to: ability) {
          heldKeys.append(key.word)
        } else {
          idleKeys.append(key.word)
        }
      }
      if !idleKeys.isEmpty { idle.add(node.id, ProviderKeys(provider: seat.provider.id, keys: idleKeys)) }
      if !heldKeys.isEmpty { held.add(node.id, ProviderKeys(provider: seat.provider.id, keys: heldKeys)) }
    }
    return idle.all.map { found, ids in
      "\(Self.list(ids)): the provider `\(found.provider)` doesn't act on \(ProviderKeys.list(found.keys))"
    } + held.all.map { found, ids in "\(Self.list(ids)): \(found.reservation)" }
  }

  /// Who takes a node's turns, for a plan; nil where nobody has to.
  func planned(for node: Node) -> PlannedAgent? {
    guard node.kind.needsAgent else { return nil }
    let settings = settings(of: node)
    var agent = PlannedAgent(provider: settings.provider, model: settings.model)
    do throws(AgentFault) {
      _ = try seat(of: node)
      agent.absence = absence(of: node)?.description
    } catch {
      agent.absence = "\(error)"
    }
    return agent
  }

  private func ability(behind key: String) -> AgentAbility? {
    key == AgentSettings.persistKey ? .sessions : AgentAbility(rawValue: key)
  }

  private static func list(_ ids: [NodeID]) -> String {
    let more = ids.count > 3 ? " and \(ids.count - 3) more" : ""
    return ids.prefix(3).map { "`\($0)`" }.joined(separator: ", ") + more
  }
}

/// Keys that some nodes have in common, and the provider that they are said to.
private struct ProviderKeys: Hashable {
  var provider: String
  var keys: [String]

  /// What Ion holds the provider to, and how far that goes.
  var reservation: String {
    let tools = keys.filter { $0.hasSuffix("_tools") }
    let costs = keys.filter { !$0.hasSuffix("_tools") }
    let parts = [
      tools.isEmpty
        ? nil : "to \(Self.list(tools)) where it asks leave or has Ion act for it, and not in what it does by itself",
      costs.isEmpty ? nil : "to \(Self.list(costs)) where it reports what it uses",
    ]
    return "Ion holds the provider `\(provider)` " + parts.compactMap(\.self).joined(separator: "; ")
  }

  static func list(_ keys: [String]) -> String { keys.map { "`\($0)`" }.joined(separator: ", ") }
}

/// What was found of nodes, each finding once, in the order in which they were made.
struct NodesByFinding<Finding: Hashable> {
  private var nodes: [Finding: [NodeID]] = [:]
  private var order: [Finding] = []

  mutating func add(_ node: NodeID, _ finding: Finding) {
    if nodes[finding] == nil { order.append(finding) }
    nodes[finding, default: []].append(node)
  }

  var all: [(finding: Finding, nodes: [NodeID])] { order.map { ($0, nodes[$0] ?? []) } }
}

extension AgentSettings {
  fileprivate static let persistKey = "persist_session"

  /// The keys that ask for something, by the language's words.
  fileprivate var keys: [String] {
    var keys: [String] = []
    if model != nil { keys.append("model") }
    if effort != nil { keys.append("effort") }
    if systemPrompt != nil { keys.append("systemPrompt") }
    if allowedTools != nil { keys.append("allowed_tools") }
    if !deniedTools.isEmpty { keys.append("denied_tools") }
    if budget != nil { keys.append(AgentAbility.budget.rawValue) }
    // What holds anyway asks for nothing.
    if let session, session != .fresh { keys.append(AgentAbility.sessions.rawValue) }
    if persistsSession == true { keys.append(Self.persistKey) }
    return keys + other.members.map(\.key)
  }
}
