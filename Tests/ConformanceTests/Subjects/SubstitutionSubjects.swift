import IonJSON
import IonWorkflow
import Testing

/// What a reference comes to in a bash body: by the reader, by the rewriting, and in a real bash.
extension Subject {
  static let substitution = Subject(
    "substitution", takes: ["bash"],
    gives: [
      "prints": .exactly, "fails": .mention, "becomes": .exactly, "warns": .exactly, "refused": .exactly,
      "at": .exactly,
      "carries": .exactly,
    ], always: ["prints", "fails", "warns", "refused"]
  ) { row, _ in
    let text = try row.text("bash")
    let (body, faults) = BashBody.parse(text)
    var outcome: JSONObject = [:]
    if let fault = faults.first {
      outcome[fault.severity == .error ? "refused" : "warns"] = .string(fault.code)
      outcome["at"] = .string(String(decoding: Array(text.utf8)[fault.range], as: UTF8.self))
      if fault.severity == .error { return outcome }
    }
    outcome["becomes"] = .string(body.rewritten(variablePrefix: "V").text)
    outcome["carries"] = .array(body.rewritten().variables.map { .string($0.reference.description) })
    let ran = try #require(try await EngineRows.substitution.value[row.place], "\(row.place) was not run")
    for member in ran.members { outcome[member.key] = member.value }
    return outcome
  }
}
