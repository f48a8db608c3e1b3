public import IonJSON
public import IonJSONSchema

/// One step of a workflow.
public struct Node: Hashable, Sendable {
  public var id: NodeID
  public var kind: NodeKind
  public var description: String?
  /// What must settle before the trigger rule is asked, in the file's order, without repeats.
  public var dependsOn: [NodeID]
  /// Nodes that a text of this node reads and that aren't upstream: waited for, but outside the trigger rule.
  public var waitsFor: [NodeID]
  public var when: Condition?
  public var triggerRule: TriggerRule
  public var retry: RetryPolicy?
  /// How long one attempt may take; nil leaves it to the kind's default.
  public var timeout: Duration?
  /// How long one attempt may be silent; nil leaves it to the kind's default.
  public var idleTimeout: Duration?
  public var continueOnError: Bool
  public var environment: [EnvironmentEntry]
  /// The values given to the node by name, in the file's order.
  public var bindings: [Binding]
  public var alwaysRun: Bool
  public var outputType: String?
  /// What the output must be for the node to succeed; nil takes anything.
  public var outputFormat: JSONSchema?
  /// Globs, relative to the working path or absolute, of what the node makes.
  public var artifacts: [String]
  /// Nil where the node is run in any case.
  public var cache: CachePolicy?
  public var agent: AgentSettings
  public var phase: NodePhase
  /// What makes this one of the instances of a node with a `matrix`; nil for every other node.
  public var instance: MatrixInstance?
  /// The include that brought the node in, innermost; nil for a node of the file itself.
  public var include: NodeID?
  /// Keys that are read and checked but not acted on by this version: key and value, in the file's order.
  public var other: JSONObject
  /// Where the node stands in its file, from its first key to the end of its last value; of an included node where its
  /// include stands.
  public var range: SourceRange
  /// Where the text of its `id` stands.
  public var idRange: SourceRange

  public init(id: NodeID, kind: NodeKind) {
    self.id = id
    self.kind = kind
    description = nil
    dependsOn = []
    waitsFor = []
    when = nil
    triggerRule = .allSuccess
    retry = nil
    timeout = nil
    idleTimeout = nil
    continueOnError = false
    environment = []
    bindings = []
    alwaysRun = false
    outputType = nil
    outputFormat = nil
    artifacts = []
    cache = nil
    agent = AgentSettings()
    phase = .main
    instance = nil
    include = nil
    other = JSONObject()
    let origin = SourcePosition(line: 0, column: 0)
    range = SourceRange(start: origin, end: origin)
    idRange = range
  }
}

/// One entry of `with`.
public struct Binding: Hashable, Sendable {
  public enum Value: Hashable, Sendable {
    /// A literal, whatever its type.
    case literal(JSONValue)
    /// A whole reference: the value keeps its type. `ifSkipped` stands in where its node was skipped.
    case reference(Reference, ifSkipped: JSONValue?)
    /// A text with references in it.
    case template(Template)
  }

  public var name: String
  public var value: Value

  public init(name: String, value: Value) {
    self.name = name
    self.value = value
  }
}

/// When a node runs, once all that it depends on has settled.
public enum TriggerRule: String, Codable, CaseIterable, Sendable {
  case allSuccess = "all_success"
  case oneSuccess = "one_success"
  case noneFailedMinOneSuccess = "none_failed_min_one_success"
  case allDone = "all_done"
}

/// `retry` of a node.
public struct RetryPolicy: Hashable, Sendable {
  public enum ErrorClass: String, Codable, CaseIterable, Sendable { case all, transient }

  /// How many times the node may be executed in all, at least 1.
  public var maxAttempts: Int
  /// The wait before the second execution.
  public var delay: Duration
  /// What each further wait is multiplied by, at least 1.
  public var backoff: Double
  /// The longest wait; nil has no bound.
  public var maxDelay: Duration?
  /// 0…1: how much of a wait is left to chance.
  public var jitter: Double
  /// Which failures are worth another attempt; nil is the kind's default (`all` for shell kinds, `transient` for agents).
  public var onError: ErrorClass?
  /// Where not empty: only these exit codes are retried.
  public var onExitCodes: [Int]

  public init(maxAttempts: Int) {
    self.maxAttempts = maxAttempts
    delay = .milliseconds(3000)
    backoff = 2
    maxDelay = nil
    jitter = 0
    onError = nil
    onExitCodes = []
  }
}
