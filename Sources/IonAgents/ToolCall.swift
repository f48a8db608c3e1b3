/// A use of a tool.
public struct ToolCall: Hashable, Sendable {
  /// What sort of thing a tool does, by the words of the Agent Client Protocol.
  public enum Kind: String, CaseIterable, Sendable {
    case read, edit, delete, move, search, execute, think, fetch, other
  }

  public var id: String
  /// The tool's name, as `allowed_tools` has it; nil where the agent doesn't tell.
  public var name: String?
  public var kind: Kind
  /// What it does, for people.
  public var title: String
  /// What it was given, for people; nil where nobody said.
  public var input: String?
  /// The files that it is about, as the agent has them.
  public var paths: [String]

  public init(
    id: String, title: String, input: String? = nil, name: String? = nil, kind: Kind = .other, paths: [String] = []
  ) {
    self.id = id
    self.title = title
    self.input = input
    self.name = name
    self.kind = kind
    self.paths = paths
  }
}

/// What came of a tool's use.
public struct ToolResult: Hashable, Sendable {
  public var id: String
  public var isSuccess: Bool
  /// What it gave, for people; nil where nobody said.
  public var text: String?

  public init(id: String, isSuccess: Bool, text: String? = nil) {
    self.id = id
    self.isSuccess = isSuccess
    self.text = text
  }
}

/// What an agent did to a file.
public struct FileEdit: Hashable, Sendable {
  public enum Change: String, Sendable { case made, changed, removed }

  /// As the agent has it: absolute, or below the working path.
  public var path: String
  public var change: Change

  public init(_ path: String, _ change: Change) {
    self.path = path
    self.change = change
  }
}
