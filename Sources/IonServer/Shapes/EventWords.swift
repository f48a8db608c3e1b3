/// How much of what steps print a subscription brings.
public enum OutputMode: String, WireWord, Hashable {
  case none, tail, full

  public static let schemaName = "OutputMode"

  public var meaning: String {
    switch self {
    case .none: "No `workflow/output`."
    case .tail: "The newest text of each step; what a step prints too fast is left out, and counted."
    case .full: "All of it, as far as the client keeps up."
    }
  }
}

/// What kinds of durable events there are: the notifications that tell of them.
public enum EventKind: String, WireWord, Hashable {
  case progress = "workflow/progress"
  case message = "workflow/message"
  case approval = "approval/didChange"
  case artifact = "artifact/didChange"
  case changes = "changes/didChange"
  case runDeleted = "run/didDelete"

  public static let schemaName = "EventKind"

  public var meaning: String {
    switch self {
    case .progress: WorkflowProgress.summary
    case .message: WorkflowMessage.summary
    case .approval: ApprovalDidChange.summary
    case .artifact: ArtifactDidChange.summary
    case .changes: ChangesDidChange.summary
    case .runDeleted: RunDidDelete.summary
    }
  }
}
