internal import IonWorkflow

/// The parts of a run, one after the other. What has its turn in a later one waits until the ones before are through.
enum RunStage: Int, Comparable, Sendable {
  case main, outcome, exit

  static func < (left: RunStage, right: RunStage) -> Bool { left.rawValue < right.rawValue }

  /// The stage behind this one; nil behind the last.
  var next: RunStage? { RunStage(rawValue: rawValue + 1) }
}

extension NodePhase {
  var stage: RunStage {
    switch self {
    case .main: .main
    case .onSuccess, .onFailure: .outcome
    case .onExit: .exit
    }
  }
}
