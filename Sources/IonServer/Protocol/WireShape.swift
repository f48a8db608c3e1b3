internal import IonJSON

/// A JSON object of the protocol. Its fields are `Codable` properties; `notes` says what each means, once: the notes are
/// exported into the schemas, so wire fields carry no other comment.
public protocol WireShape: Codable, Sendable {
  /// The name under which the schema is exported (`Run`); nil for shapes that stand inline in their method.
  static var schemaName: String? { get }
  /// Field name → meaning, unit, and what absence means. Every field has one; a test holds it.
  static var notes: [String: String] { get }
}

extension WireShape {
  public static var schemaName: String? { nil }
}

/// A word of a fixed list on the wire. Clients must accept words that they don't know (enums are open).
public protocol WireWord: RawRepresentable, CaseIterable, Codable, Sendable where RawValue == String {}

/// A request without parameters, and a result without members.
public struct Nothing: WireShape, Hashable {
  public static let notes: [String: String] = [:]

  public init() {}
}
