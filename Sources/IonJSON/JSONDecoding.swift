extension JSONValue {
  /// Reads a type from this value.
  ///
  /// Members that the type doesn't know are ignored; an optional member may be absent or null. Integers are exact: `3.0`
  /// is one, `3.5` and what doesn't fit are refused, as is an integer that a `Double` can't hold.
  /// - Parameter prefix: The JSON pointer of this value in its document; failures begin with it.
  public func decode<Value: Decodable>(
    _: Value.Type = Value.self, at prefix: String = ""
  ) throws(JSONDecodingFailure) -> Value {
    do {
      return try ValueDecoder(value: self, path: nil).whole(Value.self)
    } catch {
      let failure = JSONDecodingFailure(translating: error)
      throw JSONDecodingFailure(pointer: prefix + failure.pointer, reason: failure.reason)
    }
  }
}

/// Reads one value; both the decoder of a type and the container of a scalar.
struct ValueDecoder: Decoder {
  let value: JSONValue
  let path: JSONPath?

  var codingPath: [any CodingKey] { path.codingKeys }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let object) = value else { throw mismatch("an object") }
    return KeyedDecodingContainer(MemberDecoder(object: object, path: path))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = value else { throw mismatch("an array") }
    return ElementDecoder(elements: elements, path: path)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

  /// Reads the whole value; JSON values pass through untouched.
  func whole<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if type == JSONValue.self, let same = value as? Value { return same }
    if type == JSONObject.self, case .object(let object) = value, let same = object as? Value { return same }
    return try Value(from: self)
  }

  func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) throws(JSONDecodingFailure) -> Integer {
    let exact: Integer? =
      switch value {
      case .integer(let number): Integer(exactly: number)
      case .number(let number): number.exactInteger()
      case .null, .bool, .string, .array, .object: nil
      }
    guard let exact else { throw mismatch(expectation(of: type)) }
    return exact
  }

  func double() throws(JSONDecodingFailure) -> Double {
    let double: Double? =
      switch value {
      case .integer(let number): Double(exactly: number)
      case .number(let number): number.isWrittenAsInteger ? number.exactDouble : number.double
      case .null, .bool, .string, .array, .object: nil
      }
    guard let double, double.isFinite else { throw mismatch("a number") }
    return double
  }

  func float() throws(JSONDecodingFailure) -> Float {
    let float = Float(try double())
    guard float.isFinite else { throw mismatch("a number") }
    return float
  }

  func string() throws(JSONDecodingFailure) -> String {
    guard case .string(let text) = value else { throw mismatch("a string") }
    return text
  }

  func bool() throws(JSONDecodingFailure) -> Bool {
    guard case .bool(let flag) = value else { throw mismatch("a boolean") }
    return flag
  }

  private func mismatch(_ expected: String) -> JSONDecodingFailure {
    JSONDecodingFailure(path, expected: expected, found: value)
  }
}

extension ValueDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { if case .null = value { true } else { false } }
  func decode(_: Bool.Type) throws -> Bool { try bool() }
  func decode(_: String.Type) throws -> String { try string() }
  func decode(_: Double.Type) throws -> Double { try double() }
  func decode(_: Float.Type) throws -> Float { try float() }
  func decode(_ type: Int.Type) throws -> Int { try integer(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
  func decode(_ type: Int128.Type) throws -> Int128 { try integer(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }
  func decode(_ type: UInt128.Type) throws -> UInt128 { try integer(type) }
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try whole(type) }
}
