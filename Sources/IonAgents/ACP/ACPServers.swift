internal import IonJSON

/// Servers of the Model Context Protocol as an agent is told of them.
enum ACPServers {
  /// The list for an agent, from entries as Claude Code's files have them.
  ///
  /// Programs are named by absolute paths where `locate` finds them, as the protocol wants it.
  /// - Throws: Which server the agent can't be given, and why.
  static func list(
    _ servers: JSONObject, for agent: ACPHello, locate: (String) -> String?
  ) throws(AgentFailure) -> JSONValue {
    var list: [JSONValue] = []
    for member in servers.members { list.append(try server(member.key, member.value, agent, locate)) }
    return .array(list)
  }

  private static func server(
    _ name: String, _ value: JSONValue, _ agent: ACPHello, _ locate: (String) -> String?
  ) throws(AgentFailure) -> JSONValue {
    let kind = value["type"]?.stringValue ?? (value["url"] == nil ? "stdio" : "http")
    switch kind {
    case "stdio":
      guard let command = value["command"]?.stringValue else {
        throw AgentFailure(.unsupported, "the MCP server `\(name)` has no `command`")
      }
      return [
        "name": .string(name), "command": .string(locate(command) ?? command),
        "args": .array((value["args"]?.arrayValue ?? []).filter { $0.stringValue != nil }), "env": pairs(value["env"]),
      ]
    case "http" where agent.takesHTTP, "sse" where agent.takesSSE:
      guard let url = value["url"]?.stringValue else {
        throw AgentFailure(.unsupported, "the MCP server `\(name)` has no `url`")
      }
      return ["type": .string(kind), "name": .string(name), "url": .string(url), "headers": pairs(value["headers"])]
    case "http", "sse":
      throw AgentFailure(
        .unsupported,
        "the agent takes no MCP servers over \(kind), as `\(name)` is one; give it one that is a program (`command`)")
    default:
      throw AgentFailure(.unsupported, "the MCP server `\(name)` is of the type `\(kind)`, which nobody knows")
    }
  }

  /// An object's texts as the protocol lists them.
  private static func pairs(_ value: JSONValue?) -> JSONValue {
    .array(
      (value?.objectValue?.members ?? []).compactMap { member in
        member.value.stringValue.map { ["name": .string(member.key), "value": .string($0)] }
      })
  }
}
