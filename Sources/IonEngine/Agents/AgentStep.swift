internal import IonAgents
internal import IonJSON
internal import IonLock
internal import IonProcess
internal import IonScheduler
internal import IonWorkflow

/// Sees one attempt of a node through that an agent works on: a turn, and more of them where the answer doesn't have the
/// form that it must have.
final class AgentStep: Sendable {
  /// How often an answer of the wrong form is asked for again.
  static let corrections = 3

  /// Where what the program of a turn prints stands as it is, below the attempt's log.
  static func folder(ofTurn number: Int) -> String { "turn-\(number)" }

  private struct State: Sendable {
    /// Which turn it is, from 1.
    var number = 0
    var session: String?
    /// What the session has cost by now, all its turns together, where the agent counts so.
    var sessionCost: Double?
    /// Whether the turn has shown any of its answer.
    var hasSpoken = false
    var turn: (any AgentTurn)?
    /// What the turns before this one have used, and this one so far.
    var usedBefore = AgentUsage()
    var used = AgentUsage()
    /// Whether the agent has used more than the node may cost.
    var isOverBudget = false
    /// What the agent did to files.
    var files = TouchedFiles()
    /// The answers that the agent was given before its turn was known here.
    var replies: [(request: String, option: String?)] = []
  }

  private let context: RunContext
  private let node: Node
  private let attempt: Int
  private let plan: TurnPlan
  private let handle: StepHandle
  private let telling: StepTelling
  private let log: TurnLog
  private let policy: PermissionPolicy
  private let began: Int64
  private let checkout: CheckoutWatch?
  private let state = Guarded(State())
  private let desk = Guarded<PermissionDesk?>(nil)

  init(
    _ context: RunContext, _ node: Node, attempt: Int, _ plan: TurnPlan, _ handle: StepHandle, _ log: TurnLog,
    _ telling: StepTelling
  ) {
    self.context = context
    self.node = node
    self.attempt = attempt
    self.plan = plan
    self.handle = handle
    self.telling = telling
    self.log = log
    policy = PermissionPolicy(plan.settings, root: plan.request.workingPath)
    began = context.dependencies.clock.wallTime
    checkout = CheckoutWatch(context)
  }

  func start() {
    if let note = plan.note { log.say(note) }
    let unset = plan.request.unsetVariables.map { "`\($0)`" }
    if !unset.isEmpty { log.say("`mcp` has variables that aren't set: \(unset.joined(separator: ", "))") }
    let desk = PermissionDesk(
      policy, context.mask, telling, log,
      gate: { [context, node, attempt] in GateID(node.id, of: context.id, attempt: attempt, question: $0) }
    ) { [weak self] in self?.reply($0, $1) }
    self.desk.withLock { $0 = desk }
    handle.asks { desk.answer($0, with: $1) }
    checkout?.begin()
    ask(AgentCorrection.first(plan.request.prompt, for: node.outputFormat))
  }

  /// Starts a turn.
  private func ask(_ prompt: String) {
    var request = plan.request
    request.prompt = prompt
    request.refusal = { [policy] in policy.refusal(of: $0, during: $1) }
    let (number, session) = state.withLock { state -> (Int, SessionRequest?) in
      state.number += 1
      (state.turn, state.hasSpoken) = (nil, false)
      (state.usedBefore, state.used) = (state.usedBefore + state.used, AgentUsage())
      return (state.number, state.session.map { SessionRequest($0, usd: state.sessionCost) })
    }
    if number > 1 { request.session = plan.provider.abilities.contains(.sessions) ? session : nil }
    request.folder = plan.request.folder.appending(Self.folder(ofTurn: number))
    request.timeout = node.timeout.map { max(.milliseconds(1), $0 - .milliseconds(now - began)) }
    let turn = plan.provider.start(request) { [self] event in take(event) }
    handle.began { turn.cancel(grace: $0) }
    let replies = state.withLock { state in
      state.turn = turn
      defer { state.replies = [] }
      return state.replies
    }
    for (request, option) in replies { turn.answer(request, with: option) }
    if state.withLock({ $0.isOverBudget }) { turn.cancel(grace: plan.request.grace) }
  }

  /// Tells what the attempt has used so far, and ends the turn where that is more than the node may cost.
  private func count(_ usage: AgentUsage) {
    let (sum, turn) = state.withLock { state in
      state.used = usage
      let sum = state.usedBefore + usage
      if excess(of: sum) != nil { state.isOverBudget = true }
      return (sum, state.isOverBudget ? state.turn : nil)
    }
    telling.used(sum)
    turn?.cancel(grace: plan.request.grace)
  }

  /// Why the attempt has used too much; nil where it hasn't.
  private func excess(of usage: AgentUsage) -> String? {
    Budget(usd: node.agent.budget).excess(of: plan.used.map { $0 + usage } ?? usage)
  }

  private var now: Int64 { context.dependencies.clock.wallTime }

  private func take(_ event: AgentEvent) {
    log.note(event)
    switch event {
    case .processStarted(let process):
      telling.spawned(ProcessFacts(pid: process.pid, startTicks: process.startTicks, bootID: process.bootID))
    case .sessionKnown(let session): note(session)
    case .text: state.withLock { $0.hasSpoken = true }
    case .permissionRequested(let request): desk.withLock { $0 }?.take(request)
    case .permissionWithdrawn(let request): desk.withLock { $0 }?.withdraw(request)
    case .used(let usage): count(usage)
    case .wentWithout(let ability, let why): note(without: ability, why)
    case .thought, .toolCalled, .toolEnded, .planned, .noted: break
    case .fileChanged(let edit): state.withLock { $0.files.add(edit.file(below: plan.request.workingPath)) }
    case .ended(let outcome): finish(outcome)
    }
  }

  /// Notes the session that the turn is in, and waits until that is written down.
  private func note(_ session: AgentSession) {
    let isNews = state.withLock { state in
      let isNews = state.session != session.id
      (state.session, state.sessionCost) = (session.id, session.usd ?? (isNews ? nil : state.sessionCost))
      return isNews
    }
    guard plan.provider.abilities.contains(.sessions) else { return }
    guard isNews else {
      if session.usd != nil { telling.sessionCosts(NodeSession(session.id, of: plan.provider.id, usd: session.usd)) }
      return
    }
    let words = session.words(insteadOf: plan.request.session?.id)
    if let words { log.say(words) }
    telling.sessionKnown(NodeSession(session.id, of: plan.provider.id, usd: session.usd), words ?? plan.note)
  }

  /// Tells what the agent goes without. Its session is told again, so that this is written down while the agent works.
  private func note(without ability: AgentAbility, _ why: String) {
    telling.wentWithout(ability, why)
    let (session, cost) = state.withLock { ($0.session, $0.sessionCost) }
    if let session { telling.sessionCosts(NodeSession(session, of: plan.provider.id, usd: cost)) }
  }

  /// Gives the agent the answer to what it asked leave for.
  private func reply(_ request: String, _ option: String?) {
    let turn = state.withLock { state in
      if state.turn == nil { state.replies.append((request, option)) }
      return state.turn
    }
    turn?.answer(request, with: option)
  }

  private func finish(_ outcome: AgentOutcome) {
    desk.withLock { $0 }?.close()
    let (sum, isOver) = state.withLock { ($0.usedBefore + $0.used, $0.isOverBudget) }
    if isOver, !handle.isStopped, let excess = excess(of: sum) {
      return complete(failed(StepFailure(.budget, "its \(excess) (`maxBudgetUsd`)")))
    }
    switch outcome {
    case .answered(let text): accept(text)
    case .failed(let failure): complete(failed(StepFailure(failure, of: plan.provider.id)))
    case .cancelled where handle.isStopped: complete(.stepStopped(node.id))
    case .cancelled:
      complete(failed(StepFailure(.refusal, "the agent ended its turn as cancelled, and nobody asked it to")))
    }
  }

  private func accept(_ answer: String) {
    let (number, hasSpoken, hasSession) = state.withLock { ($0.number, $0.hasSpoken, $0.session != nil) }
    let shown = context.mask?.masked(answer) ?? answer
    if !hasSpoken { log.note(.text(shown)) }
    let text = Self.withoutTrailingNewlines(shown)
    guard !text.isEmpty else {
      return complete(failed(StepFailure(.noAnswer, "the agent gave no answer", isTransient: true)))
    }
    if let format = node.outputFormat, let failure = OutputFormatCheck(format: format).failure(of: text) {
      guard number <= Self.corrections, !handle.isStopped else { return complete(failed(failure)) }
      log.say("asked again (\(number) of \(Self.corrections)): \(failure.message)")
      let goesOn = hasSession && plan.provider.abilities.contains(.sessions)
      return ask(
        AgentCorrection.next(
          after: text, failure, format, in: goesOn ? nil : plan.request.prompt))
    }
    do throws(EngineFailure) {
      complete(.stepSucceeded(node.id, try output(text)))
    } catch {
      complete(failed(StepFailure(.storage, error.message)))
    }
  }

  /// The answer as the node's output; a long one is in a file.
  private func output(_ text: String) throws(EngineFailure) -> NodeOutput {
    var output = StepPlanner.output(text)
    guard output.length > NodeOutput.inlineLimit else { return output }
    try FileAccess.makeFolder(plan.request.folder)
    try FileAccess.write(Array(text.utf8), to: plan.request.folder.appending("answer"))
    output.file = plan.request.folder.text.split(separator: "/").suffix(2).joined(separator: "/") + "/answer"
    output.text = nil
    return output
  }

  private func failed(_ failure: StepFailure) -> RunEvent {
    .stepFailed(node.id, failure, dice: Double.random(in: 0..<1))
  }

  /// Ends the attempt: everything of it is on the disk then.
  private func complete(_ event: RunEvent) {
    for file in plan.files where file.isTemporary { FileAccess.remove(file.path) }
    noteSilentChanges()
    var end = StepEnd(node: node.id, event: event, logBytes: 0)
    end.files = state.withLock { $0.files.files }
    do throws(OutputFailure) {
      end.logBytes = try log.finish()
    } catch {
      end.event = failed(StepFailure(.storage, "\(error)"))
    }
    telling.ended(end)
  }

  /// Notes what changed in the checkout that no tool told of.
  private func noteSilentChanges() {
    let told = Set(state.withLock { $0.files.files.map(\.path) })
    for edit in checkout?.changes() ?? [] {
      let file = edit.file(below: plan.request.workingPath)
      guard !told.contains(file.path) else { continue }
      log.note(.fileChanged(edit))
      state.withLock { $0.files.add(file) }
    }
  }

  private static func withoutTrailingNewlines(_ text: String) -> String {
    let bytes = text.utf8
    guard let last = bytes.lastIndex(where: { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }) else { return "" }
    return String(text[...last])
  }
}

extension FileEdit {
  /// The file as people know it.
  fileprivate func file(below root: AbsolutePath) -> TouchedFile {
    let inside = root.text + "/"
    let path = path.hasPrefix(inside) ? String(path.dropFirst(inside.count)) : path
    switch change {
    case .made: return TouchedFile(path, .made)
    case .changed: return TouchedFile(path, .changed)
    case .removed: return TouchedFile(path, .removed)
    }
  }
}

extension AgentSession {
  /// How a turn came to it, for people; nil for one that is simply new.
  fileprivate func words(insteadOf wanted: String?) -> String? {
    switch origin {
    case .new: nil
    case .resumed: "goes on in its agent's session \(id)"
    case .forked: "goes on from a copy of session \(wanted ?? id)"
    case .replaced(let reason):
      "begins a new session, for \(wanted.map { "session \($0)" } ?? "the earlier one") can't be gone on with: \(reason)"
    }
  }
}

extension StepFailure {
  /// What a turn's failure is to the scheduler.
  fileprivate init(_ failure: AgentFailure, of provider: String) {
    var message = failure.message
    var (exitCode, signal): (Int?, Int?)
    let kind: Kind
    switch failure.kind {
    case .rateLimited(let reset):
      kind = .rateLimited
      if let reset { message += " (it takes more from \(UTCText.of(reset)) on)" }
    case .overloaded: kind = .overloaded
    case .authentication:
      kind = .authentication
      message += "; `ion doctor \(provider)` says more"
    case .refusal: kind = .refusal
    case .unstartable: kind = .spawn
    case .unsupported: kind = .missing
    case .exited(let code): (kind, exitCode) = (.exit, Int(code))
    case .signalled(let number): (kind, signal) = (.signal, Int(number))
    case .crashed: kind = .exit
    case .protocolFault: kind = .protocolFault
    case .cutShort: kind = .cutShort
    case .budget: kind = .budget
    case .timedOut: kind = .timeout
    case .idledOut: kind = .idleTimeout
    case .unrecorded: kind = .storage
    }
    self.init(kind, message, exitCode: exitCode, signal: signal, isTransient: failure.isTransient)
  }
}
