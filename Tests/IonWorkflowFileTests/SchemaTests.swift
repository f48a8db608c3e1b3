import IonJSON
import IonJSONSchema
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonWorkflowFile

/// The JSON Schema says what the reader says, as far as a schema can.
@Suite struct SchemaTests {
  let schema: JSONSchema

  init() throws { schema = try JSONSchema(WorkflowSchema.document) }

  func json(_ text: String) throws -> JSONValue {
    try #require(YAMLText.read(Array(text.utf8), limits: .standard).root).json
  }

  @Test(arguments: Corpus.valid)
  func rightFilesMatch(_ file: MarkedText) throws {
    #expect(schema.findings(in: try json(file.text)) == [])
  }

  @Test(arguments: [
    "name: a", "name: [a]\nnodes: [{id: a, bash: x}]", "nodes: []", "nodes: [{bash: x}]", "nodes: [{id: a}]",
    "nodes: [{id: a, bash: x, finish: y}]", "nodes: [{id: 1a, bash: x}]", "nodes: [{id: INPUTS, bash: x}]",
    "nodes: [{id: a, script: x}]", "nodes: [{id: a, bash: x, retry: {}}]", "nodes: [{id: a, bash: x, timeout: 12:30}]",
    "nodes: [{id: a, bash: x, timeout: 0}]", "nodes: [{id: a, bash: x, trigger_rule: some}]",
    "nodes: [{id: a, bash: x, env: {a-b: 1}}]", "nodes: [{id: a, bash: x, always_run: yes}]",
    "max_parallel: 0\nnodes: [{id: a, bash: x}]", "nodes: [{id: a, exec: []}]", "nodes: [{id: a, command: ../x}]",
    "nodes: [{id: a, bash: x, retry: {max_attempts: 2, jitter: 1.5}}]",
    "nodes: [{id: a, loop_group: {nodes: [{id: 1}], until: x, max_iterations: 1}}]",
    "nodes: [{id: a, exec: }]",
  ])
  func wrongFilesDoNot(_ text: String) throws {
    #expect(!schema.accepts(try json(text)))
    #expect(!WorkflowReader.read(text, fileName: "a.yaml").diagnostics.isEmpty)
  }

  @Test(arguments: [
    "colour: red\nnodes: [{id: a, bash: x}]", "inputs: {a: {type: int}}\nnodes: [{id: a, bash: x}]",
    "tags: ci\nnodes: [{id: a, bash: x}]", "effort: enormous\nnodes: [{id: a, bash: x, retries: 3}]",
  ])
  func whatIsOnlyWarnedAboutDoes(_ text: String) throws {
    #expect(schema.findings(in: try json(text)) == [])
    #expect(WorkflowReader.read(text, fileName: "a.yaml").definition != nil)
  }

  @Test func everyDefinitionIsReferredTo() {
    var open: [JSONValue] = [WorkflowSchema.document]
    var found: Set<String> = []
    while let value = open.popLast() {
      if let reference = value["$ref"]?.stringValue {
        found.insert(reference)
      }
      open += value.objectValue?.members.map(\.value) ?? value.arrayValue ?? []
    }
    let definitions = WorkflowSchema.document["$defs"]?.objectValue?.keys ?? []
    #expect(found == Set(definitions.filter { $0 != "conditional_value" }.map { "#/$defs/\($0)" }))
  }

  @Test func everyKeyIsDescribed() {
    let all = WorkflowLanguage.mappings + [ConfigurationLanguage.configuration, ConfigurationLanguage.slots]
    for mapping in all {
      #expect(Set(mapping.keys.map(\.name)).count == mapping.keys.count, "\(mapping.name) has a key twice")
      for key in mapping.keys { #expect(key.summary.hasSuffix("."), "\(mapping.name).\(key.name)") }
    }
  }

  @Test func everyKindOfTheModelIsAKey() {
    #expect(WorkflowLanguage.kinds.map(\.name) == NodeKind.names)
    #expect(WorkflowLanguage.mappings.first?.name == "workflow")
  }

  @Test func theWordsOfTheModelAreThoseOfTheTables() throws {
    func words(_ key: String, of mapping: MappingSpec) throws -> [String] {
      guard case .choice(let choices) = try #require(mapping.key(key)).shape else { return [] }
      return choices.map(\.word)
    }
    #expect(try words("trigger_rule", of: WorkflowLanguage.node) == TriggerRule.allCases.map(\.rawValue))
    #expect(try words("isolation", of: WorkflowLanguage.node) == ChildWorkflow.Isolation.allCases.map(\.rawValue))
    #expect(try words("join", of: WorkflowLanguage.fanOut) == ChildWorkflow.Join.allCases.map(\.rawValue))
    #expect(try words("type", of: WorkflowLanguage.input) == InputDeclaration.Kind.allCases.map(\.rawValue))
    #expect(try words("on_error", of: WorkflowLanguage.retry) == RetryPolicy.ErrorClass.allCases.map(\.rawValue))
  }
}
