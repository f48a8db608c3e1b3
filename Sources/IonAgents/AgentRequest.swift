public import IonJSON
public import IonWorkflow

/// Everything about one turn, with nothing left to look up.
public struct AgentRequest: Sendable {
  public var prompt: String
  /// The session to go on in; nil begins a new one.
  public var session: SessionRequest?
  public var model: String?
  public var effort: String?
  /// What stands before the prompt.
  public var systemPrompt: String?
  /// The only tools that the agent may use; nil leaves it to the provider.
  public var allowedTools: [String]?
  public var deniedTools: [String]
  /// Why something isn't done that the agent has its client do (a file to read or write, a command to run), for the agent
  /// and for people; nil where it is done. The agent's uses of tools that are under way come with it.
  public var refusal: @Sendable (_ work: ToolCall, _ uses: [ToolCall]) -> String?
  /// The servers of the Model Context Protocol that the agent is given, by their names, as `mcpServers` of Claude Code's
  /// files has them: `{"command", "args", "env"}`, or `{"type": "http" or "sse", "url", "headers"}`.
  public var mcpServers: JSONObject
  /// What the turn may cost, in dollars; nil for anything. Whoever asks holds it by what is reported, too.
  public var budget: Double?
  /// The other agent keys of the node as the workflow has them (`fallbackModel`, `thinking`, …): those that the provider
  /// is able to act on.
  public var options: JSONObject
  /// Where the agent works.
  public var workingPath: AbsolutePath
  /// The whole environment of its program, of entries with one name the last. The provider's own variables are among them.
  public var environment: [(String, String)]
  /// The most bytes that the environment may have; nil for the usual.
  public var environmentLimit: Int?
  /// What everything that the turn starts carries in its environment, `NAME=value`, so that nothing of it is left behind.
  public var marker: String
  /// What is hidden of all that is written down; nil for nothing.
  public var secrets: SecretMask?
  /// A folder that is the turn's own, for what its program prints as it is. Made by whoever writes to it.
  public var folder: AbsolutePath
  /// A folder above it that isn't made again where somebody took it away.
  public var root: AbsolutePath
  /// How long the turn may take; nil for ever.
  public var timeout: Duration?
  /// How long it may be silent; nil for ever.
  public var idleTimeout: Duration?
  /// How long a program gets to end where its time is over.
  public var grace: Duration
  /// Whose turn it is.
  public var run: RunID
  public var node: NodeID

  public init(
    prompt: String, workingPath: AbsolutePath, environment: [(String, String)], marker: String, folder: AbsolutePath,
    root: AbsolutePath, grace: Duration, run: RunID, node: NodeID
  ) {
    self.prompt = prompt
    self.workingPath = workingPath
    self.environment = environment
    self.marker = marker
    self.folder = folder
    self.root = root
    self.grace = grace
    self.run = run
    self.node = node
    session = nil
    model = nil
    effort = nil
    systemPrompt = nil
    allowedTools = nil
    deniedTools = []
    refusal = { _, _ in nil }
    mcpServers = [:]
    budget = nil
    options = [:]
    environmentLimit = nil
    secrets = nil
    timeout = nil
    idleTimeout = nil
  }
}
