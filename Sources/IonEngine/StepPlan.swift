internal import IonAgents
internal import IonProcess
internal import IonScheduler
internal import IonWorkflow

/// What starting a node comes to.
enum StepPlan: Sendable {
  /// The node needs no process: this is what it gives.
  case answer(NodeOutput)
  case process(ProcessPlan)
  case turn(TurnPlan)
}

/// A turn of an agent, and the files that it needs beside it.
struct TurnPlan: Sendable {
  var provider: any AgentProvider
  var request: AgentRequest
  /// What the node asks of its agent, with all that holds around it.
  var settings: AgentSettings
  var files: [ProcessPlan.File]
  /// How the turn comes to its session, for people; nil where there is nothing to say.
  var note: String?
  /// What the node's agents have used in earlier attempts.
  var used: AgentUsage?
}

/// A process to start, and the files that it needs beside it.
struct ProcessPlan: Sendable {
  struct File: Sendable {
    var path: AbsolutePath
    var bytes: [UInt8]
    /// Removed when the step has ended.
    var isTemporary: Bool
  }

  var command: StepCommand
  var limits: StepLimits
  var files: [File]
  /// What decides whether an earlier success holds; nil where the step is run in any case.
  var fingerprint: StepFingerprint?
}
