public import IonJSON

extension JSONValue {
  /// The value as texts have it: a string as it is, a number in its own spelling, `true`, `false`, `null`, and arrays and
  /// objects as compact JSON with their members in order.
  public var canonicalText: String {
    if case .string(let text) = self { text } else { serializedText() }
  }

  /// What the value is, for messages: `a number`, `a list`, ….
  package var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .integer, .number: "a number"
    case .string: "text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}
