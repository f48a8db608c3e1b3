/// Writes the members of an object.
struct MemberEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let place: EncodedPlace

  var codingPath: [any CodingKey] { place.codingPath }

  private func put(_ value: JSONValue, _ key: Key) { place.members[key.stringValue] = value }
  private func path(_ key: Key) -> JSONPath { JSONPath(place.path, key) }

  func encodeNil(forKey key: Key) throws { put(.null, key) }
  func encode(_ value: Bool, forKey key: Key) throws { put(.bool(value), key) }
  func encode(_ value: String, forKey key: Key) throws { put(.string(value), key) }
  func encode(_ value: Double, forKey key: Key) throws { put(try encodedDouble(value, at: path(key)), key) }
  func encode(_ value: Float, forKey key: Key) throws { put(try encodedFloat(value, at: path(key)), key) }
  func encode(_ value: Int, forKey key: Key) throws { put(encodedInteger(value), key) }
  func encode(_ value: Int8, forKey key: Key) throws { put(encodedInteger(value), key) }
  func encode(_ value: Int16, forKey key: Key) throws { put(encodedInteger(value), key) }
  func encode(_ value: Int32, forKey key: Key) throws { put(encodedInteger(value), key) }
  func encode(_ value: Int64, forKey key: Key) throws { put(encodedInteger(value), key) }
  func encode(_ value: Int128, forKey key: Key) throws { put(encodedInteger(value), key) }
  func encode(_ value: UInt, forKey key: Key) throws { put(encodedInteger(value), key) }
  func encode(_ value: UInt8, forKey key: Key) throws { put(encodedInteger(value), key) }
  func encode(_ value: UInt16, forKey key: Key) throws { put(encodedInteger(value), key) }
  func encode(_ value: UInt32, forKey key: Key) throws { put(encodedInteger(value), key) }
  func encode(_ value: UInt64, forKey key: Key) throws { put(encodedInteger(value), key) }
  func encode(_ value: UInt128, forKey key: Key) throws { put(encodedInteger(value), key) }
  func encode(_ value: some Encodable, forKey key: Key) throws { put(try encoded(value, at: path(key)), key) }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    place.openMember(key.stringValue).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    place.openMember(key.stringValue).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { place.openMember("super") }
  func superEncoder(forKey key: Key) -> any Encoder { place.openMember(key.stringValue) }
}

/// Writes the elements of an array, one after the other.
struct ElementEncoder: UnkeyedEncodingContainer {
  let place: EncodedPlace

  var codingPath: [any CodingKey] { place.codingPath }
  var count: Int { place.elements.count }

  private func put(_ value: JSONValue) { place.elements.append(value) }
  private var path: JSONPath { JSONPath(place.path, JSONCodingKey(intValue: count)) }

  func encodeNil() throws { put(.null) }
  func encode(_ value: Bool) throws { put(.bool(value)) }
  func encode(_ value: String) throws { put(.string(value)) }
  func encode(_ value: Double) throws { put(try encodedDouble(value, at: path)) }
  func encode(_ value: Float) throws { put(try encodedFloat(value, at: path)) }
  func encode(_ value: Int) throws { put(encodedInteger(value)) }
  func encode(_ value: Int8) throws { put(encodedInteger(value)) }
  func encode(_ value: Int16) throws { put(encodedInteger(value)) }
  func encode(_ value: Int32) throws { put(encodedInteger(value)) }
  func encode(_ value: Int64) throws { put(encodedInteger(value)) }
  func encode(_ value: Int128) throws { put(encodedInteger(value)) }
  func encode(_ value: UInt) throws { put(encodedInteger(value)) }
  func encode(_ value: UInt8) throws { put(encodedInteger(value)) }
  func encode(_ value: UInt16) throws { put(encodedInteger(value)) }
  func encode(_ value: UInt32) throws { put(encodedInteger(value)) }
  func encode(_ value: UInt64) throws { put(encodedInteger(value)) }
  func encode(_ value: UInt128) throws { put(encodedInteger(value)) }
  func encode(_ value: some Encodable) throws { put(try encoded(value, at: path)) }

  func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    place.openElement().container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { place.openElement().unkeyedContainer() }
  func superEncoder() -> any Encoder { place.openElement() }
}
