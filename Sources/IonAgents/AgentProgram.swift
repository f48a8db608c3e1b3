internal import IonProcess
internal import IonWorkflow

/// A program that is talked with in lines: what is sent goes to its stdin, what it says comes from its stdout.
///
/// It is a step's process like any other: its output is written down in the request's folder, with secrets hidden, before
/// anybody hears of it, and nothing of it is left behind. The lines themselves come as they are.
final class AgentProgram: Sendable {
  enum Event: Sendable {
    case started(ProcessIdentity)
    /// A line of its stdout, not empty, without what ends it.
    case line([UInt8])
    /// A line that was longer than is taken; how many bytes it had.
    case overlong(Int)
    /// The next piece of its stderr.
    case stderr(String)
    /// It is over, or could not be started. The last event.
    case ended(Result<StepResult, ProcessFailure>)
  }

  /// The longest line that is taken, in bytes.
  static let lineLimit = 64 * 1024 * 1024

  /// What it has printed.
  let output: TurnOutput
  private let holder = TurnProcess()

  /// Starts a program with the environment and the limits of a request, and returns without waiting for it. Events come in
  /// order, on the thread that reads what the program prints, which waits for whoever takes them.
  init(
    _ program: String, _ arguments: [String], for request: AgentRequest,
    stopSignal: Int32 = StepCommand.usualStopSignal, onEvent: @escaping @Sendable (Event) -> Void
  ) {
    output = TurnOutput(request)
    var command = StepCommand(
      program, arguments, environment: request.environment, workingDirectory: request.workingPath,
      marker: request.marker, stopSignal: stopSignal)
    command.input = .open
    command.secrets = request.secrets
    if let limit = request.environmentLimit { command.environmentLimit = limit }
    let limits = StepLimits(timeout: request.timeout, idleTimeout: request.idleTimeout, grace: request.grace)
    let lines = LineReading()
    StepProcess.launch(command, output: output.files, limits: limits) { [output] chunk in
      guard chunk.stream == .stderr else { return }
      output.tell(.stderr, upTo: chunk.offset + chunk.count, isComplete: false) { onEvent(.stderr($0)) }
    } onBytes: { stream, bytes in
      if stream == .stdout { for line in lines.take(bytes) { onEvent(Self.event(line)) } }
    } onStart: { [holder] process in
      holder.began(process)
      onEvent(.started(process.facts))
    } onEnd: { [holder, output] result in
      holder.ended()
      if let line = lines.finish() { onEvent(Self.event(line)) }
      if case .success(let result) = result {
        output.tell(.stderr, upTo: result.stderr.size, isComplete: true) { onEvent(.stderr($0)) }
      }
      onEvent(.ended(result))
    }
  }

  private static func event(_ line: LineSplitter.Line) -> Event {
    switch line {
    case .whole(let bytes): .line(bytes)
    case .overlong(let count): .overlong(count)
    }
  }
}

extension AgentProgram {
  /// Sends a line. Never waits; what is sent before the program runs, or after it, goes nowhere.
  func send(_ line: some Sequence<UInt8>) { holder.process?.write(Array(line) + [UInt8(ascii: "\n")]) }

  /// Has it see the end of its input.
  func closeInput() { holder.process?.closeInput() }

  /// Asks it to end by a signal; it is killed after the grace. A second, shorter grace shortens the first.
  func stop(grace: Duration) { holder.cancel(grace: grace) }

  /// Whether it may be silent for as long as it likes, for somebody else has the word.
  func setPatient(_ isPatient: Bool) { holder.process?.setPatient(isPatient) }
}
