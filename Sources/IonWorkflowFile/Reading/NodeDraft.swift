internal import IonJSON
internal import IonJSONSchema
internal import IonWorkflow

/// A node of the file while it is read: what is known of it, wrong or not, until all nodes can be checked together.
struct NodeDraft {
  var fields: Fields
  /// Where the node stands, in the source's bytes.
  var place: Range<Int>
  /// Nil where it is missing or can't be an id.
  var id: NodeID?
  /// Where the id's text stands.
  var idPlace: Range<Int>
  /// Nil where there is none, or a wrong one. A `loop_group` has no nodes until its body is checked.
  var kind: NodeKind?
  var kindKey: YAMLKey?
  var dependencies: [Dependency] = []
  var waitsFor: [NodeID] = []
  /// The references of all texts of the node, but not of its body.
  var references: [PendingReference] = []
  var environment: [EnvironmentEntry] = []
  var bindings: [Binding] = []
  /// The combinations of its `matrix`; nil for a node without one.
  var matrix: [MatrixReader.Combination]?
  /// Nil where there is none, or one that is no schema.
  var outputFormat: JSONSchema?
  /// The nodes of a `loop_group`.
  var body: [NodeDraft] = []

  /// One entry of `depends_on`.
  struct Dependency {
    /// The node of the list that is waited for.
    var id: NodeID
    /// What the file names, which may be a node inside of that one.
    var named: NodeID
    var place: Range<Int>
  }

  /// What the output of the node must be as others read it; that of a node with a `matrix` is a list of such.
  var readFormat: JSONSchema? { matrix == nil && fields["fan_out"] == nil ? outputFormat : nil }

  /// Whether the node's whole output is an agent's answer in its own words.
  var isFreeForm: Bool {
    guard let name = kindKey?.text else { return false }
    return ["prompt", "command", "loop"].contains(name) && fields["output_format"] == nil
  }

  /// The names that `$MATRIX.name` may say.
  var matrixNames: [String] { (fields.entries("matrix") ?? []).map(\.key.text) }

  /// The node, or where it has a matrix its instances and what stands for them; none where a part of it is missing, which
  /// is then reported.
  func nodes(in source: SourceText) -> [Node] {
    guard let node = node(in: source) else { return [] }
    guard let matrix else { return [node] }
    var nodes = matrix.map { combination in
      var instance = node
      instance.id = .instance(of: node.id, combination.map { ($0.value.text, $0.number) })
      instance.instance = MatrixInstance(of: node.id, values: combination.map(\.value))
      return instance
    }
    var join = Node(id: node.id, kind: .matrix(Matrix(instances: nodes.map(\.id))))
    join.description = node.description
    join.dependsOn = nodes.map(\.id)
    join.triggerRule = .allDone
    join.continueOnError = node.continueOnError
    (join.range, join.idRange) = (node.range, node.idRange)
    nodes.append(join)
    return nodes
  }

  /// The node; nil where a part of it is missing, which is then reported.
  func node(in source: SourceText) -> Node? {
    guard let id, let kind = completedKind(in: source) else { return nil }
    var node = Node(id: id, kind: kind)
    node.description = fields.text("description")
    node.dependsOn = dependencies.map(\.named)
    node.waitsFor = waitsFor
    if case .condition(let condition, _)? = fields["when"]?.value { node.when = condition }
    node.triggerRule = fields.text("trigger_rule").flatMap(TriggerRule.init(rawValue:)) ?? .allSuccess
    node.retry = retry
    node.timeout = fields.duration("timeout")
    node.idleTimeout = fields.duration("idle_timeout")
    node.continueOnError = fields.flag("continue_on_error") ?? false
    node.environment = environment
    node.bindings = bindings
    node.alwaysRun = fields.flag("always_run") ?? false
    node.outputType = fields.text("output_type")
    node.outputFormat = outputFormat
    node.artifacts = fields.texts("artifacts")
    node.cache = fields.fields("cache").map { CachePolicy(inputs: $0.texts("inputs"), key: $0.template("key")) }
    node.agent = fields.agentSettings
    node.other = fields.other { !$0.isAgentKey && !WorkflowLanguage.kindNames.contains($0.name) }
    node.range = source.range(place)
    node.idRange = source.range(idPlace)
    return node
  }

  private func completedKind(in source: SourceText) -> NodeKind? {
    guard case .loopGroup(var group)? = kind else { return kind }
    group.nodes = body.flatMap { $0.nodes(in: source) }.map { node in
      var node = node
      node.agent = node.agent.over(fields.agentSettings)
      return node
    }
    return .loopGroup(group)
  }

  private var retry: RetryPolicy? {
    guard let fields = fields.fields("retry"), let attempts = fields.integer("max_attempts") else { return nil }
    var policy = RetryPolicy(maxAttempts: attempts)
    policy.delay = fields.duration("delay_ms") ?? policy.delay
    policy.backoff = fields.number("backoff") ?? policy.backoff
    policy.maxDelay = fields.duration("max_delay_ms")
    policy.jitter = fields.number("jitter") ?? policy.jitter
    policy.onError = fields.text("on_error").flatMap(RetryPolicy.ErrorClass.init(rawValue:))
    policy.onExitCodes = (fields.list("on_exit_codes") ?? []).compactMap {
      if case .integer(let code) = $0 { code } else { nil }
    }
    return policy
  }
}

extension KeySpec {
  /// Whether the key is about an agent, and so kept with the agent's settings.
  var isAgentKey: Bool { kinds == WorkflowLanguage.agentKinds }
}

extension Fields {
  /// The agent keys that have a place of their own in the settings.
  private static let settled: Set<String> = [
    "provider", "model", "effort", "systemPrompt", "allowed_tools", "denied_tools", "maxBudgetUsd", "context",
    "persist_session",
  ]

  /// What the agent keys say.
  var agentSettings: AgentSettings {
    var settings = AgentSettings(
      provider: text("provider"), model: text("model"), effort: text("effort"),
      other: values { $0.isAgentKey && !Self.settled.contains($0.name) })
    settings.systemPrompt = template("systemPrompt")
    if self["allowed_tools"] != nil { settings.allowedTools = texts("allowed_tools") }
    settings.deniedTools = texts("denied_tools")
    settings.budget = number("maxBudgetUsd")
    settings.session = sessionSource
    settings.persistsSession = flag("persist_session")
    return settings
  }

  private var sessionSource: SessionSource? {
    if let node = fields("context")?.text("resume") { return .resume(NodeID(node)) }
    switch text("context") {
    case "fresh": return .fresh
    case "shared": return .shared
    default: return nil
    }
  }

  /// The keys that this version doesn't act on, as JSON.
  func other(where isWanted: (KeySpec) -> Bool) -> JSONObject { values { !$0.isActedOn && isWanted($0) } }

  /// What keys say, as JSON.
  func values(where isWanted: (KeySpec) -> Bool) -> JSONObject {
    JSONObject(
      uniqueMembers: all.filter { isWanted($0.spec) }
        .map { JSONObject.Member(key: $0.spec.name, value: $0.node.json) })
  }
}
