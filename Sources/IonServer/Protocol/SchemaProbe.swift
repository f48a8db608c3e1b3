internal import IonJSON

/// Finds the JSON Schema (2020-12) of a shape by decoding it from nothing and noting what it asks for.
///
/// So a shape's schema can't drift from what its decoder accepts: a property that is decoded "if present" is optional,
/// every other is required.
struct SchemaProbe {
  /// Why a type has no schema: it asked for something that can't be made up.
  struct Failure: Error {
    var type: Any.Type
  }

  /// One field of a shape.
  struct Field {
    var name: String
    var schema: JSONObject
    var isRequired: Bool
  }

  /// The schemas of the named shapes and words that were met so far.
  private(set) var definitions = JSONObject()

  /// The schema of a shape: a reference to its definition where it has a name, else the object itself.
  mutating func schema<Shape: WireShape>(of shape: Shape.Type) -> JSONObject {
    do {
      return try self.shape(shape).schema
    } catch {
      return Self.anything(error)
    }
  }

  /// The schema of a shape in place, whether it has a name or not.
  mutating func objectSchema<Shape: WireShape>(of shape: Shape.Type) -> JSONObject {
    do {
      return try object(shape).schema
    } catch {
      return Self.anything(error)
    }
  }

  /// The names of the fields that a shape's decoder asks for, in its order.
  static func fields<Shape: WireShape>(of shape: Shape.Type) -> [String] {
    var probe = SchemaProbe()
    return probe.objectSchema(of: shape)["properties"]?.objectValue?.keys ?? []
  }

  /// A shape that can't be decoded from nothing is a bug of the shape's; its schema allows any object then.
  private static func anything(_ error: any Error) -> JSONObject {
    assertionFailure("a shape can't be decoded from nothing: \(error)")
    return ["type": "object"]
  }
}

extension SchemaProbe {
  /// The schema of any type that a shape may have a field of, and a value of it to go on with.
  mutating func visit<Value: Decodable>(_ type: Value.Type) throws -> (schema: JSONObject, value: Value) {
    if let type = type as? any ProbedType.Type { return try cast(type.probe(&self)) }
    if let word = type as? any WireWord.Type { return try cast(self.word(word)) }
    if let scalar = type as? any WireScalar.Type { return try cast((scalar.schema, scalar.sample)) }
    if let shape = type as? any WireShape.Type { return try cast(self.shape(shape)) }
    if type is any FixedWidthInteger.Type { throw Failure(type: type) }
    let found = try look(into: type)
    guard let scalar = found.scalar else { throw Failure(type: type) }
    return (scalar, found.value)
  }

  private func cast<Value>(_ found: (schema: JSONObject, value: Any)) throws -> (schema: JSONObject, value: Value) {
    guard let value = found.value as? Value else { throw Failure(type: Value.self) }
    return (found.schema, value)
  }

  private mutating func shape<Shape: WireShape>(_ shape: Shape.Type) throws -> (schema: JSONObject, value: Any) {
    let found = try object(shape)
    guard let name = shape.schemaName else { return found }
    definitions[name] = .object(found.schema)
    return (Self.reference(to: name), found.value)
  }

  private mutating func word<Word: WireWord>(_ word: Word.Type) throws -> (schema: JSONObject, value: Any) {
    guard let value = word.allCases.first else { throw Failure(type: word) }
    let known = word.allCases.map {
      JSONValue.object(["const": .string($0.rawValue), "description": .string($0.meaning)])
    }
    let later: JSONValue = ["description": "A word of a later version."]
    definitions[word.schemaName] = ["type": "string", "anyOf": .array(known + [later])]
    return (Self.reference(to: word.schemaName), value)
  }

  private static func reference(to name: String) -> JSONObject { ["$ref": .string("#/components/schemas/\(name)")] }

  private mutating func object<Shape: WireShape>(_ shape: Shape.Type) throws -> (schema: JSONObject, value: Any) {
    let found = try look(into: shape)
    if let scalar = found.scalar { return (scalar, found.value) }
    var properties = JSONObject()
    var required: [JSONValue] = []
    for field in found.fields {
      var schema = field.schema
      if let note = shape.notes[field.name] { schema["description"] = .string(note) }
      properties[field.name] = .object(schema)
      if field.isRequired { required.append(.string(field.name)) }
    }
    var schema: JSONObject = ["type": "object", "properties": .object(properties)]
    if !required.isEmpty { schema["required"] = .array(required) }
    return (schema, found.value)
  }

  private struct Look<Value> {
    var fields: [Field]
    var scalar: JSONObject?
    var value: Value
  }

  /// Decodes a type from nothing.
  private mutating func look<Value: Decodable>(into type: Value.Type) throws -> Look<Value> {
    let record = ProbeRecord(self)
    let value = try Value(from: ProbeDecoder(record: record))
    definitions = record.probe.definitions
    return Look(fields: record.fields, scalar: record.scalar, value: value)
  }
}

/// A type whose schema is made from its parts, or known beforehand.
protocol ProbedType {
  static func probe(_ probe: inout SchemaProbe) throws -> (schema: JSONObject, value: Any)
}

extension Array: ProbedType where Element: Decodable {
  static func probe(_ probe: inout SchemaProbe) throws -> (schema: JSONObject, value: Any) {
    let element = try probe.visit(Element.self)
    return (["type": "array", "items": .object(element.schema)], [element.value])
  }
}

extension Dictionary: ProbedType where Key == String, Value: Decodable {
  static func probe(_ probe: inout SchemaProbe) throws -> (schema: JSONObject, value: Any) {
    let element = try probe.visit(Value.self)
    return (["type": "object", "additionalProperties": .object(element.schema)], ["": element.value])
  }
}

extension JSONValue: ProbedType {
  static func probe(_ probe: inout SchemaProbe) throws -> (schema: JSONObject, value: Any) { ([:], JSONValue.null) }
}

extension String: ProbedType {
  static func probe(_ probe: inout SchemaProbe) throws -> (schema: JSONObject, value: Any) { (["type": "string"], "") }
}

extension Bool: ProbedType {
  static func probe(_ probe: inout SchemaProbe) throws -> (schema: JSONObject, value: Any) {
    (["type": "boolean"], false)
  }
}

extension Int: ProbedType {
  static func probe(_ probe: inout SchemaProbe) throws -> (schema: JSONObject, value: Any) { (["type": "integer"], 0) }
}

extension Int64: ProbedType {
  static func probe(_ probe: inout SchemaProbe) throws -> (schema: JSONObject, value: Any) {
    (["type": "integer"], Int64(0))
  }
}

extension Double: ProbedType {
  static func probe(_ probe: inout SchemaProbe) throws -> (schema: JSONObject, value: Any) {
    (["type": "number"], Double(0))
  }
}
