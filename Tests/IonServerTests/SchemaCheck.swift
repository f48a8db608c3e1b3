import IonJSON

/// A structural check of a value against a schema of Ion's: what the exported schemas use of JSON Schema, and no more.
struct SchemaCheck {
  /// What `$ref` leads to.
  let definitions: JSONObject

  /// What is wrong, each with its place; nil for a schema keyword that is not understood.
  func faults(of value: JSONValue, against schema: JSONValue, at path: String = "") -> [String] {
    guard let schema = schema.objectValue else { return ["\(path): the schema is no object"] }
    if let reference = schema["$ref"]?.stringValue {
      guard let name = reference.split(separator: "/").last, let target = definitions[String(name)] else {
        return ["\(path): \(reference) leads nowhere"]
      }
      return faults(of: value, against: target, at: path)
    }
    var faults = typeFaults(of: value, schema, path)
    if let words = schema["anyOf"]?.arrayValue, value.stringValue != nil {
      let isAllowed = words.contains { $0["const"].map { $0 == value } ?? true }
      if !isAllowed { faults.append("\(path): \(value) is none of the words") }
    }
    if let number = value.integerValue {
      if let low = schema["minimum"]?.integerValue, number < low { faults.append("\(path): below \(low)") }
      if let high = schema["maximum"]?.integerValue, number > high { faults.append("\(path): above \(high)") }
    }
    return faults + memberFaults(of: value, schema, path) + elementFaults(of: value, schema, path)
  }

  private func typeFaults(of value: JSONValue, _ schema: JSONObject, _ path: String) -> [String] {
    let wanted = schema["type"]?.arrayValue ?? [schema["type"]].compactMap { $0 }
    guard !wanted.isEmpty else { return [] }
    let type: String =
      switch value {
      case .null: "null"
      case .bool: "boolean"
      case .integer: "integer"
      case .number: "number"
      case .string: "string"
      case .array: "array"
      case .object: "object"
      }
    let isMet = wanted.contains { $0.stringValue == type || ($0.stringValue == "number" && type == "integer") }
    return isMet ? [] : ["\(path): \(type) instead of \(wanted)"]
  }

  private func memberFaults(of value: JSONValue, _ schema: JSONObject, _ path: String) -> [String] {
    guard let object = value.objectValue else { return [] }
    let properties = schema["properties"]?.objectValue ?? [:]
    var faults = (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue).filter { object[$0] == nil }
      .map { "\(path)/\($0) is missing" }
    for member in object.members {
      let place = "\(path)/\(member.key)"
      if let property = properties[member.key] {
        faults += self.faults(of: member.value, against: property, at: place)
      } else if let other = schema["additionalProperties"] {
        faults += self.faults(of: member.value, against: other, at: place)
      } else if !properties.isEmpty {
        faults.append("\(place) is in no property of the schema")
      }
    }
    return faults
  }

  private func elementFaults(of value: JSONValue, _ schema: JSONObject, _ path: String) -> [String] {
    guard let elements = value.arrayValue, let items = schema["items"] else { return [] }
    return elements.enumerated().flatMap { faults(of: $1, against: items, at: "\(path)/\($0)") }
  }
}
