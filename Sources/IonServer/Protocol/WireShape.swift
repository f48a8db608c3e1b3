public import IonJSON

/// A JSON object of the protocol. Its fields are `Codable` properties; `notes` says what each means, once: the notes are
/// exported into the schemas, so wire fields carry no other comment.
public protocol WireShape: Codable, Sendable {
  /// The name under which the schema is exported (`Run`); nil for shapes that stand inline in their method.
  static var schemaName: String? { get }
  /// Field name → meaning, unit, and what absence means. Every field has one; a test holds it.
  static var notes: [String: String] { get }

  /// Refuses what the types alone allow, such as two fields that exclude each other. The failure's pointer starts at this
  /// shape.
  func check() throws(JSONDecodingFailure)
}

extension WireShape {
  public static var schemaName: String? { nil }

  public func check() throws(JSONDecodingFailure) {}
}

extension JSONDecodingFailure {
  /// A field that its type allows and its shape doesn't.
  init(_ pointer: String, _ message: String) { self.init(pointer: pointer, reason: .refused(message)) }
}

/// A word of a fixed list on the wire. Clients must accept words that they don't know (enums are open).
public protocol WireWord: RawRepresentable, CaseIterable, Codable, Sendable where RawValue == String {
  /// The name under which the schema is exported (`RunStatus`).
  static var schemaName: String { get }
  /// What the word says; one clause.
  var meaning: String { get }
}

/// A single JSON value with a meaning of its own: a URI, a time, a number within bounds. What isn't one is refused while
/// it is decoded, with the place of it.
public protocol WireScalar: Codable, Sendable {
  static var schema: JSONObject { get }
  /// Any value of the type, to find the schemas of shapes with.
  static var sample: Self { get }
}

/// A request without parameters, and a result without members.
public struct Nothing: WireShape, Hashable {
  public static let notes: [String: String] = [:]

  public init() {}
}

/// Two shapes in one object: the second one's fields stand beside the first one's.
@dynamicMemberLookup
public struct Joined<First: WireShape, Second: WireShape>: WireShape {
  public static var notes: [String: String] { First.notes.merging(Second.notes) { $1 } }

  public var first: First
  public var second: Second

  public init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  public init(from decoder: any Decoder) throws {
    first = try First(from: decoder)
    second = try Second(from: decoder)
  }

  public func encode(to encoder: any Encoder) throws {
    try first.encode(to: encoder)
    try second.encode(to: encoder)
  }

  public func check() throws(JSONDecodingFailure) {
    try first.check()
    try second.check()
  }

  public subscript<Value>(dynamicMember field: KeyPath<First, Value>) -> Value { first[keyPath: field] }
  public subscript<Value>(dynamicMember field: KeyPath<Second, Value>) -> Value { second[keyPath: field] }
}

extension Joined: Equatable where First: Equatable, Second: Equatable {}
extension Joined: Hashable where First: Hashable, Second: Hashable {}
