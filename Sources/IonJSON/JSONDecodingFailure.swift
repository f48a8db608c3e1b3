/// Why a value doesn't have the shape that a type asks for.
public struct JSONDecodingFailure: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// Nothing stands there, where something must.
    case missing(expected: String)
    /// Something else stands there, or a number that the type can't hold exactly.
    case mismatch(expected: String, found: String)
    /// The type's own initialiser refused the value, with this message.
    case refused(String)
  }

  /// The JSON pointer (RFC 6901) of the place; empty for the document itself.
  public let pointer: String
  public let reason: Reason

  public init(pointer: String, reason: Reason) {
    self.pointer = pointer
    self.reason = reason
  }
}

extension JSONDecodingFailure: CustomStringConvertible {
  /// One sentence without a period: the place, what was expected and what was found.
  public var description: String {
    let place = pointer.isEmpty ? "the value" : pointer
    return switch reason {
    case .missing(let expected): "\(place) is missing: expected \(expected)"
    case .mismatch(let expected, let found): "\(place) must be \(expected), but is \(found)"
    case .refused(let message): "\(place): \(message)"
    }
  }
}

extension JSONDecodingFailure {
  init(_ path: JSONPath?, _ reason: Reason) {
    self.init(pointer: jsonPointer(path.codingKeys), reason: reason)
  }

  init(_ path: JSONPath?, expected: String, found: JSONValue) {
    self.init(path, .mismatch(expected: expected, found: found.kindForPeople))
  }

  /// Translates whatever a `Decodable` threw.
  init(translating error: any Error) {
    switch error {
    case let failure as JSONDecodingFailure: self = failure
    case DecodingError.typeMismatch(_, let context), DecodingError.dataCorrupted(let context):
      self.init(pointer: jsonPointer(context.codingPath), reason: .refused(readable(context.debugDescription)))
    case DecodingError.valueNotFound(let type, let context):
      self.init(pointer: jsonPointer(context.codingPath), reason: .missing(expected: expectation(of: type)))
    case DecodingError.keyNotFound(let key, let context):
      self.init(pointer: jsonPointer(context.codingPath + [key]), reason: .missing(expected: "a value"))
    default: self.init(pointer: "", reason: .refused(String(describing: error)))
    }
  }
}

/// What the standard library says of a word that an enumeration hasn't got, without the types of the program.
private func readable(_ description: String) -> String {
  let words = description.split(separator: " ", maxSplits: 7).map(String.init)
  guard words.count == 8, words[0...1] == ["Cannot", "initialize"], words[3...5] == ["from", "invalid", "String"]
  else { return description }
  return "`\(words[7])` is none of the words that may stand here"
}

extension JSONValue {
  /// What this is, with its article: "a string", "null".
  var kindForPeople: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer(let number): "the number \(number)"
    case .number(let number): "the number \(number.literal.prefix(40))"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// What a type wants to see in JSON, with its article.
func expectation(of type: Any.Type) -> String {
  switch type {
  case is String.Type: "a string"
  case is Bool.Type: "a boolean"
  case is Double.Type, is Float.Type: "a number"
  case let type as any FixedWidthInteger.Type: integerExpectation(type)
  default: "a value"
  }
}

private func integerExpectation(_ type: (some FixedWidthInteger).Type) -> String {
  type == Int.self || type == Int64.self ? "an integer" : "an integer from \(type.min) to \(type.max)"
}
