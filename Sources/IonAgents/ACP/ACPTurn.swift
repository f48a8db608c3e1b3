internal import IonJSON
internal import IonLock
internal import IonProcess
internal import IonWorkflow

/// A turn of an agent that speaks the Agent Client Protocol: does what its conversation says, on a thread of its own.
final class ACPTurn: AgentTurn {
  /// What came of a turn, beside its events.
  struct Findings: Sendable {
    var outcome: AgentOutcome
    var hello: ACPHello?
    /// The end of what the program said on stderr.
    var stderr: String
  }

  private let request: AgentRequest
  private let onEvent: @Sendable (AgentEvent) -> Void
  private let onEnd: @Sendable (Findings) -> Void
  private let mailbox = ACPMailbox()

  init(
    _ request: AgentRequest, onEvent: @escaping @Sendable (AgentEvent) -> Void,
    onEnd: @escaping @Sendable (Findings) -> Void = { _ in }
  ) {
    self.request = request
    self.onEvent = onEvent
    self.onEnd = onEnd
  }

  /// Starts the agent's program, and returns without waiting for it.
  func start(_ program: String, _ arguments: [String], _ task: ACPTask) {
    let mailbox = mailbox
    let agent = AgentProgram(program, arguments, for: request) { mailbox.add($0) }
    do throws(ProcessFailure) {
      try OwnThread.perform { [self] in
        var thread = ACPTurnThread(request, task, agent, mailbox, onEvent)
        onEnd(thread.run())
      }
    } catch {
      mailbox.close()
      agent.stop(grace: .zero)
      let outcome = AgentOutcome.failed(AgentFailure(.unstartable, "\(error)"))
      onEvent(.ended(outcome))
      onEnd(Findings(outcome: outcome, stderr: ""))
    }
  }

  func cancel(grace: Duration) { mailbox.add(urgent: .cancel(grace: grace)) }

  func answer(_ request: String, with option: String?) { mailbox.add(urgent: .answer(request, option: option)) }
}

/// What only the turn's thread has.
private struct ACPTurnThread {
  private let onEvent: @Sendable (AgentEvent) -> Void
  private let agent: AgentProgram
  private let mailbox: ACPMailbox
  private let folder: WorkingFolder
  private let terminals: ACPTerminals
  private var conversation: ACPConversation
  private var deadlines: [ACPTimer: MonotonicInstant] = [:]
  /// How the agent's program ended, once it has.
  private var end: ACPProgramEnd?
  private var outcome: AgentOutcome?

  init(
    _ request: AgentRequest, _ task: ACPTask, _ agent: AgentProgram, _ mailbox: ACPMailbox,
    _ onEvent: @escaping @Sendable (AgentEvent) -> Void
  ) {
    self.onEvent = onEvent
    self.agent = agent
    self.mailbox = mailbox
    folder = WorkingFolder(request.workingPath)
    terminals = ACPTerminals(request) { mailbox.add(urgent: .terminal($0)) }
    conversation = ACPConversation(task)
  }

  mutating func run() -> ACPTurn.Findings {
    while true {
      // Whoever never stops talking doesn't stop the clock.
      let due = dueTimers()
      for timer in due { obey(conversation.elapsed(timer)) }
      if due.isEmpty { take(mailbox.next(until: deadlines.values.min())) }
      if let end, terminals.areOver { obey(conversation.programEnded(end) { agent.output.quoting($0) }) }
      guard let outcome else { continue }
      mailbox.close()
      return ACPTurn.Findings(outcome: outcome, hello: conversation.hello, stderr: agent.output.tail(.stderr))
    }
  }

  private mutating func take(_ item: ACPMailbox.Item) {
    switch item {
    case .program(let event): take(event)
    case .terminal(let event):
      for (ticket, result) in terminals.take(event) { obey(conversation.settle(ticket, result)) }
    case .answer(let id, let option): obey(conversation.answer(id, with: option))
    case .cancel(let grace): obey(conversation.cancel(grace: grace))
    case .silence: break
    }
  }

  /// The timers whose time is over; nobody waits for them any more.
  private mutating func dueTimers() -> [ACPTimer] {
    guard let next = deadlines.values.min() else { return [] }
    let now = MonotonicInstant.now()
    guard next <= now else { return [] }
    let due = deadlines.filter { $0.value <= now }.sorted { $0.value < $1.value }.map(\.key)
    for timer in due { deadlines[timer] = nil }
    return due
  }

  private mutating func take(_ event: AgentProgram.Event) {
    switch event {
    case .started(let process):
      onEvent(.processStarted(process))
      obey(conversation.begin())
    case .line(let line): obey(conversation.take(line))
    case .overlong(let count): obey(conversation.takeOverlong(count))
    case .stderr(let text): onEvent(.noted(text))
    case .ended(let result):
      end = Self.end(result)
      terminals.endAll()
    }
  }

  private mutating func obey(_ effects: [ACPEffect]) {
    for effect in effects {
      switch effect {
      case .send(let message): agent.send(message.serialized())
      case .tell(let event):
        if case .ended(let outcome) = event { self.outcome = outcome }
        onEvent(event)
      case .perform(let work, let ticket):
        if let result = perform(work, ticket) { obey(conversation.settle(ticket, result)) }
      case .wake(let timer, let time):
        let deadline = MonotonicInstant.now().advanced(by: time)
        deadlines[timer] = min(deadline, deadlines[timer] ?? deadline)
      case .setPatient(let isPatient): agent.setPatient(isPatient)
      case .endTerminals: terminals.endAll()
      case .closeInput: agent.closeInput()
      case .stop(let grace): agent.stop(grace: grace)
      }
    }
  }

  private func perform(_ work: ACPWork, _ ticket: ACPTicket) -> ACPWorkResult? {
    do throws(ACPError) {
      switch work {
      case .readFile(let path, let line, let limit):
        let text = try folder.read(path, line: line, limit: limit) { real throws(ACPError) in
          try conversation.checkLeave(for: ACPWork.reading(real))
        }
        return ACPWorkResult(.success(["content": .string(text)]))
      case .writeFile(let path, let content):
        let change = try folder.write(content, to: path) { real throws(ACPError) in
          try conversation.checkLeave(for: ACPWork.writing(real))
        }
        return ACPWorkResult(.success([:]), edit: FileEdit(path, change))
      case .createTerminal, .terminalOutput, .waitForExit, .killTerminal, .releaseTerminal:
        return terminals.perform(work, ticket)
      }
    } catch {
      return ACPWorkResult(.failure(error))
    }
  }

  private static func end(_ result: Result<StepResult, ProcessFailure>) -> ACPProgramEnd {
    switch result {
    case .failure(let failure): .unusable(AgentFailure(.unstartable, "\(failure)"))
    case .success(let result):
      switch result.ending {
      case .exited(let code): .exited(code)
      case .signalled(let signal): .signalled(signal)
      case .stopped: .stopped
      case .timedOut: .timedOut
      case .idledOut: .idledOut
      case .unrecorded(let failure): .unusable(AgentFailure(.unrecorded, "\(failure)"))
      case .lost: .unusable(AgentFailure(.crashed, "the exit status of the agent's program was lost"))
      }
    }
  }
}
