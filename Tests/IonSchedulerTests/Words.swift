import IonScheduler
import IonWorkflow

/// Events and commands as short lines, so that histories can be read and written by people:
/// `slot a`, `opened a=g1`, `answer a=g1 approve: why`, `late a=g1 approve`, `ok a=out`, `fail a transient`,
/// `loop a#2 done=out`, `child a=r1`, `stands a`, `blocks a`, `goes a`, `items a=3`, `gathered a=out`, `cancel: why`; `start a#1`, `wake a 1s`, `end failed: why`.
extension RunEvent {
  /// Reads one line; nil where it says nothing that can happen.
  init?(words line: some StringProtocol) {
    let (head, tail) = line.cut(at: ": ")
    let words = head.split(separator: " ").map(String.init)
    let id = words.count > 1 ? NodeID(words[1].cut(at: "=").0) : NodeID("")
    switch (words.first ?? "", words.count) {
    case ("started", 1): self = .started
    case ("resumed", 1): self = .resumed
    case ("inherited", 2): self = .inherited(id, output(words[1].cut(at: "=").1 ?? "out"))
    case ("met", 2): self = .conditionSettled(id, .met)
    case ("unmet", 2): self = .conditionSettled(id, .unmet)
    case ("broken", 2): self = .conditionSettled(id, .failed(tail ?? "unresolved"))
    case ("loop", 3): self.init(loop: words[1], words[2], message: tail)
    case ("slot", 2): self = .slotGranted(id)
    case ("spawned", 2): self = .stepSpawned(id, ProcessFacts(pid: 7, startTicks: 70, bootID: "boot"))
    case ("ok", 2): self = .stepSucceeded(id, output(words[1].cut(at: "=").1 ?? "out"))
    case ("reused", 2):
      self = .stepReused(
        id, output(words[1].cut(at: "=").1 ?? "out"), from: StepOrigin(run: "earlier", node: id, attempt: 1))
    case ("fail", 2...): self = .stepFailed(id, StepFailure(words: words.dropFirst(2), message: tail), dice: 0)
    case ("stopped", 2): self = .stepStopped(id)
    case ("lost", 2): self = .stepLost(id)
    case ("again", 2): self = .retryDelayElapsed(id)
    case ("opened", 2): self = .gateOpened(id, GateQuestion(id: GateID(words[1].cut(at: "=").1 ?? "g1"), message: ""))
    case ("answer", 3):
      let gate = GateID(words[1].cut(at: "=").1 ?? "g1")
      self = .gateAnswered(id, gate, GateAnswer(decision: words[2], comment: tail, decidedBy: "Ada"), output(words[2]))
    case ("late", 2...3):
      let gate = GateID(words[1].cut(at: "=").1 ?? "g1")
      self = .gateTimeoutElapsed(id, gate, words.count > 2 ? output(words[2]) : nil)
    case ("continued", 1): self = .continued
    case ("timeout", 1): self = .runTimeoutElapsed
    case ("cancel", 1): self = .cancelRequested(reason: tail)
    case ("cancel", 2): self = .nodeCancelRequested(id, reason: tail)
    case ("evidence", 1): self = .evidenceChecked(fault: tail)
    case ("refused", 1): self = .refused(reason: tail ?? "nothing is ready")
    case ("interrupted", 1): self = .interrupted(reason: tail ?? "the editor went away")
    default: self.init(child: words, id)
    }
  }
}

extension RunEvent {
  /// `child a=r1`, `stands a`, `blocks a`, `goes a`, `items a=3`, `gathered a=out`, and of agents `asks a=g1`, `drops a=g1`,
  /// `session a=s1`.
  fileprivate init?(child words: [String], _ id: NodeID) {
    switch (words.first ?? "", words.count) {
    case ("child", 2): self = .childBegan(id, RunID(words[1].cut(at: "=").1 ?? "r1"))
    case ("stands", 2): self = .childStoodStill(id)
    case ("blocks", 2): self = .childAsked(id)
    case ("goes", 2): self = .childWentOn(id)
    case ("items", 2):
      let word = words[1].cut(at: "=").1 ?? "2"
      guard let count = Int(word) else { return nil }
      self = .itemsListed(id, ItemList(count: count, values: output(word)))
    case ("gathered", 2): self = .itemsGathered(id, output(words[1].cut(at: "=").1 ?? "out"))
    case ("asks", 2):
      self = .permissionAsked(id, GateQuestion(id: GateID(words[1].cut(at: "=").1 ?? "g1"), message: ""))
    case ("drops", 2): self = .permissionWithdrawn(id, GateID(words[1].cut(at: "=").1 ?? "g1"))
    case ("session", 2): self = .sessionKnown(id, NodeSession(words[1].cut(at: "=").1 ?? "s1", of: "p"), summary: nil)
    default: return nil
    }
  }

  /// `a#2`, and `again`, `done=out` or `broken`.
  fileprivate init?(loop: String, _ verdict: String, message: String?) {
    guard let mark = loop.lastIndex(of: "#"), let iteration = Int(loop[loop.index(after: mark)...]) else { return nil }
    let id = NodeID(loop[..<mark])
    switch verdict.cut(at: "=") {
    case ("again", nil): self = .loopSettled(id, iteration: iteration, .again)
    case ("done", let word): self = .loopSettled(id, iteration: iteration, .done(output(word ?? "out")))
    case ("broken", nil):
      self = .loopSettled(id, iteration: iteration, .failed(StepFailure(.value, message ?? "unresolved")))
    default: return nil
    }
  }
}

extension StepFailure {
  /// `exit 3`, `value`, `transient`, or nothing for exit code 1.
  fileprivate init(words: ArraySlice<String>, message: String?) {
    let code = words.last.flatMap { Int($0) } ?? 1
    switch words.first {
    case "value": self.init(.value, message ?? "unresolved")
    case "transient": self.init(.timeout, message ?? "slow", isTransient: true)
    default: self.init(.exit, message ?? "exit code \(code)", exitCode: code)
    }
  }
}

extension RunCommand {
  /// The command as one line; a recorded node with what it looks like now.
  func words(in run: WorkflowRun) -> String {
    switch self {
    case .evaluateCondition(let id): "when \(id)"
    case .checkEvidence: "evidence"
    case .evaluateLoop(let id): "loop \(id)"
    case .openGate(let id): "open \(id)"
    case .listItems(let id): "list \(id)"
    case .gatherItems(let id): "gather \(id)"
    case .requestSlot(let id): "slot \(id)"
    case .withdrawSlotRequest(let id): "no slot \(id)"
    case .start(let id, let attempt): "start \(id)#\(attempt)"
    case .takeUpChild(let id): "take up \(id)"
    case .answerAgent(let id, _, let answer): "tell \(id) \(answer.decision)"
    case .stop(let id): "stop \(id)"
    case .wake(.retry(let id), let delay): "wake \(id) \(delay.components.seconds)s"
    case .wake(.gate(let id), let delay): "wake gate \(id) \(delay.components.seconds)s"
    case .wake(.runTimeout, let delay): "wake run \(delay.components.seconds)s"
    case .record(let id): "\(id)=\(run.node(id)?.status.rawValue ?? "?")"
    case .finish(let outcome): "end \(outcome.status.rawValue)" + (outcome.reason.map { ": " + $0 } ?? "")
    }
  }
}

extension StringProtocol {
  /// What stands before a mark and behind it; the whole text and nil where there is none.
  fileprivate func cut(at mark: String) -> (String, String?) {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(mark) {
        return (String(self[..<start]), String(self[start...].dropFirst(mark.count)))
      }
      start = index(after: start)
    }
    return (String(self), nil)
  }
}
