public import IonProcess
public import IonWorkflow

/// Something that happens in a turn. One kind of stream for every provider.
public enum AgentEvent: Hashable, Sendable {
  /// The turn's program runs.
  case processStarted(ProcessIdentity)
  /// The session that the turn is in, which a later turn may go on with. It comes before the prompt is sent wherever the
  /// agent tells it by then, and what is given it returns once that is written down. It comes again where the session has
  /// cost more by then, just before that is told as used.
  case sessionKnown(AgentSession)
  /// The next piece of what the agent says.
  case text(String)
  /// The next piece of what it thinks.
  case thought(String)
  /// It uses a tool, or says more about a use that was told of.
  case toolCalled(ToolCall)
  /// What came of a tool's use.
  case toolEnded(ToolResult)
  /// It made, changed or removed a file.
  case fileChanged(FileEdit)
  /// Its plan, in place of any earlier one.
  case planned([PlanEntry])
  /// It may not go on without an answer, which `AgentTurn.answer` gives.
  case permissionRequested(PermissionRequest)
  /// It doesn't ask any more: the request of this id was taken back by the agent.
  case permissionWithdrawn(String)
  /// What the turn has used so far, in place of what was said before.
  case used(AgentUsage)
  /// It works without something that the turn asks for; why, for people, which was noted, too.
  case wentWithout(AgentAbility, String)
  /// What its program says beside its answer.
  case noted(String)
  /// The turn is over. Nothing follows.
  case ended(AgentOutcome)
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
