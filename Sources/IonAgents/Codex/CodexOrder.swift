internal import IonJSON

/// The command line of a turn of Codex.
enum CodexOrder {
  /// The arguments of a turn, which reads its prompt from stdin. `further` are those of the definition: of two settings with
  /// one name, the later counts.
  static func arguments(_ request: AgentRequest, _ further: [String]) -> [String] {
    var words = ["exec"]
    switch request.session?.use {
    case .resume?: words.append("resume")
    case .fork?: words.append("fork")
    case nil: break
    }
    words += ["--json", "--skip-git-repo-check"]
    if let model = request.model { words.append("--model=\(model)") }
    words += settings(request).flatMap { ["-c", "\($0.0)=\($0.1)"] } + further
    if let session = request.session { words += ["--", session.id] }
    return words + ["-"]
  }

  private static func settings(_ request: AgentRequest) -> [(String, String)] {
    var settings = [("sandbox_mode", toml(sandbox(request.options["sandbox"])))]
    if let effort = request.effort { settings.append(("model_reasoning_effort", toml(.string(effort)))) }
    if let text = request.systemPrompt { settings.append(("developer_instructions", toml(.string(text)))) }
    if !request.mcpServers.isEmpty {
      settings.append(("mcp_servers", toml(servers(ServerVariables(request.environment).fill(request.mcpServers)))))
    }
    return settings
  }

  /// A workflow's agents change files where they work, and nothing else, unless it is said otherwise.
  private static func sandbox(_ value: JSONValue?) -> JSONValue {
    if value == false || value?["enabled"] == false { return "danger-full-access" }
    return value?["mode"] ?? "workspace-write"
  }

  /// Whoever gives an agent a server wants it used: there is nobody to ask.
  private static func servers(_ servers: JSONObject) -> JSONValue {
    .object(
      JSONObject(
        members: servers.members.map { member in
          guard let given = member.value.objectValue else { return member }
          var server = JSONObject(members: given.members.filter { !["type", "headers"].contains($0.key) })
          if let headers = given["headers"] { server["http_headers"] = headers }
          server["default_tools_approval_mode"] = "approve"
          return .init(key: member.key, value: .object(server))
        }))
  }

  /// A value in TOML.
  static func toml(_ value: JSONValue) -> String {
    switch value {
    case .null: return #""""#
    case .bool(let flag): return flag ? "true" : "false"
    case .integer, .number: return value.serializedText()
    // What JSON escapes in a string, TOML reads as well; a DEL, it wants escaped.
    case .string:
      return value.serializedText().split(separator: "\u{7F}", omittingEmptySubsequences: false).joined(
        separator: #"\u007F"#)
    case .array(let values): return "[" + values.map(toml).joined(separator: ",") + "]"
    case .object(let object):
      return "{" + object.members.map { "\(toml(.string($0.key)))=\(toml($0.value))" }.joined(separator: ",") + "}"
    }
  }
}
