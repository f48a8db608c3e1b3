public import IonJSON
public import IonRPC

extension ServedRequest {
  /// Answers a request from its JSON: reads and checks the params, runs the handler, writes the result.
  ///
  /// - Throws: -32602 with `data.path` for params of another shape; -32803 for what the handler says; -32603 for a result
  ///   that can't be written.
  public static func answer(_ params: JSONValue?, in session: Session) async throws(WireError) -> JSONValue {
    let typed = try read(params)
    let result: Result
    do throws(Failure) {
      result = try await handle(typed, in: session)
    } catch {
      assert(specifies(error), "\(method) raised \(error), which its spec doesn't list")
      throw WireError(error)
    }
    do throws(JSONEncodingFailure) {
      return try JSONValue(encoding: result)
    } catch {
      throw .internalError("the result of \(method) can't be written: \(error)")
    }
  }

  /// Reads the params of a request; absent ones are an empty object.
  static func read(_ params: JSONValue?) throws(WireError) -> Params {
    do throws(JSONDecodingFailure) {
      let typed: Params = try (params ?? .object([:])).decode(at: "/params")
      do throws(JSONDecodingFailure) {
        try typed.check()
      } catch {
        throw JSONDecodingFailure(pointer: "/params" + error.pointer, reason: error.reason)
      }
      return typed
    } catch {
      throw .invalidParams(error)
    }
  }

  /// Whether the request's page lists a failure. Any request may be cancelled.
  static func specifies(_ failure: Failure) -> Bool { failure.kind.map(spec.errors.contains) ?? true }
}
