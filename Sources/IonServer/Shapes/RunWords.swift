public import IonProcess
public import IonStore
public import IonWorkflow

extension RunStatus: WireWord {
  public static let schemaName = "RunStatus"

  public var meaning: String {
    switch self {
    case .queued: "It is made, and nothing of it has started."
    case .running: "Its nodes are being worked on."
    case .awaitingApproval: "A gate waits for an answer, and nothing else can run."
    case .paused: "Nothing starts until what `pauseReason` says is over."
    case .interrupted: "Ion went away while it ran; it can be resumed."
    case .succeeded: "It ended, and no node failed."
    case .failed: "It ended, and something failed."
    case .cancelled: "Somebody ended it, or a `cancel` node did."
    }
  }
}

extension PauseReason: WireWord {
  public static let schemaName = "PauseReason"

  public var meaning: String {
    switch self {
    case .disk: "There is no room on the disk; it goes on by itself when there is."
    case .store: "The store can't be written; it goes on by itself when it can."
    case .unknownEffect: "A step may have had its effect, and nobody knows."
    }
  }
}

extension NodeStatus: WireWord {
  public static let schemaName = "NodeStatus"

  public var meaning: String {
    switch self {
    case .pending: "It waits for what it depends on, for a retry, or for a free place."
    case .running: "Its process is running."
    case .awaitingApproval: "Its gate waits for an answer."
    case .succeeded: "It ended well, and has an output."
    case .failed: "It ended badly; `error` says how."
    case .skipped: "It didn't have to run; `summary` says why."
    case .cancelled: "It was stopped, or never started because the run ended."
    case .interrupted: "It was running when Ion went away."
    case .unknown: "Nobody knows whether it had its effect."
    }
  }
}

extension Notice.MessageLevel: WireWord {
  public static let schemaName = "MessageLevel"

  public var meaning: String {
    switch self {
    case .error: "Something failed."
    case .warning: "Something is worth a look."
    case .info: "Something that people want to know."
    case .log: "Something for the record."
    }
  }
}

extension StepStream: WireWord {
  public static let schemaName = "StepStream"

  public var meaning: String {
    switch self {
    case .stdout: "What a step prints as its output."
    case .stderr: "What it prints beside that."
    }
  }
}
