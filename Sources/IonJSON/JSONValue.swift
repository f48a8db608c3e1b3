/// One JSON value (RFC 8259), exact: integers keep all their digits, objects keep the order of their members.
public enum JSONValue: Hashable, Sendable {
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

/// A number that isn't a 64-bit integer: a fraction, an exponent, or more digits than 64 bits hold.
public struct JSONNumber: Hashable, Sendable {
  /// The number as it was written, valid JSON.
  public let literal: String

  /// Wraps a spelling that the caller knows to be a valid JSON number.
  public init(unchecked literal: String) { self.literal = literal }

  /// The nearest double; infinite where the number is out of range.
  public var double: Double { Double(literal) ?? .infinity }
}

/// The members of a JSON object in their order. Keys are unique by their UTF-8 bytes.
public struct JSONObject: Sendable {
  /// One `"key": value`.
  public struct Member: Hashable, Sendable {
    public let key: String
    public var value: JSONValue

    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  public private(set) var members: [Member]

  public init() { members = [] }

  /// Wraps members whose keys the caller knows to be unique.
  public init(uniqueMembers members: [Member]) { self.members = members }

  public var isEmpty: Bool { members.isEmpty }
  public var count: Int { members.count }
  public var keys: [String] { members.map(\.key) }

  /// The value of a key, compared by bytes; setting nil removes the member, setting a new key appends it.
  public subscript(key: String) -> JSONValue? {
    get { members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value }
    set {
      let index = members.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
    }
  }
}

extension JSONObject: Hashable {
  /// Equal when both have the same members, in whatever order (JSON objects are unordered).
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    guard left.count == right.count else { return false }
    if left.members == right.members { return true }
    let values = Dictionary(uniqueKeysWithValues: right.members.map { (Array($0.key.utf8), $0.value) })
    return left.members.allSatisfy { values[Array($0.key.utf8)] == $0.value }
  }

  public func hash(into hasher: inout Hasher) {
    var combined = 0
    for member in members { combined ^= member.hashValue }
    hasher.combine(combined)
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init()
    for (key, value) in elements { self[key] = value }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
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

  public var stringValue: String? { if case .string(let text) = self { text } else { nil } }
  public var integerValue: Int64? { if case .integer(let number) = self { number } else { nil } }
  public var boolValue: Bool? { if case .bool(let flag) = self { flag } else { nil } }
  public var arrayValue: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
  public var objectValue: JSONObject? { if case .object(let object) = self { object } else { nil } }
}
