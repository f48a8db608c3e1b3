public import IonJSON

/// What a client knows a progress of its request by (LSP, `ProgressToken`): a text or a whole number.
public struct ProgressToken: WireScalar, Hashable {
  public static let schema: JSONObject = ["type": ["string", "integer"]]
  public static let sample = ProgressToken(json: "")

  /// A string or an integer.
  public let json: JSONValue

  private init(json: JSONValue) { self.json = json }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let value = try container.decode(JSONValue.self)
    switch value {
    case .string, .integer: json = value
    case .null, .bool, .number, .array, .object:
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "must be a string or an integer")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(json)
  }
}
