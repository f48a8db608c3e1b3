import IonJSON
import IonWorkflow
import Testing

extension ValueScope {
  /// The values that a table gives to its rows: `outputs` of nodes that succeeded, `answers` of agents in their own words,
  /// `statuses` of nodes without an output, `inputs`, `matrix`, `previous` outputs of a loop's body, `variables`.
  init(_ given: JSONValue) throws {
    func members(_ key: String) -> [JSONObject.Member] { given[key]?.objectValue?.members ?? [] }
    func text(_ value: JSONValue) -> String { value.stringValue ?? value.serializedText() }
    self.init()
    for member in members("outputs") {
      nodes[NodeID(member.key)] = .succeeded(OutputDocument(text: text(member.value)))
    }
    for member in members("answers") {
      nodes[NodeID(member.key)] = .succeeded(OutputDocument(text: text(member.value), isFreeForm: true))
    }
    for member in members("unreadable") { nodes[NodeID(member.key)] = .succeeded(OutputDocument(text: nil)) }
    for member in members("statuses") {
      nodes[NodeID(member.key)] = .settled(try #require(NodeStatus(rawValue: text(member.value))))
    }
    for member in members("previous") {
      previous[NodeID(member.key)] = .succeeded(OutputDocument(text: text(member.value)))
    }
    for member in members("variables") {
      variables[try #require(Variable(rawValue: member.key))] = text(member.value)
    }
    inputs = Dictionary(uniqueKeysWithValues: members("inputs").map { ($0.key, $0.value) })
    matrix = Dictionary(uniqueKeysWithValues: members("matrix").map { ($0.key, $0.value) })
  }
}
