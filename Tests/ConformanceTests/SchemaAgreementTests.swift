import IonJSON
import IonJSONSchema
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonWorkflowFile

/// The JSON Schema that `ion schema` prints takes what the reader takes, and refuses what the reader refuses, as far as
/// a schema can.
@Suite struct SchemaAgreementTests {
  /// The codes of what the reader refuses and no schema can tell, as the page says them.
  static let beyondSchemas: Set<String> = {
    let rows = (Checkout.text("protocol-spec/workflow-schema.md") ?? "").split(separator: "\n")
      .filter { $0.hasPrefix("| `") }
    return Set(
      rows.flatMap { $0.split(separator: "|")[0].split(separator: " ").map { String($0.filter { $0 != "`" }) } })
  }()

  private static func isBeyondSchemas(_ error: Diagnostic) -> Bool {
    // A required key of another node's `output_format`.
    beyondSchemas.contains(error.code) || error.message.contains("has no `output_format`")
  }

  let schema: JSONSchema

  init() throws { schema = try JSONSchema(WorkflowSchema.document) }

  @Test(arguments: Subject.faults.rows) func ofWrongFiles(row: TableRow) throws {
    try expectAgreement(about: MarkedText(row.place, try row.text("file")).text, row.place)
  }

  @Test(arguments: Subject.includes.rows) func ofFilesThatIncludeOthers(row: TableRow) throws {
    for file in row.members("files") {
      try expectAgreement(about: MarkedText(file.key, file.value.stringValue ?? "").text, "\(row.place) \(file.key)")
    }
  }

  @Test(arguments: Subject.archon.rows) func ofFilesLikeArchons(row: TableRow) throws {
    try expectAgreement(about: try row.text("file"), row.place)
  }

  @Test(arguments: NodeKind.names) func ofThePagesExamples(kind: String) throws {
    let page = try #require(KindPage(of: kind))
    for file in page.files where file.path.hasPrefix(".ion/workflows/") {
      try expectAgreement(about: file.text, "\(kind).md \(file.path)")
    }
  }

  @Test func ofTheRepositorysOwnWorkflows() throws {
    let folders = [".ion/workflows", "Sources/ion/Templates", "Sources/IonWorkflowFile/Builtin"]
    let paths = folders.flatMap { Checkout.files(below: $0) }
      .filter { $0.hasSuffix(".yaml") && !$0.hasSuffix("config.yaml") }
    #expect(paths.count > 5)
    for path in paths { try expectAgreement(about: try #require(Checkout.text(path)), path) }
  }

  /// Every key of every mapping, with values of every sort behind it.
  @Test(arguments: SchemaHost.all.indices) func ofKeys(index: Int) throws {
    let host = SchemaHost.all[index]
    let spec = try #require(WorkflowLanguage.mappings.first { $0.name == host.name })
    try expectAgreement(about: host.file.serializedText(), "\(host.name) by itself")
    #expect(schema.accepts(host.file), "\(host.name)'s own file")
    for key in spec.keys { try expectAgreement(about: key.name, in: host) }
    try expectAgreement(about: "no_such_key", in: host)
  }

  @Test func ofKeysOfNodes() throws {
    for key in WorkflowLanguage.node.keys {
      let host = SchemaHost.node(of: key.kinds.first ?? "bash")
      try expectAgreement(about: key.name, in: host)
    }
  }

  @Test func ofKeysThatStandTogether() throws {
    let nodes: [JSONValue] = [
      ["id": "n", "bash": "x", "finish": "y"], ["id": "n"], ["id": "n", "script": "print(1)"],
      ["id": "n", "workflow": "other", "input": "x", "with": ["a": 1]],
      ["id": "n", "workflow": "other", "with": ["a": 1]], ["id": "n", "loop": ["max_iterations": 2, "prompt": "x"]],
      ["id": "n", "loop": ["max_iterations": 2, "prompt": "x", "command": "y", "until": "D"]],
      ["id": "n", "loop": ["max_iterations": 2, "until": "D"]],
      ["id": "n", "loop_group": ["max_iterations": 2, "nodes": [["id": "b", "bash": "x"]]]],
      ["id": "n", "approval": ["message": "x", "decisions": [["id": "later"]]]],
      ["id": "n", "approval": ["message": "x", "decisions": [["id": "approve"]], "on_reject": ["prompt": "x"]]],
      ["id": "n", "approval": ["message": "x", "decisions": .null, "on_reject": ["prompt": "x"]]],
      ["id": "n", "approval": ["message": "x", "default": "approve"]],
      ["id": "n", "approval": ["message": "x", "default": "approve", "timeout": "1h"]],
      ["id": "n", "approval": ["message": "x", "form": ["q": ["type": "enum"]]]],
      ["id": "n", "approval": ["message": "x", "form": ["q": ["type": "enum", "values": ["a"]]]]],
    ]
    for node in nodes {
      let file: JSONValue = ["name": "w", "nodes": [node]]
      try expectAgreement(about: file.serializedText(), "together")
    }
  }

  private static let values: [JSONValue] = [
    .null, true, false, "", " ", "x", "a b", "a\nb", "a-b", "A_b", "../x", ".x", "a/b", "true", "3", "x y: z", "1h30m",
    "0s", "90", "10 s", "250ms", "approve", 0, 1, -1, 3, 12_345_678_901_234, 1.5, 0.5, -0.5, [], ["x"], [1], [.null],
    [["x"]], [[:]], [["id": "n2", "bash": "x"]], [:], ["a": 1], ["a": "x"], ["a": .null], ["a": ["x"]], ["a b": "x"],
    ["a": [:]], ["from": "x"], "fresh", "all", "local", "high", "pure", "all_done", "inherit", "enabled", "enum",
  ]

  private func expectAgreement(about key: String, in host: SchemaHost) throws {
    for value in [nil] + Self.values.map(Optional.some) {
      let text = host.file(with: key, value).serializedText()
      try expectAgreement(about: text, "\(host.name).\(key)")
    }
  }

  private func expectAgreement(about text: String, _ what: String) throws {
    let reading = WorkflowReader.read(text, fileName: "w.yaml")
    let errors = reading.diagnostics.filter { $0.severity == .error }
    let root = YAMLText.read(Array(text.utf8), limits: .standard).root
    guard let root else {
      #expect(!errors.isEmpty, "\(what): \(text)")
      return
    }
    let findings = schema.findings(in: root.asEditorsReadIt)
    if errors.isEmpty {
      #expect(findings == [], "\(what): the reader takes this, and the schema doesn't: \(text)")
    } else if let error = errors.first(where: { !Self.isBeyondSchemas($0) }) {
      #expect(
        findings != [],
        "\(what): the reader refuses this, and the schema takes it: \(text), \(error.code) \(error.message)")
    }
  }
}

extension YAMLNode {
  /// The value as JSON, with every spelling of a number a number, as programs for YAML have it.
  fileprivate var asEditorsReadIt: JSONValue {
    switch value {
    case .scalar(let scalar):
      scalar.isPlain ? PlainScalar.number(scalar.text)?.value ?? scalar.resolved : scalar.resolved
    case .sequence(let items): .array(items.map(\.asEditorsReadIt))
    case .mapping(let pairs):
      .object(JSONObject(members: pairs.map { JSONObject.Member(key: $0.key.text, value: $0.value.asEditorsReadIt) }))
    }
  }
}
