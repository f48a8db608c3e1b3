public import IonWorkflow

extension TriggerRule {
  /// Whether a node may run whose dependencies came out so; failures that are tolerated count as successes. One without
  /// dependencies always may.
  ///
  /// No rule is met less by a better outcome: a success is better than a skip, and a skip than a failure.
  public func isMet(succeeded: Int, failed: Int, skipped: Int) -> Bool {
    var tally = DependencyTally()
    (tally.succeeded, tally.failed, tally.skipped) = (succeeded, failed, skipped)
    return isMet(by: tally)
  }
}
