internal import IonProcess
internal import IonWorkflow

/// A turn of a program that reads a prompt and prints an answer.
final class CommandTurn: AgentTurn {
  /// The largest answer that is taken, in bytes.
  private static let limit = 64 * 1024 * 1024

  private let request: AgentRequest
  private let program: String
  private let result: ProviderDefinition.ResultForm
  private let onEvent: @Sendable (AgentEvent) -> Void
  private let output: TurnOutput
  private let holder = TurnProcess()

  init(
    _ request: AgentRequest, _ program: String, _ result: ProviderDefinition.ResultForm,
    _ onEvent: @escaping @Sendable (AgentEvent) -> Void
  ) {
    self.request = request
    self.program = program
    self.result = result
    self.onEvent = onEvent
    output = TurnOutput(request)
  }

  func start(_ arguments: [String]) {
    var command = StepCommand(
      program, arguments, environment: request.environment, workingDirectory: request.workingPath,
      marker: request.marker)
    command.input = .bytes(Array(request.prompt.utf8))
    command.secrets = request.secrets
    if let limit = request.environmentLimit { command.environmentLimit = limit }
    let limits = StepLimits(timeout: request.timeout, idleTimeout: request.idleTimeout, grace: request.grace)
    StepProcess.launch(command, output: output.files, limits: limits) { [self] chunk in
      tell(chunk.stream, upTo: chunk.offset + chunk.count, isComplete: false)
    } onStart: { [self] process in
      onEvent(.processStarted(process.facts))
      holder.began(process)
    } onEnd: { [self] result in
      end(result)
    }
  }

  func cancel(grace: Duration) { holder.cancel(grace: grace) }

  /// Such a program asks for nothing.
  func answer(_ request: String, with option: String?) {}

  /// Tells of what a stream has more by now. An answer in JSON isn't shown as it comes.
  private func tell(_ stream: StepStream, upTo end: Int, isComplete: Bool) {
    guard stream == .stderr || result == .text else { return }
    output.tell(stream, upTo: end, isComplete: isComplete) { text in
      onEvent(stream == .stdout ? .text(text) : .noted(text))
    }
  }

  private func end(_ result: Result<StepResult, ProcessFailure>) {
    holder.ended()
    switch result {
    case .failure(let failure): onEvent(.ended(.failed(AgentFailure(.unstartable, "\(failure)"))))
    case .success(let result):
      tell(.stdout, upTo: result.stdout.size, isComplete: true)
      tell(.stderr, upTo: result.stderr.size, isComplete: true)
      let document = self.result == .json ? document(result.stdout) : nil
      if let document { tell(document) }
      onEvent(.ended(outcome(of: result, document)))
    }
  }

  /// Tells what a result says beside the answer, however the program ended: what was used was used.
  private func tell(_ document: CommandResult) {
    if let session = document.session {
      onEvent(.sessionKnown(AgentSession(session, session == request.session?.id ? .resumed : .new)))
    }
    if let usage = document.usage { onEvent(.used(usage)) }
  }

  private func outcome(of result: StepResult, _ document: CommandResult?) -> AgentOutcome {
    switch result.ending {
    case .exited(0): return answer(result.stdout, document)
    case .exited(let code): return failure(ofCode: code, result, document)
    case .signalled(let signal):
      return .failed(AgentFailure(.signalled(signal), quoting(ExitMeaning.words(forSignal: signal), result)))
    case .stopped: return .cancelled
    case .timedOut: return .failed(AgentFailure(.timedOut, quoting("timed out", result)))
    case .idledOut: return .failed(AgentFailure(.idledOut, quoting("printed nothing for too long", result)))
    case .unrecorded(let failure): return .failed(AgentFailure(.unrecorded, "\(failure)"))
    case .lost: return .failed(AgentFailure(.signalled(0), "its exit status was lost"))
    }
  }

  /// What a program says by its exit code, where it doesn't say it in its result.
  private func failure(ofCode code: Int32, _ result: StepResult, _ document: CommandResult?) -> AgentOutcome {
    if let failure = document?.failure { return .failed(failure) }
    let words = quoting(ProgramEnd.words(forCode: code, of: program), result)
    // By sysexits.h: EX_TEMPFAIL and EX_NOPERM.
    switch code {
    case 75: return .failed(AgentFailure(.overloaded, words))
    case 77: return .failed(AgentFailure(.authentication, words))
    default: return .failed(AgentFailure(.exited(code), words))
    }
  }

  private func answer(_ output: StreamSummary, _ document: CommandResult?) -> AgentOutcome {
    guard output.isText else {
      return .failed(AgentFailure(.protocolFault, "its answer has a NUL byte or is not UTF-8"))
    }
    guard output.length <= Self.limit else {
      return .failed(
        AgentFailure(.protocolFault, "its answer of \(output.length) bytes is more than is taken (\(Self.limit))"))
    }
    if result == .json {
      guard let document else {
        return .failed(
          AgentFailure(.protocolFault, self.output.quoting("it printed no result that is a JSON object", .stdout)))
      }
      return document.outcome
    }
    guard let text = text(output) else { return .failed(AgentFailure(.unrecorded, "its answer was cut on the disk")) }
    return .answered(text)
  }

  private func document(_ output: StreamSummary) -> CommandResult? {
    guard output.isText, output.length <= Self.limit else { return nil }
    return text(output).flatMap(CommandResult.init)
  }

  private func text(_ output: StreamSummary) -> String? {
    guard output.length > 0 else { return "" }
    do throws(OutputFailure) {
      let bytes = try OutputReader(self.output.files).bytes(.stdout, in: 0..<output.length)
      return bytes.count == output.length ? String(decoding: bytes, as: UTF8.self) : nil
    } catch {
      return nil
    }
  }

  /// What went wrong, and the end of what the program said on stderr (else on stdout).
  private func quoting(_ words: String, _ result: StepResult) -> String {
    output.quoting(words, result.stderr.size > 0 ? .stderr : .stdout)
  }
}
