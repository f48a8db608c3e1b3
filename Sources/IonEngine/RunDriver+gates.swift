internal import IonDigest
internal import IonJSON
internal import IonScheduler
internal import IonStore
internal import IonWorkflow

extension RunDriver {
  /// How much of a message is shown, in bytes of UTF-8.
  private static let messageLimit = 64 * 1024

  /// The nodes whose gates, or whose child runs, wait for an answer, in the definition's order.
  var waitingNodes: [NodeRecord] { run.askingNodes.compactMap { rows[$0] } }

  /// Takes an answer to a gate; the first that fits counts. What stands is durable when this returns.
  ///
  /// - Throws: `.gateNotFound`; `.alreadyResolved`; `.answerInvalid`; `.unusable` where the run is given up or goes away.
  func answer(_ gate: GateID, _ answer: GateAnswer) async throws(EngineFailure) -> GateRecord {
    guard let row = rows.values.first(where: { $0.gate?.id == gate }), let approval = approval(of: row.node) else {
      guard let earlier = closedGates[gate] else { throw .gateNotFound(gate.rawValue) }
      return try earlier.settled(by: answer, in: context.id)
    }
    if let standing = row.gate, standing.state != .pending {
      // What stands is told when it is durable, which is after the turn that is under way.
      _ = await verdict(on: .gateAnswered(row.node, gate, answer, Self.output(of: approval, for: answer)))
      return try standing.settled(by: answer, in: context.id)
    }
    let event = try Self.event(answer, to: gate, of: row.node, approval, iteration: run.iterationOutput(of: row.node))
    let isTaken = await verdict(on: event)
    guard let isTaken, let standing = closedGates[gate] else {
      throw .unusable(
        "The answer was not taken: Ion is shutting down, or gave the run up. The gate may be answered later.")
    }
    return isTaken ? standing : try standing.settled(by: answer, in: context.id)
  }

  /// Whether an answer was taken, once that is durable; nil where it could not be taken up.
  func verdict(on event: RunEvent) async -> Bool? {
    await withCheckedContinuation { waiter in
      if let number = answers.add(waiter) { mailbox.post(.answer(number, event)) }
    }
  }

  /// What happens with an answer that fits. `iteration` is what a loop has by now, with which it is done where the
  /// answer says so; nil for gates.
  ///
  /// - Throws: `.answerInvalid` with everything that is wrong with it.
  static func event(
    _ answer: GateAnswer, to gate: GateID, of node: NodeID, _ approval: Approval, iteration: NodeOutput?
  ) throws(EngineFailure) -> RunEvent {
    let checked: GateAnswer
    do throws(AnswerFailure) {
      checked = try approval.check(answer)
    } catch {
      throw .answerInvalid(gate, error.faults)
    }
    let given = checked.decision == Approval.done ? iteration : nil
    return .gateAnswered(node, gate, checked, given ?? output(of: approval, for: checked))
  }

  /// Whether an answer still finds its gate pending.
  func isAnswerable(_ event: RunEvent) -> Bool {
    if case .childWentOn(let node) = event { return run.isStanding(node) || run.isBlocked(node) }
    if case .sessionKnown(let node, _, _) = event { return run.node(node)?.status == .running }
    guard case .gateAnswered(let node, let gate, _, _) = event, let state = run.node(node) else { return false }
    return state.status == .awaitingApproval && state.gate?.id == gate && state.gate?.state == .pending
  }

  static func isAnswer(_ event: RunEvent) -> Bool { event.answeredNode != nil }

  /// What opening a node's gate comes to. What it asks never shows a secret.
  func openingOfGate(at id: NodeID) -> RunEvent {
    do throws(StepFailure) {
      guard let approval = approval(of: id) else { throw StepFailure(.missing, "`\(id)` is no gate.") }
      var shown = values
      for input in context.definition.inputs where input.kind == .secret { shown.inputs[input.name] = "•••" }
      // What a loop asks is about the iteration that is over.
      let iteration = sight(of: id).run.iterationNode(ofLoop: id)
      let isLoop = node(id)?.kind.name != "approval"
      var scope = try shown.scope(
        for: approval.message.references, seenBy: sight(of: isLoop ? iteration ?? id : id))
      if isLoop {
        scope.variables[.loopPreviousOutput] =
          try RunValues.text(of: id, run.iterationOutput(of: id) ?? StepPlanner.output(""), in: context.paths.logs)
          ?? ""
      }
      scope.matrix = node(id)?.instance?.scope ?? [:]
      let text: String
      do throws(ReferenceFailure) {
        text = try approval.message.resolve(in: scope)
      } catch {
        throw StepFailure(.value, error.message)
      }
      let gate = GateID(id, of: context.id, attempt: (run.node(id)?.attempt ?? 0) + 1)
      return .gateOpened(id, GateQuestion(id: gate, message: Self.cut(text)))
    } catch {
      return .stepFailed(id, error, dice: 0)
    }
  }

  /// What the end of a gate's time is; nil where the node has none.
  func timeoutOfGate(at id: NodeID) -> RunEvent? {
    guard let gate = run.node(id)?.gate, let approval = approval(of: id) else { return nil }
    let output = approval.defaultAnswer.map { Self.output(of: approval, for: $0) }
    return .gateTimeoutElapsed(id, gate.id, output)
  }

  /// What is left of a gate's time: it goes by from the opening, also while nobody has the run.
  func timeLeft(of id: NodeID, whole: Duration) -> Duration {
    guard let deadline = rows[id]?.gate?.deadline else { return whole }
    return min(whole, max(.zero, .milliseconds(deadline - context.dependencies.clock.wallTime)))
  }

  /// The row of a gate as it is now; `before` is the row that the node had.
  func record(of gate: Gate, at id: NodeID, before: GateRecord?, now: WallTime) -> GateRecord {
    var record: GateRecord
    if let before, before.id == gate.id {
      record = before
    } else {
      let node = node(id)
      let title = "\(context.definition.name): \((node?.instance == nil ? node?.description : nil) ?? id.rawValue)"
      let question = approval(of: id).map {
        GateRecord.Question(title: title.oneLine, message: gate.question.message, of: $0)
      }
      record = GateRecord(id: gate.id, node: id, question: question, openedAt: now)
    }
    if gate.state != .pending && record.closedAt == nil { record.closedAt = now }
    record.state = gate.state
    record.answer = gate.answer
    return record
  }

  /// What people are told of a node's gate in a turn. One that is asked anew takes the place of another.
  static func notices(of gate: GateRecord?, after before: GateRecord?, now: WallTime) -> [Notice] {
    var notices: [Notice] = []
    if var before, before.state == .pending, before.id != gate?.id {
      before.state = .cancelled
      before.closedAt = now
      notices.append(.gate(before))
    }
    if let gate, gate != before { notices.append(.gate(gate)) }
    return notices
  }

  /// Closes the gates that another definition left behind, and tells of it.
  func closeGates(now: WallTime) -> [Notice] {
    run.nodes.compactMap { node in
      guard var gate = rows[node.id]?.gate, gate.state == .cancelled, gate.closedAt == nil else { return nil }
      gate.closedAt = now
      rows[node.id]?.gate = gate
      return .gate(gate)
    }
  }

  /// What is asked at a node: by its gate, or by its agent.
  private func approval(of id: NodeID) -> Approval? {
    guard let question = run.node(id)?.gate?.question, let decisions = question.decisions else {
      return node(id)?.gate
    }
    var approval = Approval(message: Template(segments: []))
    approval.decisions = decisions
    return approval
  }

  private static func output(of approval: Approval, for answer: GateAnswer) -> NodeOutput {
    let text = approval.output(for: answer)
    return NodeOutput(text: text, file: nil, length: text.utf8.count, sha256: SHA256.hex(of: text))
  }

  /// A message that people can be shown; one that is too long says what is left out.
  private static func cut(_ text: String) -> String {
    guard text.utf8.count > messageLimit else { return text }
    let shown = String(decoding: text.utf8.prefix(messageLimit - 256), as: UTF8.self)
    return shown + "\n… (\(text.utf8.count) bytes in all)"
  }
}

extension RunEvent {
  /// The node whose gate was answered, or whose time was over; nil for every other event.
  var answeredNode: NodeID? {
    switch self {
    case .gateAnswered(let id, _, _, _), .gateTimeoutElapsed(let id, _, _): id
    default: nil
    }
  }
}

extension GateRecord {
  /// What an answer comes to that finds the gate closed: the first one stands, and the same one again gets it.
  ///
  /// - Throws: `.alreadyResolved`.
  func settled(by answer: GateAnswer, in run: RunID) throws(EngineFailure) -> GateRecord {
    guard let key = answer.idempotencyKey, let standing = self.answer, standing.idempotencyKey == key else {
      throw .alreadyResolved(self, run: run)
    }
    guard standing.decision == answer.decision, standing.comment == answer.comment else {
      throw .store(.idempotencyConflict(key: key))
    }
    return self
  }
}

extension String {
  fileprivate var oneLine: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}
