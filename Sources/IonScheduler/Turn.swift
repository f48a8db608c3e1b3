internal import IonWorkflow

/// What one event does to a run, gathered until the commands can be put in order.
struct Turn {
  /// The nodes that were touched, as they were before.
  var before: [Int: NodeState] = [:]
  /// Nodes that have nothing left to wait for and are to be decided on; in no order.
  var due: [Int] = []
  var withdrawals: [Int] = []
  var stops: [Int] = []
  /// Nodes whose child runs are to be taken up again.
  var adoptions: [Int] = []
  /// Answers that agents wait for.
  var leaves: [RunCommand] = []
  var wakes: [RunCommand] = []
  /// How long each gate waits that waits for its answer from now on.
  var gateTimes: [Int: Duration] = [:]
  var starts: [RunCommand] = []
  var conditions: [Int] = []
  /// Loops whose iteration is over.
  var loops: [Int] = []
  /// Nodes with `fan_out` whose items are to be listed.
  var listings: [Int] = []
  /// Those whose items are all through.
  var gatherings: [Int] = []
  /// Those that may have room for more of their items.
  var fillings: Set<Int> = []
  var openings: [Int] = []
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
    // What is taken up can be stopped.
    commands += each(adoptions, RunCommand.takeUpChild)
    commands += each(stops, RunCommand.stop)
    commands += leaves
    commands += wakes
    commands += gateTimes.sorted { $0.key < $1.key }.map { index, time in
      .wake(.gate(nodes[index].state.id), after: time)
    }
    commands += starts
    commands += each(conditions, RunCommand.evaluateCondition)
    commands += each(loops, RunCommand.evaluateLoop)
    commands += each(listings, RunCommand.listItems)
    commands += each(gatherings, RunCommand.gatherItems)
    commands += each(openings, RunCommand.openGate)
    commands += each(requests, RunCommand.requestSlot)
    if asksForEvidence { commands.append(.checkEvidence) }
    if let outcome { commands.append(.finish(outcome)) }
    return commands
  }
}
