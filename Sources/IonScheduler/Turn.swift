internal import IonWorkflow

/// What one event does to a run, gathered until the commands can be put in order.
struct Turn {
  /// The nodes that were touched, as they were before.
  var before: [Int: NodeState] = [:]
  /// Nodes that have nothing left to wait for and are to be decided on; in no order.
  var due: [Int] = []
  var withdrawals: [Int] = []
  var stops: [Int] = []
  var wakes: [RunCommand] = []
  var starts: [RunCommand] = []
  var conditions: [Int] = []
  /// Loops whose iteration is over.
  var loops: [Int] = []
  var requests: [Int] = []
  var asksForEvidence = false
  var outcome: RunOutcome?

  /// Keeps what a node was before its first change in this turn.
  mutating func touch(_ index: Int, _ state: NodeState) {
    if before[index] == nil { before[index] = state }
  }

  /// The commands in their order: the rows to write, what ends, what begins, and the run's end; nodes in the
  /// definition's order within each.
  func commands(after nodes: [NodeProgress]) -> [RunCommand] {
    func each(_ indices: [Int], _ command: (NodeID) -> RunCommand) -> [RunCommand] {
      indices.sorted().map { command(nodes[$0].state.id) }
    }
    var commands = each(before.filter { nodes[$0.key].state != $0.value }.map(\.key), RunCommand.record)
    commands += each(withdrawals, RunCommand.withdrawSlotRequest)
    commands += each(stops, RunCommand.stop)
    commands += wakes
    commands += starts
    commands += each(conditions, RunCommand.evaluateCondition)
    commands += each(loops, RunCommand.evaluateLoop)
    commands += each(requests, RunCommand.requestSlot)
    if asksForEvidence { commands.append(.checkEvidence) }
    if let outcome { commands.append(.finish(outcome)) }
    return commands
  }
}
