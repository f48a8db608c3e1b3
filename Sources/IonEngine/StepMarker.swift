internal import IonProcess
internal import IonWorkflow

/// What every process of a step carries in its environment, and nothing else does.
enum StepMarker {
  /// Of one attempt of a node; `salt` keeps two processes apart that run the same one.
  static func of(_ run: RunID, _ node: NodeID, attempt: Int, salt: UInt32) -> String {
    prefix(of: run) + "\(ProjectPaths.logName(of: node, attempt: attempt))/\(String(salt, radix: 36))"
  }

  /// Of everything that a run started.
  static func prefix(of run: RunID) -> String { "\(StepCommand.markerName)=\(run)/" }
}
