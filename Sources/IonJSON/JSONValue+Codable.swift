/// Inside `JSONValue(encoding:)` and `decode` values pass through untouched. These are for other coders, which may lose
/// what their format can't say: digits beyond 64 bits, the order of members.
extension JSONValue: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = attempt({ try container.decode(Bool.self) }) {
      self = .bool(flag)
    } else if let number = attempt({ try container.decode(Int64.self) }) {
      self = .integer(number)
    } else if let number = attempt({ try container.decode(UInt64.self) }) {
      self = .number(JSONNumber(unchecked: String(number)))
    } else if let number = attempt({ try container.decode(Double.self) }).flatMap(JSONNumber.init) {
      self = .number(number)
    } else if let text = attempt({ try container.decode(String.self) }) {
      self = .string(text)
    } else if let elements = attempt({ try container.decode([JSONValue].self) }) {
      self = .array(elements)
    } else {
      self = .object(try JSONObject(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let flag): try container.encode(flag)
    case .integer(let number): try container.encode(number)
    case .number(let number):
      if let integer: UInt64 = number.exactInteger() {
        try container.encode(integer)
      } else {
        try container.encode(number.double)
      }
    case .string(let text): try container.encode(text)
    case .array(let elements): try container.encode(elements)
    case .object(let object): try object.encode(to: encoder)
    }
  }
}

extension JSONObject: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: JSONCodingKey.self)
    self.init(
      members: try container.allKeys.map { key in
        Member(key: key.stringValue, value: try container.decode(JSONValue.self, forKey: key))
      })
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: JSONCodingKey.self)
    for member in members { try container.encode(member.value, forKey: JSONCodingKey(stringValue: member.key)) }
  }
}

/// The value, or nil where the coder says that something else stands there: `Decoder` has no other way to ask.
private func attempt<Value>(_ read: () throws -> Value) -> Value? {
  do { return try read() } catch { return nil }
}
