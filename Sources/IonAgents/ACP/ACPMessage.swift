internal import IonJSON

/// One message of the Agent Client Protocol: JSON-RPC 2.0, a line each. The ids of both directions have nothing to do with
/// each other.
///
/// What is read of messages here and beside this follows the protocol's schema v1.19.0 (its stable part, and what real
/// agents send of the rest).
enum ACPMessage: Hashable {
  case request(id: JSONValue, method: String, parameters: JSONValue)
  case notification(method: String, parameters: JSONValue)
  case answer(id: JSONValue, Result<JSONValue, ACPError>)
  /// What the agent printed that is no message, and what is wrong with it where it may have been meant as one.
  case noise(String)

  /// How deep a message may be nested.
  private static let depth = 512

  /// The messages on a line: none for a blank one, several for a batch.
  static func read(_ line: [UInt8]) -> [ACPMessage] {
    guard let first = line.first(where: { $0 > 0x20 }) else { return [] }
    // An object, an array, or a byte order mark.
    guard [0x7B, 0x5B, 0xEF].contains(first) else { return [.noise(text(line))] }
    do throws(JSONFailure) {
      return messages(try value(of: line))
    } catch {
      return [.noise("a line that can't be read (\(error)): \(text(line))")]
    }
  }

  private static func value(of line: [UInt8]) throws(JSONFailure) -> JSONValue {
    let parser = JSONParser(maximumDepth: depth)
    do throws(JSONFailure) {
      return try parser.parse(line)
    } catch {
      // Agents that cut characters in two are understood but for these.
      guard case .invalidUTF8 = error.reason else { throw error }
      return try parser.parse(String(decoding: line, as: UTF8.self))
    }
  }

  private static func messages(_ value: JSONValue) -> [ACPMessage] {
    if case .array(let batch) = value { return batch.map(ACPMessage.init) }
    return [ACPMessage(value)]
  }

  private init(_ value: JSONValue) {
    let id = value["id"]?.unlessNull
    if let method = value["method"]?.stringValue {
      let parameters = value["params"] ?? .null
      switch id {
      case .integer?, .string?: self = .request(id: id ?? .null, method: method, parameters: parameters)
      case .none: self = .notification(method: method, parameters: parameters)
      default: self = .noise("a request whose id is neither a number nor a text: \(Self.text(value))")
      }
    } else if let error = value["error"]?.unlessNull {
      self = id.map { .answer(id: $0, .failure(ACPError(error))) } ?? .noise("an error: \(Self.text(error))")
    } else if let id, let result = value["result"] {
      self = .answer(id: id, .success(result))
    } else {
      self = .noise(Self.text(value))
    }
  }

  /// The beginning of what was printed.
  private static func text(_ line: [UInt8]) -> String {
    String(decoding: line.prefix(4096), as: UTF8.self).shortened(to: 1024)
  }

  private static func text(_ value: JSONValue) -> String { value.serializedText().shortened(to: 1024) }
}

extension ACPMessage {
  /// A request's text as it goes to the agent.
  static func request(_ id: Int64, _ method: String, _ parameters: JSONValue) -> JSONValue {
    ["jsonrpc": "2.0", "id": .integer(id), "method": .string(method), "params": parameters]
  }

  static func notification(_ method: String, _ parameters: JSONValue) -> JSONValue {
    ["jsonrpc": "2.0", "method": .string(method), "params": parameters]
  }

  static func answer(_ id: JSONValue, _ answer: Result<JSONValue, ACPError>) -> JSONValue {
    switch answer {
    case .success(let result): ["jsonrpc": "2.0", "id": id, "result": result]
    case .failure(let error): ["jsonrpc": "2.0", "id": id, "error": error.value]
    }
  }
}

/// An error as an answer.
struct ACPError: Error, Hashable {
  var code: Int64
  var message: String
  var data: JSONValue?

  static let authenticationRequired: Int64 = -32000
  static let cancelled: Int64 = -32800
  /// One of Ion's own: the protocol has none for it.
  static let refusal: Int64 = -32001

  init(_ code: Int64, _ message: String) {
    self.code = code
    self.message = message
  }

  /// What the agent gave as an error; an absurd one is an internal error.
  init(_ value: JSONValue) {
    code = value["code"]?.integerValue ?? -32603
    message = value["message"]?.stringValue ?? value.serializedText().shortened(to: 1024)
    data = value["data"]?.unlessNull
  }

  var value: JSONValue { ["code": .integer(code), "message": .string(message)] }

  static func unknownMethod(_ method: String) -> ACPError { ACPError(-32601, "Ion doesn't know the method \(method)") }
  static func badParameters(_ message: String) -> ACPError { ACPError(-32602, message) }
  static func notFound(_ message: String) -> ACPError { ACPError(-32002, message) }
  static func refused(_ message: String) -> ACPError { ACPError(refusal, message) }
  static func failed(_ message: String) -> ACPError { ACPError(-32603, message) }
  static let overBecauseCancelled = ACPError(cancelled, "the turn was cancelled")
}

extension JSONValue {
  /// This value; none where it is JSON's null. (The literal `nil` is that null where a value is wanted.)
  var unlessNull: JSONValue? { if case .null = self { .none } else { .some(self) } }
}

extension String {
  /// This text, or its beginning and an ellipsis where it has more characters than that.
  func shortened(to limit: Int) -> String {
    guard utf8.count > limit, let end = index(startIndex, offsetBy: limit, limitedBy: endIndex), end < endIndex else {
      return self
    }
    return self[..<end] + "…"
  }
}
