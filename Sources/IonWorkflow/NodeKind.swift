public import IonJSON

/// What a node does: exactly one of the language's kinds.
public enum NodeKind: Hashable, Sendable {
  case bash(BashBody)
  case script(Script)
  /// A program and its arguments, without any shell.
  case exec([Template])
  case prompt(Template)
  case command(PromptFile)
  case loop(Loop)
  case loopGroup(LoopGroup)
  case approval(Approval)
  case workflow(ChildWorkflow)
  case include(Include)
  /// What is left of a node with a `matrix` beside its instances.
  case matrix(Matrix)
  /// Ends the run as cancelled; the text says why.
  case cancel(Template)
  /// Ends the run as succeeded; the text says why.
  case finish(Template)

  /// The key that names the kind in a workflow file; `matrix`, which is no kind there, for what stands for instances.
  public var name: String {
    switch self {
    case .bash: "bash"
    case .script: "script"
    case .exec: "exec"
    case .prompt: "prompt"
    case .command: "command"
    case .loop: "loop"
    case .loopGroup: "loop_group"
    case .approval: "approval"
    case .workflow: "workflow"
    case .include: "include"
    case .matrix: "matrix"
    case .cancel: "cancel"
    case .finish: "finish"
    }
  }

  /// Every kind's key.
  public static let names = [
    "bash", "script", "exec", "prompt", "command", "loop", "loop_group", "approval", "workflow", "include", "cancel",
    "finish",
  ]

  /// Whether this version runs the kind. A run with another kind in it fails before it starts, by name.
  public var isRunnable: Bool {
    switch self {
    case .bash, .script, .exec, .prompt, .command, .loop, .loopGroup, .approval, .workflow, .cancel, .finish, .matrix:
      true
    case .include(let include): include.isUnfolded
    }
  }

  /// Whether an agent does a part of the node's work.
  public var needsAgent: Bool {
    switch self {
    case .prompt, .command, .loop: true
    case .approval(let approval): approval.onReject != nil
    case .bash, .script, .exec, .loopGroup, .workflow, .include, .matrix, .cancel, .finish: false
    }
  }

  /// Whether running the node is one turn of an agent.
  public var isAgentTurn: Bool {
    switch self {
    case .prompt, .command: true
    case .bash, .script, .exec, .loop, .loopGroup, .approval, .workflow, .include, .matrix, .cancel, .finish: false
    }
  }
}

/// A `script` node: a program text for a runtime.
public struct Script: Hashable, Sendable {
  public enum Source: Hashable, Sendable {
    case inline(String)
    /// The name of a file in `.ion/scripts/`, with or without its ending.
    case named(String)
  }

  public var source: Source
  /// `sh`, `python`, `node`, or another program by name.
  public var runtime: String
  /// What `uv` must bring along; empty elsewhere.
  public var dependencies: [String]

  public init(source: Source, runtime: String, dependencies: [String] = []) {
    self.source = source
    self.runtime = runtime
    self.dependencies = dependencies
  }
}

/// A `loop` node: one agent prompt, repeated.
public struct Loop: Hashable, Sendable {
  public enum Body: Hashable, Sendable { case prompt(Template), command(PromptFile) }

  public var body: Body
  public var until: String?
  public var untilBash: BashBody?
  public var untilField: String?
  public var maxIterations: Int
  public var freshContext: Bool
  public var interactive: Bool
  public var gateMessage: Template?
  public var signalCompletes: Bool

  public init(body: Body, maxIterations: Int) {
    self.body = body
    self.maxIterations = maxIterations
    until = nil
    untilBash = nil
    untilField = nil
    freshContext = false
    interactive = false
    gateMessage = nil
    signalCompletes = false
  }
}

/// A `loop_group` node: a sealed sub-DAG, repeated.
public struct LoopGroup: Hashable, Sendable {
  public var nodes: [Node]
  public var until: String?
  public var untilBash: BashBody?
  public var maxIterations: Int
  public var freshContext: Bool
  public var interactive: Bool
  public var gateMessage: Template?

  public init(nodes: [Node], maxIterations: Int) {
    self.nodes = nodes
    self.maxIterations = maxIterations
    until = nil
    untilBash = nil
    freshContext = false
    interactive = false
    gateMessage = nil
  }
}

extension LoopGroup {
  /// What `until_bash` is called among the nodes of an iteration.
  public static let testID: NodeID = "until_bash"
}

/// An `approval` node: a person decides.
public struct Approval: Hashable, Sendable {
  public struct Decision: Hashable, Sendable {
    public var id: String
    public var label: String

    public init(id: String, label: String) {
      self.id = id
      self.label = label
    }
  }

  public struct Rejection: Hashable, Sendable {
    public var prompt: Template
    public var maxAttempts: Int

    public init(prompt: Template, maxAttempts: Int = 3) {
      self.prompt = prompt
      self.maxAttempts = maxAttempts
    }
  }

  public var message: Template
  public var decisions: [Decision]
  public var onReject: Rejection?
  public var captureResponse: Bool
  /// Typed questions, as the inputs of a workflow are.
  public var form: [InputDeclaration]
  public var timeout: Duration?
  /// The option that the timeout takes.
  public var defaultDecision: String?

  public init(message: Template) {
    self.message = message
    decisions = []
    onReject = nil
    captureResponse = false
    form = []
    timeout = nil
    defaultDecision = nil
  }
}

/// A `workflow` node: a child run with a record of its own.
public struct ChildWorkflow: Hashable, Sendable {
  public enum Isolation: String, Codable, CaseIterable, Sendable { case inherit, worktree }
  public enum Join: String, Codable, CaseIterable, Sendable {
    case allSuccess = "all_success"
    case allDone = "all_done"
  }

  /// One child for each of some items.
  public struct FanOut: Hashable, Sendable {
    public enum Items: Hashable, Sendable { case literal([JSONValue]), reference(Reference) }

    /// The most items that there may be.
    public static let limit = 20_000

    public var items: Items
    /// The child's input that gets the item; nil where the item is the child's message alone.
    public var name: String?
    /// How many children run at once.
    public var maxParallel: Int
    public var join: Join

    public init(items: Items, as name: String? = nil, maxParallel: Int = 5, join: Join = .allSuccess) {
      self.items = items
      self.name = name
      self.maxParallel = maxParallel
      self.join = join
    }
  }

  public var workflow: String
  public var input: Template?
  public var isolation: Isolation
  public var fanOut: FanOut?

  public init(workflow: String) {
    self.workflow = workflow
    input = nil
    isolation = .inherit
    fanOut = nil
  }
}
