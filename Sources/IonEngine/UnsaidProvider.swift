internal import IonAgents
internal import IonStore
internal import IonWorkflow
internal import IonWorkflowFile

/// Who takes the turns of agents for whom nobody says a provider.
enum UnsaidProvider: Hashable, Sendable {
  /// Nobody needs one.
  case unneeded
  /// The only one that is there, or was when the run was made.
  case only(String)
  /// None is there; these are those that Ion knows.
  case none(known: [String])
  /// Several are there, and none is taken over another.
  case several([String])

  /// Its id; nil where there is none.
  var id: String? {
    switch self {
    case .only(let id): id
    case .unneeded, .none, .several: nil
    }
  }

  /// Looks for it. Nothing is looked for where the request's options, the workflow, all its nodes, or the configuration
  /// say who it is.
  static func find(
    for definition: WorkflowDefinition, _ request: RunRequest, _ config: Configuration,
    among definitions: [ProviderDefinition], _ dependencies: WorkflowDependencies
  ) -> UnsaidProvider {
    guard request.chosenProvider == nil, definition.agent.provider == nil, config.provider == nil,
      definition.allNodes.contains(where: { $0.kind.needsAgent && $0.agent.provider == nil })
    else { return .unneeded }
    if let kept = request.provider { return .only(kept) }
    let environment = StepEnvironment(dependencies.environment, config, secrets: [])
    let present = dependencies.agents.present(
      among: definitions, path: environment["PATH"], from: request.workingPath)
    guard let only = present.first else { return .none(known: dependencies.agents.shipped.map(\.id)) }
    return present.count == 1 ? .only(only) : .several(present)
  }

  /// What people are told where it is taken; nil where there is nothing to tell.
  var notice: String? {
    guard case .only(let id) = self else { return nil }
    return "no provider is said: `\(id)` is used, the only agent that was there when the run was made; "
      + "`provider: \(id)` in .ion/config.yaml says so for good"
  }
}
