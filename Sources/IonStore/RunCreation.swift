internal import IonJSON
internal import IonWorkflow

/// What the log keeps of how a run was made: with it and the rows that follow, all of the run's other rows can be rebuilt.
struct RunCreation {
  /// Part of the schema.
  static let kind = "created"

  var record: RunRecord
  var nodes: [NodeRecord]
  /// Hashes of the texts that are kept for the run.
  var texts: [String]
  var idempotency: RunDraft.Idempotency?
}

extension RunCreation {
  /// A node that merely waits in its place is written as its id.
  var stored: JSONValue {
    let nodes = nodes.enumerated().map { place, node in
      node == NodeRecord(run: record.id, node: node.node, index: place)
        ? .string(node.node.rawValue) : node.stored(withText: false)
    }
    return .stored([
      "record": record.stored, "request": record.request.stored, "nodes": .array(nodes),
      "texts": .array(texts.sorted().map(JSONValue.string)), "key": .text(idempotency?.key),
      "parametersHash": .text(idempotency?.parametersHash),
    ])
  }

  init(stored fields: Fields, number: Int) throws(Fields.Mismatch) {
    let request = try RunRequest(stored: fields.object("request"))
    record = try RunRecord(stored: fields.object("record"), number: number, seq: 0, request: request)
    nodes = []
    for (place, value) in try fields.list("nodes").enumerated() {
      if let id = value.stringValue {
        nodes.append(NodeRecord(run: record.id, node: NodeID(rawValue: id), index: place))
      } else {
        nodes.append(try NodeRecord(stored: Fields(value), run: record.id))
      }
    }
    texts = try fields.list("texts").compactMap(\.stringValue)
    if let key = try fields.optionalText("key") {
      idempotency = RunDraft.Idempotency(key: key, parametersHash: try fields.text("parametersHash"))
    }
  }
}
