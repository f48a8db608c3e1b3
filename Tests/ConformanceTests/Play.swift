import IonScheduler
import IonWorkflow
import Testing

/// A run played by the scheduler alone: what its nodes come to stands in a script, in words, one for each start.
///
/// `ok`, `ok: output`, `fail`, `exit 3`, `transient`, `value`, `signal`, `lost`, `cancel` (somebody cancels the node while
/// it runs), `cancel run`; before a start `unmet` or `broken` for its condition; at a gate an answer that was checked
/// already, or `late`. A node without words is `ok`.
struct Play {
  enum Answer { case late, given(GateAnswer, output: String) }

  private(set) var run: WorkflowRun
  /// Each start, `test` or `test#2` for the second of the node.
  private(set) var starts: [String] = []
  /// What was waited for before executions, by node.
  private(set) var waits: [NodeID: [Duration]] = [:]
  var script: [NodeID: [String]]
  var answers: [NodeID: [Answer]] = [:]
  /// The chance that jitter uses.
  var dice = 0.0
  private var queue: [RunCommand] = []

  init(_ definition: WorkflowDefinition, script: [NodeID: [String]] = [:]) {
    run = WorkflowRun(definition)
    self.script = script
  }

  /// Plays one attempt of the run to where it ends, or waits for a person.
  mutating func play() {
    tell(run.outcome == nil ? .started : .resumed)
    var next = 0
    while next < queue.count, next < 10_000 {
      obey(queue[next])
      next += 1
    }
    queue = []
  }

  private mutating func tell(_ event: RunEvent) { queue += run.advance(on: event) }

  private mutating func obey(_ command: RunCommand) {
    switch command {
    case .evaluateCondition(let id): tell(.conditionSettled(id, verdict(of: id)))
    case .evaluateLoop(let id): tell(.loopSettled(id, iteration: run.iteration(of: id) ?? 0, .again))
    case .listItems(let id): list(id)
    case .gatherItems(let id): tell(.itemsGathered(id, .text("\(id)")))
    case .checkEvidence: tell(.evidenceChecked(fault: nil))
    case .openGate(let id):
      let attempt = (run.node(id)?.attempt ?? 0) + 1
      tell(.gateOpened(id, GateQuestion(id: GateID("\(id)/\(attempt)"), message: "")))
      answer(id)
    case .requestSlot(let id): tell(.slotGranted(id))
    case .start(let id, let attempt): start(id, attempt)
    case .stop(let id): tell(.stepStopped(id))
    case .wake(.retry(let id), let delay):
      waits[id, default: []].append(delay)
      tell(.retryDelayElapsed(id))
    case .wake(.gate, _), .wake(.runTimeout, _), .withdrawSlotRequest, .takeUpChild, .answerAgent, .record, .finish:
      break
    }
  }

  private mutating func list(_ id: NodeID) {
    guard case .literal(let items)? = run.definition(of: id)?.fanOut?.items else {
      return tell(.stepFailed(id, StepFailure(.value, "its items can't be listed"), dice: 0))
    }
    tell(.itemsListed(id, ItemList(count: items.count, values: .text("\(items.count)"))))
  }

  private mutating func verdict(of id: NodeID) -> ConditionVerdict {
    switch script[id]?.first {
    case "unmet": .unmet
    case "broken": .failed("it can't be evaluated")
    default: .met
    }
  }

  private mutating func start(_ id: NodeID, _ attempt: Int) {
    starts.append(attempt == 1 ? "\(id)" : "\(id)#\(attempt)")
    let word = script[id]?.isEmpty == false ? script[id]!.removeFirst() : "ok"
    let parts = word.split(separator: ": ", maxSplits: 1).map(String.init)
    switch parts[0] {
    case "ok": tell(.stepSucceeded(id, .text(parts.count > 1 ? parts[1] : "\(id)")))
    case "lost":
      tell(.stepLost(id))
      tell(.interrupted(reason: "its owner died"))
    case "cancel": tell(.nodeCancelRequested(id, reason: nil))
    case "cancel run": tell(.cancelRequested(reason: nil))
    default: tell(.stepFailed(id, StepFailure(word: word), dice: dice))
    }
  }

  private mutating func answer(_ id: NodeID) {
    guard let gate = run.node(id)?.gate, answers[id]?.isEmpty == false else { return }
    switch answers[id]!.removeFirst() {
    case .given(let answer, let output): tell(.gateAnswered(id, gate.id, answer, .text(output)))
    case .late:
      guard case .approval(let approval)? = run.definition(of: id)?.kind else { return }
      let output = approval.defaultAnswer.map { NodeOutput.text(approval.output(for: $0)) }
      tell(.gateTimeoutElapsed(id, gate.id, output))
    }
  }
}

extension NodeOutput {
  /// A small output; its text stands for its hash.
  static func text(_ text: String) -> NodeOutput {
    NodeOutput(text: text, file: nil, length: text.utf8.count, sha256: "#" + text)
  }
}

extension StepFailure {
  /// `exit 3`, `transient`, `value`, `signal`, `timeout`; anything else is exit code 1.
  fileprivate init(word: String) {
    switch word {
    case "transient": self.init(.spawn, "it may work again", isTransient: true)
    case "value": self.init(.value, "a value is missing")
    case "signal": self.init(.signal, "killed by SIGSEGV", signal: 11)
    case "timeout": self.init(.timeout, "timed out")
    default:
      let code = word.split(separator: " ").last.flatMap { Int($0) } ?? 1
      self.init(.exit, "exit code \(code)", exitCode: code)
    }
  }
}
