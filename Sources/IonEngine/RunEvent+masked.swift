internal import IonJSON
internal import IonDigest
internal import IonScheduler
internal import IonWorkflow

extension RunEvent {
  /// The event with the secrets hidden in every text that it brings; the log, the rows and what people are told are made
  /// of nothing else.
  func masked(by mask: SecretMask) -> RunEvent {
    switch self {
    case .conditionSettled(let id, .failed(let message)): .conditionSettled(id, .failed(mask.masked(message)))
    case .loopSettled(let id, let iteration, .failed(let failure)):
      .loopSettled(id, iteration: iteration, .failed(failure.masked(by: mask)))
    case .loopSettled(let id, let iteration, .done(let output)):
      .loopSettled(id, iteration: iteration, .done(output.masked(by: mask)))
    case .stepSucceeded(let id, let output): .stepSucceeded(id, output.masked(by: mask))
    case .itemsGathered(let id, let output): .itemsGathered(id, output.masked(by: mask))
    case .stepReused(let id, let output, let origin): .stepReused(id, output.masked(by: mask), from: origin)
    case .stepFailed(let id, let failure, let dice): .stepFailed(id, failure.masked(by: mask), dice: dice)
    case .gateOpened(let id, let question):
      .gateOpened(id, question.masked(by: mask))
    case .permissionAsked(let id, let question): .permissionAsked(id, question.masked(by: mask))
    case .sessionKnown(let id, let session, let summary):
      .sessionKnown(id, session, summary: summary.map(mask.masked(_:)))
    case .gateAnswered(let id, let gate, let answer, let output):
      .gateAnswered(id, gate, answer.masked(by: mask), output.masked(by: mask))
    case .gateTimeoutElapsed(let id, let gate, let output):
      .gateTimeoutElapsed(id, gate, output?.masked(by: mask))
    case .cancelRequested(let reason): .cancelRequested(reason: reason.map(mask.masked(_:)))
    case .nodeCancelRequested(let id, let reason): .nodeCancelRequested(id, reason: reason.map(mask.masked(_:)))
    case .evidenceChecked(let fault): .evidenceChecked(fault: fault.map(mask.masked(_:)))
    case .refused(let reason): .refused(reason: mask.masked(reason))
    case .interrupted(let reason): .interrupted(reason: mask.masked(reason))
    // Items with a secret in them are refused.
    case .itemsListed, .started, .resumed, .redefined, .inherited, .conditionSettled, .loopSettled, .slotGranted,
      .stepSpawned,
      .usageReported, .stepStopped, .stepLost, .retryDelayElapsed, .runTimeoutElapsed, .continued, .childBegan,
      .childStoodStill, .childAsked, .childWentOn, .permissionWithdrawn:
      self
    }
  }
}

extension TouchedFile {
  /// The file with the secrets in its path hidden, which no event brings.
  func masked(by mask: SecretMask) -> TouchedFile { TouchedFile(mask.masked(path), change) }
}

extension GateQuestion {
  fileprivate func masked(by mask: SecretMask) -> GateQuestion {
    let decisions = decisions?.map { Approval.Decision(id: $0.id, label: mask.masked($0.label)) }
    return GateQuestion(id: id, message: mask.masked(message), decisions: decisions)
  }
}

extension GateAnswer {
  fileprivate func masked(by mask: SecretMask) -> GateAnswer {
    var answer = self
    answer.comment = comment.map(mask.masked(_:))
    answer.form = form.mapValues { $0.stringValue.map { .string(mask.masked($0)) } ?? $0 }
    return answer
  }
}

extension StepFailure {
  fileprivate func masked(by mask: SecretMask) -> StepFailure {
    var failure = self
    failure.message = mask.masked(message)
    return failure
  }
}

extension NodeOutput {
  /// What a process printed was hidden before it was written; this is for what nodes give that start none.
  fileprivate func masked(by mask: SecretMask) -> NodeOutput {
    guard let text, case let shown = mask.masked(text), shown.utf8.count != text.utf8.count || shown != text else {
      return self
    }
    return StepPlanner.output(shown)
  }
}
