/// One JSON value (RFC 8259), exact: integers keep all their digits, objects keep the order of their members.
///
/// Equality is that of bytes: `é` in one code point is not `é` in two, and `1` is not `1.0`. The order of an object's
/// members doesn't matter.
public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  /// An integer that fits in 64 bits.
  case integer(Int64)
  /// Any other number, in its own spelling.
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

extension JSONValue: Hashable {
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    case (.null, _), (.bool, _), (.integer, _), (.number, _), (.string, _), (.array, _), (.object, _): false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let flag): hasher.combine(flag)
    case .integer(let number): hasher.combine(number)
    case .number(let number): hasher.combine(number)
    case .string(let text): hasher.combine(text)
    case .array(let values): hasher.combine(values)
    case .object(let object): hasher.combine(object)
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = JSONNumber(value).map(JSONValue.number) ?? .null }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(nilLiteral: ()) { self = .null }
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    var object = JSONObject()
    for (key, value) in elements { object[key] = value }
    self = .object(object)
  }
}

extension JSONValue {
  /// The member of an object, or nil where this is no object or has no such member.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let object) = self else { return nil }
    return object[key]
  }

  /// The text of a string, else nil.
  public var stringValue: String? { if case .string(let text) = self { text } else { nil } }
  /// The value of an integer that fits in 64 bits, else nil.
  public var integerValue: Int64? { if case .integer(let number) = self { number } else { nil } }
  /// The value of `true` or `false`, else nil.
  public var boolValue: Bool? { if case .bool(let flag) = self { flag } else { nil } }
  /// The elements of an array, else nil.
  public var arrayValue: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
  /// The members of an object, else nil.
  public var objectValue: JSONObject? { if case .object(let object) = self { object } else { nil } }
}

extension JSONValue: CustomStringConvertible {
  /// The compact JSON text.
  public var description: String { serializedText() }
}
