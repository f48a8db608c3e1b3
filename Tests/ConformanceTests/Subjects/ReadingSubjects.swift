import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonWorkflowFile

/// What reading files comes to: faults in their places, includes and matrices in their place.
extension Subject {
  static let faults = Subject(
    "faults", takes: ["file"],
    gives: ["loads": .exactly, "says": .mention, "hint": .exactly], always: ["loads"]
  ) { row, _ in
    let file = MarkedText(row.place, try row.text("file"))
    var reading = WorkflowReader.read(file.text, fileName: "w.yaml")
    reading.diagnostics.removeAll { $0.code == "notRunnable" }
    #expect(
      MarkedText.found(reading.diagnostics) == Set(file.expectations),
      "\(row.place): \(reading.diagnostics.map(\.message))")
    return said(reading)
  }

  static let includes = Subject(
    "includes", takes: ["files"],
    gives: [
      "loads": .exactly, "says": .mention, "hint": .exactly, "nodes": .exactly, "depends_on": .members,
      "when": .members,
      "trigger_rule": .members, "members": .members, "output_of": .members, "reads": .members, "bound": .members,
    ], always: ["loads"]
  ) { row, _ in
    let files = row.members("files")
    let main = MarkedText(row.place, try #require(files.first?.value.stringValue))
    let resolver: IncludeResolver = { name throws(CatalogFailure) in
      guard let file = files.first(where: { $0.key == name }), let path = AbsolutePath("/w/\(name).yaml") else {
        throw CatalogFailure.notFound(name, near: Spelling.nearest(to: name, among: files.map(\.key)))
      }
      return IncludedFile(path: path, bytes: Array(MarkedText(file.key, file.value.stringValue ?? "").text.utf8))
    }
    let reading = WorkflowReader.read(
      Array(main.text.utf8), fileName: "main.yaml", path: AbsolutePath("/w/main.yaml"), including: resolver)
    #expect(
      MarkedText.found(reading.diagnostics) == Set(main.expectations),
      "\(row.place): \(reading.diagnostics.map(\.message))")
    var outcome = said(reading)
    if let definition = reading.definition { describe(definition, in: &outcome) }
    return outcome
  }

  static let matrices = Subject(
    "matrices", takes: ["matrix", "nodes"],
    gives: ["nodes_are": .exactly, "waits": .members, "variables": .members, "refused": .exactly, "says": .mention],
    always: ["refused"]
  ) { row, _ in
    let more = row["nodes"]?.arrayValue ?? []
    let node: JSONValue = ["id": "each", "bash": "true", "matrix": row["matrix"] ?? .null]
    let reading = WorkflowReader.read(JSONValue.object(["name": "w", "nodes": .array([node] + more)]).serializedText())
    guard let definition = reading.definition else {
      let first = reading.diagnostics.first
      return ["refused": .string(first?.code ?? ""), "says": .string(first?.message ?? "")]
    }
    var outcome: JSONObject = ["nodes_are": .array(definition.nodes.map { .string("\($0.id)") })]
    outcome["waits"] = members(of: definition) { .array($0.dependsOn.map { .string("\($0)") }) }
    outcome["variables"] = members(of: definition) { node in
      node.instance.map { instance in
        .object(JSONObject(members: instance.values.map { .init(key: $0.name, value: $0.value) }))
      }
    }
    return outcome
  }

  private static func said(_ reading: WorkflowReading) -> JSONObject {
    var outcome: JSONObject = ["loads": .bool(!reading.isRejected)]
    outcome["says"] = reading.diagnostics.first.map { .string($0.message) }
    outcome["hint"] = reading.diagnostics.compactMap(\.hint).first.map { .string($0) }
    return outcome
  }

  private static func members(of definition: WorkflowDefinition, _ value: (Node) -> JSONValue?) -> JSONValue {
    .object(
      JSONObject(
        members: definition.nodes.compactMap { node in value(node).map { .init(key: "\(node.id)", value: $0) } })
    )
  }

  private static func describe(_ definition: WorkflowDefinition, in outcome: inout JSONObject) {
    func ids(_ ids: [NodeID]) -> JSONValue { .array(ids.map { .string("\($0)") }) }
    outcome["nodes"] = ids(definition.nodes.map(\.id))
    outcome["depends_on"] = members(of: definition) { ids($0.dependsOn) }
    outcome["when"] = members(of: definition) { $0.when.map { .string($0.description) } }
    outcome["trigger_rule"] = members(of: definition) { .string($0.triggerRule.rawValue) }
    outcome["members"] = members(of: definition) { node in include(node)?.members.map(ids) }
    outcome["output_of"] = members(of: definition) { node in include(node)?.result.map { .string("\($0)") } }
    outcome["reads"] = members(of: definition) { node in .array(node.references.map { .string($0.description) }) }
    let bound = definition.includes.flatMap { include in
      include.inputs.map { input in
        JSONObject.Member(key: "\(include.id).\(input.declaration.name)", value: text(of: input.value))
      }
    }
    outcome["bound"] = .object(JSONObject(members: bound))
  }

  private static func include(_ node: Node) -> Include? {
    if case .include(let include) = node.kind { include } else { nil }
  }

  /// A literal as it is, and what has to be resolved as the texts that it is made of.
  private static func text(of value: Binding.Value) -> JSONValue {
    switch value {
    case .literal(let literal): literal
    case .reference(let reference, _): .string(reference.description)
    case .template(let template):
      .string(
        template.segments.map { segment in
          switch segment {
          case .text(let text): text
          case .reference(let reference): reference.description
          }
        }.joined())
    }
  }
}

extension Subject {
  /// Files in the style of Archon's.
  static let archon = Subject(
    "archon", takes: ["file"], gives: ["loads": .exactly, "ignored": .exactly, "hint": .exactly],
    always: ["loads", "ignored"]
  ) { row, _ in
    let text = try row.text("file")
    let reading = WorkflowReader.read(text, fileName: "w.yaml")
    guard !reading.isRejected else {
      let first = reading.diagnostics.first { $0.severity == .error }
      return ["loads": false, "hint": .string(first?.hint ?? ""), "says": .string(first?.message ?? "")]
    }
    let codes: Set<String> = [
      "notActedOn", "notRunnable", "misplacedKey", "unknownKey", "notUpstream", "defaultAsText", "quotedNumber",
    ]
    for diagnostic in reading.diagnostics {
      #expect(codes.contains(diagnostic.code), "\(row.place): \(diagnostic.code) \(diagnostic.message)")
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
    let ignored = reading.diagnostics.compactMap { diagnostic -> String? in
      let (start, end) = (diagnostic.range.start, diagnostic.range.end)
      guard start.line == end.line else { return nil }
      let stretch = lines[start.line][start.column..<end.column]
      let key = String(String.UnicodeScalarView(stretch))
      let isForeign = WorkflowLanguage.foreign.contains { $0.name == key }
      return isForeign || ["misplacedKey", "unknownKey"].contains(diagnostic.code) ? key : nil
    }
    var outcome: JSONObject = ["loads": true, "ignored": .array(Set(ignored).sorted().map { .string($0) })]
    outcome["hint"] = reading.diagnostics.first { $0.code == "quotedNumber" }?.hint.map { .string($0) }
    return outcome
  }
}
