internal import IonJSON

/// What a turn of Claude Code is told: by its arguments where they are short, else by lines of its stdin, which nobody but
/// the program sees and which may be as long as they like.
struct ClaudeOrder {
  /// The session that the turn is in.
  let session: AgentSession
  let prompt: String
  /// The request that begins the talk.
  let greeting: JSONObject
  /// The servers that the program is to talk with, by name.
  let servers: JSONObject
  /// What hooks are answered, by the ids that they were given.
  let answers: [String: JSONValue]
  let arguments: [String]

  /// Whether the turn begins with a session that is there already.
  var isResuming: Bool { session.origin == .resumed || session.origin == .forked }

  /// What goes before any option of the turn: one line of JSON after the other, both ways, and permissions asked for.
  static let base = [
    "-p", "--output-format=stream-json", "--input-format=stream-json", "--verbose", "--include-partial-messages",
    "--permission-prompt-tool=stdio",
  ]

  /// The order of a turn in the session that it asks for, or in a new one of this id.
  init(_ request: AgentRequest, newSession id: String) {
    let hooks = ClaudeHooks(request.options["hooks"])
    let options: [String]
    switch request.session {
    case nil:
      session = AgentSession(id)
      options = ["--session-id=\(id)"]
    case let asked? where asked.use == .resume:
      session = AgentSession(asked.id, .resumed)
      options = ["--resume=\(asked.id)"]
    case let asked?:
      session = AgentSession(id, .forked)
      options = ["--resume=\(asked.id)", "--fork-session", "--session-id=\(id)"]
    }
    prompt = request.prompt
    greeting = Self.greeting(request, hooks)
    servers = Self.servers(request)
    answers = hooks.answers
    arguments = Self.base + options + Self.options(request, hooks)
  }

  /// The order of the same turn in a new session, for the one that it asks for can't be had.
  init(_ request: AgentRequest, insteadOfLost reason: String, newSession id: String) {
    let order = ClaudeOrder(request.inNewSession, newSession: id)
    session = AgentSession(id, .replaced(reason: reason))
    prompt = order.prompt
    greeting = order.greeting
    servers = order.servers
    answers = order.answers
    arguments = order.arguments
  }

  private static func greeting(_ request: AgentRequest, _ hooks: ClaudeHooks) -> JSONObject {
    var greeting: JSONObject = [
      "subtype": "initialize", "hooks": hooks.callbacks.isEmpty ? nil : .object(hooks.callbacks),
    ]
    if let systemPrompt = request.systemPrompt { greeting["appendSystemPrompt"] = .string(systemPrompt) }
    for key in ["agents", "skills"] { if let value = request.options[key] { greeting[key] = value } }
    return greeting
  }

  /// The program can't do without a list of arguments.
  private static func servers(_ request: AgentRequest) -> JSONObject {
    JSONObject(
      members: ServerVariables(request.environment).fill(request.mcpServers).members.map { member in
        guard var server = member.value.objectValue, server["command"] != nil, server["args"] == nil else {
          return member
        }
        server["args"] = []
        return .init(key: member.key, value: .object(server))
      })
  }

  private static func options(_ request: AgentRequest, _ hooks: ClaudeHooks) -> [String] {
    var options: [String] = []
    func add(_ name: String, _ value: String?) { if let value { options.append("--\(name)=\(value)") } }
    add("model", request.model)
    add("effort", request.effort.map { $0 == "minimal" ? "low" : $0 })
    add("fallback-model", request.options["fallbackModel"]?.stringValue)
    add("max-budget-usd", request.budget.map { "\($0)" })
    add("setting-sources", list(request.options["settingSources"]))
    add("betas", list(request.options["betas"]))
    options += thinking(request.options["thinking"])
    let skills = (request.options["skills"]?.arrayValue ?? []).compactMap(\.stringValue).map { "Skill(\($0))" }
    if let allowed = request.allowedTools {
      add("tools", builtIn(allowed + skills).joined(separator: ","))
      if !allowed.isEmpty || !skills.isEmpty { add("allowedTools", (allowed + skills).joined(separator: ",")) }
    } else if !skills.isEmpty {
      add("allowedTools", skills.joined(separator: ","))
    }
    add("disallowedTools", (request.deniedTools + [ClaudePermissions.unanswerable]).joined(separator: ","))
    add("settings", settings(request, hooks))
    if !request.mcpServers.isEmpty { options.append("--strict-mcp-config") }
    return options
  }

  /// The tools that come with the program, of rules such as `Bash(git *)`.
  private static func builtIn(_ rules: [String]) -> [String] {
    var names: [String] = []
    for rule in rules {
      let name = String(rule.prefix { $0 != "(" })
      if !name.hasPrefix("mcp__"), !names.contains(name) { names.append(name) }
    }
    return names
  }

  private static func list(_ value: JSONValue?) -> String? {
    value?.arrayValue.map { $0.compactMap(\.stringValue).joined(separator: ",") }
  }

  private static func thinking(_ value: JSONValue?) -> [String] {
    if let word = value?.stringValue { return ["--thinking=\(word)"] }
    guard let type = value?["type"]?.stringValue else { return [] }
    let budget = value?["budget_tokens"] ?? value?["budgetTokens"]
    if type == "enabled", let tokens = budget?.integerValue { return ["--max-thinking-tokens=\(tokens)"] }
    return ["--thinking=\(type)"]
  }

  private static func settings(_ request: AgentRequest, _ hooks: ClaudeHooks) -> String? {
    var settings: JSONObject = [:]
    if !hooks.settings.isEmpty { settings["hooks"] = .object(hooks.settings) }
    switch request.options["sandbox"] {
    case .bool(let isOn)?: settings["sandbox"] = ["enabled": .bool(isOn)]
    case .object(let sandbox)?: settings["sandbox"] = .object(sandbox)
    default: break
    }
    return settings.isEmpty ? nil : JSONValue.object(settings).serializedText()
  }
}
