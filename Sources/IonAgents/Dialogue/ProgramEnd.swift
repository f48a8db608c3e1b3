internal import IonProcess

/// How the program of a turn came to its end, and what that makes of the turn.
struct ProgramEnd {
  private let result: Result<StepResult, ProcessFailure>
  private let program: String
  private let output: TurnOutput?
  private let complaint: String?

  /// `complaint` is what the program said of its failures itself, which says more than its stderr.
  init(
    _ result: Result<StepResult, ProcessFailure>, of program: String, _ output: TurnOutput?, complaint: String? = nil
  ) {
    self.result = result
    self.program = program
    self.output = output
    self.complaint = complaint
  }

  /// One clause about a program's exit code, by the name that it has in a folder.
  static func words(forCode code: Int32, of program: String) -> String {
    let name = program.unicodeScalars.split(separator: "/").last.map { String($0) } ?? program
    return "`\(name)` ended with \(ExitMeaning.words(forCode: code))"
  }

  /// What the turn came to, given what the program said of it: nil where it owes an answer. A program that never was ready
  /// for a turn is told of by its exit code; a later end without an answer is a crash.
  func outcome(_ said: AgentOutcome?, wasUnderWay: Bool, isCancelled: Bool) -> AgentOutcome {
    switch result {
    case .failure(let failure): return .failed(AgentFailure(.unstartable, "\(failure)"))
    case .success(let result):
      switch result.ending {
      case .stopped: return isCancelled ? .cancelled : said ?? .cancelled
      case .timedOut: return said.flatMap(Self.answer) ?? failed(.timedOut, "timed out")
      case .idledOut: return said.flatMap(Self.answer) ?? failed(.idledOut, "printed nothing for too long")
      case .unrecorded(let failure): return .failed(AgentFailure(.unrecorded, "\(failure)"))
      case .signalled(let signal): return said ?? failed(.signalled(signal), ExitMeaning.words(forSignal: signal))
      case .lost: return said ?? failed(.crashed, "its exit status was lost")
      case .exited(let code): return said ?? end(code, wasUnderWay)
      }
    }
  }

  private func end(_ code: Int32, _ wasUnderWay: Bool) -> AgentOutcome {
    let words = code == 0 ? "it ended without an answer" : Self.words(forCode: code, of: program)
    return failed(wasUnderWay || code == 0 ? .crashed : .exited(code), words)
  }

  private func failed(_ kind: AgentFailure.Kind, _ words: String) -> AgentOutcome {
    if let complaint { return .failed(AgentFailure(kind, "\(words): \(complaint)")) }
    return .failed(AgentFailure(kind, output?.quoting(words) ?? words))
  }

  /// A program that had answered, and only didn't end, has answered.
  private static func answer(_ outcome: AgentOutcome) -> AgentOutcome? {
    if case .answered = outcome { outcome } else { nil }
  }
}
