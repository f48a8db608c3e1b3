public import IonJSON

/// The workflow language as a JSON Schema (2020-12), made from the tables that the reader checks by, so that any YAML
/// editor completes and checks.
///
/// The schema is as strict as a schema can be: what only the whole file can tell (ids, cycles, references) is left to
/// the reader, and keys that the reader merely warns about are refused.
public enum WorkflowSchema {
  /// The schema of a workflow file.
  public static let document: JSONValue = {
    var schema: JSONObject = [
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "Ion workflow",
    ]
    for member in mapping(WorkflowLanguage.workflow).members { schema[member.key] = member.value }
    var definitions = JSONObject()
    for spec in WorkflowLanguage.mappings.dropFirst() { definitions[spec.name] = .object(mapping(spec)) }
    definitions["node"] = .object(node)
    schema["$defs"] = .object(definitions)
    return .object(schema)
  }()

  private static func mapping(_ spec: MappingSpec) -> JSONObject {
    var schema: JSONObject = ["type": "object", "description": .string(spec.summary)]
    var properties = JSONObject()
    for key in spec.keys { properties[key.name] = .object(property(key)) }
    schema["properties"] = .object(properties)
    let required = spec.keys.filter(\.isRequired).map { JSONValue.string($0.name) }
    if !required.isEmpty { schema["required"] = .array(required) }
    schema["additionalProperties"] = false
    return schema
  }

  /// A node has exactly one kind, and a script its runtime.
  private static var node: JSONObject {
    var schema = mapping(WorkflowLanguage.node)
    schema["oneOf"] = .array(WorkflowLanguage.kinds.map { ["required": [.string($0.name)]] })
    schema["dependentRequired"] = ["script": ["runtime"]]
    return schema
  }

  private static func property(_ key: KeySpec) -> JSONObject {
    var schema = self.schema(key.shape)
    let note = key.isActedOn ? "" : " (Not acted on by this version.)"
    schema["description"] = .string(key.summary + note)
    if let value = key.defaultValue { schema["default"] = value }
    return schema
  }

  private static func schema(_ shape: Shape) -> JSONObject {
    switch shape {
    case .text, .template, .condition, .bash, .pattern: text
    case .entryTemplate: ["type": ["string", "number", "boolean", "null"]]
    case .line: ["type": ["string", "number", "boolean"], "minLength": 1]
    case .fileName: spelled("^(?!\\.)(?!.*\\.\\.)[^/\\\\\\n]+$")
    case .nodeID: spelled("^(?!(INPUTS|MATRIX|LOOP_PREV)$)[A-Za-z_][A-Za-z0-9_-]*$")
    case .name: spelled("^[A-Za-z_][A-Za-z0-9_]*$")
    case .kebab: spelled("^[a-z0-9]+(-[a-z0-9]+)*$")
    case .choice(let choices): ["enum": .array(choices.map { .string($0.word) })]
    case .boolean: ["type": "boolean"]
    case .integer(let range):
      ["type": "integer", "minimum": .integer(Int64(range.lowerBound)), "maximum": .integer(Int64(range.upperBound))]
    case .number(let range): number(range)
    case .duration(let allowsZero): duration(allowsZero: allowsZero)
    case .list(let element, let minimum): list(element, minimum: minimum)
    case .oneOrMany(let element): either([.object(schema(element)), .object(list(element, minimum: 0))])
    case .mapping(let spec): ["$ref": .string("#/$defs/" + spec.name)]
    case .entries(let rule, let element): entries(rule, element)
    case .nodes(let minimum):
      ["type": "array", "items": ["$ref": "#/$defs/node"], "minItems": .integer(Int64(minimum))]
    case .object: ["type": "object"]
    case .any: JSONObject()
    case .either(let shapes): either(shapes.map { .object(schema($0)) })
    }
  }

  private static let text: JSONObject = ["type": ["string", "number", "boolean"]]

  private static func spelled(_ pattern: String) -> JSONObject { ["type": "string", "pattern": .string(pattern)] }

  private static func either(_ schemas: [JSONValue]) -> JSONObject { ["anyOf": .array(schemas)] }

  /// A list; nothing at all is an empty one, unless it must have entries.
  private static func list(_ element: Shape, minimum: Int) -> JSONObject {
    var result: JSONObject = ["type": ["array", "null"], "items": .object(schema(element))]
    if minimum > 0 { result["minItems"] = .integer(Int64(minimum)) }
    return result
  }

  private static func entries(_ rule: KeyRule, _ element: Shape) -> JSONObject {
    var result: JSONObject = ["type": ["object", "null"], "additionalProperties": .object(schema(element))]
    switch rule {
    case .name: result["propertyNames"] = ["pattern": "^[A-Za-z_][A-Za-z0-9_]*$"]
    case .any: break
    }
    return result
  }

  private static func number(_ range: NumberRange) -> JSONObject {
    var result: JSONObject = ["type": "number"]
    result[range.isAbove ? "exclusiveMinimum" : "minimum"] = value(range.minimum)
    if let maximum = range.maximum { result["maximum"] = value(maximum) }
    return result
  }

  private static func value(_ number: Double) -> JSONValue {
    Int64(exactly: number).map(JSONValue.integer) ?? .number(JSONNumber(unchecked: number.description))
  }

  private static func duration(allowsZero: Bool) -> JSONObject {
    let part = "[0-9]+(\\.[0-9]+)?"
    let units = ["d", "h", "m", "s", "ms"].map { "(\(part)\($0))?" }.joined()
    return either([
      ["type": "integer", "minimum": allowsZero ? 0 : 1],
      ["type": "string", "pattern": .string("^(?=.)\(units)$")],
    ])
  }
}
