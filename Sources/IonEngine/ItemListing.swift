internal import IonJSON
internal import IonScheduler
internal import IonWorkflow

/// Finds out what the items of a node with `fan_out` are, and what each of them is.
struct ItemListing {
  let context: RunContext
  let node: NodeID
  let items: ChildWorkflow.FanOut.Items
  /// The node's matrix values.
  let matrix: [String: JSONValue]

  /// The items as they are now, kept so that whoever goes on with the run has the same.
  func list(
    attempt: Int, _ values: inout RunValues, seenBy sight: RunSight
  ) throws(StepFailure) -> ItemList {
    var scope = try values.scope(for: items.references, seenBy: sight)
    scope.matrix = matrix
    let found = try Self.items(items, in: scope)
    let bytes = JSONValue.array(found).serialized()
    if let mask = context.mask, case let text = String(decoding: bytes, as: UTF8.self), mask.masked(text) != text {
      throw StepFailure(.value, "fan_out: an item holds a secret, and items are kept openly")
    }
    let file = context.paths.log(of: node, attempt: attempt).appending("items")
    return ItemList(count: found.count, values: try OutputGathering.keep(bytes, at: file, in: context.paths))
  }

  /// The items of a list, of what a reference reads, or of a text that is a JSON list.
  static func items(
    _ items: ChildWorkflow.FanOut.Items, in scope: ValueScope
  ) throws(StepFailure) -> [JSONValue] {
    let found: [JSONValue]
    switch items {
    case .literal(let values): found = values
    case .reference(let reference): found = try list(reference, in: scope)
    }
    guard found.count <= ChildWorkflow.FanOut.limit else {
      throw StepFailure(
        .value,
        "fan_out: there are \(found.count) items, and there may be \(ChildWorkflow.FanOut.limit); "
          + "put several things into one item")
    }
    return found
  }

  private static func list(_ reference: Reference, in scope: ValueScope) throws(StepFailure) -> [JSONValue] {
    let value: JSONValue
    do {
      value = try reference.resolve(in: scope)
    } catch {
      throw StepFailure(.value, "fan_out: \(error.message)")
    }
    if let items = value.arrayValue { return items }
    if let text = value.stringValue, let items = OutputDocument(text: text).json?.arrayValue { return items }
    throw StepFailure(.value, "fan_out: `\(reference)` is \(words(for: value)), and `items` must be a JSON list")
  }

  /// What the value is, with its beginning where that says more.
  private static func words(for value: JSONValue) -> String {
    let text = value.canonicalText
    guard !text.isEmpty else { return "empty" }
    switch value {
    case .null, .array: return value.kindName
    case .bool, .integer, .number: return "\(value.kindName) (\(text))"
    case .string, .object: return "\(value.kindName) (`\(text.prefix(60))\(text.count > 60 ? "…" : "")`)"
    }
  }
}

/// One item of a node with `fan_out`, as its child gets it.
struct FanOutItem: Sendable {
  /// The child's input that gets it; nil where it is the child's message alone.
  let name: String?
  let value: JSONValue
  let workflow: ItemWorkflow

  /// What gives it to that input; nil where it is the message.
  var binding: Binding? { name.map { Binding(name: $0, value: .literal(value)) } }
  /// The child's message; `input` is what its node says of that.
  func message(beside input: String?) -> String { (name == nil ? nil : input) ?? value.canonicalText }

  /// Whether the child has no place for it but its message, so that `as` names what could be, and isn't.
  func isMessageAlone(for definition: WorkflowDefinition) -> Bool { name != nil && definition.inputs.isEmpty }
}
