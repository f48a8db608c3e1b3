internal import IonJSON

/// Finds the JSON Schema (2020-12) of a shape by decoding it from nothing and noting what it asks for.
///
/// So a shape's schema can't drift from what its decoder accepts: a property that is decoded "if present" is optional,
/// every other is required.
enum SchemaProbe {
  /// The schema of a shape; named shapes are put into `definitions` once and referred to.
  static func schema<Shape: WireShape>(of shape: Shape.Type, definitions: inout JSONObject) -> JSONValue {
    if let name = shape.schemaName {
      if definitions[name] == nil {
        definitions[name] = .null
        definitions[name] = objectSchema(of: shape, definitions: &definitions)
      }
      return ["$ref": .string("#/components/schemas/\(name)")]
    }
    return objectSchema(of: shape, definitions: &definitions)
  }

  /// The schema of a shape in place, whether it has a name or not.
  static func objectSchema<Shape: WireShape>(of shape: Shape.Type, definitions: inout JSONObject) -> JSONValue {
    let probe = Probe(definitions)
    _ = try? Shape(from: ProbeDecoder(probe: probe))
    definitions = probe.definitions
    var properties = JSONObject()
    var required: [JSONValue] = []
    for field in probe.fields {
      var schema = field.schema.objectValue ?? [:]
      if let note = shape.notes[field.name] { schema["description"] = .string(note) }
      properties[field.name] = .object(schema)
      if field.isRequired { required.append(.string(field.name)) }
    }
    var result: JSONObject = ["type": "object", "properties": .object(properties)]
    if !required.isEmpty { result["required"] = .array(required) }
    return .object(result)
  }

  /// The names of the fields that a shape's decoder asks for, in its order.
  static func fields<Shape: WireShape>(of shape: Shape.Type) -> [String] {
    let probe = Probe([:])
    _ = try? Shape(from: ProbeDecoder(probe: probe))
    return probe.fields.map(\.name)
  }

  /// What is known about one value's type, and a value of it to go on with.
  fileprivate static func describe<Value: Decodable>(
    _ type: Value.Type, _ definitions: inout JSONObject
  ) throws -> (schema: JSONValue, value: Value) {
    if let type = type as? any ProbedType.Type {
      let (schema, value) = try type.probe(&definitions)
      guard let value = value as? Value else { throw ProbeFailure() }
      return (schema, value)
    }
    if let word = type as? any WireWord.Type {
      guard let value = word.anyCase as? Value else { throw ProbeFailure() }
      return (["type": "string", "examples": .array(word.words.map(JSONValue.string))], value)
    }
    let probe = Probe(definitions)
    let value = try Value(from: ProbeDecoder(probe: probe))
    definitions = probe.definitions
    if let shape = type as? any WireShape.Type { return (anySchema(shape, &definitions), value) }
    return (probe.scalar ?? ["type": "object"], value)
  }

  private static func anySchema(_ shape: any WireShape.Type, _ definitions: inout JSONObject) -> JSONValue {
    schema(of: shape, definitions: &definitions)
  }
}

/// A shape asked for something that the probe can't make up.
private struct ProbeFailure: Error {}

extension WireWord {
  fileprivate static var anyCase: Self? { allCases.first }
  fileprivate static var words: [String] { allCases.map(\.rawValue) }
}

/// A generic type whose schema is made from its parts.
private protocol ProbedType {
  static func probe(_ definitions: inout JSONObject) throws -> (JSONValue, Any)
}

extension Array: ProbedType where Element: Decodable {
  fileprivate static func probe(_ definitions: inout JSONObject) throws -> (JSONValue, Any) {
    let element = try SchemaProbe.describe(Element.self, &definitions)
    return (["type": "array", "items": element.schema], [element.value])
  }
}

extension Dictionary: ProbedType where Key == String, Value: Decodable {
  fileprivate static func probe(_ definitions: inout JSONObject) throws -> (JSONValue, Any) {
    let element = try SchemaProbe.describe(Value.self, &definitions)
    return (["type": "object", "additionalProperties": element.schema], ["": element.value])
  }
}

extension JSONValue: ProbedType {
  fileprivate static func probe(_ definitions: inout JSONObject) throws -> (JSONValue, Any) { ([:], JSONValue.null) }
}

/// What one decoding asked for.
private final class Probe {
  struct Field {
    var name: String
    var schema: JSONValue
    var isRequired: Bool
  }

  var fields: [Field] = []
  var scalar: JSONValue?
  var definitions: JSONObject

  init(_ definitions: JSONObject) { self.definitions = definitions }
}

private struct ProbeDecoder: Decoder {
  let probe: Probe
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(ProbeKeyed<Key>(probe: probe))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw ProbeFailure() }
  func singleValueContainer() -> any SingleValueDecodingContainer { ProbeSingle(probe: probe) }
}

private struct ProbeKeyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let probe: Probe
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { [] }

  func contains(_ key: Key) -> Bool { true }
  func decodeNil(forKey key: Key) -> Bool { false }

  private func note<Value: Decodable>(_ type: Value.Type, _ key: Key, isRequired: Bool) throws -> Value {
    let found = try SchemaProbe.describe(type, &probe.definitions)
    probe.fields.append(Probe.Field(name: key.stringValue, schema: found.schema, isRequired: isRequired))
    return found.value
  }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try note(type, key, isRequired: true)
  }

  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    try note(type, key, isRequired: false)
  }

  func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
    try note(type, key, isRequired: false)
  }
  func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try note(type, key, isRequired: false) }
  func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try note(type, key, isRequired: false) }
  func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try note(type, key, isRequired: false) }
  func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
    try note(type, key, isRequired: false)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { throw ProbeFailure() }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw ProbeFailure() }
  func superDecoder() throws -> any Decoder { throw ProbeFailure() }
  func superDecoder(forKey key: Key) throws -> any Decoder { throw ProbeFailure() }
}

private struct ProbeSingle: SingleValueDecodingContainer {
  let probe: Probe
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { false }

  func decode(_ type: String.Type) -> String { scalar("string", "") }
  func decode(_ type: Bool.Type) -> Bool { scalar("boolean", false) }
  func decode(_ type: Int.Type) -> Int { scalar("integer", 0) }
  func decode(_ type: Int64.Type) -> Int64 { scalar("integer", 0) }
  func decode(_ type: Double.Type) -> Double { scalar("number", 0) }
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let found = try SchemaProbe.describe(type, &probe.definitions)
    probe.scalar = found.schema
    return found.value
  }

  private func scalar<Value>(_ name: String, _ value: Value) -> Value {
    probe.scalar = ["type": .string(name)]
    return value
  }
}
