import IonJSON
import IonWorkflow
import Testing

@testable import IonWorkflowFile

/// What files say: plain words of YAML, durations, inputs, matrices.
extension Subject {
  static let scalars = Subject("scalars", takes: ["yaml"], gives: ["is": .exactly], always: ["is"]) { row, _ in
    let reading = YAMLText.read(Array("value: \(try row.text("yaml"))".utf8), limits: .standard)
    let value = try #require(reading.root?.json["value"], "\(reading.findings.map(\.message))")
    return ["is": value]
  }

  static let durations = Subject(
    "durations", takes: ["duration"], gives: ["ms": .exactly, "refused": .exactly, "hint": .exactly],
    always: ["ms", "refused"]
  ) { row, _ in
    let file: JSONValue = [
      "name": "w", "timeout": row["duration"] ?? .null, "nodes": [["id": "a", "bash": "true"]],
    ]
    let reading = WorkflowReader.read(file.serializedText())
    guard let definition = reading.definition else {
      var outcome: JSONObject = ["refused": .string(reading.diagnostics.first?.code ?? "")]
      outcome["hint"] = reading.diagnostics.first?.hint.map(JSONValue.string)
      return outcome
    }
    return ["ms": definition.timeout.map { .integer(Int64($0 / .milliseconds(1))) } ?? .null]
  }

  static let inputs = Subject(
    "inputs", takes: ["declared", "given", "words"],
    gives: ["are": .exactly, "fails": .exactly, "says": .mention, "hint": .exactly], always: ["are", "fails"]
  ) { row, _ in
    let file: JSONValue = [
      "name": "w", "inputs": row["declared"] ?? [:], "nodes": [["id": "a", "bash": "true"]],
    ]
    let reading = WorkflowReader.read(file.serializedText())
    let definition = try #require(reading.definition, "\(row.place): \(reading.diagnostics)")
    let isText = row["words"] != nil
    let supplied = row.members(isText ? "words" : "given")
    do throws(InputFailure) {
      let checked = try InputCheck.check(
        definition.inputs, supplied: Dictionary(uniqueKeysWithValues: supplied.map { ($0.key, $0.value) }),
        from: isText ? .text : .typed)
      let members = definition.inputs.compactMap { input in checked.all[input.name].map { (input.name, $0) } }
      return ["are": .object(JSONObject(members: members.map { .init(key: $0.0, value: $0.1) }))]
    } catch {
      let reasons = error.faults.map { JSONObject.Member(key: $0.name, value: .string($0.reason.rawValue)) }
      var outcome: JSONObject = ["fails": .object(JSONObject(members: reasons))]
      outcome["says"] = error.faults.first.map { .string($0.message) }
      outcome["hint"] = error.faults.first?.hint.map(JSONValue.string)
      return outcome
    }
  }

  static let names = Subject(
    "names", takes: ["name"], gives: ["is": .exactly, "ambiguous": .exactly, "unknown": .exactly],
    always: ["is", "ambiguous", "unknown"]
  ) { row, table in
    let files = try #require(table.given["files"]?.objectValue)
    let entries = try files.members.map { file in
      let path = try #require(AbsolutePath("/w/\(file.key)"))
      let text = "name: \(file.value.stringValue ?? "")\nnodes: [{id: a, bash: x}]"
      return WorkflowCatalog.Entry(
        path: path, scope: .workspace, bytes: [], reading: WorkflowReader.read(text, fileName: path.name))
    }
    do throws(CatalogFailure) {
      let entry = try WorkflowCatalog(entries: entries, faults: []).entry(named: row.name())
      return ["is": .string(entry.path.name)]
    } catch {
      switch error {
      case .ambiguous(_, let candidates): return ["ambiguous": .array(candidates.map { .string($0.path.name) })]
      case .notFound(_, let near): return ["unknown": .array(near.map { .string($0) })]
      }
    }
  }
}

extension TableRow {
  fileprivate func name() -> String { fields["name"]?.stringValue ?? "" }
}
