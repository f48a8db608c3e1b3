public import IonWorkflow

/// What a run of a workflow would do, as far as that is known before anything runs.
public struct WorkflowPlan: Sendable {
  public var definition: WorkflowDefinition
  /// Why a run would not start at all, for people; nil where it would.
  public var problem: String?
  /// How the run would end; nil where that hangs on what isn't known.
  public var status: RunStatus?
  /// In the definition's order, the nodes of a loop's first iteration behind the loop.
  public var nodes: [PlannedNode]
}

/// One node of a plan.
public struct PlannedNode: Sendable {
  public var id: NodeID
  /// The node as its file has it.
  public var node: Node
  /// Those that its trigger rule counts, and those that it merely waits for, by their ids in the plan.
  public var dependsOn: [NodeID]
  public var waitsFor: [NodeID]
  /// The loop whose first iteration it belongs to; nil outside of loops.
  public var loop: NodeID?
  /// From 1: what has the same number needs nothing of each other.
  public var wave: Int
  public var verdict: PlanVerdict
  /// How it would come out; nil where that isn't certain.
  public var status: NodeStatus?
  /// Why the verdict is what it is: one sentence or a few.
  public var reason: String
  /// The nodes that the verdict hangs on; empty for every verdict but `depends`.
  public var doubts: [NodeID]
  /// How its condition comes out; nil where it has none, isn't asked, or that isn't known.
  public var condition: NodeHistory.Verdict?
  public var text: PlannedText
  /// Who would take its agent's turns; nil where it has none, and where nobody looked.
  public var agent: PlannedAgent?
}

/// Who would take the turns of a node's agent.
public struct PlannedAgent: Hashable, Sendable {
  /// Nil where nobody is said.
  public var provider: String?
  public var model: String?
  /// Why nobody could take them as things are, for people; nil where somebody could.
  public var absence: String?

  public init(provider: String?, model: String? = nil, absence: String? = nil) {
    self.provider = provider
    self.model = model
    self.absence = absence
  }
}

/// What a node would do, as text. Values that aren't known stand as the references that read them; secrets are never in it.
public struct PlannedText: Hashable, Sendable {
  /// One reference, or one entry of `with`, and what it stands for.
  public struct Value: Hashable, Sendable {
    public var name: String
    /// Nil where it isn't known.
    public var text: String?

    public init(name: String, text: String?) {
      self.name = name
      self.text = text
    }
  }

  /// The text of its kind: a bash body or a script as written, the others with their values; nil for kinds without.
  public var text: String?
  /// The program and its arguments of an `exec`; empty for other kinds.
  public var words: [String] = []
  /// What the references of a bash body and of a condition stand for, and the entries of `with`, each once.
  public var values: [Value] = []
  /// The names that the workflow and the node add to its environment.
  public var environment: [String] = []
}
