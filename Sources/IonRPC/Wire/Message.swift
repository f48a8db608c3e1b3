public import IonJSON

/// One message of JSON-RPC 2.0 as it was received.
public enum Message: Hashable, Sendable {
  /// Absent params are nil, as are null ones; others are an object or an array.
  case request(id: RequestID, method: String, params: JSONValue?)
  case notification(method: String, params: JSONValue?)
  /// An id that no request of ours can have is nil.
  case response(id: RequestID?, Result<JSONValue, WireError>)
  /// Nothing that can be served; to be answered with this error, and with id null where there is no valid one.
  case invalid(id: RequestID?, WireError)
}

extension Message {
  /// Reads a body; every fault of it becomes `.invalid`.
  public init(body: [UInt8], parser: JSONParser = JSONParser()) {
    do throws(JSONFailure) {
      self.init(try parser.parse(body))
    } catch {
      self = .invalid(id: nil, .parseError("\(error)"))
    }
  }

  /// Reads the envelope around a parsed body. Members that JSON-RPC doesn't know are ignored.
  public init(_ json: JSONValue) {
    guard case .object(let object) = json else {
      let isBatch = json.arrayValue != nil
      self = .invalid(id: nil, .invalidRequest(isBatch ? "batches are not supported" : "a message must be an object"))
      return
    }
    guard let method = object["method"] else {
      self = Self.response(object)
      return
    }
    self = Self.call(object, method: method)
  }

  private static func call(_ object: JSONObject, method: JSONValue) -> Message {
    let given = object["id"]
    let id = given.flatMap { RequestID($0) }
    func invalid(_ message: String) -> Message { .invalid(id: id, .invalidRequest(message)) }
    guard given == nil || id != nil else { return invalid("the id must be a string or an integer") }
    guard object["jsonrpc"] == "2.0" else { return invalid("jsonrpc must be \"2.0\"") }
    guard case .string(let method) = method else { return invalid("the method must be a string") }
    let params: JSONValue?
    switch object["params"] {
    case nil, .null?: params = nil
    case .object?, .array?: params = object["params"]
    case .bool?, .integer?, .number?, .string?: return invalid("the params must be an object or an array")
    }
    guard let id else { return .notification(method: method, params: params) }
    return .request(id: id, method: method, params: params)
  }

  private static func response(_ object: JSONObject) -> Message {
    let id = object["id"].flatMap { RequestID($0) }
    if let error = object["error"], error != .null { return .response(id: id, .failure(WireError(error))) }
    if let result = object["result"] { return .response(id: id, .success(result)) }
    return .invalid(id: id, .invalidRequest("a message must have a method, a result or an error"))
  }
}

extension Message {
  /// The message as it goes out, without any member that it doesn't need.
  public var json: JSONValue {
    var members: [JSONObject.Member] = [.init(key: "jsonrpc", value: "2.0")]
    func add(_ key: String, _ value: JSONValue?) {
      if let value { members.append(.init(key: key, value: value)) }
    }
    switch self {
    case .request(let id, let method, let params):
      add("id", id.json)
      add("method", .string(method))
      add("params", params)
    case .notification(let method, let params):
      add("method", .string(method))
      add("params", params)
    case .response(let id, .success(let result)):
      add("id", id?.json ?? .null)
      add("result", result)
    case .response(let id, .failure(let error)), .invalid(let id, let error):
      add("id", id?.json ?? .null)
      add("error", error.json)
    }
    return .object(JSONObject(uniqueMembers: members))
  }
}
