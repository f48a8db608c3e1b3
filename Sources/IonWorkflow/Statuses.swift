/// Where a run stands. The words are the protocol's.
public enum RunStatus: String, Codable, CaseIterable, Sendable {
  case queued, running, awaitingApproval, paused, interrupted, succeeded, failed, cancelled

  /// Whether the run goes on by itself or by an answer, without being resumed.
  public var isLive: Bool {
    switch self {
    case .queued, .running, .awaitingApproval, .paused: true
    case .interrupted, .succeeded, .failed, .cancelled: false
    }
  }

  /// Whether `workflow/resume` may take the run up again.
  public var isResumable: Bool {
    switch self {
    case .interrupted, .failed, .cancelled: true
    case .queued, .running, .awaitingApproval, .paused, .succeeded: false
    }
  }
}

/// Why a run is `paused`.
public enum PauseReason: String, Codable, CaseIterable, Sendable {
  case disk, store, unknownEffect
}

/// Where a node of a run stands. The words are the protocol's.
public enum NodeStatus: String, Codable, CaseIterable, Sendable {
  case pending, running, awaitingApproval, succeeded, failed, skipped, cancelled, interrupted, unknown

  /// Whether the node is through within this attempt of the run.
  public var isSettled: Bool {
    switch self {
    case .succeeded, .failed, .skipped, .cancelled, .interrupted: true
    case .pending, .running, .awaitingApproval, .unknown: false
    }
  }
}
