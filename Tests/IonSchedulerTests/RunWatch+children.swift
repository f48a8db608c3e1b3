import IonScheduler
import IonWorkflow

/// The books and rules of child runs.
extension RunWatch {
  /// The child run that a node began last.
  struct Child {
    /// The start that it is called after.
    var attempt: Int
    var readings: [NodeID: Reading]
    var isOver = false
  }

  func isChild(_ id: NodeID) -> Bool { if case .workflow? = nodes[id]?.kind { true } else { false } }

  /// A node whose child waits for answers runs.
  func statusOfStep(_ id: NodeID, shown: NodeStatus) -> NodeStatus {
    (isChild(id) || isAgent(id)) && shown == .awaitingApproval ? .running : shown
  }

  /// Books what a fitting event means for children. The start that a slot brings is not counted yet.
  mutating func takeNoteOfChildren(_ event: RunEvent) {
    switch event {
    case .childStoodStill(let id):
      resting.insert(id)
      returned.remove(id)
      blocked[id] = nil
    case .childAsked(let id): blocked[id] = "a gate of the child"
    case .childWentOn(let id):
      if resting.remove(id) != nil { returned.insert(id) }
      blocked[id] = nil
    case .slotGranted(let id) where isChild(id):
      let readings = readings(of: id)
      let alwaysRun = nodes[id]?.alwaysRun == true || nodes[id]?.phase != .main
      if let child = children[id], !child.isOver, !alwaysRun, child.readings == readings { return }
      children[id] = Child(attempt: starts[id, default: 0] + 1, readings: readings)
    case .stepSucceeded(let id, _): children[id]?.isOver = true
    case .stepFailed(let id, _, _): if status(id) == .pending { children[id]?.isOver = true }
    default: break
    }
  }

  /// A node goes on with its child exactly where that was cut off or failed and would be asked for the same.
  func requireChildren(_ run: WorkflowRun, _ event: RunEvent, _ commands: [RunCommand]) {
    for node in definition.nodes where isChild(node.id) {
      require(
        run.childAttempt(of: node.id) == children[node.id]?.attempt,
        "\(node.id) has the child of start \(String(describing: run.childAttempt(of: node.id)))")
      require(run.isStanding(node.id) == resting.contains(node.id), "\(node.id)'s child stands, or doesn't")
    }
    guard event == .continued else { return }
    let taken = Set(commands.compactMap { if case .takeUpChild(let id) = $0 { id } else { nil } })
    require(taken == resting, "\(taken) are taken up, \(resting) wait")
  }
}
