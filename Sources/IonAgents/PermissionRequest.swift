/// Something that an agent may not do without being allowed to.
public struct PermissionRequest: Hashable, Sendable {
  public struct Option: Hashable, Sendable {
    /// What choosing it means, by the words of the Agent Client Protocol.
    public enum Kind: String, CaseIterable, Sendable {
      case allowOnce = "allow_once"
      case allowAlways = "allow_always"
      case rejectOnce = "reject_once"
      case rejectAlways = "reject_always"
      /// A kind that nobody knows: it is never chosen by a policy.
      case other
    }

    public var id: String
    public var title: String
    public var kind: Kind

    public init(id: String, title: String, kind: Kind = .other) {
      self.id = id
      self.title = title
      self.kind = kind
    }
  }

  /// Names the request within its turn. Never a tool's id: two requests may be about one use of a tool.
  public var id: String
  /// What it is about, for people.
  public var title: String
  /// The use of a tool that waits for it; nil where the agent doesn't say.
  public var tool: ToolCall?
  /// What would become of a file, as a unified diff; nil where there is none.
  public var diff: String?
  public var options: [Option]

  public init(id: String, title: String, tool: ToolCall? = nil, diff: String? = nil, options: [Option]) {
    self.id = id
    self.title = title
    self.tool = tool
    self.diff = diff
    self.options = options
  }
}
