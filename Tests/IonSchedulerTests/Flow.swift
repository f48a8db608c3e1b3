import IonJSON
import IonScheduler
import IonWorkflow

/// A workflow of test nodes, in this order.
func flow(_ nodes: Node..., maxParallel: Int? = nil, timeout: Duration? = nil) -> WorkflowDefinition {
  flow(nodes, maxParallel: maxParallel, timeout: timeout)
}

func flow(_ nodes: [Node], maxParallel: Int? = nil, timeout: Duration? = nil) -> WorkflowDefinition {
  var definition = WorkflowDefinition(name: "test", nodes: nodes)
  definition.maxParallel = maxParallel
  definition.timeout = timeout
  return definition
}

/// What a test node does; only what the scheduler sees of it.
enum Work {
  case shell, agent, finish, cancel, child
  case gate(decisions: [String] = [], timeout: Duration? = nil, otherwise: String? = nil)

  var kind: NodeKind {
    switch self {
    case .shell: .exec([])
    case .agent: .prompt(Template(segments: []))
    case .child: .workflow(ChildWorkflow(workflow: "other"))
    case .finish: .finish(Template(segments: []))
    case .cancel: .cancel(Template(segments: []))
    case .gate(let decisions, let timeout, let otherwise):
      .approval(.asking(decisions: decisions, timeout: timeout, otherwise: otherwise))
    }
  }
}

extension Approval {
  fileprivate static func asking(decisions: [String], timeout: Duration?, otherwise: String?) -> Approval {
    var approval = Approval(message: Template(segments: []))
    approval.decisions = decisions.map { Decision(id: $0, label: $0) }
    approval.timeout = timeout
    approval.defaultDecision = otherwise
    return approval
  }
}

/// A test node.
func node(
  _ id: NodeID, _ work: Work = .shell, after: [NodeID] = [], waitsFor: [NodeID] = [], rule: TriggerRule = .allSuccess,
  hasCondition: Bool = false, reads: [NodeID] = [], retry: RetryPolicy? = nil, continueOnError: Bool = false,
  alwaysRun: Bool = false
) -> Node {
  var node = Node(id: id, kind: work.kind)
  node.dependsOn = after
  node.waitsFor = waitsFor
  node.triggerRule = rule
  node.when = hasCondition ? .operand(.literal(.bool(true))) : nil
  node.bindings = reads.map { .reading(of: $0) }
  node.retry = retry
  node.continueOnError = continueOnError
  node.alwaysRun = alwaysRun
  return node
}

extension Node {
  /// A node that stands for others.
  static func join(_ id: NodeID, of members: [NodeID], result: NodeID? = nil) -> Node {
    var node = Node(id: id, kind: .include(Include(workflow: "other", members: members, result: result)))
    node.dependsOn = members
    node.triggerRule = .allDone
    return node
  }
}

extension Node {
  /// What stands for the instances of a node with a matrix.
  static func matrix(_ id: NodeID, of instances: [NodeID]) -> Node {
    var node = Node(id: id, kind: .matrix(Matrix(instances: instances)))
    node.dependsOn = instances
    node.triggerRule = .allDone
    return node
  }
}

/// A test loop: its body repeated, at most so often; with `until_bash` where it has a test.
func loop(
  _ id: NodeID, most: Int = 3, after: [NodeID] = [], reads: [NodeID] = [], hasTest: Bool = false,
  continueOnError: Bool = false, alwaysRun: Bool = false, _ body: Node...
) -> Node {
  loop(
    id, most: most, after: after, reads: reads, hasTest: hasTest, continueOnError: continueOnError,
    alwaysRun: alwaysRun, body)
}

func loop(
  _ id: NodeID, most: Int = 3, after: [NodeID] = [], reads: [NodeID] = [], hasTest: Bool = false,
  continueOnError: Bool = false, alwaysRun: Bool = false, _ body: [Node]
) -> Node {
  var made = node(id, after: after, reads: reads, continueOnError: continueOnError, alwaysRun: alwaysRun)
  var group = LoopGroup(nodes: body, maxIterations: most)
  group.until = "DONE"
  if hasTest { group.untilBash = BashBody.parse("test -e done").body }
  made.kind = .loopGroup(group)
  return made
}

/// A test node with `fan_out`.
func fan(
  _ id: NodeID, limit: Int = 5, join: ChildWorkflow.Join = .allSuccess, after: [NodeID] = [], reads: [NodeID] = [],
  retry: RetryPolicy? = nil, continueOnError: Bool = false, alwaysRun: Bool = false
) -> Node {
  var made = node(id, after: after, reads: reads, retry: retry, continueOnError: continueOnError, alwaysRun: alwaysRun)
  var child = ChildWorkflow(workflow: "other")
  child.fanOut = ChildWorkflow.FanOut(items: .literal([]), as: "item", maxParallel: limit, join: join)
  made.kind = .workflow(child)
  return made
}

extension Node {
  /// The node with another turn.
  func at(_ phase: NodePhase) -> Node {
    var node = self
    node.phase = phase
    return node
  }
}

/// A policy of this many executions, a second apart.
func retries(_ attempts: Int, on errors: RetryPolicy.ErrorClass? = nil, exitCodes: [Int] = []) -> RetryPolicy {
  var policy = RetryPolicy(maxAttempts: attempts)
  policy.delay = .seconds(1)
  policy.onError = errors
  policy.onExitCodes = exitCodes
  return policy
}

/// An output whose text and hash are this word.
func output(_ word: some StringProtocol) -> NodeOutput {
  NodeOutput(text: String(word), file: nil, length: word.utf8.count, sha256: "#" + word)
}
