import IonScheduler
import IonWorkflow
import Testing

/// Seeded random histories of workflows with loops and `fan_out` in them, in loops too.
@Suite struct LoopFuzzTests {
  @Test(arguments: 0..<10) func anyHistoryKeepsTheRules(row: Int) {
    for seed in row * 200..<(row + 1) * 200 {
      var world = LoopWorld(seed: seed)
      let faults = world.play()
      #expect(faults.isEmpty, "seed \(seed): \(faults.prefix(3).joined(separator: "; "))")
      if !faults.isEmpty { return }
    }
  }
}

/// A world in which whatever a run asks for happens in some order, and that knows what loops and items may do.
private struct LoopWorld {
  private let definition: WorkflowDefinition
  private var run: WorkflowRun
  private var dice: SeededDice
  private var history: [(event: RunEvent, commands: [RunCommand])] = []
  private var faults: [String] = []
  // What the driver has in hand.
  private var conditions: Set<NodeID> = []
  private var asked: Set<NodeID> = []
  private var openings: Set<NodeID> = []
  private var listings: Set<NodeID> = []
  private var gatherings: Set<NodeID> = []
  /// Those that run whose children wait for answers, and those whose children went on from that.
  private var resting: Set<NodeID> = []
  private var returned: Set<NodeID> = []
  /// Items that came out well since their list was made.
  private var through: Set<NodeID> = []
  private var requests: Set<NodeID> = []
  private var running: Set<NodeID> = []
  private var stopping: Set<NodeID> = []
  private var timers: Set<NodeID> = []
  private var starts: [NodeID: Int] = [:]
  private var isHeld = false

  init(seed: Int) {
    dice = SeededDice(seed: UInt64(seed))
    var nodes = WorkflowDefinition.random(using: &dice).nodes
    for index in nodes.indices where dice.hits(35) {
      nodes[index].kind =
        dice.hits(40) ? Self.randomFan(using: &dice) : Self.randomLoop(depth: 1, prefix: "b\(index)", using: &dice)
    }
    definition = flow(nodes, maxParallel: dice.hits(60) ? .random(in: 1...3, using: &dice) : nil)
    run = WorkflowRun(definition)
  }

  private static func randomFan(using dice: inout SeededDice) -> NodeKind {
    fan("f", limit: .random(in: 1...3, using: &dice), join: dice.hits(50) ? .allDone : .allSuccess).kind
  }

  private static func randomLoop(depth: Int, prefix: String, using dice: inout SeededDice) -> NodeKind {
    var body = WorkflowDefinition.random(using: &dice).nodes.prefix(4).map { $0 }
    let ids = Set(body.map(\.id))
    for index in body.indices {
      body[index].dependsOn.removeAll { !ids.contains($0) }
      body[index].waitsFor.removeAll { !ids.contains($0) }
      body[index].bindings.removeAll { !ids.contains(NodeID($0.name)) }
      if depth < 2, dice.hits(20) {
        body[index].kind = randomLoop(depth: depth + 1, prefix: prefix + "x", using: &dice)
      } else if dice.hits(15) {
        body[index].kind = randomFan(using: &dice)
      }
    }
    return loop("l", most: .random(in: 1...3, using: &dice), hasTest: dice.hits(40), body).kind
  }

  mutating func play() -> [String] {
    tell(.started)
    for _ in 0..<4 {
      var rounds = 0
      while run.outcome == nil, faults.isEmpty {
        rounds += 1
        guard rounds < 5_000, let event = next() else { return ["the run stands still after \(rounds) rounds"] }
        tell(event)
      }
      guard faults.isEmpty, run.status.isResumable, dice.hits(80) else { break }
      tell(.resumed)
    }
    var replay = WorkflowRun(definition)
    for (event, commands) in history where replay.advance(on: event) != commands {
      faults.append("a replay answers \(event) otherwise")
    }
    if replay != run { faults.append("a replay ends otherwise") }
    return faults
  }

  private mutating func require(_ holds: Bool, _ fault: String) {
    if !holds { faults.append(fault) }
  }

  private mutating func tell(_ event: RunEvent) {
    if event == .resumed {
      (conditions, asked, openings, requests, timers) = ([], [], [], [], [])
      (listings, gatherings) = ([], [])
    }
    takeNote(of: event)
    let before = run
    let commands = run.advance(on: event)
    history.append((event, commands))
    for command in commands { obey(command) }
    requireBooks(after: event, before, commands)
  }

  private mutating func takeNote(of event: RunEvent) {
    switch event {
    // While a step is lost nothing else is listened to.
    case .conditionSettled(let id, _): if !isHeld { conditions.remove(id) }
    case .interrupted: isHeld = false
    case .loopSettled(let id, _, _): asked.remove(id)
    case .gateOpened(let id, _): if !isHeld { openings.remove(id) }
    case .itemsListed(let id, _):
      if !isHeld { listings.remove(id) }
      through = through.filter { run.item($0)?.of != id }
    case .itemsGathered(let id, _): if !isHeld { gatherings.remove(id) }
    case .childStoodStill(let id):
      resting.insert(id)
      returned.remove(id)
    case .childWentOn(let id):
      resting.remove(id)
      returned.insert(id)
    case .retryDelayElapsed(let id): timers.remove(id)
    case .stepSucceeded(let id, _), .stepFailed(let id, _, _), .stepReused(let id, _, _), .stepStopped(let id),
      .stepLost(let id):
      for set in [\LoopWorld.running, \.stopping, \.resting, \.returned, \.listings, \.gatherings] {
        self[keyPath: set].remove(id)
      }
      if case .stepSucceeded = event, run.item(id) != nil { through.insert(id) }
      if event == .stepLost(id) { isHeld = true }
    default: break
    }
  }

  private mutating func obey(_ command: RunCommand) {
    switch command {
    case .evaluateCondition(let id):
      requireMayBegin(id)
      let isNew = conditions.insert(id).inserted
      require(isNew, "\(id)'s condition is asked twice")
    case .evaluateLoop(let id): requireMayBeDone(id)
    case .openGate(let id):
      requireMayBegin(id)
      let isNew = openings.insert(id).inserted
      require(isNew, "\(id) opens its gate twice")
    case .listItems(let id):
      requireMayBegin(id)
      let isNew = listings.insert(id).inserted
      require(isNew, "\(id)'s items are asked for twice")
    case .gatherItems(let id): requireMayBeGathered(id)
    case .requestSlot(let id):
      requireMayBegin(id)
      require(!through.contains(id), "\(id) begins again although it came out well")
      let isNew = requests.insert(id).inserted && !running.contains(id)
      require(isNew, "\(id) asks for a second slot")
    case .withdrawSlotRequest(let id):
      let isKnown = requests.remove(id) != nil
      require(isKnown, "\(id) withdraws what it never asked for")
    case .start(let id, let attempt):
      let isNew = running.insert(id).inserted
      require(isNew, "\(id) is started twice")
      requests.remove(id)
      starts[id, default: 0] += 1
      require(attempt == starts[id], "\(id) counts \(attempt) as start \(starts[id] ?? 0)")
    case .stop(let id): requireStop(id)
    case .wake(.retry(let id), _):
      let isNew = timers.insert(id).inserted
      require(isNew, "\(id) waits twice")
    case .finish: require(running.isEmpty && requests.isEmpty, "it ends while \(running) run and \(requests) wait")
    case .wake(.runTimeout, _), .wake(.gate, _), .record, .checkEvidence, .takeUpChild, .answerAgent: break
    }
  }

  /// A loop is asked once, while it goes on, and behind everything of its iteration.
  private mutating func requireMayBeDone(_ id: NodeID) {
    let isNew = asked.insert(id).inserted
    require(isNew, "\(id) is asked twice whether it is done")
    require(run.node(id)?.status == .running, "\(id) is asked whether it is done while it is over")
    let iteration = run.iteration(of: id) ?? 0
    let open = run.nodes.filter { run.place(of: $0.id).map { $0 == (id, iteration) } ?? false && !$0.status.isSettled }
    require(open.isEmpty, "\(id) is asked whether it is done before \(open.map(\.id)) are")
  }

  private mutating func requireStop(_ id: NodeID) {
    let isNew = running.contains(id) && stopping.insert(id).inserted
    require(isNew, "\(id) can't be stopped")
    if resting.remove(id) != nil { returned.insert(id) }
  }

  private mutating func requireMayBeGathered(_ id: NodeID) {
    let isNew = gatherings.insert(id).inserted
    require(isNew, "\(id)'s items are gathered twice")
    let open = run.itemNodes(of: id).filter { run.node($0)?.status.isSettled != true }
    require(open.isEmpty && run.node(id)?.status == .running, "\(id) is gathered before \(open) are through")
  }

  /// As many items run as may, and no more; the first ones first.
  private mutating func requirePlacesOfItems() {
    for state in run.nodes {
      guard state.status == .running, let fanOut = run.definition(of: state.id)?.fanOut else { continue }
      let items = run.itemNodes(of: state.id)
      let taken = items.filter { (running.contains($0) && !resting.contains($0)) || requests.contains($0) }
      let back = items.filter(returned.contains).count
      require(taken.count <= fanOut.maxParallel + back, "\(taken) of \(state.id) run at once")
      guard definition.maxParallel == nil, run.outcome == nil, run.endingCause == nil, !isHeld else { continue }
      let waiting = items.filter { run.node($0)?.status == .pending && !requests.contains($0) && !timers.contains($0) }
      let isBeingCancelled = items.contains(where: stopping.contains)
      require(
        waiting.isEmpty || taken.count >= fanOut.maxParallel || isBeingCancelled,
        "\(waiting) wait although there is room")
    }
  }

  /// What a node of an iteration waits for has settled in that iteration, the iterations before are over, and its loop,
  /// and those around it, have begun and not ended.
  private mutating func requireMayBegin(_ id: NodeID) {
    guard let node = run.definition(of: id) else { return require(false, "\(id) is no node") }
    for upstream in node.dependsOn + node.waitsFor {
      let state = run.node(upstream, seenFrom: id)
      require(state?.status.isSettled == true, "\(id) begins before \(state?.id ?? upstream) has settled")
    }
    guard let place = run.place(of: id) else { return }
    if run.item(id) == nil {
      require(run.iteration(of: place.loop) == place.iteration, "\(id) begins out of its iteration")
    }
    require(run.node(place.loop)?.status == .running, "\(id) begins without its loop")
  }

  private mutating func requireBooks(after event: RunEvent, _ before: WorkflowRun, _ commands: [RunCommand]) {
    let active = running.subtracting(resting)
    require(active == Set(run.runningNodes), "\(active) run, and \(run.runningNodes) are said to")
    let places = definition.maxParallel.map { $0 + returned.count } ?? .max
    require(active.count + requests.count <= places, "too many places are taken")
    requirePlacesOfItems()
    let recorded = Set(commands.compactMap { if case .record(let id) = $0 { id } else { nil } })
    for state in run.nodes where (before.node(state.id) ?? fresh(state)) != state {
      require(recorded.contains(state.id), "\(state.id) changed on \(event) and isn't written")
    }
    for state in run.nodes
    where state.status == .running && run.iteration(of: state.id) == nil && run.items(of: state.id) == nil {
      require(running.contains(state.id), "\(state.id) is said to run")
    }
    guard run.outcome != nil else { return }
    // A gate outlives an interruption.
    let open = run.nodes.filter {
      $0.status == .running || ($0.status == .awaitingApproval && run.outcome?.status != .interrupted)
    }
    require(open.isEmpty, "\(open.map(\.id)) are open when the run has ended")
  }

  /// What a node of a new iteration is before anything happens to it.
  private func fresh(_ state: NodeState) -> NodeState? { state.status == .pending && state.attempt == 0 ? state : nil }

  private mutating func next() -> RunEvent? {
    switch Int.random(in: 0..<150, using: &dice) {
    case 0: return .cancelRequested(reason: nil)
    case 1, 2: return .interrupted(reason: "the editor went away")
    case 3..<6: return run.nodes.randomElement(using: &dice).map { .nodeCancelRequested($0.id, reason: nil) }
    case 6 where !running.isEmpty: return .stepLost(running.sorted()[0])
    default: break
    }
    var possible = conditions.sorted().map { RunEvent.conditionSettled($0, dice.hits(70) ? .met : .unmet) }
    possible += asked.sorted().map { .loopSettled($0, iteration: run.iteration(of: $0) ?? 0, verdict()) }
    possible += requests.sorted().map(RunEvent.slotGranted)
    possible += newsOfItems()
    possible += openings.sorted().map { id in
      .gateOpened(
        id, GateQuestion(id: GateID(id, of: "run", attempt: (run.node(id)?.attempt ?? 0) + 1), message: "Well?"))
    }
    for id in run.askingNodes {
      guard !resting.contains(id), let gate = run.node(id)?.gate?.id else { continue }
      let answer = GateAnswer(decision: dice.hits(90) ? "approve" : "reject", decidedBy: "somebody")
      possible.append(
        dice.hits(80) ? .gateAnswered(id, gate, answer, output("g")) : .gateTimeoutElapsed(id, gate, output("g")))
    }
    possible += timers.sorted().map(RunEvent.retryDelayElapsed)
    for id in running.sorted() {
      let isStopped = stopping.contains(id) && dice.hits(70)
      let failure = StepFailure(.exit, "exit code 1", exitCode: 1)
      possible.append(
        isStopped
          ? .stepStopped(id) : dice.hits(80) ? .stepSucceeded(id, output("x")) : .stepFailed(id, failure, dice: 0))
    }
    return possible.randomElement(using: &dice) ?? .interrupted(reason: "nothing else can happen")
  }

  private mutating func newsOfItems() -> [RunEvent] {
    var news = listings.sorted().map { id -> RunEvent in
      let count = Int.random(in: 0...5, using: &dice)
      return dice.hits(5)
        ? .stepFailed(id, StepFailure(.value, "no list"), dice: 0)
        : .itemsListed(id, ItemList(count: count, values: output("\(count)")))
    }
    news += gatherings.sorted().map { id in
      dice.hits(3) ? .stepFailed(id, StepFailure(.storage, "full"), dice: 0) : .itemsGathered(id, output("z"))
    }
    for id in running.subtracting(stopping).sorted() where run.item(id) != nil {
      if dice.hits(20) { news.append(resting.contains(id) ? .childWentOn(id) : .childStoodStill(id)) }
    }
    return news
  }

  private mutating func verdict() -> LoopVerdict {
    dice.hits(50) ? .again : dice.hits(90) ? .done(output("y")) : .failed(StepFailure(.value, "unresolved"))
  }
}
