internal import IonJSON
internal import IonScheduler
internal import IonWorkflow

/// A run in which nothing is done: the real scheduler, answered as a driver would, with stubs for what steps give.
///
/// What can't be known is decided somehow, so that the run goes on: a condition counts as met, but not that of a node that
/// would end the run, and steps succeed. Which of the run's ways stand whatever comes is `PlanOutlook`'s to say.
struct RunRehearsal {
  private(set) var run: WorkflowRun
  var values: PlanValues
  let stubs: PlanStubs
  /// Where values would be put that are too large for the environment; only named.
  let folder: AbsolutePath

  init(_ values: PlanValues, stubs: PlanStubs, folder: AbsolutePath) {
    run = WorkflowRun(stubs.applied(to: values.definition))
    self.values = values
    self.stubs = stubs
    self.folder = folder
  }

  /// Plays the run to its end.
  mutating func play() {
    var events: [RunEvent] = [.started]
    var next = 0
    while next < events.count {
      for command in run.advance(on: events[next]) { answer(command).map { events.append($0) } }
      next += 1
      if next == events.count, let answer = answerAtGate() { events.append(answer) }
    }
  }

  /// What comes of the first gate that waits: a person approves, or nobody does where a stub says that it fails.
  private mutating func answerAtGate() -> RunEvent? {
    guard let id = run.askingNodes.first, let gate = run.node(id)?.gate?.id else { return nil }
    guard case .success(let output) = result(of: id, Doubts()) else { return .gateTimeoutElapsed(id, gate, nil) }
    return .gateAnswered(id, gate, GateAnswer(decision: "approve", decidedBy: "the plan"), output)
  }

  /// What a driver would report; nil for what needs no answer.
  private mutating func answer(_ command: RunCommand) -> RunEvent? {
    switch command {
    case .evaluateCondition(let id): .conditionSettled(id, verdict(of: id))
    case .evaluateLoop(let id): .loopSettled(id, iteration: run.iteration(of: id) ?? 0, loopVerdict(of: id))
    case .listItems(let id): listing(of: id)
    case .gatherItems(let id): gathering(of: id)
    case .checkEvidence: .evidenceChecked(fault: nil)
    case .requestSlot(let id): .slotGranted(id)
    case .openGate(let id):
      switch result(of: id, Doubts()) {
      case .failure(let failure) where failure != Self.failedByStub: .stepFailed(id, failure, dice: 0)
      default: .gateOpened(id, GateQuestion(id: GateID(id, of: "plan", attempt: 1), message: ""))
      }
    case .start(let id, _):
      switch result(of: id, Doubts()) {
      case .success(let output): .stepSucceeded(id, output)
      case .failure(let failure): .stepFailed(id, failure, dice: 0)
      }
    case .stop(let id): .stepStopped(id)
    case .withdrawSlotRequest, .takeUpChild, .answerAgent, .wake, .record, .finish: nil
    }
  }

  /// No item is played: what they give together is what counts.
  private mutating func listing(of id: NodeID) -> RunEvent {
    if case .failure(let failure) = result(of: id, Doubts()), failure != Self.failedByStub {
      return .stepFailed(id, failure, dice: 0)
    }
    return .itemsListed(id, ItemList(count: 0, values: StepPlanner.output("[]")))
  }

  private mutating func gathering(of id: NodeID) -> RunEvent {
    switch result(of: id, Doubts()) {
    case .success(let output): .itemsGathered(id, output)
    case .failure(let failure): .stepFailed(id, failure, dice: 0)
    }
  }

  func sight(of id: NodeID) -> RunSight { RunSight(run: run, reader: id) }

  private mutating func verdict(of id: NodeID) -> ConditionVerdict {
    guard let node = run.definition(of: id) else { return .met }
    return switch condition(of: id, Doubts()) {
    case .met, nil: .met
    case .unmet: .unmet
    case .failed(let message): .failed(message)
    case .unknown: node.kind.endsRun ? .unmet : .met
    }
  }

  /// How a node's condition comes out; nil where it has none.
  mutating func condition(of id: NodeID, _ doubts: Doubts) -> ConditionAnswer? {
    guard let node = run.definition(of: id), let condition = node.when else { return nil }
    return values.answer(condition, of: node, sight(of: id), doubts)
  }

  /// What a node that runs comes to.
  mutating func result(of id: NodeID, _ doubts: Doubts) -> Result<NodeOutput, StepFailure> {
    guard let node = run.definition(of: id) else { return .success(.unknown) }
    let sight = sight(of: id)
    do throws(StepFailure) {
      if case .matrix(let matrix) = node.kind {
        return .success(
          try values.list(of: matrix, sight).map { StepPlanner.output($0.serializedText()) } ?? .unknown)
      }
      if let fault = values.fault(of: node, sight, doubts, folder: folder) { throw fault }
      if let text = try ending(of: node, sight, doubts) { return .success(StepPlanner.output(text)) }
    } catch {
      return .failure(error)
    }
    guard let stub = stubs[id] else { return .success(.unknown) }
    if stub.status == .failed { return .failure(Self.failedByStub) }
    guard let text = stub.output else { return .success(.unknown) }
    if let failure = node.outputFormat.flatMap({ OutputFormatCheck(format: $0).failure(of: text) }) {
      return .failure(failure)
    }
    return .success(StepPlanner.output(text))
  }

  /// What a node says that only ends the run; nil for others, and where that isn't known.
  private mutating func ending(
    of node: Node, _ sight: RunSight, _ doubts: Doubts
  ) throws(StepFailure) -> String? {
    guard case .cancel(let text) = node.kind else {
      guard case .finish(let text) = node.kind else { return nil }
      return try self.text(text, of: node, sight, doubts)
    }
    return try self.text(text, of: node, sight, doubts)
  }

  private mutating func text(
    _ template: Template, of node: Node, _ sight: RunSight, _ doubts: Doubts
  ) throws(StepFailure) -> String? {
    let reading = try values.reading(template.references, of: node, sight, doubts)
    do {
      return try reading.text(template)
    } catch {
      throw StepFailure(.value, error.message)
    }
  }

  /// One iteration is played. A loop of which it isn't known whether it is done then is taken to be done some time.
  private mutating func loopVerdict(of id: NodeID) -> LoopVerdict {
    guard let repetition = run.definition(of: id)?.repetition else { return .done(.unknown) }
    if let stub = stubs[id] {
      if stub.status == .failed { return .failed(Self.failedByStub) }
      return .done(stub.output.map(StepPlanner.output) ?? .unknown)
    }
    let output = run.result(ofLoop: id)?.output ?? StepPlanner.output("")
    if let test = run.test(ofLoop: id) {
      if test.status == .succeeded { return .done(output) }
      if let failure = test.failure, failure.kind != .exit {
        return .failed(StepFailure(failure.kind, "until_bash: \(failure.message)"))
      }
    }
    guard let signal = repetition.until, let text = output.text, LoopSignal.isGiven(signal, in: text) else {
      return .done(.unknown)
    }
    return .done(output)
  }

  private static let failedByStub = StepFailure(.exit, "a stub says that it fails", exitCode: 1)
}

extension NodeKind {
  /// Whether a node of this kind ends the run when it runs.
  var endsRun: Bool {
    switch self {
    case .cancel, .finish: true
    case .bash, .script, .exec, .prompt, .command, .loop, .loopGroup, .approval, .workflow, .include, .matrix: false
    }
  }

  /// Whether a node of this kind may end the run: a gate does where somebody rejects it.
  var mayEndRun: Bool {
    if case .approval(let approval) = self { approval.cancelsRun("reject") } else { endsRun }
  }

  /// Whether a node of this kind ends the run as cancelled.
  var cancelsRun: Bool {
    switch self {
    case .cancel: true
    case .approval(let approval): approval.cancelsRun("reject")
    default: false
    }
  }
}
