import IonEngine
import IonJSON
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// Rows that real steps are run for, many in one engine; what came of each stands by its place.
enum EngineRows {
  /// The bodies of `substitution.yaml`, all of them nodes of one run. What the values are is in files, so that no shell
  /// and no reader comes between.
  static let substitution = Task { () async throws -> [String: JSONObject] in
    let table = Table("substitution")
    let values = table.given["outputs"]?.objectValue?.members ?? []
    var files: [String: String] = [:]
    var nodes: [JSONValue] = []
    for value in values {
      files["values/\(value.key)"] = value.value.stringValue ?? value.value.serializedText()
      nodes.append(["id": .string(value.key), "exec": ["cat", .string("values/\(value.key)")]])
    }
    nodes.append(["id": "binary", "exec": ["printf", "a\\0b"]])
    let sources: JSONValue = .array((values.map(\.key) + ["binary"]).map { .string($0) })
    let rows = table.rows.enumerated().filter { row in
      BashBody.parse((row.element["bash"]?.stringValue) ?? "").faults.allSatisfy { $0.severity != .error }
    }
    for (number, row) in rows {
      nodes.append([
        "id": .string("row\(number)"), "bash": row["bash"] ?? "", "depends_on": sources, "continue_on_error": true,
      ])
    }
    var file: JSONObject = ["name": "w", "nodes": .array(nodes)]
    file["inputs"] = table.given["inputs"]
    files[".ion/workflows/w.yaml"] = JSONValue.object(file).serializedText()
    let fixture = try await EngineFixture(files: files)
    let (_, records) = try await fixture.run("w", message: "the message")
    var outcomes: [String: JSONObject] = [:]
    for (number, row) in rows {
      let record = try #require(records[NodeID("row\(number)")])
      outcomes[row.place] =
        record.status == .succeeded
        ? ["prints": .string(record.output?.text ?? "")] : ["fails": .string(record.error ?? record.status.rawValue)]
    }
    outcomes["leftovers"] = ["files": .array(fixture.folder.names(in: "workspace").map { .string($0) })]
    return outcomes
  }

  /// The workflows of `loops.yaml`, one after the other.
  static let loops = Task { () async throws -> [String: JSONObject] in
    var outcomes: [String: JSONObject] = [:]
    let rows = Table("loops").rows
    var files: [String: String] = [:]
    for (number, row) in rows.enumerated() {
      var file: JSONObject = ["name": .string("row\(number)"), "nodes": row["nodes"] ?? []]
      for member in row.members("file") { file[member.key] = member.value }
      files[".ion/workflows/row\(number).yaml"] = JSONValue.object(file).serializedText()
    }
    let fixture = try await EngineFixture(files: files)
    for (number, row) in rows.enumerated() {
      let (run, nodes) = try await fixture.run("row\(number)")
      func members(_ value: (NodeID) -> String?) -> JSONValue {
        let ids = nodes.keys.sorted()
        return .object(
          JSONObject(members: ids.compactMap { id in value(id).map { .init(key: "\(id)", value: .string($0)) } }))
      }
      var outcome: JSONObject = [
        "run": .string(run.status.rawValue), "outputs": members { nodes[$0]?.output?.text },
        "statuses": members { nodes[$0]?.status.rawValue }, "summaries": members { nodes[$0]?.summary },
      ]
      outcome["why"] = run.error.map { .string($0) }
      outcomes[row.place] = outcome
    }
    return outcomes
  }
}
