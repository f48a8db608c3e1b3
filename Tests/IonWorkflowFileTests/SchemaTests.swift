import IonJSON
import IonWorkflow
import Testing

@testable import IonWorkflowFile

/// The JSON Schema says what the reader says, as far as a schema can.
@Suite struct SchemaTests {
  let validator = SchemaValidator(root: WorkflowSchema.document)

  func json(_ text: String) throws -> JSONValue {
    try #require(YAMLText.read(Array(text.utf8), limits: .standard).root).json
  }

  @Test(arguments: Corpus.valid)
  func rightFilesMatch(_ file: MarkedText) throws {
    #expect(validator.faults(of: try json(file.text)) == [])
  }

  @Test(arguments: [
    "name: a", "name: [a]\nnodes: [{id: a, bash: x}]", "nodes: []", "nodes: [{bash: x}]", "nodes: [{id: a}]",
    "nodes: [{id: a, bash: x, finish: y}]", "nodes: [{id: 1a, bash: x}]", "nodes: [{id: INPUTS, bash: x}]",
    "nodes: [{id: a, script: x}]", "nodes: [{id: a, bash: x, retry: {}}]", "nodes: [{id: a, bash: x, timeout: 12:30}]",
    "nodes: [{id: a, bash: x, timeout: 0}]", "nodes: [{id: a, bash: x, trigger_rule: some}]",
    "nodes: [{id: a, bash: x, env: {a-b: 1}}]", "nodes: [{id: a, bash: x, always_run: yes}]",
    "max_parallel: 0\nnodes: [{id: a, bash: x}]", "nodes: [{id: a, exec: []}]", "nodes: [{id: a, command: ../x}]",
    "colour: red\nnodes: [{id: a, bash: x}]", "nodes: [{id: a, bash: x, retry: {max_attempts: 2, jitter: 1.5}}]",
    "nodes: [{id: a, loop_group: {nodes: [{id: 1}], until: x, max_iterations: 1}}]",
    "inputs: {a: {type: int}}\nnodes: [{id: a, bash: x}]",
  ])
  func wrongFilesDoNot(_ text: String) throws {
    #expect(validator.faults(of: try json(text)) != [])
    #expect(!WorkflowReader.read(text, fileName: "a.yaml").diagnostics.isEmpty)
  }

  @Test func everyReferenceLeadsSomewhere() {
    var open: [JSONValue] = [WorkflowSchema.document]
    var found: Set<String> = []
    while let value = open.popLast() {
      if let reference = value["$ref"]?.stringValue {
        #expect(validator.resolve(reference) != nil, "\(reference)")
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

/// As much of JSON Schema 2020-12 as the workflow language's schema uses.
struct SchemaValidator {
  let root: JSONValue

  func faults(of value: JSONValue) -> [String] { faults(of: value, root, "") }

  func resolve(_ reference: String) -> JSONValue? {
    reference.split(separator: "/").dropFirst().reduce(root as JSONValue?) { $0?[String($1)] }
  }

  private func faults(of value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
    guard let rules = schema.objectValue else { return schema == false ? ["\(path) is not allowed"] : [] }
    return rules.members.flatMap { rule in
      fault(of: value, rule.key, rule.value, rules, path)
    }
  }

  private func fault(
    of value: JSONValue, _ rule: String, _ wanted: JSONValue, _ rules: JSONObject, _ path: String
  ) -> [String] {
    func check(_ isRight: Bool) -> [String] { isRight ? [] : ["\(path): \(rule) \(wanted)"] }
    let members = value.objectValue?.members ?? []
    switch rule {
    case "$ref": return resolve(wanted.stringValue ?? "").map { faults(of: value, $0, path) } ?? ["\(path): \(wanted)"]
    case "type": return check((wanted.arrayValue ?? [wanted]).contains { isOfType(value, $0.stringValue ?? "") })
    case "enum": return check(wanted.arrayValue?.contains(value) ?? false)
    case "anyOf": return check(wanted.arrayValue?.contains { faults(of: value, $0, path).isEmpty } ?? false)
    case "oneOf": return check(wanted.arrayValue?.filter { faults(of: value, $0, path).isEmpty }.count == 1)
    case "required": return check(wanted.arrayValue?.allSatisfy { value[$0.stringValue ?? ""] != nil } ?? false)
    case "dependentRequired":
      return members.flatMap { member in
        (wanted[member.key]?.arrayValue ?? []).flatMap { check(value[$0.stringValue ?? ""] != nil) }
      }
    case "properties":
      return members.flatMap { member in
        wanted[member.key].map { faults(of: member.value, $0, path + "/" + member.key) } ?? []
      }
    case "additionalProperties":
      return members.filter { rules["properties"]?[$0.key] == nil }
        .flatMap { faults(of: $0.value, wanted, path + "/" + $0.key) }
    case "propertyNames": return members.flatMap { faults(of: .string($0.key), wanted, path + "/" + $0.key) }
    case "items": return (value.arrayValue ?? []).flatMap { faults(of: $0, wanted, path + "/-") }
    case "minItems": return check(value.arrayValue.map { Int64($0.count) >= wanted.integerValue ?? 0 } ?? true)
    case "minLength": return check(value.stringValue.map { Int64($0.count) >= wanted.integerValue ?? 0 } ?? true)
    case "pattern": return check(value.stringValue.map { matches($0, wanted.stringValue ?? "") } ?? true)
    case "minimum": return check(number(value).map { $0 >= number(wanted) ?? 0 } ?? true)
    case "maximum": return check(number(value).map { $0 <= number(wanted) ?? 0 } ?? true)
    case "exclusiveMinimum": return check(number(value).map { $0 > number(wanted) ?? 0 } ?? true)
    case "$schema", "$defs", "title", "description", "default": return []
    default: return ["\(path): the rule \(rule) is unknown"]
    }
  }

  private func isOfType(_ value: JSONValue, _ type: String) -> Bool {
    switch value {
    case .null: type == "null"
    case .bool: type == "boolean"
    case .integer: type == "integer" || type == "number"
    case .number: type == "number"
    case .string: type == "string"
    case .array: type == "array"
    case .object: type == "object"
    }
  }

  private func number(_ value: JSONValue) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .number(let number): number.double
    case .null, .bool, .string, .array, .object: nil
    }
  }

  private func matches(_ text: String, _ pattern: String) -> Bool {
    guard let regex = Result(catching: { try Regex(pattern) }).success else { return false }
    return text.firstMatch(of: regex) != nil
  }
}

extension Result {
  fileprivate var success: Success? { if case .success(let value) = self { value } else { nil } }
}
