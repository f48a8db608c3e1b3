internal import IonJSON
internal import IonScheduler
internal import IonStore
internal import IonWorkflow

/// Everything about a run that doesn't change while it is live.
struct RunContext: Sendable {
  let id: RunID
  let definition: WorkflowDefinition
  let request: RunRequest
  /// The inputs with their secrets, which are kept nowhere else.
  let inputs: [String: JSONValue]
  /// What the environment of each step starts from.
  let environment: StepEnvironment
  /// What hides the run's secrets in everything that is written down or told; nil where there are none.
  let mask: SecretMask?
  /// The values of those secrets, and of the runs' around a child.
  let secrets: [String]
  /// The most bytes that a step's environment may have; nil for the usual.
  let environmentLimit: Int?
  let agents: AgentRoster
  /// What of the configuration counts for nothing, for people.
  let configWarnings: [String]
  let paths: ProjectPaths
  let home: RunHome
  /// Whose child the run is, and how it tells of itself; nil for a run that is nobody's.
  let place: ChildPlace?
  /// How many steps work in the run, and in those around it and below it.
  let census: StepCensus
  /// The workflows of the runs around and of this one, the outermost first.
  let lineage: [Ancestor]
  /// The texts of named scripts and prompt files, by hash.
  let frozenTexts: [String: String]
  /// Nodes by id, so that nothing scans the definition.
  let nodes: [NodeID: Node]
}

extension RunContext {
  var codebase: CodebaseID? { home.codebase }
  var root: AbsolutePath { home.root }
  var dependencies: WorkflowDependencies { home.dependencies }
  var store: any WorkflowStore { home.store }
  var hub: NoticeHub { home.hub }
  var output: OutputBoard { home.output }

  /// What the run comes to from where it stands.
  func foreseen(of run: WorkflowRun) -> ForeseenNodes {
    ForeseenNodes(run, request, inputs: inputs, paths: paths, root: root)
  }
}

/// What belongs to one place where runs are kept: shared by all its runs.
struct RunHome: Sendable {
  let root: AbsolutePath
  let codebase: CodebaseID?
  let dependencies: WorkflowDependencies
  let store: any WorkflowStore
  let hub: NoticeHub
  let output: OutputBoard
  let children: LiveChildren
}
