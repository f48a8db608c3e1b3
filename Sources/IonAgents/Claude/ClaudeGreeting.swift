internal import IonJSON
internal import IonLock
internal import IonProcess

/// A talk with Claude Code that has no prompt: it says what it is and whether it knows who asks.
struct ClaudeGreeting {
  private struct Heard {
    var answer: JSONValue?
    var stderr = ""
  }

  private let request: AgentRequest
  private let command: String
  private let arguments: [String]

  init(_ request: AgentRequest, _ command: String, _ further: [String]) {
    self.request = request
    self.command = command
    arguments = ClaudeOrder.base + ["--no-session-persistence"] + further
  }

  /// What was found, added to what was known before.
  func checkUp(_ before: AgentCheckup) async -> AgentCheckup {
    let began = MonotonicInstant.now()
    let held = HeldProgram()
    let (result, heard) = await talk(held)
    var checkup = before
    checkup.duration = began.duration(to: .now())
    checkup.stderr = heard.stderr.ending(4096)
    guard let answer = heard.answer, answer["subtype"] == "success" else {
      let end = ProgramEnd(result, of: command, held.program.output)
      let refusal = heard.answer.map {
        AgentOutcome.failed(AgentFailure(.protocolFault, "it refused to begin: \($0["error"]?.stringValue ?? "")"))
      }
      if case .failed(let failure) = end.outcome(refusal, wasUnderWay: false, isCancelled: false) {
        checkup.failure = failure
      }
      return checkup
    }
    checkup.version = answer["response"]?["claude_code_version"]?.stringValue
    let account = answer["response"]?["account"]
    let sources = ["tokenSource", "apiKeySource"].compactMap { account?[$0]?.stringValue }.filter { $0 != "none" }
    // Of others than Anthropic itself, the program doesn't say.
    let isElsewhere = account?["apiProvider"]?.stringValue.map { $0 != "firstParty" } ?? true
    if sources.isEmpty, account?["email"] == nil, !isElsewhere {
      checkup.authentication = .needed
      checkup.hint = "run `\(command)` and sign in, or give it ANTHROPIC_API_KEY"
    }
    return checkup
  }

  private func talk(_ held: HeldProgram) async -> (Result<StepResult, ProcessFailure>, Heard) {
    let heard = Guarded(Heard())
    let greeting: JSONValue = [
      "type": "control_request", "request_id": "ion-greeting", "request": ["subtype": "initialize"],
    ]
    return await withCheckedContinuation { continuation in
      let program = AgentProgram(command, arguments, for: request, stopSignal: StepCommand.interruptSignal) { event in
        switch event {
        case .started: held.program.send(greeting.serialized())
        case .overlong: break
        case .line(let bytes):
          guard let line = JSONValue(line: bytes), line["type"] == "control_response" else { return }
          heard.withLock { $0.answer = line["response"] }
          held.program.closeInput()
        case .stderr(let text): heard.withLock { $0.stderr += text }
        case .ended(let result): continuation.resume(returning: (result, heard.withLock { $0 }))
        }
      }
      held.hold(program)
    }
  }
}
