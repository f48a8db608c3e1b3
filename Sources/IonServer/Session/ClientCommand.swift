internal import IonJSON
internal import IonRPC

/// A command of `workspace/executeCommand`: one of Ion's requests for clients that know only LSP's. Its first argument is
/// the request's params.
struct ClientCommand: Sendable {
  /// What commands begin with unless the client names something else.
  static let usualPrefix = "ion"

  /// Without the prefix.
  let name: String
  /// The request that it stands for.
  let method: String
  /// The members of the argument of which one must be there; with none the argument itself may be left out.
  let needed: [String]
  /// Whether the request takes a token for its progress.
  var takesToken = false

  static let all = [
    ClientCommand(name: "workflow.run", method: "workflow/execute", needed: ["workflow", "uri"], takesToken: true),
    ClientCommand(name: "workflow.cancel", method: "workflow/cancel", needed: ["runId"]),
    ClientCommand(name: "workflow.resume", method: "workflow/resume", needed: ["runId"]),
    ClientCommand(name: "workflow.status", method: "workflow/status", needed: ["runId"]),
    ClientCommand(name: "approval.respond", method: "approval/respond", needed: ["approvalId"], takesToken: true),
    ClientCommand(name: "provider.doctor", method: "provider/doctor", needed: []),
  ]

  func fullName(_ prefix: String) -> String { "\(prefix).\(name)" }
}

extension ClientCommand {
  /// Answers `workspace/executeCommand`.
  ///
  /// - Throws: -32602 with the place of what is missing or wrong; whatever the request says.
  static func execute(
    _ params: JSONValue?, _ context: RequestContext, _ session: Session
  ) async throws(WireError) -> JSONValue {
    let prefix = await session.client.commandPrefix
    let commands = session.commands
    guard let given = params?["command"]?.stringValue else {
      throw refusal("/params/command", "`workspace/executeCommand` needs the name of a command")
    }
    guard let command = commands.first(where: { $0.fullName(prefix) == given }),
      let request = session.requests.first(where: { $0.method == command.method })
    else {
      let names = commands.map { $0.fullName(prefix) }.joined(separator: ", ")
      throw refusal("/params/command", "there is no command `\(given)`; there are \(names)")
    }
    var argument = try command.argument(params?["arguments"], named: given)
    if command.takesToken, argument["workDoneToken"] == nil { argument["workDoneToken"] = params?["workDoneToken"] }
    do throws(WireError) {
      return try await Dispatch.answer(request, .object(argument), context, session)
    } catch {
      throw error.moved(from: "/params", to: "/params/arguments/0")
    }
  }

  private func argument(_ arguments: JSONValue?, named name: String) throws(WireError) -> JSONObject {
    let wanted = needed.isEmpty ? "" : " with " + needed.map { "`\($0)`" }.joined(separator: " or ")
    let need = "`\(name)` \(needed.isEmpty ? "takes" : "needs") an object\(wanted) as its first argument"
    switch arguments?.arrayValue?.first {
    case nil, .null?:
      guard needed.isEmpty else { throw Self.refusal("/params/arguments", need) }
      return [:]
    case .object(let argument)?:
      guard needed.isEmpty || needed.contains(where: { argument[$0] != nil && argument[$0] != .null }) else {
        throw Self.refusal("/params/arguments/0", need)
      }
      return argument
    case .bool?, .integer?, .number?, .string?, .array?: throw Self.refusal("/params/arguments/0", need)
    }
  }

  private static func refusal(_ pointer: String, _ message: String) -> WireError {
    WireError(code: WireError.Code.invalidParams, message: message, data: ["path": .string(pointer)])
  }
}

extension WireError {
  /// The same error for a message in which the place of what it is about is another.
  fileprivate func moved(from old: String, to new: String) -> WireError {
    guard let path = data?["path"]?.stringValue, path == old || path.hasPrefix(old + "/"),
      var members = data?.objectValue
    else { return self }
    members["path"] = .string(new + path.dropFirst(old.count))
    var moved = self
    moved.data = .object(members)
    return moved
  }
}
