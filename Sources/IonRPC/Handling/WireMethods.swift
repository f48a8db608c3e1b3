public import IonJSON

/// One request of a protocol: its name on the wire, its two shapes, and its place in the queue.
public protocol WireRequest: Sendable {
  associatedtype Params: Codable & Sendable
  associatedtype Result: Codable & Sendable
  static var method: String { get }
  static var ordering: Ordering { get }
}

/// One notification of a protocol: its name on the wire and its shape.
public protocol WireNotification: Sendable {
  associatedtype Params: Codable & Sendable
  static var method: String { get }
}

extension HandlerTable {
  /// Serves a request by its types. Params of another shape are answered -32602 with the place in `data.path`; absent
  /// ones are read as an empty object.
  public mutating func serve<Request: WireRequest>(
    _: Request.Type,
    _ body: @escaping @Sendable (Request.Params, RequestContext) async throws(WireError) -> Request.Result
  ) {
    onRequest(Request.method, Request.ordering) { params, context throws(WireError) in
      let typed: Request.Params
      do throws(JSONDecodingFailure) {
        typed = try (params ?? .object([:])).decode(at: "/params")
      } catch {
        throw .invalidParams(error)
      }
      let result = try await body(typed, context)
      do throws(JSONEncodingFailure) {
        return try JSONValue(encoding: result)
      } catch {
        throw .internalError("the result of \(Request.method) can't be written: \(error)")
      }
    }
  }
}

extension Connection {
  /// Sends a request by its types and returns its result.
  public nonisolated func call<Request: WireRequest>(
    _: Request.Type, _ params: Request.Params, within time: Duration?
  ) async throws(CallFailure) -> Request.Result {
    let json: JSONValue
    do throws(JSONEncodingFailure) { json = try JSONValue(encoding: params) } catch { throw .unencodable(error) }
    let result = try await call(Request.method, json, within: time)
    do throws(JSONDecodingFailure) { return try result.decode(at: "/result") } catch { throw .malformedResult(error) }
  }

  /// Sends a notification by its type.
  public nonisolated func notify<Notification: WireNotification>(
    _: Notification.Type, _ params: Notification.Params
  ) throws(JSONEncodingFailure) {
    send(OutgoingNotification(Notification.method, try JSONValue(encoding: params)))
  }
}
