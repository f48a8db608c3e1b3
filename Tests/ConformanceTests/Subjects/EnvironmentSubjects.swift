import IonEngine
import IonJSON
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// What stands in a step's environment, in a real step.
extension Subject {
  static let environment = Subject(
    "environment", takes: ["own", "config", "workflow", "inputs", "node"],
    gives: ["prints": .exactly, "fails": .mention, "refused": .mention], always: ["prints", "fails", "refused"]
  ) { row, _ in
    var node: JSONObject = ["id": "a"]
    for member in row.members("node") { node[member.key] = member.value }
    var file: JSONObject = ["name": "w", "nodes": [.object(node)]]
    for member in row.members("workflow") { file[member.key] = member.value }
    let folder = TemporaryFolder("ion-environment")
    var own = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.path.text, "LANG": "C.UTF-8"]
    for member in row.members("own") { own[member.key] = member.value.stringValue }
    let fixture = try await EngineFixture(
      files: [
        ".ion/workflows/w.yaml": JSONValue.object(file).serializedText(),
        ".ion/config.yaml": row["config"]?.stringValue ?? "",
      ], environment: own, folder: folder)
    var options = WorkflowExecutionOptions()
    for member in row.members("inputs") { options.input[member.key] = member.value }
    do {
      let (run, nodes) = try await fixture.run("w", options: options)
      guard let record = nodes["a"], run.status == .succeeded else {
        let isBegun = nodes["a"].map { $0.status == .failed } ?? false
        return [isBegun ? "fails" : "refused": .string(nodes["a"]?.error ?? run.error ?? "")]
      }
      return ["prints": .string(record.output?.text ?? "")]
    } catch let failure as EngineFailure {
      return ["refused": .string("\(failure)")]
    }
  }
}
