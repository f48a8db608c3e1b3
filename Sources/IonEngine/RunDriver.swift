internal import IonScheduler
internal import IonStore
internal import IonWorkflow
internal import Logging

/// One live run: it obeys the run value, and is the only one that performs commands and makes events.
///
/// One turn: take the events that wait → advance the run, and once more with what it asked to know → one transaction with
/// the events and the rows that changed → tell people → perform the commands. Persist first, then perform: a crash can
/// lose the start of a step, never hide one. People come first because who follows the run from its beginning must not
/// miss what its first steps print. What only finds something out needs no commit of its own: the end of a step and the
/// start of the next are one turn.
actor RunDriver {
  private struct Waiter {
    var milestone: Milestone
    var continuation: CheckedContinuation<RunRecord?, Never>
  }

  let context: RunContext
  private(set) var run: WorkflowRun
  /// The run's row as it was last committed, or as it stands while the store can't be written.
  var record: RunRecord
  var rows: [NodeID: NodeRecord]
  let mailbox: RunMailbox
  let lacks = AgentLacks()
  private var waiters: [Int: Waiter] = [:]
  private var nextWaiter = 0
  private var reached: Set<Milestone> = []
  var lock: PathLock?
  /// What has to be done before the run begins; nil once that has begun, and where nothing has.
  var preparation: RunPreparation?
  var preparing: Task<Void, Never>?
  /// What people are told with the first turn.
  var openingNotices: [Notice] = []
  /// Why the run ends with its owner, once that goes away; nil before.
  private(set) var farewell: String?
  /// Whether the run was left waiting at its gates because its owner goes away: nothing of it ends.
  private(set) var isParked = false
  /// Whether it is durable that the run waits for answers alone.
  private var isStanding = false
  /// Whether agents waited with the run when that was last told.
  private var hadWaitingAgents = false
  var answers = AnswerBook()
  /// Gates that were closed while the run is here, as they stand: a node may have asked anew since.
  var closedGates: [GateID: GateRecord] = [:]
  /// Ends when the turn that could not be committed is to be tried again.
  private var pause: Task<Void, Never>?

  var steps: [NodeID: StepHandle] = [:]
  var children: [NodeID: ChildHandle] = [:]
  var tickets: [NodeID: StepSlots.Ticket] = [:]
  var timers: [RunTimer: Task<Void, Never>] = [:]
  /// What steps get to end in, but for the nodes of which somebody wants that they are killed.
  var stopGrace: Duration
  private var forced: Set<NodeID> = []
  var values: RunValues
  /// The items of nodes with `fan_out` that are under way.
  var itemLists: [NodeID: KnownItems] = [:]
  /// How much the attempts that ended printed, until their rows say so.
  var logSizes: [NodeID: Int] = [:]
  /// What agents did to files, until their rows say so.
  var changedFiles: [NodeID: [TouchedFile]] = [:]
  var artifacts: ArtifactCollector
  var pendingArtifacts: [ArtifactRecord] = []
  /// What the first turn takes.
  let openingEvents: [RunEvent]

  /// `events` are what the first turn takes: `started`, or `resumed`.
  /// `lock` is given back when all steps have ended, before anybody is told so: who hears of the end can start the next
  /// run at once. With a `preparation`, the first turn waits for that.
  init(
    context: RunContext, run: WorkflowRun, record: RunRecord, rows: [NodeRecord], events: [RunEvent],
    lock: PathLock? = nil, preparation: RunPreparation? = nil
  ) {
    self.context = context
    self.lock = lock
    self.preparation = preparation
    self.run = run
    self.record = record
    self.rows = Dictionary(uniqueKeysWithValues: rows.map { ($0.node, $0) })
    mailbox = RunMailbox(preparation == nil ? events : [])
    openingEvents = events
    stopGrace = context.dependencies.stopGrace
    values = RunValues(
      context.definition, paths: context.paths, inputs: context.inputs, variables: RunVariables.all(context))
    artifacts = ArtifactCollector(paths: context.paths, run: context.id)
  }

  /// Drives the run to its end, and returns its row then.
  func drive() async -> RunRecord {
    prepare()
    while run.outcome == nil || !mailbox.isEmpty {
      let postings = run.outcome == nil ? await mailbox.take() : mailbox.takeAll()
      let advanced = advance(on: postings)
      if isParked && advanced.events.isEmpty { break }
      guard !advanced.events.isEmpty else {
        answers.settle()
        continue
      }
      let before = record
      let turn = describe(advanced.events, advanced.commands)
      if await !mayGoOn() {
        await abandon(advanced.commands, because: "its parent was let go of")
        (record, isParked) = (before, true)
        break
      }
      let committed: CommittedTurn
      do throws(StoreLoss) {
        committed = try await commit(turn)
      } catch {
        // What was answered in that turn stands nowhere.
        closedGates = [:]
        await abandon(advanced.commands, because: error.reason)
        await tellEnd(after: turn)
        break
      }
      record.seq = committed.seq
      await context.hub.publish(committed)
      if let usage = record.usage, usage != before.usage { context.place?.used(usage) }
      reach(.beginning)
      for command in advanced.commands { perform(command) }
      noteStandstill()
      answers.settle()
      if isParked { break }
    }
    await leave()
    return record
  }

  /// Lets go of everything, once nothing of the run goes on here any more.
  private func leave() async {
    for timer in timers.values { timer.cancel() }
    if isParked { await leaveChildren(because: farewell ?? "its parent was let go of") }
    preparing?.cancel()
    await preparing?.value
    lock?.release()
    answers.close()
    for milestone in [Milestone.beginning, .standstill, .end] { reach(milestone) }
  }

  /// Whether a child may go on from its gates: where its parent waits for it in the store, it must wait there, too.
  private func mayGoOn() async -> Bool {
    guard isStanding, !record.isResting, let place = context.place else { return true }
    return await place.willGoOn()
  }

  /// Tells those who wait for it, and those who find the path taken, whether the run waits for answers alone.
  private func noteStandstill() {
    let wasStanding = isStanding
    isStanding = record.isResting
    if isStanding && !wasStanding { context.place?.stoodStill() }
    if record.hasWaitingAgents != hadWaitingAgents {
      if record.hasWaitingAgents { context.place?.asked() } else if !isStanding { context.place?.wentOn() }
    }
    hadWaitingAgents = record.hasWaitingAgents
    lock?.note(gate: isStanding ? run.askingNodes.first : nil)
    if record.status == .awaitingApproval { tell(.standstill) }
  }

  /// Tells those who wait for a milestone.
  private func reach(_ milestone: Milestone) {
    if reached.insert(milestone).inserted { tell(milestone) }
  }

  private func tell(_ milestone: Milestone) {
    for (number, waiter) in waiters where waiter.milestone == milestone {
      waiters[number] = nil
      waiter.continuation.resume(returning: record)
    }
  }

  /// Hands the run a fact; it is taken up in the driver's next turn.
  func post(_ event: RunEvent) {
    mailbox.post(event)
    if case .cancelRequested = event, record.status == .paused {
      for step in steps.values { step.stop(grace: stopGrace) }
    }
  }

  /// Ends the run because its owner goes away: steps get this long to end, and the run can be resumed.
  func interrupt(reason: String, grace: Duration) {
    stopGrace = grace
    farewell = reason
    pause?.cancel()
    post(.interrupted(reason: reason))
  }

  /// Asks for the end of the run, or of one node. `force` kills at once.
  func cancel(node: NodeID?, reason: String?, force: Bool) {
    if force, node == nil { stopGrace = .zero }
    // The wish first: a step may be over before the next line.
    if let node {
      // It may be about to start.
      if force { forced.insert(node) }
      post(.nodeCancelRequested(node, reason: reason))
    } else {
      post(.cancelRequested(reason: reason))
    }
    guard force else { return }
    for (id, step) in steps where node.map({ belongs(id, to: $0) }) ?? true { step.stop(grace: .zero) }
    for id in children.keys where node.map({ belongs(id, to: $0) }) ?? true { killChild(of: id, reason: reason) }
  }

  /// Asks a node's step to end.
  func stop(_ step: StepHandle, of id: NodeID) { step.stop(grace: isForced(id) ? .zero : stopGrace) }

  /// Whether a node is to be killed.
  func isForced(_ id: NodeID) -> Bool { forced.contains(id) || stopGrace == .zero }

  /// Returns the run's row at a milestone; nil where the waiting task is cancelled before.
  func wait(for milestone: Milestone) async -> RunRecord? {
    if reached.contains(milestone) || milestone == .standstill && record.status == .awaitingApproval { return record }
    let number = nextWaiter
    nextWaiter += 1
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled { return continuation.resume(returning: nil) }
        waiters[number] = Waiter(milestone: milestone, continuation: continuation)
      }
    } onCancel: {
      Task { await self.stopWaiting(number) }
    }
  }

  private func stopWaiting(_ number: Int) {
    waiters.removeValue(forKey: number)?.continuation.resume(returning: nil)
  }

  func has(_ node: NodeID) -> Bool { run.node(node) != nil }

  /// Whether a node is another one, or of an iteration of that one, however deep.
  private func belongs(_ id: NodeID, to other: NodeID) -> Bool {
    var id: NodeID? = id
    while let inner = id, inner != other { id = run.place(of: inner)?.loop }
    return id != nil
  }

  /// What a node sees of the run now, for those who prepare a step.
  func sight(of node: NodeID) -> RunSight { RunSight(run: run, reader: node) }

  /// What the workflow says of a node, under the id that it has in the run.
  func node(_ id: NodeID) -> Node? {
    if let own = context.nodes[id] { return own }
    guard var node = run.definition(of: id) else { return nil }
    node.id = id
    return node
  }
}

extension RunDriver {
  /// Why nothing more of the run can be written down.
  private struct StoreLoss: Error { var reason: String }

  /// Advances the run on what was posted and on the answers to what it asks because of that; every event in its order,
  /// and what is to be done once they are durable.
  private func advance(on postings: [Posting]) -> (events: [RunEvent], commands: [RunCommand]) {
    for case .end(let end) in postings { settle(end) }
    var queue = postings
    var events: [RunEvent] = []
    var commands: [RunCommand] = []
    var next = 0
    while next < queue.count {
      let posting = queue[next]
      next += 1
      guard isDue(posting) else { continue }
      let event = context.mask.map(posting.event.masked) ?? posting.event
      events.append(event)
      if case .slotGranted(let id) = event { tickets[id] = nil }
      for command in run.advance(on: event) {
        switch command {
        case .evaluateCondition(let id): queue.append(.event(.conditionSettled(id, verdict(of: id))))
        case .evaluateLoop(let id):
          queue.append(.event(.loopSettled(id, iteration: run.iteration(of: id) ?? 0, loopVerdict(of: id))))
        case .openGate(let id):
          // What was just answered is told of before the next question is.
          let isAnswered = events.contains { $0.answeredNode == id }
          if isAnswered { mailbox.post(openingOfGate(at: id)) } else { queue.append(.event(openingOfGate(at: id))) }
        case .listItems(let id): queue.append(.event(listing(of: id)))
        case .gatherItems(let id): queue.append(.event(gathering(of: id)))
        case .checkEvidence:
          queue.append(.event(.evidenceChecked(fault: EvidenceFile.fault(in: context.paths.artifacts))))
        case .requestSlot(let id): if requestSlot(id) { queue.append(.event(.slotGranted(id))) }
        case .withdrawSlotRequest, .start, .takeUpChild, .answerAgent, .stop, .wake, .record, .finish:
          commands.append(command)
        }
      }
    }
    if run.outcome != nil {
      lock?.release()
      // An owner that goes away doesn't wait for that; a resume looks at everything anew.
      if farewell == nil { pendingArtifacts += artifacts.collectRest(now: context.dependencies.clock.wallTime) }
    }
    return (events, commands)
  }

  /// Whether the run can be left as it is: it waits for answers alone, or for its working path.
  private var mayPark: Bool {
    run.status == .awaitingApproval && !run.hasWaitingAgents || run.status == .queued && record.request.mayWait
  }

  /// Whether what was posted is taken up and written down: an answer that comes too late isn't, and a run that only waits
  /// for answers is left as it is when its owner goes away.
  private func isDue(_ posting: Posting) -> Bool {
    if farewell != nil, case .event(.interrupted) = posting, mayPark { isParked = true }
    guard case .answer(let number, let event) = posting else { return !isParked && isNews(posting.event) }
    let isTaken = !isParked && isAnswerable(event)
    answers.note(isParked ? nil : isTaken, of: number)
    return isTaken
  }

  /// The rows and notices that a turn's events and commands make.
  private func describe(_ events: [RunEvent], _ commands: [RunCommand]) -> Turn {
    let now = context.dependencies.clock.wallTime
    var turn = Turn(run: context.id, events: events)
    turn.artifacts = pendingArtifacts
    turn.notices = pendingArtifacts.map(Notice.artifact)
    pendingArtifacts = []
    addRows(of: commands, to: &turn, now: now)
    if events.contains(where: { $0.redefinition != nil }) { addRedefinition(to: &turn, now: now) }
    let before = record
    record.status = run.status
    record.hasWaitingAgents = run.hasWaitingAgents
    record.attempt = run.attempt
    record.counts = run.counts
    record.usage = run.usage
    settleTimes(events, now: now)
    // A resume that keeps everything begins and ends in one turn.
    let ended = run.outcome != nil && (before.status.isLive || before.attempt != record.attempt)
    if ended {
      record.error = run.outcome?.reason
      record.result = values.result(of: context.definition, run)
    }
    if record != before { turn.record = record }
    if !turn.nodes.isEmpty || record.status != before.status || record.attempt != before.attempt {
      turn.notices.insert(.progress(progress(turn.nodes, now: now)), at: 0)
    }
    if events.contains(where: { $0 == .started || $0 == .resumed }) {
      turn.notices.insert(contentsOf: [RunMessages.started(record)] + openingNotices, at: 0)
      let warnings = context.agents.warnings(for: context.definition) { context.foreseen(of: run) }
      turn.notices += (context.configWarnings + warnings).map { .message(level: .warning, text: $0) }
      if context.place == nil { turn.durability = .barrier }
    }
    if record.status == .awaitingApproval && before.status != .awaitingApproval {
      turn.notices.append(RunMessages.waiting(record, at: waitingNodes))
    }
    if ended { turn.notices.append(RunMessages.finished(record)) }
    if ended && context.place == nil || events.contains(where: Self.isAnswer) { turn.durability = .barrier }
    return turn
  }

  private func addRedefinition(to turn: inout Turn, now: WallTime) {
    turn.notices += closeGates(now: now)
    turn.nodes = run.nodes.compactMap { rows[$0.id] }
    turn.texts = context.frozenTexts
  }

  /// Commits a turn. While the store can't be written the run is paused: nothing starts, and the turn is tried again
  /// until there is room, or the owner goes away. Damage doesn't pass, nor does another owner.
  private func commit(_ turn: Turn) async throws(StoreLoss) -> CommittedTurn {
    let status = record.status
    defer {
      record.status = status
      record.pauseReason = nil
    }
    while true {
      do {
        return try await context.store.commit(turn)
      } catch {
        let message = EngineFailure.store(error).message
        switch error {
        case .notOwner, .damaged: throw StoreLoss(reason: message)
        case .owned, .idempotencyConflict, .runNotFound, .invalidCursor, .unknownEvent, .newerVersion, .diskFull,
          .unusable, .failed:
          if let farewell { throw StoreLoss(reason: "\(farewell), and the run was paused: \(message)") }
          note(error == .diskFull ? .disk : .store, because: message)
        }
      }
      let pause = Task { [clock = context.dependencies.clock] in
        do { try await clock.sleep(for: .seconds(1)) } catch { return }
      }
      self.pause = pause
      await pause.value
    }
  }

  private func note(_ reason: PauseReason, because message: String) {
    if record.pauseReason != reason {
      context.dependencies.logger.error("run \(context.id) is paused: \(message)")
    }
    record.status = .paused
    record.pauseReason = reason
  }
}
