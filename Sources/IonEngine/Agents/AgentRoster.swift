internal import IonAgents
internal import IonJSON
internal import IonProcess
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

    /// Whether Ion itself holds the provider to it, as far as that goes.
    func isHeld(to ability: AgentAbility) -> Bool { !acts(on: ability) && provider.heldByIon.contains(ability) }

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
  private let programs: AgentPrograms
  let unsaid: UnsaidProvider

  init(
    _ definition: WorkflowDefinition, _ request: RunRequest, _ config: Configuration,
    _ dependencies: WorkflowDependencies
  ) {
    providers = dependencies.agents
    definitions = providers.definitions(under: config.providers)
    unsaid = .find(for: definition, request, config, among: definitions, dependencies)
    // A worktree may not have been made yet.
    programs = AgentPrograms(
      StepEnvironment(dependencies.environment, config, secrets: definition.secrets), definition,
      inputs: request.inputs, folder: request.isolation?.origin ?? request.workingPath)
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

  /// Why a node's agent can't be started, as far as that is known before the node starts; nil for nothing.
  func absence(of node: Node) -> AbsentAgent? {
    guard let definition = definition(of: settings(of: node).provider) else { return nil }
    return programs.failure(of: node, definition).map { absent(definition.id, $0) }
  }

  /// The same when it starts: by the `PATH` that its program gets, and where it works.
  func absence(of seat: Seat, path: String?, from folder: AbsolutePath) -> AbsentAgent? {
    guard let definition = definition(of: seat.provider.id), let program = definition.program else { return nil }
    return AgentPrograms.failure(of: program, path: path, from: folder).map { absent(definition.id, $0) }
  }

  /// What a provider is started from; nil for one that was handed in.
  private func definition(of id: String?) -> ProviderDefinition? {
    guard let id, !providers.embedded.contains(id) else { return nil }
    return definitions.first { $0.id == id }
  }

  private func absent(_ id: String, _ failure: ProcessFailure) -> AbsentAgent {
    AbsentAgent(id, failure, page: providers.shipped.first { $0.id == id }?.page)
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
