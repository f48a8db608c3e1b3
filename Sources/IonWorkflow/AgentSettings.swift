public import IonJSON

/// Which session the turns of a node go on in.
public enum SessionSource: Hashable, Sendable {
  /// One of its own.
  case fresh
  /// That of the agent before it.
  case shared
  /// A copy of the one of this node.
  case resume(NodeID)
}

/// What a workflow or a node says about its agent.
public struct AgentSettings: Hashable, Sendable {
  public var provider: String?
  public var model: String?
  public var effort: String?
  /// What stands before the prompt.
  public var systemPrompt: Template?
  /// The only tools that the agent may use; nil leaves it to the provider.
  public var allowedTools: [String]?
  public var deniedTools: [String]
  /// Which session the node's turns go on in; nil where nothing is said, which is a new one.
  public var session: SessionSource?
  /// Whether the session is kept for the next run; nil where nothing is said.
  public var persistsSession: Bool?
  /// What the node may cost over the whole run, in dollars.
  public var budget: Double?
  /// The other agent keys (`mcp`, `skills`, …) as the file has them: read and checked, and acted on by the provider if at all.
  public var other: JSONObject

  public init(provider: String? = nil, model: String? = nil, effort: String? = nil, other: JSONObject = [:]) {
    self.provider = provider
    self.model = model
    self.effort = effort
    self.other = other
    systemPrompt = nil
    allowedTools = nil
    deniedTools = []
    budget = nil
    session = nil
    persistsSession = nil
  }

  /// These settings where they say something, and others where they don't; what is denied by either is denied. A model and
  /// an effort belong to the provider that they are said for, so those of another one aren't taken.
  public func over(_ base: AgentSettings) -> AgentSettings {
    var result = self
    result.provider = provider ?? base.provider
    if provider == nil || provider == base.provider {
      result.model = model ?? base.model
      result.effort = effort ?? base.effort
    }
    result.systemPrompt = systemPrompt ?? base.systemPrompt
    result.allowedTools = allowedTools ?? base.allowedTools
    result.budget = budget ?? base.budget
    result.session = session ?? base.session
    result.persistsSession = persistsSession ?? base.persistsSession
    result.other = base.other
    for member in other.members { result.other[member.key] = member.value }
    result.deniedTools = base.deniedTools + deniedTools.filter { !base.deniedTools.contains($0) }
    return result
  }
}
