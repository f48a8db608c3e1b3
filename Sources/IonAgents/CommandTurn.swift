internal import IonLock
internal import IonProcess
internal import IonWorkflow

/// A turn of a program that reads a prompt and prints an answer.
final class CommandTurn: AgentTurn {
  private enum State: Sendable {
    case starting
    /// Cancelled before there was a process, which gets this long to end.
    case cancelled(grace: Duration)
    case running(StepProcess)
    case ended
  }

  /// The largest answer that is taken, in bytes.
  private static let limit = 64 * 1024 * 1024

  private let request: AgentRequest
  private let result: ProviderDefinition.ResultForm
  private let onEvent: @Sendable (AgentEvent) -> Void
  private let files: OutputFiles
  private let state = Guarded(State.starting)
  /// How much of each stream was told of, in bytes: a character that lacks its end waits for it.
  private let reading = Guarded<[StepStream: Int]>([:])

  init(
    _ request: AgentRequest, _ result: ProviderDefinition.ResultForm,
    _ onEvent: @escaping @Sendable (AgentEvent) -> Void
  ) {
    self.request = request
    self.result = result
    self.onEvent = onEvent
    files = OutputFiles(request.folder, below: request.root)
  }

  func start(_ program: String, _ arguments: [String]) {
    var command = StepCommand(
      program, arguments, environment: request.environment, workingDirectory: request.workingPath,
      marker: request.marker)
    command.input = Array(request.prompt.utf8)
    command.secrets = request.secrets
    if let limit = request.environmentLimit { command.environmentLimit = limit }
    let limits = StepLimits(timeout: request.timeout, idleTimeout: request.idleTimeout, grace: request.grace)
    StepProcess.launch(command, output: files, limits: limits) { [self] chunk in
      tell(chunk.stream, upTo: chunk.offset + chunk.count, isComplete: false)
    } onStart: { [self] process in
      onEvent(.processStarted(process.facts))
      began(process)
    } onEnd: { [self] result in
      end(result)
    }
  }

  func cancel(grace: Duration) {
    let process = state.withLock { state -> StepProcess? in
      switch state {
      case .starting: state = .cancelled(grace: grace)
      case .cancelled(let earlier): state = .cancelled(grace: min(earlier, grace))
      case .running(let process): return process
      case .ended: break
      }
      return nil
    }
    process?.stop(reason: "cancelled", grace: grace)
  }

  /// Such a program asks for nothing.
  func answer(_ request: String, with option: String?) {}

  private func began(_ process: StepProcess) {
    let grace = state.withLock { state -> Duration? in
      defer { state = .running(process) }
      if case .cancelled(let grace) = state { return grace }
      return nil
    }
    if let grace { process.stop(reason: "cancelled", grace: grace) }
  }

  /// Tells of what a stream has more by now, up to the last whole character. An answer in JSON isn't shown as it comes.
  private func tell(_ stream: StepStream, upTo end: Int, isComplete: Bool) {
    guard stream == .stderr || result == .text else { return }
    while true {
      let start = reading.withLock { $0[stream, default: 0] }
      guard start < end else { return }
      let view: OutputView = stream == .stdout ? .stdout : .stderr
      let slice: OutputSlice
      do throws(OutputFailure) {
        slice = try OutputReader(files).read(view, from: start, limit: 64 * 1024, isComplete: isComplete)
      } catch {
        return
      }
      guard slice.nextOffset > slice.offset else { return }
      reading.withLock { $0[stream] = slice.nextOffset }
      onEvent(stream == .stdout ? .text(slice.text) : .noted(slice.text))
    }
  }

  private func end(_ result: Result<StepResult, ProcessFailure>) {
    state.withLock { $0 = .ended }
    switch result {
    case .failure(let failure): onEvent(.ended(.failed(AgentFailure(.unstartable, "\(failure)"))))
    case .success(let result):
      tell(.stdout, upTo: result.stdout.size, isComplete: true)
      tell(.stderr, upTo: result.stderr.size, isComplete: true)
      let outcome = outcome(of: result)
      onEvent(.ended(outcome))
    }
  }

  private func outcome(of result: StepResult) -> AgentOutcome {
    switch result.ending {
    case .exited(0): return answer(result.stdout)
    case .exited(let code): return failure(ofCode: code, result)
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
  private func failure(ofCode code: Int32, _ result: StepResult) -> AgentOutcome {
    if self.result == .json, case .failed(let failure)? = document(result.stdout)?.outcome { return .failed(failure) }
    let words = quoting(ExitMeaning.words(forCode: code), result)
    // By sysexits.h: EX_TEMPFAIL and EX_NOPERM.
    switch code {
    case 75: return .failed(AgentFailure(.overloaded, words))
    case 77: return .failed(AgentFailure(.authentication, words))
    default: return .failed(AgentFailure(.exited(code), words))
    }
  }

  private func answer(_ output: StreamSummary) -> AgentOutcome {
    guard output.isText else {
      return .failed(AgentFailure(.protocolFault, "its answer has a NUL byte or is not UTF-8"))
    }
    guard output.length <= Self.limit else {
      return .failed(
        AgentFailure(.protocolFault, "its answer of \(output.length) bytes is more than is taken (\(Self.limit))"))
    }
    if result == .json {
      guard let document = document(output) else {
        return .failed(AgentFailure(.protocolFault, quoting("it printed no result that is a JSON object", .stdout)))
      }
      if let session = document.session { onEvent(.sessionKnown(session)) }
      if let usage = document.usage { onEvent(.used(usage)) }
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
      let bytes = try OutputReader(files).bytes(.stdout, in: 0..<output.length)
      return bytes.count == output.length ? String(decoding: bytes, as: UTF8.self) : nil
    } catch {
      return nil
    }
  }

  /// What went wrong, and the end of what the program said on stderr (else on stdout).
  private func quoting(_ words: String, _ result: StepResult) -> String {
    let view: OutputView = result.stderr.size > 0 ? .stderr : .stdout
    return quoting(words, view)
  }

  private func quoting(_ words: String, _ view: OutputView) -> String {
    do throws(OutputFailure) {
      let tail = try OutputReader(files).tail(view, limit: 2048, isComplete: true).text
      let lines = tail.split { $0 == "\n" || $0 == "\r\n" }.suffix(8)
      return lines.isEmpty ? words : words + ": " + lines.joined(separator: "\n")
    } catch {
      return words
    }
  }
}
