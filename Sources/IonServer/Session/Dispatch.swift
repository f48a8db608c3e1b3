internal import IonJSON
internal import IonLock
internal import IonRPC

/// Makes a connection's routes from the catalog and from what LSP asks of every server.
enum Dispatch {
  static func table(for session: Session) -> HandlerTable {
    var table = HandlerTable()
    for request in Catalog.requests { add(request, to: &table, session) }
    LanguageServerRoutes.add(to: &table, session)
    table.gate = { message in
      session.lifeCycle.withLock { $0.admit(method: message.method, isRequest: message.id != nil) }
    }
    return table
  }

  private static func add(_ request: any ServedRequest.Type, to table: inout HandlerTable, _ session: Session) {
    table.onRequest(request.method, request.ordering) { params, context throws(WireError) in
      let answer = await Session.$context.withValue(context) { () async -> Result<JSONValue, WireError> in
        do throws(WireError) {
          return .success(try await request.answer(params, in: session))
        } catch {
          return .failure(error)
        }
      }
      return try answer.get()
    }
  }
}
