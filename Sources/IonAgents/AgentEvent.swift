public import IonProcess
public import IonWorkflow

/// Something that happens in a turn. One kind of stream for every provider.
public enum AgentEvent: Hashable, Sendable {
  /// The turn's program runs.
  case processStarted(ProcessIdentity)
  /// The session that the turn is in, which a later turn may go on with.
  case sessionKnown(String)
  /// The next piece of what the agent says.
  case text(String)
  /// The next piece of what it thinks.
  case thought(String)
  /// It uses a tool, or says more about a use that was told of.
  case toolCalled(ToolCall)
  /// What came of a tool's use.
  case toolEnded(ToolResult)
  /// Its plan, in place of any earlier one.
  case planned([PlanEntry])
  /// It may not go on without an answer, which `AgentTurn.answer` gives.
  case permissionRequested(PermissionRequest)
  /// What the turn has used so far, in place of what was said before.
  case used(AgentUsage)
  /// What its program says beside its answer.
  case noted(String)
  /// The turn is over. Nothing follows.
  case ended(AgentOutcome)
}

/// A use of a tool.
public struct ToolCall: Hashable, Sendable {
  public var id: String
  /// What it does, for people.
  public var title: String
  /// What it was given, for people; nil where nobody said.
  public var input: String?

  public init(id: String, title: String, input: String? = nil) {
    self.id = id
    self.title = title
    self.input = input
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

/// One step of an agent's plan.
public struct PlanEntry: Hashable, Sendable {
  public enum State: String, Sendable { case pending, underWay, done }

  public var text: String
  public var state: State

  public init(_ text: String, _ state: State) {
    self.text = text
    self.state = state
  }
}

/// Something that an agent may not do without being allowed to.
public struct PermissionRequest: Hashable, Sendable {
  public struct Option: Hashable, Sendable {
    public var id: String
    public var title: String

    public init(id: String, title: String) {
      self.id = id
      self.title = title
    }
  }

  /// Names the request within its turn.
  public var id: String
  /// What it is about, for people.
  public var title: String
  public var options: [Option]

  public init(id: String, title: String, options: [Option]) {
    self.id = id
    self.title = title
    self.options = options
  }
}
