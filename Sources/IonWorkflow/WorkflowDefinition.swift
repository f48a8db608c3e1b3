public import IonJSON

/// A workflow as its file says it: checked, resolved, and independent of the file's spelling.
public struct WorkflowDefinition: Hashable, Sendable {
  public var name: String
  public var description: String?
  /// In the file's order, which is the order in which nodes that are ready start.
  public var nodes: [Node]
  /// The workflows that were put in the places of `include` nodes, those inside of others behind them.
  public var includes: [IncludedWorkflow]
  /// In the file's order.
  public var inputs: [InputDeclaration]
  /// What the workflow adds to every step's environment, in the file's order.
  public var environment: [EnvironmentEntry]
  /// The variables of Ion's own environment that every step gets, and whose values are shown nowhere.
  public var secrets: [String]
  /// How long the whole run may take; nil is for ever.
  public var timeout: Duration?
  /// How many nodes of one run may run at once; nil leaves it to the process-wide slots.
  public var maxParallel: Int?
  /// Whether runs hold the path lock.
  public var mutatesCheckout: Bool
  /// Whether each run gets a git worktree of its own, unless its start says otherwise.
  public var isIsolated: Bool
  /// The node whose output is the run's.
  public var returns: NodeID?
  /// The boolean field of that output that is the author's verdict on the run.
  public var outcomeField: String?
  /// Whether a success needs `$ARTIFACTS_DIR/evidence.json`.
  public var needsEvidence: Bool
  /// What must be there before anything starts: `github`, or programs by name.
  public var requirements: [String]
  public var tags: [String]
  public var interactive: Bool
  /// The agent settings that nodes fall back to.
  public var agent: AgentSettings
  /// What the run's agents may use; nil has no bound.
  public var budget: Budget?
  /// Keys that are read and checked but not acted on by this version: key and value, in the file's order.
  public var other: JSONObject

  public init(name: String, nodes: [Node]) {
    self.name = name
    self.nodes = nodes
    description = nil
    includes = []
    inputs = []
    environment = []
    secrets = []
    timeout = nil
    maxParallel = nil
    mutatesCheckout = true
    isIsolated = false
    returns = nil
    outcomeField = nil
    needsEvidence = false
    requirements = []
    tags = []
    interactive = false
    agent = AgentSettings()
    budget = nil
    other = JSONObject()
  }
}

extension WorkflowDefinition {
  /// Every node, those in the bodies of loops behind the node that has them.
  public var allNodes: [Node] { nodes.flatMap(\.withBody) }
}

extension Node {
  fileprivate var withBody: [Node] {
    guard case .loopGroup(let group) = kind else { return [self] }
    return [self] + group.nodes.flatMap(\.withBody)
  }
}

/// `env` of a workflow or a node: a name and the text that makes its value.
public struct EnvironmentEntry: Hashable, Sendable {
  public var name: String
  public var value: Template

  public init(name: String, value: Template) {
    self.name = name
    self.value = value
  }
}

/// One entry of a workflow's `inputs`.
public struct InputDeclaration: Hashable, Sendable {
  public enum Kind: String, Codable, CaseIterable, Sendable { case string, number, boolean, path, `enum`, secret }

  public var name: String
  public var kind: Kind
  /// What an `enum` may be; empty for other kinds.
  public var values: [String]
  public var isRequired: Bool
  public var defaultValue: JSONValue?
  public var description: String?
  /// A regular expression that the whole text must match; nil allows any.
  public var pattern: String?

  public init(name: String, kind: Kind = .string) {
    self.name = name
    self.kind = kind
    values = []
    isRequired = false
    defaultValue = nil
    description = nil
    pattern = nil
  }
}

extension WorkflowDefinition {
  /// What the inputs of each include read, those of the includes around it in their place.
  public var referencesByInclude: [NodeID: [Reference]] {
    var found: [NodeID: [Reference]] = [:]
    // Outer ones stand before those inside of them.
    for include in includes {
      var all: [Reference] = []
      var seen: Set<Reference> = []
      for reference in include.inputs.flatMap(\.value.references) where seen.insert(reference).inserted {
        all.append(reference)
        if case .boundInput(let outer, _) = reference.root {
          all += (found[outer] ?? []).filter { seen.insert($0).inserted }
        }
      }
      found[include.id] = all
    }
    return found
  }
}
