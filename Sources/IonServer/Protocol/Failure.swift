public import IonJSON
public import IonRPC

/// Why a handler answers with an error: -32803, a kind for programs, a message for people.
public struct Failure: Error, Hashable, Sendable {
  /// Nil where the client cancelled the request, and so nobody waits for an answer.
  public var kind: ErrorKind?
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

  private init(cancelled message: String) {
    kind = nil
    self.message = message
    isRetryable = false
    facts = [:]
  }

  /// The client cancelled the request before there was an answer.
  public static let cancelled = Failure(cancelled: "the request was cancelled")

  /// A parameter that can't be taken, with the JSON pointer of its place below `params`.
  static func input(_ pointer: String, _ message: String) -> Failure {
    Failure(.inputInvalid, message, facts: ["path": .string("/params" + pointer)])
  }
}

extension WireError {
  /// What goes over the wire for a failure.
  public init(_ failure: Failure) {
    guard let kind = failure.kind else {
      self = .requestCancelled
      return
    }
    self = .requestFailed(
      kind: kind.rawValue, failure.message, retryable: failure.isRetryable, data: failure.facts)
  }
}
