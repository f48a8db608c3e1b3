internal import IonJSON
internal import IonLock
internal import IonRPC
internal import IonWorkflow
internal import Logging

/// What LSP asks of every server, whatever it serves.
enum LanguageServerRoutes {
  static func add(to table: inout HandlerTable, _ session: Session) {
    table.onRequest("initialize", .serial) { params, context throws(WireError) in
      try await initialize(params ?? .object([:]), context, session)
    }
    table.onRequest("shutdown", .serial) { _, _ throws(WireError) in
      session.beginClosing(reason: "the client shut the session down")
      return .null
    }
    table.onRequest("workspace/executeCommand", .serial) { params, context throws(WireError) in
      try await ClientCommand.execute(params, context, session)
    }
    table.onNotification("initialized", .serial) { _, _ in await session.initialized() }
    table.onNotification("$/setTrace", .serial) { _, _ in }
    table.onNotification("workspace/didChangeWorkspaceFolders", .serial) { params, _ in
      await changeFolders(params?["event"], session)
    }
    table.onNotification("window/workDoneProgress/cancel", .serial) { params, _ in
      if let token = params?["token"] { await session.cancelProgress(token) }
    }
  }

  private static func initialize(
    _ params: JSONValue, _ context: RequestContext, _ session: Session
  ) async throws(WireError) -> JSONValue {
    guard case .object = params else {
      session.lifeCycle.withLock { $0.initializeFailed() }
      throw WireError(
        code: WireError.Code.invalidParams, message: "the params of `initialize` must be an object",
        data: ["path": "/params"])
    }
    let client = ClientFacts(params)
    guard client.protocolVersion == 1 else {
      session.lifeCycle.withLock { $0.initializeFailed() }
      throw WireError(
        Failure(
          .versionUnsupported,
          "This Ion speaks version 1 of its protocol, not \(client.protocolVersion); ask for 1, or update one of the two."
        ))
    }
    await session.begin(client, on: context.connection)
    return result(client, session)
  }

  private static func result(_ client: ClientFacts, _ session: Session) -> JSONValue {
    var capabilities: JSONObject = [
      "positionEncoding": .string(client.positionEncoding.rawValue),
      "workspace": ["workspaceFolders": ["supported": true, "changeNotifications": true]],
    ]
    if !client.registersCommands {
      capabilities["executeCommandProvider"] = [
        "commands": session.commandNames(client.commandPrefix), "workDoneProgress": true,
      ]
    }
    if client.knowsIon {
      capabilities["experimental"] = ["ion": ion(session)]
    }
    return [
      "capabilities": .object(capabilities), "serverInfo": ["name": "ion", "version": .string(session.version)],
    ]
  }

  private static func ion(_ session: Session) -> JSONValue {
    let limits = session.limits
    return [
      "protocolVersion": 1,
      "limits": [
        "frameBytes": .integer(Int64(limits.frame.body)), "jsonDepth": .integer(Int64(limits.jsonDepth)),
        "requestsInFlight": .integer(Int64(limits.requests)), "listItems": .integer(Int64(PageSize.range.upperBound)),
      ],
      "methods": .array(session.requests.map { .string($0.method) }),
    ]
  }

  /// Added folders are registered; removed ones are detached, and no run of theirs is stopped.
  private static func changeFolders(_ event: JSONValue?, _ session: Session) async {
    for folder in event?["added"]?.arrayValue ?? [] {
      if let uri = folder["uri"]?.stringValue, let path = ClientFacts.path(of: uri) { await session.register(path) }
    }
    for folder in event?["removed"]?.arrayValue ?? [] {
      if let uri = folder["uri"]?.stringValue, let path = ClientFacts.path(of: uri) { await session.detach(path) }
    }
    await session.settle()
  }
}
