internal import IonJSON

/// How a turn comes to its end.
extension ACPConversation {
  /// Takes the answer to the prompt. Once the turn was cancelled, it says no more than that it is over.
  mutating func prompted(_ answer: Result<JSONValue, ACPError>) {
    if case .success(let result) = answer, usage.take(answer: result) { tell(.used(usage.total)) }
    guard !isCancelled else { return close(.cancelled) }
    switch answer {
    case .failure(let error):
      fail(failure(error, answering: "session/prompt"))
    case .success(let result): stopped(result["stopReason"]?.stringValue)
    }
  }

  private mutating func stopped(_ reason: String?) {
    switch reason {
    case "end_turn": close(.answered(text.answer))
    case "max_tokens": fail(AgentFailure(.cutShort, "the agent has written as many tokens as it may (max_tokens)"))
    case "max_turn_requests":
      fail(AgentFailure(.cutShort, "the agent has asked its model as often as it may (max_turn_requests)"))
    case "refusal": fail(AgentFailure(.refusal, "the model refuses to go on (refusal)"))
    case "cancelled": fail(AgentFailure(.cutShort, "the agent ended its turn as cancelled, and nobody asked it to"))
    case let reason?:
      let words = "the agent stopped for a reason that Ion doesn't know: \(reason.shortened(to: 200))"
      fail(AgentFailure(.protocolFault, words))
    case nil: fail(AgentFailure(.protocolFault, "the agent's answer to `session/prompt` has no `stopReason`"))
    }
  }

  /// Asks the turn to end. What is left of the agent after the grace is to be killed; it gets most of that time to end the
  /// turn in good order, and the rest of it to end. A second, shorter grace shortens the first.
  mutating func cancel(grace: Duration) -> [ACPEffect] {
    let last = min(task.patience.term, grace / 3)
    lastGrace = isCancelled ? min(last, lastGrace) : last
    let isFirst = !isCancelled
    isCancelled = true
    switch phase {
    case .ended: break
    case .closing: effect(.stop(grace: grace))
    case .idle: effect(.stop(grace: grace))
    case .greeting, .opening, .configuring:
      close(.cancelled)
      effect(.stop(grace: grace))
    case .prompting:
      if isFirst, let session {
        withdrawAll()
        effect(.endTerminals)
        effect(.send(ACPMessage.notification("session/cancel", ["sessionId": .string(session)])))
      }
      effect(.wake(.cancelledTurn, after: grace - last))
    }
    return drain()
  }

  /// What an error of the agent's means to the turn.
  func failure(_ error: ACPError, answering method: String) -> AgentFailure {
    ACPFailure.failure(error, answering: method, signIns: hello?.signIns ?? [], now: task.wallTime())
  }

  mutating func fail(_ failure: AgentFailure) { close(isCancelled ? .cancelled : .failed(failure)) }

  /// The turn has come to its end; the agent's program is to come to its own.
  mutating func close(_ outcome: AgentOutcome) {
    switch phase {
    case .closing, .ended: return
    case .idle, .greeting, .opening, .configuring, .prompting: break
    }
    withdrawAll()
    phase = .closing(outcome)
    asked = [:]
    effect(.endTerminals)
    effect(.closeInput)
    effect(.wake(.farewell, after: task.patience.farewell))
  }

  /// Nobody's answer counts any more.
  private mutating func withdrawAll() {
    guard !permissions.isEmpty else { return }
    for (name, permission) in permissions.sorted(by: { $0.key < $1.key }) {
      reply(permission.request, .success(permission.answer(nil)))
      tell(.permissionWithdrawn(name))
    }
    permissions = [:]
    effect(.setPatient(false))
  }

  /// The agent's program is over, and nothing of the turn runs any more.
  ///
  /// `quoting` adds the end of what the program said.
  mutating func programEnded(_ end: ACPProgramEnd, quoting: (String) -> String) -> [ACPEffect] {
    let outcome = outcome(of: end, quoting: quoting)
    if phase != .ended {
      withdrawAll()
      phase = .ended
      tell(.ended(outcome))
    }
    return drain()
  }

  private func outcome(of end: ACPProgramEnd, quoting: (String) -> String) -> AgentOutcome {
    if case .closing(.failed(let failure)) = phase {
      // What the program said last explains most failures of its own.
      let isOwn = [.protocolFault, .timedOut].contains(failure.kind)
      return .failed(isOwn ? AgentFailure(failure.kind, quoting(failure.message)) : failure)
    }
    if case .closing(let outcome) = phase { return outcome }
    if isCancelled { return .cancelled }
    switch end {
    case .exited(let code):
      let words = "\(task.program) ended before the turn did (exit code \(code))"
      return .failed(AgentFailure(isBeforeGreeting && code != 0 ? .exited(code) : .crashed, quoting(words)))
    case .signalled(let signal):
      return .failed(AgentFailure(.signalled(signal), quoting("signal \(signal) ended \(task.program)")))
    case .stopped: return .cancelled
    case .timedOut: return .failed(AgentFailure(.timedOut, quoting("timed out")))
    case .idledOut: return .failed(AgentFailure(.idledOut, quoting("the agent was silent for too long")))
    case .unusable(let failure): return .failed(failure)
    }
  }

  private var isBeforeGreeting: Bool { phase == .idle || phase == .greeting }
}
