internal import IonJSON

extension WorkflowSchema {
  /// What holds between the keys of a mapping, as keywords of its schema; empty where nothing does.
  static func rules(of spec: MappingSpec) -> JSONObject {
    switch spec.name {
    case "workflow": workflow
    case "node": node
    case "input": input
    case "loop": loop
    case "loop_group": ["anyOf": requiring(["until", "until_bash"])]
    case "approval": approval
    default: [:]
    }
  }

  private static var workflow: JSONObject { ["dependentRequired": ["outcome_field": ["returns"]]] }

  /// A node has exactly one kind, a script its runtime, and a child one way to be given values.
  private static var node: JSONObject {
    [
      "oneOf": requiring(WorkflowLanguage.kinds.map(\.name)),
      "dependentRequired": ["script": ["runtime"]],
      "not": ["required": ["workflow", "input", "with"]],
      "allOf": [["properties": ["script": ["anyOf": .array([program, fileName].map { ["pattern": .string($0)] })]]]],
    ]
  }

  /// A character that no name of a script has; see `KindReader.isProgram`.
  private static let program = "[\\u0000-\\u0020;(){}\\[\\]&|<>$`\"'=*?!#~]"

  /// A choice has something to choose from, and only the default of a text may be a list or a mapping.
  private static var input: JSONObject {
    [
      "if": ["properties": ["type": ["const": "enum"]], "required": ["type"]],
      "then": ["required": ["values"], "properties": ["values": ["type": "array"]]],
      "allOf": [
        [
          "if": ["properties": ["type": ["not": ["const": "string"]]], "required": ["type"]],
          "then": ["properties": ["default": ["type": ["string", "number", "boolean", "null"]]]],
        ]
      ],
    ]
  }

  /// A loop has one thing to do, and at least one way to end.
  private static var loop: JSONObject {
    ["oneOf": requiring(["prompt", "command"]), "anyOf": requiring(["until", "until_bash", "until_field"])]
  }

  /// A gate is answered by decisions or asks again, and what it takes by itself needs a time.
  private static var approval: JSONObject {
    [
      "dependentRequired": ["default": ["timeout"]],
      "not": ["required": ["decisions", "on_reject"], "properties": ["decisions": ["type": "array"]]],
      // One of the decisions says yes.
      "if": ["properties": ["decisions": ["type": "array"]], "required": ["decisions"]],
      "then": [
        "properties": ["decisions": ["contains": ["properties": ["id": ["const": "approve"]], "required": ["id"]]]]
      ],
    ]
  }

  private static func requiring(_ keys: [String]) -> JSONValue { .array(keys.map { ["required": [.string($0)]] }) }
}
