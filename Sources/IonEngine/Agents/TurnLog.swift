internal import IonAgents
internal import IonProcess
internal import IonWorkflow

/// The log of a step that an agent works on, to be read by people: what it says is the step's stdout, what it does and
/// thinks the step's stderr. What its program prints as it is lies beside it, in the folder of each turn.
struct TurnLog: Sendable {
  private let journal: OutputJournal

  /// `announce` is told of what was added.
  init(
    _ files: OutputFiles, secrets: SecretMask?, announce: @escaping @Sendable (OutputChunk) -> Void
  ) {
    journal = OutputJournal(files, secrets: secrets, onOutput: announce)
  }

  func note(_ event: AgentEvent) {
    switch event {
    case .processStarted, .sessionKnown, .permissionRequested, .permissionWithdrawn, .used, .ended: break
    case .text(let text): journal.append(text, to: .stdout)
    case .thought(let text), .noted(let text): journal.append(text, to: .stderr)
    case .toolCalled(let call): say("→ " + call.title + (call.input.map { ": \($0)" } ?? ""))
    case .toolEnded(let result): say((result.isSuccess ? "✓" : "✗") + (result.text.map { " \($0)" } ?? ""))
    case .fileChanged(let edit): say("± \(edit.path) \(edit.change.rawValue)")
    case .planned(let entries): for entry in entries { say("\(Self.mark(entry.state)) \(entry.text)") }
    }
  }

  /// A line of Ion's own.
  func say(_ line: String) { journal.append(line + "\n", to: .stderr) }

  /// Ends the log; how many bytes it has.
  func finish() throws(OutputFailure) -> Int {
    try journal.finish().map { $0.stdout.size + $0.stderr.size } ?? 0
  }

  private static func mark(_ state: PlanEntry.State) -> String {
    switch state {
    case .pending: "[ ]"
    case .underWay: "[-]"
    case .done: "[x]"
    }
  }
}
