/// When in a run a node has its turn.
public enum NodePhase: String, Codable, CaseIterable, Sendable {
  /// With the workflow's own nodes.
  case main
  /// Once all of those have settled, where the run succeeded, or where it failed.
  case onSuccess = "on_success"
  case onFailure = "on_failure"
  /// After everything else, however the run came out.
  case onExit = "on_exit"
}
