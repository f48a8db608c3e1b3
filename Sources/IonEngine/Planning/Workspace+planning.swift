public import IonJSON
internal import IonScheduler
internal import IonStore
internal import IonWorkflow
internal import IonWorkflowFile

extension Workspace {
  /// What a run of a workflow would do. Nothing is started, written, or made; what is read is what a run's beginning reads,
  /// the configuration and named scripts, and the programs of agents are looked for. `stubs` were checked against the workflow.
  ///
  /// - Throws: `.inputInvalid`, naming an input, as a run would.
  public nonisolated func plan(
    _ workflow: LoadedWorkflow, message: String, inputs: [String: JSONValue], stubs: PlanStubs
  ) throws(EngineFailure) -> WorkflowPlan {
    let (definition, problem) = outlook(of: workflow.definition)
    var plan = try WorkflowPlan(
      of: definition, in: codebase, message: message, inputs: inputs, stubs: stubs, problem: problem)
    try addAgents(to: &plan, message: message, inputs: inputs)
    return plan
  }

  /// Says who takes the turns of a plan's nodes, and which of them would keep a run from starting.
  private nonisolated func addAgents(
    to plan: inout WorkflowPlan, message: String, inputs: [String: JSONValue]
  ) throws(EngineFailure) {
    var options = WorkflowExecutionOptions()
    options.input = inputs
    let checked = try InputReading.check(plan.definition.inputs, options)
    let request = RunRequest(workingPath: codebase.root, message: message, inputs: checked.kept)
    let loaded = ConfigLoader.load(root: codebase.root, dependencies)
    let agents = AgentRoster(plan.definition, request, loaded.config, dependencies)
    for index in plan.nodes.indices { plan.nodes[index].agent = agents.planned(for: plan.nodes[index].node) }
    guard plan.problem == nil else { return }
    let paths = ProjectPaths(root: codebase.root, codebase: codebase.id, run: "planned")
    plan.problem = agents.absence(in: plan.definition) {
      ForeseenNodes(
        WorkflowRun(plan.definition), request, inputs: checked.all, paths: paths, root: codebase.root)
    }
  }

  /// A definition with its prompts, and what would keep a run from starting, as far as that can be seen without doing
  /// anything.
  private nonisolated func outlook(of definition: WorkflowDefinition) -> (WorkflowDefinition, problem: String?) {
    do throws(EngineFailure) {
      let filled = try FrozenFiles(of: definition, root: codebase.root).filled(definition)
      return (filled, obstacle(to: filled))
    } catch {
      return (definition, obstacle(to: definition) ?? error.message)
    }
  }

  /// What would keep a run from starting beside files that aren't there.
  private nonisolated func obstacle(to definition: WorkflowDefinition) -> String? {
    let loaded = ConfigLoader.load(root: codebase.root, dependencies)
    if let fault = loaded.fault { return fault }
    let environment = StepEnvironment(dependencies.environment, loaded.config, secrets: definition.secrets)
    if let fault = RunSecrets(definition, inputs: [:], in: environment).fault { return fault }
    if let fault = RunPlanner.unsupportedKinds(of: definition) { return fault }
    let request = RunRequest(workingPath: codebase.root)
    return AgentRoster(definition, request, loaded.config, dependencies).fault(in: definition)
  }
}
