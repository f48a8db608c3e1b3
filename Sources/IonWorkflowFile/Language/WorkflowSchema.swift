public import IonJSON

/// The workflow language as a JSON Schema (2020-12), made from the tables that the reader checks by, so that any YAML
/// editor completes and checks.
///
/// The schema takes whatever the reader takes, what it warns about too, and refuses what the reader refuses as far as the
/// shape of one value can tell. What only the whole file can tell (ids, cycles, references), and what a text says in a
/// language of its own (conditions, bash), is left to the reader.
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
    schema["$defs"] = .object(definitions)
    return .object(schema)
  }()

  private static func mapping(_ spec: MappingSpec) -> JSONObject {
    let isRequiring = spec.keys.contains(where: \.isRequired)
    // Nothing at all is a mapping without keys.
    var schema: JSONObject = [
      "type": isRequiring ? "object" : ["object", "null"], "description": .string(spec.summary),
    ]
    var properties = JSONObject()
    for key in spec.keys { properties[key.name] = .object(property(key)) }
    schema["properties"] = .object(properties)
    let required = spec.keys.filter(\.isRequired).map { JSONValue.string($0.name) }
    if !required.isEmpty { schema["required"] = .array(required) }
    for rule in rules(of: spec).members { schema[rule.key] = rule.value }
    return schema
  }

  private static func property(_ key: KeySpec) -> JSONObject {
    var schema = self.schema(key.shape)
    // Behind a key that may be left out, nothing at all is as good as no key where a list or the like is due.
    if !key.isRequired, !WorkflowLanguage.kindNames.contains(key.name), key.shape.isEmptyAllowed {
      schema = either([.object(schema), ["type": "null"]])
    }
    // What is wrong only costs the key: editors offer what is right, and take everything.
    if key.isCosmetic { schema = either([.object(schema), [:]]) }
    let note = key.isActedOn ? "" : " (Not acted on by this version.)"
    schema["description"] = .string(key.summary + note)
    if let value = key.defaultValue { schema["default"] = value }
    return schema
  }

  private static func schema(_ shape: Shape) -> JSONObject {
    switch shape {
    case .text, .template, .condition, .bash: text
    case .pattern: ["type": ["string", "number", "boolean"], "maxLength": 1000]
    case .entryTemplate: ["type": ["string", "number", "boolean", "null"]]
    case .line: spelled("^[^\\n]+$", ["string", "number", "boolean"])
    case .fileName: spelled(fileName, ["string", "number", "boolean"])
    // A word that YAML reads as a boolean or a number is the text that it is written with.
    case .nodeID: spelled("^(?!(INPUTS|MATRIX|LOOP_PREV)$)[A-Za-z_][A-Za-z0-9_-]*$", ["string", "boolean"])
    case .name: spelled("^[A-Za-z_][A-Za-z0-9_]*$", ["string", "boolean"])
    case .kebab: kebab
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
    case .nodes(let minimum): nodes(minimum: minimum)
    case .object: ["type": "object"]
    case .any: JSONObject()
    case .either(let shapes): either(shapes.map { .object(schema($0)) })
    }
  }

  private static let text: JSONObject = ["type": ["string", "number", "boolean"]]

  /// The name of a file in a folder that Ion knows.
  static let fileName = "^(?!\\.)(?!.*\\.\\.)[^/\\\\\\n]+$"

  private static func spelled(_ pattern: String, _ types: JSONValue) -> JSONObject {
    ["type": types, "pattern": .string(pattern)]
  }

  private static var kebab: JSONObject {
    var schema = spelled("^[a-z0-9]+(-[a-z0-9]+)*$", ["string", "integer", "boolean"])
    schema["minimum"] = 0
    return schema
  }

  private static func either(_ schemas: [JSONValue]) -> JSONObject { ["anyOf": .array(schemas)] }

  private static func list(_ element: Shape, minimum: Int) -> JSONObject {
    var result: JSONObject = ["type": "array", "items": .object(schema(element))]
    if minimum > 0 { result["minItems"] = .integer(Int64(minimum)) }
    return result
  }

  private static func nodes(minimum: Int) -> JSONObject {
    var result: JSONObject = ["type": "array", "items": ["$ref": "#/$defs/node"]]
    if minimum > 0 { result["minItems"] = .integer(Int64(minimum)) }
    return result
  }

  private static func entries(_ rule: KeyRule, _ element: Shape) -> JSONObject {
    var result: JSONObject = ["type": "object", "additionalProperties": .object(schema(element))]
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
    let some = allowsZero ? "(?=.)" : "(?=.*[1-9])"
    return either([
      [
        "type": "integer", "minimum": allowsZero ? 0 : 1,
        "maximum": .integer(Int64(DurationText.longest / .milliseconds(1))),
      ],
      ["type": "string", "pattern": .string("^\(some)\(units)$")],
    ])
  }
}
