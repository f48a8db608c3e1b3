internal import IonAgents
internal import IonScheduler
internal import IonWorkflow

/// How an attempt of a node tells of itself, on the thread that sees it through, or at once where none does.
struct StepTelling: Sendable {
  /// There is a process.
  var spawned: @Sendable (ProcessFacts) -> Void
  /// What its agent has used by now.
  var used: @Sendable (AgentUsage) -> Void
  /// The session that its agent works in, and how it came to it, for people. Returns once that is written down.
  var sessionKnown: @Sendable (NodeSession, String?) -> Void
  /// What that session has cost by now.
  var sessionCosts: @Sendable (NodeSession) -> Void
  /// Its agent works without something that the node asks for, and why.
  var wentWithout: @Sendable (AgentAbility, String) -> Void
  /// Its agent may not go on without an answer, which comes by the handle.
  var asked: @Sendable (GateQuestion) -> Void
  /// Nobody has to answer any more.
  var withdrew: @Sendable (GateID) -> Void
  /// What came of it. The last word.
  var ended: @Sendable (StepEnd) -> Void
}
