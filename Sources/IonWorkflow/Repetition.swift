/// What a node repeats, and how that comes to its end: the iterations of a loop, and what follows the rejections of a gate.
public struct Repetition: Hashable, Sendable {
  /// The nodes of one iteration.
  public var body: [Node]
  public var maxIterations: Int
  /// The word by which an iteration's output ends it.
  public var until: String?
  public var untilBash: BashBody?
  /// The boolean field of an iteration's output that ends it.
  public var untilField: String?
  /// Whether `until` ends a loop before a person has said anything.
  public var signalCompletes = true

  init(_ body: [Node], maxIterations: Int) {
    self.body = body
    self.maxIterations = maxIterations
  }
}

extension Node {
  /// What the agent's turn is called that follows a rejection.
  public static let revisionID: NodeID = "on_reject"

  /// What the node repeats; nil for one that repeats nothing.
  public var repetition: Repetition? {
    switch kind {
    case .loopGroup(let group):
      var repetition = Repetition(group.nodes, maxIterations: group.maxIterations)
      repetition.until = group.until
      repetition.untilBash = group.untilBash
      repetition.signalCompletes = !group.interactive
      return repetition
    case .loop(let loop):
      // Texts of the loop that read its own output mean the answer of the iteration.
      let turn = turn(loop.body, called: instance?.of ?? id)
      var repetition = Repetition([turn], maxIterations: loop.maxIterations)
      repetition.until = loop.until
      repetition.untilBash = loop.untilBash
      repetition.untilField = loop.untilField
      repetition.signalCompletes = loop.signalCompletes || !loop.interactive
      return repetition
    case .approval(let approval):
      guard let rejection = approval.onReject else { return nil }
      return Repetition(
        [turn(.prompt(rejection.prompt), called: Self.revisionID)], maxIterations: rejection.maxAttempts)
    case .bash, .script, .exec, .prompt, .command, .workflow, .include, .matrix, .cancel, .finish: return nil
    }
  }

  /// What people are asked at the node: by a gate itself, or between the iterations of an interactive loop. Nil for a node
  /// that asks nobody.
  public var gate: Approval? {
    switch kind {
    case .approval(let approval): approval
    case .loop(let loop): loop.interactive ? Self.gate(loop.gateMessage) : nil
    case .loopGroup(let group): group.interactive ? Self.gate(group.gateMessage) : nil
    case .bash, .script, .exec, .prompt, .command, .workflow, .include, .matrix, .cancel, .finish: nil
    }
  }

  private static func gate(_ message: Template?) -> Approval {
    var gate = Approval(message: message ?? Template(segments: [.text("Go on with another iteration?")]))
    gate.decisions = [
      Approval.Decision(id: Approval.approve, label: "Go on"),
      Approval.Decision(id: Approval.done, label: "It is done"),
      Approval.Decision(id: Approval.reject, label: "Stop the run"),
    ]
    return gate
  }

  /// One turn of the agent, with all that the node says of its steps.
  private func turn(_ body: Loop.Body, called name: NodeID) -> Node {
    let kind: NodeKind =
      switch body {
      case .prompt(let text): .prompt(text)
      case .command(let file): .command(file)
      }
    var turn = Node(id: name, kind: kind)
    turn.retry = retry
    turn.timeout = timeout
    turn.idleTimeout = idleTimeout
    turn.environment = environment
    turn.bindings = bindings
    turn.outputType = outputType
    turn.outputFormat = outputFormat
    turn.artifacts = artifacts
    turn.agent = agent
    turn.instance = instance
    turn.include = include
    turn.range = range
    turn.idRange = idRange
    return turn
  }
}

extension Approval {
  /// What ends an interactive loop as done.
  public static let done = "done"
}
