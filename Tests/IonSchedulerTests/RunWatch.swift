import IonScheduler
import IonWorkflow

/// What a watch found wrong; apart from it, so that rules can be stated while the books are changed.
private final class FaultList {
  var faults: [String] = []
}

/// Watches a run from outside and says what it did wrong. It knows the rules in their slowest form: it scans every node
/// after every event, and keeps its own books of what the driver would have in hand.
struct RunWatch {
  /// Why a run ends before its nodes have settled.
  enum Ending { case cancelled, finished, timedOut, interrupted, refused }

  /// A node's last success, and what it had read; a nil reading is known only not to have been a success.
  struct Success {
    var output: NodeOutput
    var readings: [NodeID: Reading?]
  }

  /// The last start of an agent.
  struct Work {
    var attempt: Int
    var readings: [NodeID: Reading]
    var cutOff: Int?
    var session: NodeSession?
    var isOver = false
  }

  struct Reading: Hashable {
    var status: NodeStatus
    var sha256: String?
  }

  let definition: WorkflowDefinition
  let nodes: [NodeID: Node]
  let order: [NodeID: Int]
  /// Every node as the run shows it since the last event.
  private(set) var states: [NodeID: NodeState] = [:]
  private let found = FaultList()

  // What the driver has in hand.
  var conditions: Set<NodeID> = []
  var requests: Set<NodeID> = []
  var running: Set<NodeID> = []
  var stopping: Set<NodeID> = []
  var timers: Set<NodeID> = []
  var isAskedForEvidence = false
  var openings: Set<NodeID> = []
  var asking: [NodeID: GateID] = [:]
  /// Those that run whose children wait for answers, and those whose children went on from that.
  var resting: Set<NodeID> = []
  var returned: Set<NodeID> = []

  // What is known of this attempt of the run.
  var hasBegun = false
  var isHeld = false
  var ending: Ending?
  var hasEnded = false
  /// What was said of the evidence; nil before.
  var hasEvidence: Bool?
  /// Which part of the run goes on: 0 for the workflow's own nodes, then those of the outcome, then those of every exit.
  var stage = 0
  /// What came of the parts before.
  var verdict: RunStatus?
  var outcomeOfMain: RunStatus?
  /// Why the part was cut off that went on when the event came.
  var cause: Ending?
  /// Nodes that were cancelled before it was their turn.
  var unwanted: Set<NodeID> = []
  var passed: Set<NodeID> = []
  var stoppedByName: Set<NodeID> = []
  var executions: [NodeID: Int] = [:]

  // What is known of the whole run.
  var attempt = 1
  var starts: [NodeID: Int] = [:]
  var successes: [NodeID: Success] = [:]
  /// Gates that an interruption left pending, and what each question was made from.
  var standing: [NodeID: GateID] = [:]
  var asked: [NodeID: [NodeID: Reading]] = [:]
  /// What each node had used before what is counted now, and what was said of that last.
  var spent: [NodeID: AgentUsage] = [:]
  var said: [NodeID: AgentUsage] = [:]
  /// What agents ask leave for, and what is known of their last starts.
  var blocked: [NodeID: GateID] = [:]
  var work: [NodeID: Work] = [:]
  /// What is known of the children that nodes began last.
  var children: [NodeID: Child] = [:]
  /// Those that wait again since the last event.
  var askedAgain: Set<NodeID> = []

  init(_ definition: WorkflowDefinition) {
    self.definition = definition
    nodes = Dictionary(uniqueKeysWithValues: definition.nodes.map { ($0.id, $0) })
    order = Dictionary(uniqueKeysWithValues: definition.nodes.enumerated().map { ($1.id, $0) })
  }

  var isOpen: Bool { hasBegun && ending == nil && !isHeld && !hasEnded }

  /// What was found wrong, in order.
  var faults: [String] { found.faults }

  func require(_ holds: Bool, _ fault: @autoclosure () -> String) {
    if !holds { found.faults.append(fault()) }
  }

  /// Takes note of one event, and of how the run answered it.
  mutating func observe(_ event: RunEvent, from before: WorkflowRun, to after: WorkflowRun, _ commands: [RunCommand]) {
    guard fits(event, before.status) else {
      require(commands.isEmpty && before == after, "\(event) doesn't fit and changed something: \(commands)")
      return
    }
    let isOpenBefore = isOpen
    for state in after.nodes { states[state.id] = state }
    takeNote(of: event)
    takeNoteOfGates(event)
    takeNoteOfChildren(event)
    takeNoteOfUsage(event)
    takeNoteOfAgents(event)
    cause = ending
    goOn()
    takeNoteOfStandingGates()
    requireOrder(of: commands)
    requireRecords(commands, from: before, to: after)
    for (node, (old, new)) in zip(definition.nodes, zip(before.nodes, after.nodes))
    where old != new || event == .resumed {
      requireTransition(of: node, event, isOpenBefore, from: old.status)
    }
    for command in commands { obey(command, event, after) }
    requireBooks(after)
    requireChildren(after, event, commands)
    requireAgents(after)
    requireEagerness(commands)
  }

  /// Whether an event may change anything now.
  private func fits(_ event: RunEvent, _ runStatus: RunStatus) -> Bool {
    if case .resumed = event { return hasEnded && runStatus.isResumable }
    if hasEnded { return false }
    return switch event {
    case .inherited(let id, _): !hasBegun && attempt == 1 && nodes[id] != nil
    case .started: !hasBegun
    case .resumed, .redefined: false
    case .conditionSettled(let id, _): isOpen && conditions.contains(id)
    case .loopSettled, .itemsListed, .itemsGathered: false
    case .slotGranted(let id): isOpen && requests.contains(id)
    case .retryDelayElapsed(let id): isOpen && timers.contains(id)
    case .stepFailed(let id, _, _): running.contains(id) || (isOpen && openings.contains(id))
    case .stepSpawned(let id, _), .usageReported(let id, _), .stepSucceeded(let id, _), .stepReused(let id, _, _),
      .stepStopped(let id), .stepLost(let id):
      running.contains(id)
    case .childBegan(let id, _): running.contains(id) && isChild(id)
    case .sessionKnown(let id, _, _): running.contains(id) && isAgent(id)
    case .permissionAsked(let id, _):
      running.contains(id) && isAgent(id) && blocked[id] == nil && !stopping.contains(id)
    case .permissionWithdrawn(let id, let gate): blocked[id] == gate
    case .childStoodStill(let id):
      running.contains(id) && isChild(id) && !resting.contains(id) && !stopping.contains(id)
    case .childAsked(let id):
      running.contains(id) && isChild(id) && !resting.contains(id) && blocked[id] == nil && !stopping.contains(id)
    case .childWentOn(let id): resting.contains(id) || isChild(id) && blocked[id] != nil
    case .gateOpened(let id, _): isOpen && openings.contains(id)
    case .gateAnswered(let id, let gate, _, _): isOpen && asking[id] == gate || blocked[id] == gate
    case .gateTimeoutElapsed(let id, let gate, _): isOpen && asking[id] == gate
    case .continued: runStatus == .awaitingApproval && blocked.isEmpty
    case .runTimeoutElapsed: hasBegun && ending == nil && definition.timeout != nil
    case .cancelRequested, .interrupted: ending == nil
    case .refused: !hasBegun
    case .evidenceChecked: isAskedForEvidence
    case .nodeCancelRequested(let id, _):
      isOpen && !stopping.contains(id) && nodes[id] != nil && !status(id).isSettled
    }
  }

  /// Books what a fitting event means, before the commands are looked at.
  private mutating func takeNote(of event: RunEvent) {
    switch event {
    case .inherited(let id, let output): successes[id] = Success(output: output, readings: [:])
    case .started: begin(with: inheritedSuccesses())
    case .resumed:
      attempt += 1
      begin(with: hasBegun ? successes : inheritedSuccesses())
    case .conditionSettled(let id, let verdict):
      conditions.remove(id)
      if verdict == .met { passed.insert(id) }
    case .slotGranted(let id): requests.remove(id)
    case .retryDelayElapsed(let id): timers.remove(id)
    case .stepSpawned, .usageReported, .redefined, .loopSettled, .gateOpened, .gateAnswered, .gateTimeoutElapsed,
      .continued, .childBegan, .childStoodStill, .childAsked, .childWentOn, .itemsListed, .itemsGathered, .sessionKnown,
      .permissionAsked,
      .permissionWithdrawn:
      break
    case .stepSucceeded(let id, let output), .stepReused(let id, let output, _):
      leave(id)
      if status(id) == .succeeded { successes[id] = Success(output: output, readings: readings(of: id)) }
      switch nodes[id]?.kind {
      case .finish: ending = ending ?? .finished
      case .cancel: ending = ending ?? .cancelled
      default: break
      }
    case .stepFailed(let id, _, _), .stepStopped(let id): leave(id)
    case .stepLost(let id): lose(id)
    case .runTimeoutElapsed: ending = .timedOut
    case .cancelRequested: ending = .cancelled
    case .interrupted: ending = .interrupted
    case .refused: ending = .refused
    case .evidenceChecked(let fault): (isAskedForEvidence, hasEvidence) = (false, fault == nil)
    case .nodeCancelRequested(let named, _): takeNoteOfCancel(named)
    }
  }

  private mutating func takeNoteOfCancel(_ named: NodeID) {
    for id in all(of: named) where !(nodes[id]?.isJoin ?? false) {
      if stage(of: id) > stage, status(id) == .cancelled { unwanted.insert(id) }
      if running.contains(id), !stopping.contains(id) { stoppedByName.insert(id) }
      conditions.remove(id)
      timers.remove(id)
    }
  }

  private mutating func lose(_ id: NodeID) {
    leave(id)
    isHeld = true
  }

  private mutating func leave(_ id: NodeID) {
    running.remove(id)
    stopping.remove(id)
    resting.remove(id)
    returned.remove(id)
  }

  private mutating func begin(with successes: [NodeID: Success]) {
    self.successes = successes
    (hasBegun, isHeld, hasEnded, ending) = (true, false, false, nil)
    (isAskedForEvidence, hasEvidence) = (false, nil)
    (stage, verdict, outcomeOfMain, unwanted) = (0, nil, nil, [])
    (conditions, timers, passed, stoppedByName, executions) = ([], [], [], [], [:])
    openings = []
  }

  /// What is inherited had read what else is inherited, and else nothing that had succeeded.
  private func inheritedSuccesses() -> [NodeID: Success] {
    successes.reduce(into: successes) { all, one in
      for upstream in inputs(of: one.key) {
        all[one.key]?.readings.updateValue(
          successes[upstream].map { Reading(status: .succeeded, sha256: $0.output.sha256) }, forKey: upstream)
      }
    }
  }

  private mutating func requireStop(_ id: NodeID) {
    require(running.contains(id) && stopping.insert(id).inserted, "\(id) can't be stopped")
    if resting.remove(id) != nil { returned.insert(id) }
    require(cause != nil || stoppedByName.contains(id), "\(id) is stopped for no reason")
  }

  /// Does what a command says, if the driver may be told so now.
  private mutating func obey(_ command: RunCommand, _ event: RunEvent, _ run: WorkflowRun) {
    switch command {
    case .evaluateCondition(let id):
      requireReady(id, for: "its condition")
      require(nodes[id]?.when != nil && !passed.contains(id), "\(id) has no condition to ask")
      require(conditions.insert(id).inserted, "\(id)'s condition is asked twice")
    case .evaluateLoop(let id): require(false, "\(id) is no loop")
    case .listItems(let id), .gatherItems(let id): require(false, "\(id) has no items")
    case .requestSlot(let id):
      requireDue(id)
      require(requests.insert(id).inserted && !running.contains(id), "\(id) asks for a second slot")
    case .withdrawSlotRequest(let id): require(requests.remove(id) != nil, "\(id) withdraws what it never asked for")
    case .start(let id, let attempt):
      require(event == .slotGranted(id), "\(id) starts without a slot")
      starts[id, default: 0] += 1
      executions[id, default: 0] += 1
      successes[id] = nil
      require(attempt == starts[id], "\(id) counts \(attempt) as its start \(starts[id] ?? 0)")
      require(running.insert(id).inserted, "\(id) is started twice")
    case .stop(let id): requireStop(id)
    case .wake(.retry(let id), let delay):
      require(timers.insert(id).inserted && delay >= .milliseconds(1500), "\(id) waits twice, or too short: \(delay)")
    case .answerAgent(let id, _, _): require(event.answeredNode == id, "\(id)'s agent gets an answer that nobody gave")
    case .takeUpChild(let id): require(event == .continued && resting.contains(id), "\(id)'s child is taken up")
    case .openGate(let id): requireOpening(of: id)
    case .wake(.gate(let id), let delay): requireGateTime(of: id, delay)
    case .wake(.runTimeout, let delay):
      require([.started, .resumed, .continued].contains(event) && delay == definition.timeout, "a stray run timeout")
    case .checkEvidence:
      require(definition.needsEvidence && stage == 0 && unprovenResult == .succeeded, "evidence for nothing")
      require(!isAskedForEvidence && hasEvidence == nil, "the evidence is asked for twice")
      isAskedForEvidence = true
    case .record: break
    case .finish(let outcome):
      require(running.isEmpty && requests.isEmpty, "it ends while \(running) run and \(requests) wait")
      require(!hasEnded && outcome == run.outcome, "it ends twice, or otherwise than it says")
      require(outcome.status == verdict, "it ended \(outcome.status), not \(verdict.map { "\($0)" } ?? "at all")")
      (hasEnded, isAskedForEvidence) = (true, false)
    }
  }
}
