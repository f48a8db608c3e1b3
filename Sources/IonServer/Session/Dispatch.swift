internal import IonJSON
internal import IonLock
internal import IonRPC

/// Makes a connection's routes from the requests that are served and from what LSP asks of every server.
enum Dispatch {
  static func table(for session: Session) -> HandlerTable {
    var table = HandlerTable()
    for request in session.requests { add(request, to: &table, session) }
    LanguageServerRoutes.add(to: &table, session)
    table.gate = { message in
      session.lifeCycle.withLock { $0.admit(method: message.method, isRequest: message.id != nil) }
    }
    table.inputDidEnd = { _ in session.inputEnded() }
    return table
  }

  private static func add(_ request: any ServedRequest.Type, to table: inout HandlerTable, _ session: Session) {
    table.onRequest(request.method, request.ordering) { params, context throws(WireError) in
      try await answer(request, params, context, session)
    }
  }

  /// Answers a request for the client whose request's context it is.
  static func answer(
    _ request: any ServedRequest.Type, _ params: JSONValue?, _ context: RequestContext, _ session: Session
  ) async throws(WireError) -> JSONValue {
    if request.startsRuns { await session.holdNews(behind: context) }
    let body = { @Sendable () async -> Result<JSONValue, WireError> in
      await Session.$context.withValue(context) {
        do throws(WireError) {
          return .success(try await request.answer(params, in: session))
        } catch {
          return .failure(error)
        }
      }
    }
    guard request.onlyWaits else { return try await body().get() }
    let answer = await session.inputEnd.cutShort(body)
    if Task.isCancelled { throw .requestCancelled }
    return try answer.get()
  }
}
