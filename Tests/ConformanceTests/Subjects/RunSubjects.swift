import IonJSON
import IonScheduler
import IonWorkflow
import IonWorkflowFile
import Testing

/// What runs come to, played by the scheduler: trigger rules, retries, ends, resumes.
extension Subject {
  static let triggerRules = playing("trigger-rules")
  static let retries = playing("retries")
  static let endings = playing("endings")
  static let resumes = playing("resumes")

  private static func playing(_ name: String) -> Subject {
    Subject(
      name, takes: ["nodes", "file", "play", "then", "dice"],
      gives: [
        "statuses": .members, "run": .exactly, "why": .mention, "starts": .exactly, "waits": .exactly,
        "summaries": .members,
      ]
    ) { row, _ in
      var play = Play(try definition(row), script: script(row.members("play")))
      if let dice = row["dice"]?.serializedText() { play.dice = try #require(Double(dice)) }
      play.play()
      if row["then"] != nil {
        play.script = script(row.members("then"))
        play.play()
      }
      return outcome(of: play)
    }
  }

  /// The workflow that a row describes by its `nodes`, and by what else its `file` says.
  static func definition(_ row: TableRow) throws -> WorkflowDefinition {
    var file: JSONObject = ["name": "w", "nodes": row["nodes"] ?? []]
    for member in row.members("file") { file[member.key] = member.value }
    let reading = WorkflowReader.read(JSONValue.object(file).serializedText())
    return try #require(reading.definition, "\(row.place): \(reading.diagnostics.map(\.message))")
  }

  private static func script(_ members: [JSONObject.Member]) -> [NodeID: [String]] {
    Dictionary(
      uniqueKeysWithValues: members.map { member in
        (NodeID(member.key), (member.value.arrayValue ?? [member.value]).compactMap(\.stringValue))
      })
  }

  static func outcome(of play: Play) -> JSONObject {
    let nodes = play.run.nodes
    func members(_ value: (NodeState) -> JSONValue?) -> JSONValue {
      .object(JSONObject(members: nodes.compactMap { node in value(node).map { .init(key: "\(node.id)", value: $0) } }))
    }
    var outcome: JSONObject = [
      "statuses": members { .string($0.status.rawValue) }, "run": .string(play.run.status.rawValue),
      "starts": .array(play.starts.map { .string($0) }),
      "waits": .object(
        JSONObject(
          members: play.waits.sorted { $0.key < $1.key }.map { id, waits in
            .init(key: "\(id)", value: .array(waits.map { .integer(Int64($0 / .milliseconds(1))) }))
          })),
      "summaries": members { ($0.summary ?? $0.failure?.message).map { .string($0) } },
    ]
    outcome["why"] = play.run.outcome?.reason.map { .string($0) }
    return outcome
  }
}
