/// Why a Swift value has no JSON form.
public struct JSONEncodingFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The JSON pointer (RFC 6901) of the place; empty for the value itself.
  public let pointer: String
  /// One sentence without a period.
  public let message: String

  public init(pointer: String, message: String) {
    self.pointer = pointer
    self.message = message
  }

  public var description: String { pointer.isEmpty ? message : "\(pointer): \(message)" }

  init(translating error: any Error) {
    switch error {
    case let failure as JSONEncodingFailure: self = failure
    case EncodingError.invalidValue(_, let context):
      self.init(pointer: jsonPointer(context.codingPath), message: context.debugDescription)
    default: self.init(pointer: "", message: String(describing: error))
    }
  }
}

extension JSONValue {
  /// The JSON form of a value, exact: every integer keeps its digits, a double gets the shortest spelling that reads back
  /// as the same. Infinity and NaN are refused; a value that encodes nothing is an empty object.
  public init(encoding value: some Encodable) throws(JSONEncodingFailure) {
    do { self = try encoded(value, at: nil) } catch { throw JSONEncodingFailure(translating: error) }
  }
}

/// The JSON form of a value that stands at a path.
func encoded<Value: Encodable>(_ value: Value, at path: JSONPath?) throws -> JSONValue {
  if Value.self == JSONValue.self, let same = value as? JSONValue { return same }
  if Value.self == JSONObject.self, let same = value as? JSONObject { return .object(same) }
  let place = EncodedPlace(path)
  try value.encode(to: place)
  return place.finished()
}

func encodedDouble(_ double: Double, at path: JSONPath?) throws -> JSONValue {
  guard let number = JSONNumber(double) else {
    throw JSONEncodingFailure(pointer: jsonPointer(path.codingKeys), message: "\(double) has no JSON form")
  }
  return .number(number)
}

func encodedFloat(_ float: Float, at path: JSONPath?) throws -> JSONValue {
  guard float.isFinite else { return try encodedDouble(Double(float), at: path) }
  return .number(JSONNumber(unchecked: float.description))
}

func encodedInteger(_ integer: some FixedWidthInteger) -> JSONValue {
  if let small = Int64(exactly: integer) { return .integer(small) }
  return .number(JSONNumber(unchecked: String(integer)))
}

/// Where one value is put together; containers write into it, nested ones into places of their own.
final class EncodedPlace: Encoder {
  enum Content {
    case nothing
    case value(JSONValue)
    case elements
    case members
  }

  let path: JSONPath?
  var content = Content.nothing
  var elements: [JSONValue] = []
  var members = JSONObject()
  /// Children that are still written to: each holds a place of its own until this one is finished.
  private var openElements: [(index: Int, place: EncodedPlace)] = []
  private var openMembers: [(key: String, place: EncodedPlace)] = []

  init(_ path: JSONPath?) { self.path = path }

  var codingPath: [any CodingKey] { path.codingKeys }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy: Key.Type) -> KeyedEncodingContainer<Key> {
    content = .members
    return KeyedEncodingContainer(MemberEncoder(place: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    content = .elements
    return ElementEncoder(place: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  func openMember(_ key: String) -> EncodedPlace {
    let place = EncodedPlace(JSONPath(path, JSONCodingKey(stringValue: key)))
    members[key] = .null
    openMembers.append((key, place))
    return place
  }

  func openElement() -> EncodedPlace {
    let place = EncodedPlace(JSONPath(path, JSONCodingKey(intValue: elements.count)))
    openElements.append((elements.count, place))
    elements.append(.null)
    return place
  }

  func finished() -> JSONValue {
    switch content {
    case .nothing: return .object(JSONObject())
    case .value(let value): return value
    case .elements:
      for child in openElements { elements[child.index] = child.place.finished() }
      return .array(elements)
    case .members:
      for child in openMembers { members[child.key] = child.place.finished() }
      return .object(members)
    }
  }
}

extension EncodedPlace: SingleValueEncodingContainer {
  private func put(_ integer: some FixedWidthInteger) { content = .value(encodedInteger(integer)) }

  func encodeNil() throws { content = .value(.null) }
  func encode(_ value: Bool) throws { content = .value(.bool(value)) }
  func encode(_ value: String) throws { content = .value(.string(value)) }
  func encode(_ value: Double) throws { content = .value(try encodedDouble(value, at: path)) }
  func encode(_ value: Float) throws { content = .value(try encodedFloat(value, at: path)) }
  func encode(_ value: Int) throws { put(value) }
  func encode(_ value: Int8) throws { put(value) }
  func encode(_ value: Int16) throws { put(value) }
  func encode(_ value: Int32) throws { put(value) }
  func encode(_ value: Int64) throws { put(value) }
  func encode(_ value: Int128) throws { put(value) }
  func encode(_ value: UInt) throws { put(value) }
  func encode(_ value: UInt8) throws { put(value) }
  func encode(_ value: UInt16) throws { put(value) }
  func encode(_ value: UInt32) throws { put(value) }
  func encode(_ value: UInt64) throws { put(value) }
  func encode(_ value: UInt128) throws { put(value) }
  func encode(_ value: some Encodable) throws { content = .value(try encoded(value, at: path)) }
}
