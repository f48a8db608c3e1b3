import IonJSON
import IonScheduler
import IonWorkflow

extension WorkflowDefinition {
  /// A small DAG of nodes with rules, conditions, retries and the rest at random, in a random order of the file.
  static func random(using dice: inout SeededDice) -> WorkflowDefinition {
    let count = Int.random(in: 1...9, using: &dice)
    var made: [Node] = []
    var upstream: [NodeID: Set<NodeID>] = [:]
    for index in 0..<count {
      var node = Node.random("n\(index)", above: made.map(\.id), using: &dice)
      let near = Set(node.dependsOn + node.waitsFor)
      let all = near.reduce(into: near) { $0.formUnion(upstream[$1, default: []]) }
      upstream[node.id] = all
      if dice.hits(40), let read = all.sorted().randomElement(using: &dice) { node.bindings = [.reading(of: read)] }
      made.append(node)
      guard dice.hits(12) else { continue }
      let members = made.map(\.id).filter { _ in dice.hits(60) }
      guard let result = members.randomElement(using: &dice) else { continue }
      let id = NodeID("j\(index)")
      var join = dice.hits(50) ? Node.join(id, of: members, result: result) : .matrix(id, of: members)
      if case .matrix = join.kind { join.continueOnError = dice.hits(20) }
      upstream[join.id] = members.reduce(into: Set(members)) { $0.formUnion(upstream[$1, default: []]) }
      made.append(join)
    }
    for phase in [NodePhase.onSuccess, .onFailure, .onExit] where dice.hits(20) {
      made += ends(phase, above: made.map(\.id), using: &dice)
    }
    var definition = flow(made.shuffled(using: &dice))
    if dice.hits(60) { definition.maxParallel = .random(in: 1...3, using: &dice) }
    if dice.hits(25) { definition.timeout = .seconds(60) }
    return definition
  }
}

/// Some nodes that have their turn at the end, and read what comes before.
private func ends(_ phase: NodePhase, above others: [NodeID], using dice: inout SeededDice) -> [Node] {
  var ends: [Node] = []
  for index in 0..<Int.random(in: 1...3, using: &dice) {
    var node = Node.random("\(phase)\(index)", above: ends.map(\.id), using: &dice)
    node.phase = phase
    if dice.hits(60), let read = others.randomElement(using: &dice) { node.bindings = [.reading(of: read)] }
    ends.append(node)
  }
  return ends
}

extension Node {
  fileprivate static func random(_ id: String, above upstream: [NodeID], using dice: inout SeededDice) -> Node {
    let density = [15, 35, 70].randomElement(using: &dice) ?? 35
    func some(_ percent: Int) -> [NodeID] { upstream.filter { _ in dice.hits(percent) } }
    let work: Work =
      dice.hits(5)
      ? .finish
      : dice.hits(4)
        ? .cancel : dice.hits(12) ? .agent : dice.hits(20) ? .randomGate(using: &dice) : dice.hits(15) ? .child : .shell
    var made = node(NodeID(id), work, after: some(density), waitsFor: dice.hits(20) ? some(30) : [])
    made.triggerRule = dice.hits(50) ? .allSuccess : TriggerRule.allCases.randomElement(using: &dice) ?? .allDone
    if dice.hits(30) { made.when = .operand(.literal(.bool(true))) }
    if dice.hits(40) { made.retry = .random(using: &dice) }
    made.continueOnError = dice.hits(20)
    made.alwaysRun = dice.hits(12)
    return made
  }
}

extension Work {
  fileprivate static func randomGate(using dice: inout SeededDice) -> Work {
    let decisions = dice.hits(40) ? ["approve", "later"] : []
    let otherwise = dice.hits(60) ? dice.hits(50) ? "approve" : decisions.last ?? "reject" : nil
    let timeout: Duration? = dice.hits(60) ? .seconds(30) : nil
    return .gate(decisions: decisions, timeout: timeout, otherwise: timeout == nil ? nil : otherwise)
  }
}

extension RetryPolicy {
  fileprivate static func random(using dice: inout SeededDice) -> RetryPolicy {
    var policy = RetryPolicy(maxAttempts: .random(in: 1...3, using: &dice))
    policy.jitter = 0.5
    policy.onError = [nil, .all, .transient].randomElement(using: &dice) ?? nil
    if dice.hits(20) { policy.onExitCodes = [1] }
    return policy
  }
}

extension Binding {
  /// The whole output of a node.
  static func reading(of id: NodeID) -> Binding {
    Binding(name: id.rawValue, value: .reference(Reference(.output(id)), ifSkipped: nil))
  }
}
