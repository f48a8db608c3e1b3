internal import IonAgents
internal import IonLock
internal import IonProcess
internal import IonWorkflow

/// The log of a step that an agent works on, to be read by people, as Markdown: `TurnTranscript`. What its program prints
/// as it is lies beside it, in the folder of each turn.
final class TurnLog: Sendable {
  private let journal: OutputJournal
  private let transcript: Guarded<TurnTranscript>

  /// `announce` is told of what was added.
  init(
    _ files: OutputFiles, secrets: SecretMask?, announce: @escaping @Sendable (OutputChunk) -> Void
  ) {
    journal = OutputJournal(files, secrets: secrets, onOutput: announce)
    transcript = Guarded(TurnTranscript(secrets))
  }

  func note(_ event: AgentEvent) { write { $0.take(event) } }

  /// Words of Ion's own.
  func say(_ words: String) { write { $0.say(inIonsName: words) } }

  /// Ends the log; how many bytes it has.
  func finish() throws(OutputFailure) -> Int {
    write { $0.finish() }
    return try journal.finish().map { $0.stdout.size + $0.stderr.size } ?? 0
  }

  private func write(_ pieces: (inout TurnTranscript) -> [TurnTranscript.Piece]) {
    journal.append { transcript.withLock { pieces(&$0) }.map { ($0.text, $0.stream) } }
  }
}
