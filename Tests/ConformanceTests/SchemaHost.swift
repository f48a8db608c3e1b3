import IonJSON
import IonWorkflow
import IonWorkflowFile

/// A right file around one mapping of the language, so that a key can be tried in its place.
struct SchemaHost: Sendable {
  /// The mapping's name in the language's tables, and what it stands in where that counts.
  let name: String
  /// What the mapping has without the key that is tried.
  let base: JSONObject
  private let around: @Sendable (JSONObject) -> JSONValue

  private init(_ name: String, _ base: JSONObject, _ file: @escaping @Sendable (JSONObject) -> JSONValue) {
    self.name = name
    self.base = base
    around = file
  }

  /// The file with a value behind a key of the mapping; nil for no value takes the key away.
  func file(with key: String, _ value: JSONValue?) -> JSONValue {
    var fields = base
    // A kind stands alone, and so does what a loop does.
    if let rival = Self.rivals[name]?.first(where: { $0.contains(key) }) {
      for other in rival where other != key { fields[other] = nil }
    }
    fields[key] = value
    return around(fields)
  }

  /// The right file itself.
  var file: JSONValue { around(base) }

  private static let rivals: [String: [Set<String>]] = [
    "node": [Set(NodeKind.names)], "loop": [["prompt", "command"]],
  ]

  /// A node that a key may stand on, by the kind that the key is for.
  static func node(of kind: String) -> SchemaHost {
    var base = kindBases[kind] ?? ["bash": "x"]
    base["id"] = "n"
    return SchemaHost("node", base) { workflow([.object($0)]) }
  }

  private static let kindBases: [String: JSONObject] = [
    "script": ["script": "print(1)", "runtime": "uv"], "exec": ["exec": ["x"]], "prompt": ["prompt": "x"],
    "workflow": ["workflow": "other"],
  ]

  /// Every mapping, each in its place.
  static let all: [SchemaHost] = [
    SchemaHost("workflow", ["name": "w", "nodes": [["id": "n", "bash": "x"]]]) { .object($0) },
    SchemaHost("input", [:]) { ["name": "w", "inputs": ["i": .object($0)], "nodes": [["id": "n", "bash": "x"]]] },
    SchemaHost("input", [:]) { workflow([["id": "n", "approval": ["message": "x", "form": ["q": .object($0)]]]]) },
    SchemaHost("retry", ["max_attempts": 2]) { workflow([["id": "n", "bash": "x", "retry": .object($0)]]) },
    SchemaHost("loop", ["prompt": "x", "until": "D", "max_iterations": 2]) {
      workflow([["id": "n", "loop": .object($0)]])
    },
    SchemaHost("loop_group", ["nodes": [["id": "b", "bash": "x"]], "until": "D", "max_iterations": 2]) {
      workflow([["id": "n", "loop_group": .object($0)]])
    },
    SchemaHost("approval", ["message": "x"]) { workflow([["id": "n", "approval": .object($0)]]) },
    SchemaHost("decision", ["id": "approve"]) {
      workflow([["id": "n", "approval": ["message": "x", "decisions": [["id": "approve"], .object($0)]]]])
    },
    SchemaHost("on_reject", ["prompt": "x"]) {
      workflow([["id": "n", "approval": ["message": "x", "on_reject": .object($0)]]])
    },
    SchemaHost("fan_out", ["items": [1], "as": "i"]) {
      workflow([["id": "n", "workflow": "other", "fan_out": .object($0)]])
    },
    SchemaHost("cache", [:]) { workflow([["id": "n", "bash": "x", "cache": .object($0)]]) },
    SchemaHost("context", ["resume": "x"]) {
      workflow([["id": "x", "prompt": "x"], ["id": "n", "prompt": "x", "depends_on": "x", "context": .object($0)]])
    },
    SchemaHost("worktree", ["enabled": true]) { workflow([["id": "n", "bash": "x"]], ["worktree": .object($0)]) },
    SchemaHost("evidence_policy", ["required": true]) {
      workflow([["id": "n", "bash": "x"]], ["evidence_policy": .object($0)])
    },
    SchemaHost("budget", [:]) { workflow([["id": "n", "bash": "x"]], ["budget": .object($0)]) },
  ]

  private static func workflow(_ nodes: [JSONValue], _ more: JSONObject = [:]) -> JSONValue {
    var file: JSONObject = ["name": "w", "nodes": .array(nodes)]
    for member in more.members { file[member.key] = member.value }
    return .object(file)
  }
}
