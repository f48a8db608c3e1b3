internal import IonAgents
internal import IonJSON
internal import IonProcess
internal import IonScheduler
internal import IonStore
internal import IonWorkflow

extension StepPlanner {
  /// How long an agent may be silent where nothing is said.
  private static let usualSilence = Duration.seconds(30 * 60)
  /// What a turn may cost where its node has used all that it may, in dollars: programs take no less. What it uses then
  /// ends it.
  private static let leastBudget = 0.01

  /// A turn of an agent. Values are put into the prompt as text, once.
  func turn(_ prompt: Template, _ scope: ValueScope, _ sight: RunSight) throws(StepFailure) -> TurnPlan {
    let seat: AgentRoster.Seat
    do throws(AgentFault) {
      seat = try context.agents.seat(of: node)
    } catch {
      throw StepFailure(.missing, "it needs an agent, and \(error).")
    }
    var environment = try environment(scope, beside: seat.environment)
    let workingPath = context.request.workingPath
    if let absence = context.agents.absence(of: seat, path: environment["PATH"], from: workingPath) {
      throw StepFailure(.missing, "it needs an agent, and \(absence).")
    }
    let files = spill(&environment)
    let choice = try SessionChooser(context: context, node: node, provider: seat.provider, sight: sight)
      .choose(for: resolve(prompt, scope))
    var request = AgentRequest(
      prompt: choice.prompt, workingPath: workingPath, environment: environment.entries,
      marker: StepMarker.of(context.id, node.id, attempt: attempt, salt: UInt32.random(in: 0 ... .max)), folder: folder,
      root: context.paths.base, grace: context.dependencies.stopGrace, run: context.id, node: node.id)
    request.session = choice.request.map { withCost($0, seat.provider, sight) }
    request.model = seat.settings.model
    request.effort = seat.settings.effort
    if let text = node.agent.systemPrompt { request.systemPrompt = try resolve(text, scope) }
    request.allowedTools = seat.settings.allowedTools
    request.deniedTools = seat.settings.deniedTools
    request.options = seat.options
    if seat.acts(on: .mcp) {
      request.mcpServers = try AgentServers.read(seat.settings.other[AgentAbility.mcp.rawValue], root: context.root)
    }
    let used = sight.run.usageOverIterations(of: node.id)
    request.budget = node.agent.budget.map { max(Self.leastBudget, $0 - (used?.usd ?? 0)) }
    request.environmentLimit = context.environmentLimit
    request.secrets = context.mask
    request.timeout = node.timeout
    request.idleTimeout = node.idleTimeout ?? Self.usualSilence
    return TurnPlan(
      provider: seat.provider, request: request, settings: seat.settings, files: files, note: choice.note, used: used)
  }

  /// A session with what it had cost: in this run, or in an earlier one that it is kept from.
  private func withCost(_ wanted: SessionRequest, _ provider: any AgentProvider, _ sight: RunSight) -> SessionRequest {
    var wanted = wanted
    let kept = context.request.sessions.values.first { $0.id == wanted.id && $0.provider == provider.id }
    wanted.usd = sight.run.cost(of: kept ?? NodeSession(wanted.id, of: provider.id))
    return wanted
  }

  /// The same where the prompt is a file's.
  func turn(_ file: PromptFile, _ scope: ValueScope, _ sight: RunSight) throws(StepFailure) -> TurnPlan {
    guard let text = file.text else {
      throw StepFailure(.missing, "The prompt file `\(file.name)` was not kept with the run.")
    }
    return try turn(text, scope, sight)
  }
}
