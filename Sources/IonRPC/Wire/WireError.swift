public import IonJSON

/// The error of a response.
public struct WireError: Error, Hashable, Sendable {
  /// JSON-RPC's or LSP's number for the class of error.
  public var code: Int
  /// For people: what was wrong, where, and what to do.
  public var message: String
  /// Whatever else a program can use; nil where there is nothing.
  public var data: JSONValue?

  public init(code: Int, message: String, data: JSONValue? = nil) {
    self.code = code
    self.message = message
    self.data = data
  }
}

extension WireError {
  /// The codes of JSON-RPC 2.0 and of LSP 3.17.
  public enum Code {
    public static let parseError = -32700
    public static let invalidRequest = -32600
    public static let methodNotFound = -32601
    public static let invalidParams = -32602
    public static let internalError = -32603
    public static let serverNotInitialized = -32002
    public static let requestCancelled = -32800
    public static let contentModified = -32801
    public static let requestFailed = -32803
  }

  /// -32700: the bytes are no JSON, or no frame.
  public static func parseError(_ message: String) -> WireError { WireError(code: Code.parseError, message: message) }

  /// -32600: JSON, but no message that may be sent now.
  public static func invalidRequest(_ message: String) -> WireError {
    WireError(code: Code.invalidRequest, message: message)
  }

  /// -32601, naming the method.
  public static func methodNotFound(_ method: String) -> WireError {
    WireError(code: Code.methodNotFound, message: "there is no method '\(method)'")
  }

  /// `data.path` is the JSON pointer of the place, from the message's root: `/params/inputs/0`.
  public static func invalidParams(_ failure: JSONDecodingFailure) -> WireError {
    WireError(code: Code.invalidParams, message: failure.description, data: ["path": .string(failure.pointer)])
  }

  /// A bug on the answering side.
  public static func internalError(_ message: String) -> WireError {
    WireError(code: Code.internalError, message: message)
  }

  /// The answer to a request that the peer cancelled, and to no other.
  public static let requestCancelled = WireError(code: Code.requestCancelled, message: "the request was cancelled")

  /// A request before `initialize`.
  public static let serverNotInitialized = WireError(
    code: Code.serverNotInitialized, message: "the first request must be 'initialize'")

  /// A request that is well-formed but can't be done; `kind` is for programs, as is what `data` adds to it.
  public static func requestFailed(
    kind: String, _ message: String, retryable: Bool, data: JSONObject = [:]
  ) -> WireError {
    var members = data
    members["kind"] = .string(kind)
    members["retryable"] = .bool(retryable)
    return WireError(code: Code.requestFailed, message: message, data: .object(members))
  }

  /// Too many requests wait for their answers.
  static func serverBusy(limit: Int) -> WireError {
    requestFailed(kind: "serverBusy", "\(limit) requests are in flight: try again after an answer", retryable: true)
  }

  /// The connection ended before the request was done.
  static let connectionClosing = requestFailed(
    kind: "connectionClosing", "the connection was closed before the request was done", retryable: true)
}

extension WireError {
  /// The object of a response's `error`.
  var json: JSONValue {
    var object: JSONObject = ["code": .integer(Int64(code)), "message": .string(message)]
    object["data"] = data
    return .object(object)
  }

  /// Reads a response's `error`, as far as it has the shape of one.
  init(_ json: JSONValue) {
    code = json["code"]?.integerValue.flatMap { Int(exactly: $0) } ?? Code.internalError
    message = json["message"]?.stringValue ?? "an error without a message: \(json)"
    data = json["data"]
  }
}
