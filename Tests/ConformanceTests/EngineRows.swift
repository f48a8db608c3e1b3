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

  static let loops = Task { try await runs(of: "loops") }
  static let results = Task { try await runs(of: "results") }
  static let agentLoops = Task { try await runs(of: "agent-loops") }
  static let children = Task { try await runs(of: "children") }
  static let fanOuts = Task { try await runs(of: "fan-outs") }

  /// What came of each row's workflow, run one after the other: its `nodes`, what else its `file` says, and the `others` that
  /// it names; all of them stand among the `files` that the table gives.
  private static func runs(of table: String) async throws -> [String: JSONObject] {
    let (given, rows) = (Table(table).given, Table(table).rows)
    var files: [String: String] = [:]
    for member in given["files"]?.objectValue?.members ?? [] { files[member.key] = member.value.stringValue }
    for (number, row) in rows.enumerated() {
      var file: JSONObject = ["name": .string("row\(number)"), "nodes": row["nodes"] ?? []]
      for member in row.members("file") { file[member.key] = member.value }
      files[".ion/workflows/row\(number).yaml"] = JSONValue.object(file).serializedText()
      for member in row.members("others") {
        files[".ion/workflows/\(member.key).yaml"] = member.value.stringValue ?? member.value.serializedText()
      }
    }
    let fixture = try await EngineFixture(files: files)
    var outcomes: [String: JSONObject] = [:]
    for (number, row) in rows.enumerated() {
      do {
        outcomes[row.place] = try await run("row\(number)", in: fixture)
      } catch let failure as EngineFailure {
        outcomes[row.place] = ["refused": .string(failure.message)]
      }
    }
    return outcomes
  }

  private static func run(_ name: String, in fixture: EngineFixture) async throws -> JSONObject {
    let (run, nodes) = try await fixture.run(name)
    func members(_ value: (NodeRecord) -> String?) -> JSONValue {
      .object(
        JSONObject(
          members: nodes.sorted { $0.key < $1.key }.compactMap { id, node in
            value(node).map { .init(key: "\(id)", value: .string($0)) }
          }))
    }
    var outcome: JSONObject = [
      "run": .string(run.status.rawValue), "outputs": members { $0.output?.text },
      "statuses": members { $0.status.rawValue }, "summaries": members { $0.summary }, "errors": members { $0.error },
    ]
    outcome["why"] = run.error.map { .string($0) }
    outcome["output"] = try await fixture.workspace.output(of: run)?.value
    outcome["outcome"] = run.result?.outcome.map { .bool($0) }
    return outcome
  }
}
