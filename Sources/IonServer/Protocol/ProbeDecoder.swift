internal import IonJSON

/// What one decoding asked for.
final class ProbeRecord {
  var fields: [SchemaProbe.Field] = []
  var scalar: JSONObject?
  var probe: SchemaProbe

  init(_ probe: SchemaProbe) { self.probe = probe }
}

/// A decoder with nothing behind it: it notes what is asked for and answers with values that it makes up.
struct ProbeDecoder: Decoder {
  let record: ProbeRecord
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(ProbeMembers<Key>(record: record))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw SchemaProbe.Failure(type: [Any].self) }
  func singleValueContainer() -> any SingleValueDecodingContainer { ProbeScalar(record: record) }
}

private struct ProbeMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let record: ProbeRecord
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { [] }

  func contains(_ key: Key) -> Bool { true }
  func decodeNil(forKey key: Key) -> Bool { false }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try note(type, key, isRequired: true)
  }

  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    try note(type, key, isRequired: false)
  }

  // The library's own versions of these ask whether the member is there, and then for a required one.
  func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
    try note(type, key, isRequired: false)
  }
  func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try note(type, key, isRequired: false) }
  func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try note(type, key, isRequired: false) }
  func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try note(type, key, isRequired: false) }
  func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
    try note(type, key, isRequired: false)
  }

  private func note<Value: Decodable>(_ type: Value.Type, _ key: Key, isRequired: Bool) throws -> Value {
    let found = try record.probe.visit(type)
    record.fields.append(SchemaProbe.Field(name: key.stringValue, schema: found.schema, isRequired: isRequired))
    return found.value
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { throw SchemaProbe.Failure(type: Nested.self) }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    throw SchemaProbe.Failure(type: [Any].self)
  }
  func superDecoder() throws -> any Decoder { throw SchemaProbe.Failure(type: Any.self) }
  func superDecoder(forKey key: Key) throws -> any Decoder { throw SchemaProbe.Failure(type: Any.self) }
}

private struct ProbeScalar: SingleValueDecodingContainer {
  let record: ProbeRecord
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { false }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let found = try record.probe.visit(type)
    record.scalar = found.schema
    return found.value
  }
}
