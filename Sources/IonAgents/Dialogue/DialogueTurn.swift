internal import IonLock
internal import IonProcess
internal import IonWorkflow

/// A turn of a program that is talked with: of the first one, or of another one where the first hadn't the session that was
/// asked for.
final class DialogueTurn: AgentTurn {
  private struct State {
    var dialogue: any AgentDialogue
    var held = HeldProgram()
    /// What a cancel gives the program to end.
    var grace: Duration?
    /// Whether the first cancel came when there was nothing left to cancel.
    var wasSettled = false
  }

  private let request: AgentRequest
  private let command: String
  /// What is started where there is no such session, given why.
  private let replacement: @Sendable (String) -> DialogueStart
  private let onEvent: @Sendable (AgentEvent) -> Void
  private let state: Guarded<State>

  /// Starts the turn, and returns without waiting for it.
  init(
    _ request: AgentRequest, _ command: String, _ first: DialogueStart,
    replacement: @escaping @Sendable (String) -> DialogueStart, _ onEvent: @escaping @Sendable (AgentEvent) -> Void
  ) {
    self.request = request
    self.command = command
    self.replacement = replacement
    self.onEvent = onEvent
    state = Guarded(State(dialogue: first.dialogue))
    start(first.arguments, request)
  }

  /// A program is interrupted where it must end: it may say then what it has used.
  private func start(_ arguments: [String], _ request: AgentRequest) {
    let program = AgentProgram(command, arguments, for: request, stopSignal: StepCommand.interruptSignal) {
      [self] event in take(event)
    }
    let grace = state.withLock { state -> Duration? in
      state.held.hold(program)
      return state.grace
    }
    if let grace { program.stop(grace: grace) }
  }

  func cancel(grace: Duration) {
    let held = state.withLock { state in
      if state.grace == nil { state.wasSettled = state.dialogue.isSettled }
      state.grace = min(grace, state.grace ?? grace)
      return state.held
    }
    held.program.stop(grace: grace)
  }

  func answer(_ request: String, with option: String?) {
    obey(state.withLock { $0.dialogue.answer(request, with: option) })
  }

  private func take(_ event: AgentProgram.Event) {
    switch event {
    case .started(let process):
      onEvent(.processStarted(process))
      obey(state.withLock { $0.dialogue.begin() })
    case .line(let line): obey(state.withLock { $0.dialogue.take(line) })
    case .overlong(let count): onEvent(.noted("a line of \(count) bytes was passed over\n"))
    case .stderr(let text): obey(state.withLock { $0.dialogue.take(stderr: text) })
    case .ended(let result): end(result)
    }
  }

  private func obey(_ effects: [DialogueEffect]) {
    guard !effects.isEmpty else { return }
    let program = state.withLock { $0.held }.program
    for effect in effects {
      switch effect {
      case .send(let line): program.send(line)
      case .tell(let event): onEvent(event)
      case .setPatient(let isPatient): program.setPatient(isPatient)
      case .closeInput: program.closeInput()
      case .stop: program.stop(grace: request.grace)
      }
    }
  }

  private func end(_ result: Result<StepResult, ProcessFailure>) {
    let (dialogue, held, isCancelled) = state.withLock { ($0.dialogue, $0.held, $0.grace != nil && !$0.wasSettled) }
    if let reason = dialogue.lossOfSession, !isCancelled, case .success = result { return replace(reason) }
    for event in state.withLock({ $0.dialogue.end() }) { onEvent(event) }
    let end = ProgramEnd(result, of: command, held.program.output, complaint: dialogue.complaint)
    onEvent(.ended(end.outcome(dialogue.outcome, wasUnderWay: dialogue.isUnderWay, isCancelled: isCancelled)))
  }

  /// Takes the turn in a new session. What the program prints goes to a folder of its own, below the turn's.
  private func replace(_ reason: String) {
    let start = replacement(reason)
    var request = request
    request.folder = request.folder.appending(AgentRequest.newSessionFolder)
    state.withLock { state in
      state.dialogue = start.dialogue
      state.held = HeldProgram()
    }
    self.start(start.arguments, request)
  }
}
