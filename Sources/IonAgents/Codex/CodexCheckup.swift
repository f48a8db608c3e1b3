internal import IonJSON
internal import IonLock
internal import IonProcess
internal import IonWorkflow

/// What Codex says of itself, and of whether it knows who asks, without a prompt.
struct CodexCheckup {
  private struct Heard {
    var stdout = ""
    var stderr = ""
  }

  private let request: AgentRequest
  private let command: String
  private let further: [String]

  init(_ request: AgentRequest, _ command: String, _ further: [String]) {
    self.request = request
    self.command = command
    self.further = further
  }

  /// What was found, added to what was known before.
  func checkUp(_ before: AgentCheckup) async -> AgentCheckup {
    let began = MonotonicInstant.now()
    var checkup = before
    let (ending, heard) = await run(["--version"], in: "version")
    checkup.stderr = heard.stderr.ending(4096)
    if case .failed(let failure) = ending {
      checkup.failure = failure
    } else {
      let word = heard.stdout.split(separator: " ").last?.prefix { !$0.isWhitespace }
      checkup.version = word.flatMap { $0.contains(where: \.isNumber) ? String($0) : nil }
      let (ending, heard) = await run(["login", "status"], in: "login")
      checkup.stderr = heard.stderr.ending(4096)
      if case .answered = ending { checkup.authentication = .done } else { decide(&checkup) }
    }
    checkup.duration = began.duration(to: .now())
    return checkup
  }

  /// Nobody is signed in, which matters only where it is the usual service that is asked, and by no key.
  private func decide(_ checkup: inout AgentCheckup) {
    let hasKey = request.environment.contains { $0.0 == "CODEX_API_KEY" && !$0.1.isEmpty }
    guard !hasKey, !further.contains(where: { $0.contains("model_provider") }) else { return }
    checkup.authentication = .needed
    checkup.hint = "run `\(command) login`, or give it CODEX_API_KEY"
  }

  private func run(_ arguments: [String], in name: String) async -> (AgentOutcome, Heard) {
    let heard = Guarded(Heard())
    let held = HeldProgram()
    var request = request
    request.folder = request.folder.appending(name)
    let result = await withCheckedContinuation {
      (continuation: CheckedContinuation<Result<StepResult, ProcessFailure>, Never>) in
      let program = AgentProgram(command, arguments, for: request) { event in
        switch event {
        case .started: held.program.closeInput()
        case .line(let line): heard.withLock { $0.stdout += .noise(line) }
        case .overlong: break
        case .stderr(let text): heard.withLock { $0.stderr += text }
        case .ended(let result): continuation.resume(returning: result)
        }
      }
      held.hold(program)
    }
    var answer: AgentOutcome?
    if case .success(let result) = result, result.ending == .exited(0) { answer = .answered("") }
    let end = ProgramEnd(result, of: command, held.program.output)
    return (end.outcome(answer, wasUnderWay: false, isCancelled: false), heard.withLock { $0 })
  }
}
