import IonJSON
import IonWorkflow
import Testing

/// When loops are done.
extension Subject {
  /// The word of `until` in what an iteration gave.
  static let loopSignals = Subject(
    "loop-signals", takes: ["until", "text"], gives: ["done": .exactly], always: ["done"]
  ) {
    row, _ in
    ["done": .bool(LoopSignal.isGiven(try row.text("until"), in: try row.text("text")))]
  }

  /// Whole loops, with real steps.
  static let loops = Subject(
    "loops", takes: ["file", "nodes"],
    gives: ["run": .exactly, "why": .mention, "outputs": .members, "statuses": .members, "summaries": .members]
  ) { row, _ in
    try #require(try await EngineRows.loops.value[row.place], "\(row.place) was not run")
  }
}
