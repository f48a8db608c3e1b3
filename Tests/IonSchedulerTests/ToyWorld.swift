import IonScheduler
import IonWorkflow

/// A world in which a run takes place: whatever the run asks for happens in some order, and people get in the way.
struct ToyWorld {
  private(set) var run: WorkflowRun
  private(set) var watch: RunWatch
  private(set) var history: [RunEvent] = []
  private(set) var answers: [[RunCommand]] = []
  private var dice: SeededDice
  /// Events that are sure to come next, last first.
  private var coming: [RunEvent] = []

  init(seed: Int) {
    dice = SeededDice(seed: UInt64(seed))
    var definition = WorkflowDefinition.random(using: &dice)
    definition.needsEvidence = seed.isMultiple(of: 5)
    run = WorkflowRun(definition)
    watch = RunWatch(definition)
  }

  /// Plays the run through, with up to four attempts, and returns what was wrong.
  mutating func play() -> [String] {
    if dice.hits(15) { inherit() }
    tell(dice.hits(3) ? .cancelRequested(reason: nil) : .started)
    for _ in 0..<4 {
      var rounds = 0
      while run.outcome == nil, watch.faults.isEmpty {
        rounds += 1
        if rounds > 2000 { return ["the run never ends"] }
        if dice.hits(10) { tell(garbage()) }
        tell(next())
      }
      for _ in 0..<3 { tell(garbage()) }
      guard watch.faults.isEmpty, dice.hits(80) else { break }
      tell(.resumed)
    }
    return watch.faults + replayFaults()
  }

  private mutating func tell(_ event: RunEvent) {
    let before = run
    let commands = run.advance(on: event)
    history.append(event)
    answers.append(commands)
    watch.observe(event, from: before, to: run, commands)
  }

  /// The same history gives the same commands and the same value.
  private func replayFaults() -> [String] {
    var replay = WorkflowRun(run.definition)
    for (event, answer) in zip(history, answers) where replay.advance(on: event) != answer {
      return ["a replay answers \(event) otherwise"]
    }
    return replay == run ? [] : ["a replay ends otherwise"]
  }

  private mutating func inherit() {
    for node in watch.definition.nodes where dice.hits(50) { tell(.inherited(node.id, randomOutput())) }
  }

  /// Something that can happen now: mostly what the run waits for.
  private mutating func next() -> RunEvent {
    if let event = coming.popLast() { return event }
    if let event = interference() { return event }
    var possible = watch.conditions.sorted().map { RunEvent.conditionSettled($0, verdict()) }
    possible += watch.requests.sorted().map(RunEvent.slotGranted)
    possible += watch.timers.sorted().map(RunEvent.retryDelayElapsed)
    if watch.isAskedForEvidence { possible.append(.evidenceChecked(fault: dice.hits(50) ? nil : "no evidence")) }
    possible += watch.openings.sorted().map { opening(of: $0) }
    possible += watch.asking.sorted { $0.key < $1.key }.map { answer(to: $0.value, of: $0.key) }
    if run.status == .awaitingApproval, dice.hits(20) { possible.append(.continued) }
    for id in watch.running.sorted() { possible.append(result(of: id)) }
    return possible.randomElement(using: &dice) ?? .interrupted(reason: "nothing else can happen")
  }

  private mutating func interference() -> RunEvent? {
    switch Int.random(in: 0..<200, using: &dice) {
    case 0..<2: return .cancelRequested(reason: dice.hits(50) ? "why not" : nil)
    case 2..<8:
      return watch.definition.nodes.randomElement(using: &dice).map { .nodeCancelRequested($0.id, reason: nil) }
    case 8..<11: return .interrupted(reason: "the editor went away")
    case 11..<14:
      // The owner dies: every running step is lost, then the run is taken up by another one, which interrupts it.
      coming = [.interrupted(reason: "its owner died")] + watch.running.sorted().map(RunEvent.stepLost)
      if dice.hits(20) { coming.insert(garbage(), at: 1) }
      return coming.popLast()
    case 14..<16: return .runTimeoutElapsed
    default: return nil
    }
  }

  private mutating func result(of id: NodeID) -> RunEvent {
    let isStopping = watch.stopping.contains(id)
    if watch.isChild(id), let event = wordOfChild(id) { return event }
    if watch.isAgent(id), let event = wordOfAgent(id) { return event }
    switch Int.random(in: 0..<100, using: &dice) {
    case 0..<6: return .stepSpawned(id, ProcessFacts(pid: 1, startTicks: 2, bootID: "boot"))
    case 6..<10: return .usageReported(id, randomUsage())
    case 10..<(isStopping ? 70 : 10): return .stepStopped(id)
    case 70..<95: return .stepFailed(id, failure(), dice: Double.random(in: 0..<1, using: &dice))
    case 95..<97: return .stepReused(id, randomOutput(), from: StepOrigin(run: "earlier", node: id, attempt: 1))
    default: return .stepSucceeded(id, randomOutput())
    }
  }

  private mutating func wordOfChild(_ id: NodeID) -> RunEvent? {
    switch Int.random(in: 0..<10, using: &dice) {
    case 0: .childBegan(id, RunID("child of \(id)"))
    case 1..<3: .childStoodStill(id)
    case 3: .childAsked(id)
    case 4..<7: .childWentOn(id)
    case 7..<9: .usageReported(id, randomUsage())
    default: nil
    }
  }

  private mutating func wordOfAgent(_ id: NodeID) -> RunEvent? {
    if let gate = watch.blocked[id], dice.hits(70) {
      return dice.hits(20)
        ? .permissionWithdrawn(id, gate)
        : .gateAnswered(id, gate, GateAnswer(decision: "approve", decidedBy: "somebody"), randomOutput())
    }
    return switch Int.random(in: 0..<10, using: &dice) {
    case 0..<3: .sessionKnown(id, NodeSession("s\(history.count)", of: "p"), summary: nil)
    case 3..<5: .permissionAsked(id, GateQuestion(id: GateID("leave \(history.count)"), message: "May I?"))
    default: nil
    }
  }

  private mutating func opening(of id: NodeID) -> RunEvent {
    if dice.hits(8) { return .stepFailed(id, StepFailure(.value, "unresolved"), dice: 0) }
    return .gateOpened(
      id, GateQuestion(id: GateID(id, of: "run", attempt: (run.node(id)?.attempt ?? 0) + 1), message: "Well?"))
  }

  private mutating func answer(to gate: GateID, of id: NodeID) -> RunEvent {
    if dice.hits(25) { return .gateTimeoutElapsed(id, gate, dice.hits(70) ? randomOutput() : nil) }
    let decision = ["approve", "approve", "later", "reject"].randomElement(using: &dice) ?? "approve"
    return .gateAnswered(id, gate, GateAnswer(decision: decision, decidedBy: "somebody"), randomOutput())
  }

  private mutating func verdict() -> ConditionVerdict {
    dice.hits(65) ? .met : dice.hits(75) ? .unmet : .failed("unresolved")
  }

  private mutating func failure() -> StepFailure {
    switch Int.random(in: 0..<5, using: &dice) {
    case 0: StepFailure(.exit, "exit code 1", exitCode: 1)
    case 1: StepFailure(.exit, "exit code 2", exitCode: 2)
    case 2: StepFailure(.timeout, "too slow", isTransient: true)
    case 3: StepFailure(.value, "unresolved")
    default: StepFailure(.exit, "busy", exitCode: 1, isTransient: true)
    }
  }

  /// Quarters of dollars, so that sums are exact.
  private mutating func randomUsage() -> AgentUsage {
    AgentUsage(
      inputTokens: Int.random(in: 0..<9, using: &dice), outputTokens: Int.random(in: 0..<9, using: &dice),
      usd: dice.hits(50) ? Double(Int.random(in: 0..<9, using: &dice)) / 4 : nil)
  }

  private mutating func randomOutput() -> NodeOutput { output(dice.hits(80) ? "same" : "other") }

  /// Anything about anybody, whether it fits or not; one time in three something that was already said.
  private mutating func garbage() -> RunEvent {
    if dice.hits(33), let old = history.randomElement(using: &dice), isHarmless(old) { return old }
    let id = dice.hits(10) ? "nobody" : watch.definition.nodes.randomElement(using: &dice)?.id ?? "nobody"
    switch Int.random(in: 0..<17, using: &dice) {
    case 16:
      return dice.hits(50)
        ? .itemsListed(id, ItemList(count: 2, values: randomOutput())) : .itemsGathered(id, randomOutput())
    case 14: return [.childStoodStill(id), .childAsked(id), .childWentOn(id)].randomElement(using: &dice)!
    case 15: return .childBegan(id, "another child")
    case 10: return answer(to: "another gate", of: id)
    case 11: return watch.openings.isEmpty ? .gateOpened(id, GateQuestion(id: "another gate", message: "")) : .started
    case 12: return .continued
    case 0: return .started
    case 1: return run.outcome == nil ? .resumed : .started
    case 2: return .inherited(id, randomOutput())
    case 3: return .conditionSettled(id, verdict())
    case 4: return .slotGranted(id)
    case 5: return .stepSucceeded(id, randomOutput())
    case 6: return .stepFailed(id, failure(), dice: 0)
    case 7: return .retryDelayElapsed(id)
    case 8: return .stepStopped(id)
    case 9:
      return run.outcome == nil ? .stepSpawned(id, ProcessFacts(pid: 3, startTicks: 4, bootID: "boot")) : .stepLost(id)
    default: return run.outcome == nil ? .slotGranted("nobody") : .cancelRequested(reason: "too late")
    }
  }

  /// Whether an event said twice leaves the world going: a second end of the run would end every history early.
  private func isHarmless(_ event: RunEvent) -> Bool {
    switch event {
    case .resumed, .redefined, .cancelRequested, .interrupted, .refused, .runTimeoutElapsed, .stepLost,
      .nodeCancelRequested:
      false
    case .inherited, .started, .conditionSettled, .loopSettled, .slotGranted, .stepSpawned, .usageReported,
      .stepSucceeded, .stepReused,
      .stepFailed, .stepStopped, .retryDelayElapsed, .gateOpened, .gateAnswered, .gateTimeoutElapsed, .continued,
      .evidenceChecked, .childBegan, .childStoodStill, .childAsked, .childWentOn, .sessionKnown, .permissionAsked,
      .permissionWithdrawn, .itemsListed, .itemsGathered:
      true
    }
  }
}
