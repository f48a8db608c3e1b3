public import IonJSON

/// Why a handler answers with an error: -32803, a kind for programs, a message for people.
public struct Failure: Error, Hashable, Sendable {
  public var kind: ErrorKind
  public var message: String
  /// Whether the same request may well succeed later.
  public var isRetryable: Bool
  /// What goes beside `kind` and `retryable` in `data`: ids, `diagnostics`, `holder`, `path`.
  public var facts: JSONObject

  public init(_ kind: ErrorKind, _ message: String, isRetryable: Bool = false, facts: JSONObject = [:]) {
    self.kind = kind
    self.message = message
    self.isRetryable = isRetryable
    self.facts = facts
  }

  /// The `data` of the error.
  public var data: JSONValue {
    var data: JSONObject = ["kind": .string(kind.rawValue)]
    for member in facts.members { data[member.key] = member.value }
    data["retryable"] = .bool(isRetryable)
    return .object(data)
  }
}
