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
  static let loops = running("loops") { try await EngineRows.loops.value }

  /// Loops of one prompt, with an agent that does what it is asked.
  static let agentLoops = running("agent-loops") { try await EngineRows.agentLoops.value }
}

extension Subject {
  /// What a run comes to as a whole, with real steps.
  static let results = running("results") { try await EngineRows.results.value }

  /// What children give to their parents.
  static let children = running("children") { try await EngineRows.children.value }

  /// What children for each of some items give to their parents.
  static let fanOuts = running("fan-outs") { try await EngineRows.fanOuts.value }

  /// Workflows that are run, all of a table in one engine.
  private static func running(
    _ name: String, outcomes: @escaping @Sendable () async throws -> [String: JSONObject]
  ) -> Subject {
    Subject(
      name, takes: ["file", "nodes", "others"],
      gives: [
        "run": .exactly, "why": .mention, "outputs": .members, "statuses": .members, "summaries": .members,
        "errors": .members, "output": .exactly, "outcome": .exactly, "refused": .mention,
      ], always: ["output", "outcome", "refused"]
    ) { row, _ in
      try #require(try await outcomes()[row.place], "\(row.place) was not run")
    }
  }
}
