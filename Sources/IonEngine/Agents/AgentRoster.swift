internal import IonAgents
internal import IonJSON
internal import IonStore
internal import IonWorkflow
internal import IonWorkflowFile

/// Who takes the turns of a run's agents, and with which model.
///
/// What is asked for counts in this order: the execution's options, the node, the workflow, the configuration; where none of
/// them says a provider, the only one that is there. A model belongs to the provider that it is said for: where a nearer one
/// says another provider, it isn't taken over.
struct AgentRoster: Sendable {
  /// What a node's turns are taken with.
  struct Seat: Sendable {
    var provider: any AgentProvider
    /// Variables of the provider's program.
    var environment: [ProviderDefinition.Variable]
    /// With everything resolved that the provider acts on.
    var settings: AgentSettings

    func acts(on ability: AgentAbility) -> Bool { provider.abilities.contains(ability) }

    /// The other agent keys of the node that the provider acts on, and that have no place of their own in a request.
    var options: JSONObject {
      let members = settings.other.members.filter { member in
        AgentAbility(rawValue: member.key).map { $0 != .mcp && $0 != .sessions && acts(on: $0) } ?? false
      }
      return JSONObject(uniqueMembers: members)
    }
  }

  private let options: AgentSettings
  private let workflow: AgentSettings
  private let definitions: [ProviderDefinition]
  private let providers: AgentProviders
  private let unsaid: UnsaidProvider

  init(
    _ definition: WorkflowDefinition, _ request: RunRequest, _ config: Configuration,
    _ dependencies: WorkflowDependencies
  ) {
    providers = dependencies.agents
    definitions = providers.definitions(under: config.providers)
    unsaid = .find(for: definition, request, config, among: definitions, dependencies)
    options = AgentSettings(provider: request.chosenProvider, model: request.chosenModel)
    workflow = definition.agent.over(AgentSettings(provider: config.provider ?? unsaid.id))
  }

  /// The provider and the model of nodes that say nothing else.
  var usual: AgentSettings { settled(options.over(workflow)) }

  /// What a node asks for, with all that holds around it.
  func settings(of node: Node) -> AgentSettings { settled(options.over(node.agent.over(workflow))) }

  private func settled(_ settings: AgentSettings) -> AgentSettings {
    guard let definition = definitions.first(where: { $0.id == settings.provider }) else { return settings }
    var settings = settings
    settings.model = settings.model ?? definition.model
    let sources = AgentAbility.settingSources.rawValue
    settings.other[sources] = settings.other[sources] ?? definition.other[sources]
    return settings
  }

  /// Who takes a node's turns.
  /// - Throws: Why nobody can, without the node's name.
  func seat(of node: Node) throws(AgentFault) -> Seat {
    let settings = settings(of: node)
    guard let id = settings.provider else { throw .unsaid(unsaid) }
    do throws(ProviderFault) {
      let provider = try providers.provider(id, among: definitions)
      return Seat(
        provider: provider, environment: definitions.first { $0.id == id }?.environment ?? [], settings: settings)
    } catch {
      throw .provider(error)
    }
  }

  /// Why the run can't start: the first nodes whose agents aren't there, by what is wrong; nil where all are.
  func fault(in definition: WorkflowDefinition) -> String? {
    var nodes: [AgentFault: [NodeID]] = [:]
    var order: [AgentFault] = []
    for node in definition.allNodes where node.kind.needsAgent {
      do throws(AgentFault) {
        _ = try seat(of: node)
      } catch {
        if nodes[error] == nil { order.append(error) }
        nodes[error, default: []].append(node.id)
      }
    }
    guard !order.isEmpty else { return nil }
    return order.map { fault in
      let ids = nodes[fault] ?? []
      return "\(Self.list(ids)) \(ids.count == 1 ? "needs" : "need") an agent, and \(fault)"
    }.joined(separator: "; ") + ". Nothing was started."
  }

  /// Which provider is taken where nobody says one; then what nodes ask for that their providers don't act on, a sentence
  /// for each provider and set of keys.
  func warnings(for definition: WorkflowDefinition) -> [String] {
    struct Complaint: Hashable {
      var provider: String
      var keys: [String]
    }
    var nodes: [Complaint: [NodeID]] = [:]
    var order: [Complaint] = []
    for node in definition.allNodes where node.kind.needsAgent {
      guard case .success(let seat) = Result(catching: { () throws(AgentFault) in try seat(of: node) }) else {
        continue
      }
      var keys = seat.settings.keys.filter { key in
        ability(behind: key).map { !seat.acts(on: $0) } ?? true
      }
      if definition.budget != nil, !seat.acts(on: .budget) { keys.append("budget") }
      guard !keys.isEmpty else { continue }
      let complaint = Complaint(provider: seat.provider.id, keys: keys)
      if nodes[complaint] == nil { order.append(complaint) }
      nodes[complaint, default: []].append(node.id)
    }
    return [unsaid.notice].compactMap(\.self)
      + order.map { complaint in
        let keys = complaint.keys.map { "`\($0)`" }.joined(separator: ", ")
        return "\(Self.list(nodes[complaint] ?? [])): the provider `\(complaint.provider)` doesn't act on \(keys)"
      }
  }

  private func ability(behind key: String) -> AgentAbility? {
    key == AgentSettings.persistKey ? .sessions : AgentAbility(rawValue: key)
  }

  private static func list(_ ids: [NodeID]) -> String {
    let more = ids.count > 3 ? " and \(ids.count - 3) more" : ""
    return ids.prefix(3).map { "`\($0)`" }.joined(separator: ", ") + more
  }
}

/// Why nobody takes a node's turns.
enum AgentFault: Error, Hashable, CustomStringConvertible {
  /// Nobody says who, and nobody is the only one.
  case unsaid(UnsaidProvider)
  case provider(ProviderFault)

  var description: String {
    switch self {
    case .unsaid(.several(let ids)):
      "no provider is said, and several are here (\(Self.list(ids))); \(Self.remedy)"
    case .unsaid(.none(let known)) where !known.isEmpty:
      "no provider is said, and no agent that Ion knows is on PATH (\(Self.list(known))); install one, or \(Self.remedy)"
    case .unsaid: "no provider is said; \(Self.remedy)"
    case .provider(let fault): "\(fault)"
    }
  }

  private static let remedy =
    "say one with `provider` in the workflow, in .ion/config.yaml, or when the run is started"

  private static func list(_ ids: [String]) -> String { ids.map { "`\($0)`" }.joined(separator: ", ") }
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
