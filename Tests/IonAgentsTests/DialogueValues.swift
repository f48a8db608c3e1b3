import IonWorkflow

@testable import IonAgents

extension AgentDialogue {
  /// Takes a line as text.
  mutating func take(_ line: String) -> [DialogueEffect] { take(Array(line.utf8)) }
}

extension [DialogueEffect] {
  /// What goes to the program.
  var lines: [String] {
    compactMap { if case .send(let line) = $0 { String(decoding: line, as: UTF8.self) } else { nil } }
  }
  /// What is told.
  var events: [AgentEvent] { compactMap { if case .tell(let event) = $0 { event } else { nil } } }
}

extension AgentEvent {
  var isUsage: Bool { if case .used = self { true } else { false } }
}

extension AgentOutcome {
  var failureKind: AgentFailure.Kind? { if case .failed(let failure) = self { failure.kind } else { nil } }
  var failureMessage: String? { if case .failed(let failure) = self { failure.message } else { nil } }
}
