internal import IonJSON
internal import IonLock

/// The workflow that the items of one node run, found once for all of them: looking for it reads every file that may have
/// its name, and items that began later would run what somebody made of it meanwhile.
final class ItemWorkflow: Sendable {
  private let found = Guarded<LoadedWorkflow?>(nil)

  /// - Throws: As `WorkflowFinder.workflow(named:)`.
  func find(_ name: String, by finder: WorkflowFinder) throws(EngineFailure) -> LoadedWorkflow {
    if let known = found.withLock({ $0 }) { return known }
    let fresh = try finder.workflow(named: name)
    return found.withLock { known in
      let kept = known ?? fresh
      known = kept
      return kept
    }
  }
}

/// What the driver of a run keeps of the items of a node while they are under way.
struct KnownItems {
  /// Of the list.
  var sha256: String
  var items: [JSONValue]
  var workflow: ItemWorkflow
}
