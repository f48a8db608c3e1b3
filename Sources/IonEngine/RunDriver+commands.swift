internal import IonLock
internal import IonScheduler
internal import IonStore
internal import IonWorkflow
internal import Logging

extension RunDriver {
  /// Does what the run said, or sets it going; what comes of it is posted.
  func perform(_ command: RunCommand) {
    switch command {
    case .withdrawSlotRequest(let id): withdrawSlotRequest(id)
    case .start(let id, let attempt): start(id, attempt: attempt)
    case .takeUpChild(let id): takeUpChild(id)
    case .answerAgent(let id, let gate, let answer): steps[id]?.answer(gate, with: answer)
    case .stop(let id):
      if let step = steps[id] { stop(step, of: id) } else if !stopChild(of: id) { post(.stepStopped(id)) }
    case .wake(let timer, let delay): wake(timer, after: delay)
    // What only asks is answered within the turn; what is written was.
    case .evaluateCondition, .evaluateLoop, .openGate, .listItems, .gatherItems, .checkEvidence, .requestSlot, .record,
      .finish:
      break
    }
  }

  /// How a node's condition comes out now.
  func verdict(of id: NodeID) -> ConditionVerdict {
    guard let condition = node(id)?.when else { return .met }
    do throws(StepFailure) {
      var scope = try values.scope(for: condition.references, seenBy: sight(of: id))
      scope.matrix = node(id)?.instance?.scope ?? [:]
      return try values.evaluate(condition, in: scope) ? .met : .unmet
    } catch {
      return .failed(error.message)
    }
  }

  /// The slots that a node takes one of. Nodes that only end the run take none: they must not wait for the steps that they
  /// stop. Nor does what only gathers what is there, nor a child run, whose steps take their own.
  func slots(of id: NodeID) -> StepSlots? {
    switch node(id)?.kind {
    case .cancel, .finish, .matrix, .workflow, nil: nil
    case .prompt, .command: context.dependencies.agentSlots
    case .bash, .script, .exec, .loop, .loopGroup, .approval, .include: context.dependencies.slots
    }
  }

  /// Asks for a slot; whether it was there at once. Else `slotGranted` is posted when it is.
  func requestSlot(_ id: NodeID) -> Bool {
    guard let slots = slots(of: id) else { return true }
    let (ticket, granted) = slots.request { [mailbox] in mailbox.post(.slotGranted(id)) }
    if !granted { tickets[id] = ticket }
    return granted
  }

  /// Gives back the slot of a step that will never run.
  func giveBackSlot(of id: NodeID) { slots(of: id)?.release() }

  func withdrawSlotRequest(_ id: NodeID) {
    guard let ticket = tickets.removeValue(forKey: id), slots(of: id)?.withdraw(ticket) ?? false else {
      return giveBackSlot(of: id)
    }
  }

  private func wake(_ timer: RunTimer, after delay: Duration) {
    timers[timer]?.cancel()
    let delay = if case .gate(let id) = timer { timeLeft(of: id, whole: delay) } else { delay }
    timers[timer] = Task { [weak self, clock = context.dependencies.clock] in
      do { try await clock.sleep(for: delay) } catch { return }
      await self?.elapsed(timer)
    }
  }

  private func elapsed(_ timer: RunTimer) {
    timers[timer] = nil
    switch timer {
    case .retry(let id): post(.retryDelayElapsed(id))
    case .gate(let id): if let event = timeoutOfGate(at: id) { post(event) }
    case .runTimeout: post(.runTimeoutElapsed)
    }
  }

  private func start(_ id: NodeID, attempt: Int) {
    guard let node = node(id) else { return }
    if case .workflow(let child) = node.kind { return startChild(node, child, attempt: attempt) }
    let handle = StepHandle()
    steps[id] = handle
    let plan = Result { () throws(StepFailure) in
      try StepPlanner(context: context, node: node, attempt: attempt).plan(&values, seenBy: sight(of: id))
    }
    let slots = slots(of: id)
    context.census.began()
    StepRunner(context: context, node: node, attempt: attempt, handle: handle).start(
      plan,
      StepTelling(
        spawned: { self.note($0, of: id) }, used: { [mailbox] in mailbox.post(.usageReported(id, $0)) },
        sessionKnown: { self.keep($0, of: id, summary: $1) },
        sessionCosts: { [mailbox] in mailbox.post(.sessionKnown(id, $0, summary: nil)) },
        wentWithout: { [lacks, context] in lacks.add($0, why: context.mask?.masked($1) ?? $1, at: id) },
        asked: { [mailbox] in mailbox.post(.permissionAsked(id, $0)) },
        withdrew: { [mailbox] in mailbox.post(.permissionWithdrawn(id, $0)) },
        ended: { [mailbox, census = context.census] end in
          slots?.release()
          census.ended()
          mailbox.post(end)
        }))
  }

  /// Notes which session a node's agent works in; returns once that is durable, or can't be.
  private nonisolated func keep(_ session: NodeSession, of id: NodeID, summary: String?) {
    let isKept = Monitor(false)
    Task {
      _ = await self.verdict(on: .sessionKnown(id, session, summary: summary))
      isKept.signal { $0 = true }
    }
    isKept.wait { $0 ? () : nil }
  }

  /// How long the process of a step may go unwritten. Until then its marker alone says whose it is.
  private static let lingering = Duration.milliseconds(10)

  /// Notes which process a step runs in; nothing waits for that to be durable.
  private nonisolated func note(_ process: ProcessFacts, of id: NodeID) {
    guard mailbox.postLingering(.stepSpawned(id, process)) else { return }
    // By the machine's clock: it is the disk that is spared, whatever time the run goes by.
    Task { [mailbox] in
      do { try await SystemClock().sleep(for: Self.lingering) } catch { return mailbox.press() }
      mailbox.press()
    }
  }

  /// Takes in what a step left behind that has ended.
  func settle(_ end: StepEnd) {
    steps[end.node] = nil
    children[end.node] = nil
    logSizes[end.node] = end.logBytes
    let files = context.mask.map { mask in end.files.map { $0.masked(by: mask) } } ?? end.files
    changedFiles[end.node] = files.isEmpty ? nil : files
    guard let node = node(end.node) else { return }
    let found = collectArtifacts(after: node, isImporting: end.cache?.decision.reused == nil)
    if let record = end.cache { keep(record, of: node.id, having: found) }
  }

  /// Keeps what a node with `cache` did, so that its success can be taken over.
  private func keep(_ record: CacheRecord, of node: NodeID, having artifacts: [ArtifactRecord]) {
    var record = record
    record.artifacts = artifacts.map { CacheRecord.Artifact(name: $0.name, sha256: $0.sha256) }
    if self.artifacts.isBehind { record.decision.obstacle = "the run has too many artifacts to tell whose they are" }
    let attempt = StepOrigin(run: context.id, node: node, attempt: run.node(node)?.attempt ?? 0)
    do {
      try StepCache(root: context.root, codebase: context.codebase).keep(record, of: attempt)
    } catch {
      context.dependencies.logger.warning("run \(context.id), node \(node): its success is not kept: \(error)")
    }
  }

  private func collectArtifacts(after node: Node, isImporting: Bool) -> [ArtifactRecord] {
    if isImporting && !node.artifacts.isEmpty {
      let faults = ArtifactImport.copy(node.artifacts, from: context.request.workingPath, to: context.paths.artifacts)
      for fault in faults { context.dependencies.logger.warning("run \(context.id), node \(node.id): \(fault)") }
    }
    let found = artifacts.collect(
      after: node.id, type: node.outputType, now: context.dependencies.clock.wallTime)
    pendingArtifacts += found
    return found
  }
}
