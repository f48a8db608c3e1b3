public import IonEngine
internal import IonStore
public import IonWorkflow

/// A node of a plan as the protocol shows it: `PlannedNode`.
public struct PlannedNodeShape: WireShape, Hashable {
  public static let schemaName: String? = "PlannedNode"
  public static let notes: [String: String] = [
    "nodeId": "The node; one of a loop's first iteration has the id that it gets there (`review#1/test`).",
    "kind": "The key that says what it does, as in `workflow/get`.",
    "runnable": "Whether this version of Ion runs that kind.",
    "dependsOn": "The nodes that must settle before the trigger rule is asked, by their ids in the plan.",
    "waitsFor": "Nodes that it reads something of without depending on them; they are waited for too.",
    "triggerRule": "When it runs, once all that it depends on has settled.",
    "phase": "When it has its turn: `main`, or at the end of the run, by the list in which it stands.",
    "loop": "The loop whose first iteration it belongs to; absent outside of loops.",
    "include": "The `include` node that brought it in; absent for a node of the file itself.",
    "instanceOf": "The node that stands for all the instances of its `matrix`; absent for a node that is no instance.",
    "wave": "From 1, one more than the highest of those that it needs: nodes of one wave need nothing of each other.",
    "verdict": "Whether it runs. For a node of a loop, whether it runs in the first iteration.",
    "reason": "Why, for people: one sentence or a few.",
    "doubts": "The nodes that the verdict hangs on; empty for every verdict but `depends`.",
    "status": "How it would come out, steps without a stub taken to succeed; absent where that isn't certain.",
    "when": "Its condition, as a workflow file may write it; absent where it has none.",
    "condition": "How the condition comes out; absent where it has none, isn't asked, or that isn't known.",
    "text":
      """
    The body of a `bash` and the text of a `script` as they are written, or a named script's name; the texts of other \
    kinds with their values, or with the reference where one isn't known. Absent for kinds without a text.
    """,
    "words": "The program and its arguments of an `exec`, with their values; absent for other kinds.",
    "runtime": "What runs a `script`; absent for other kinds.",
    "values": "What the references of a bash body and of the condition stand for, and the entries of `with`.",
    "environment": "The names that the workflow and the node add to the environment.",
    "provider":
      "Who would take its agent's turns; absent for a node without an agent, and where no provider is said.",
    "model": "The model that is asked for; absent where none is said.",
    "absence": "Why nobody could take its agent's turns as things are, for people; absent where somebody could.",
    "continueOnError": "Whether its failure is tolerated.",
    "maxAttempts": "How often it is executed at most; absent where the file doesn't say.",
    "timeoutMs": "How long one attempt may take; absent where the file doesn't say.",
    "idleTimeoutMs": "How long one attempt may be silent; absent where the file doesn't say.",
    "maxIterations": "How often a loop goes round at most; absent for other kinds.",
    "until": "What a loop's text says when it is done; absent where it isn't asked.",
  ]

  public var nodeId: NodeID
  public var kind: String
  public var runnable: Bool
  public var dependsOn: [NodeID]
  public var waitsFor: [NodeID]
  public var triggerRule: TriggerRule
  public var phase: NodePhase
  public var loop: NodeID?
  public var include: NodeID?
  public var instanceOf: NodeID?
  public var wave: Int
  public var verdict: PlanVerdict
  public var reason: String
  public var doubts: [NodeID]
  public var status: NodeStatus?
  public var when: String?
  public var condition: ConditionOutcome?
  public var text: String?
  public var words: [String]?
  public var runtime: String?
  public var values: [Value]
  public var environment: [String]
  public var provider: String?
  public var model: String?
  public var absence: String?
  public var continueOnError: Bool
  public var maxAttempts: Int?
  public var timeoutMs: Int64?
  public var idleTimeoutMs: Int64?
  public var maxIterations: Int?
  public var until: String?

  /// One value of a plan's node.
  public struct Value: WireShape, Hashable {
    public static let notes: [String: String] = [
      "name": "The reference as it is written, or `with NAME`.",
      "text": "What it stands for, cut where it is very long; absent where that isn't known. Never a secret.",
    ]

    public var name: String
    public var text: String?
  }

  public init(_ planned: PlannedNode) {
    let node = planned.node
    nodeId = planned.id
    kind = node.kind.name
    runnable = node.kind.isRunnable
    dependsOn = planned.dependsOn
    waitsFor = planned.waitsFor
    triggerRule = node.triggerRule
    phase = node.phase
    loop = planned.loop
    include = node.include
    instanceOf = node.instance?.of
    wave = planned.wave
    verdict = planned.verdict
    reason = planned.reason
    doubts = planned.doubts
    status = planned.status
    when = node.when?.description
    condition = planned.condition.map(ConditionOutcome.init)
    text = planned.text.text
    words = planned.text.words.isEmpty ? nil : planned.text.words
    values = planned.text.values.map { Value(name: $0.name, text: $0.text) }
    environment = planned.text.environment
    (provider, model, absence) = (planned.agent?.provider, planned.agent?.model, planned.agent?.absence)
    continueOnError = node.continueOnError
    maxAttempts = node.retry?.maxAttempts
    timeoutMs = node.timeout?.wireMilliseconds
    idleTimeoutMs = node.idleTimeout?.wireMilliseconds
    switch node.kind {
    case .script(let script): runtime = script.runtime
    case .loopGroup(let group): (maxIterations, until) = (group.maxIterations, group.until)
    case .loop(let loop): (maxIterations, until) = (loop.maxIterations, loop.until)
    case .bash, .exec, .prompt, .command, .approval, .workflow, .include, .matrix, .cancel, .finish: break
    }
  }
}

extension ConditionOutcome {
  init(_ verdict: NodeHistory.Verdict) {
    switch verdict {
    case .met: self = .met
    case .unmet: self = .unmet
    case .failed: self = .failed
    }
  }
}
