internal import IonJSON

/// What Claude Code asks before it uses a tool, until it is answered.
struct ClaudePermissions {
  /// How a request may be answered.
  private enum Choice: String {
    case allow, reject
    case allowSession = "allow_session"
  }

  private struct Asked {
    let input: JSONValue
    /// Rules that the program proposes, so that it needn't ask again.
    let rules: [JSONValue]
  }

  /// A tool that asks people questions, for which there is no answer but a choice: the agent has to do without.
  static let unanswerable = "AskUserQuestion"

  private var asked: [String: Asked] = [:]

  /// Whether the agent waits for somebody.
  var isWaiting: Bool { !asked.isEmpty }

  /// Takes a request of an id.
  mutating func ask(_ id: String, _ request: JSONValue) -> PermissionRequest {
    let name = request["tool_name"]?.stringValue ?? ""
    let input = request["input"] ?? [:]
    let call = ClaudeTools.call(request["tool_use_id"]?.stringValue ?? id, name, input)
    let rules = request["permission_suggestions"]?.arrayValue ?? []
    asked[id] = Asked(input: input, rules: rules)
    var options = [PermissionRequest.Option(id: Choice.allow.rawValue, title: "Allow", kind: .allowOnce)]
    if !rules.isEmpty {
      options.append(
        .init(id: Choice.allowSession.rawValue, title: "Allow for the rest of the session", kind: .allowAlways))
    }
    options.append(.init(id: Choice.reject.rawValue, title: "Refuse", kind: .rejectOnce))
    return PermissionRequest(
      id: id, title: call.title, tool: call, diff: ClaudeTools.diff(name, input), options: options)
  }

  /// The reply that an answer makes; nil where nothing is asked.
  mutating func answer(_ id: String, with option: String?) -> JSONValue? {
    guard let request = asked.removeValue(forKey: id) else { return nil }
    switch option.flatMap(Choice.init) {
    case .allow?: return ["behavior": "allow", "updatedInput": request.input]
    case .allowSession?:
      // The program would write its rules into the project's settings.
      let rules = request.rules.map { rule -> JSONValue in
        guard var rule = rule.objectValue else { return rule }
        rule["destination"] = "session"
        return .object(rule)
      }
      return ["behavior": "allow", "updatedInput": request.input, "updatedPermissions": .array(rules)]
    case .reject?, nil: return Self.refusal("Whoever was asked refused it.")
    }
  }

  /// Takes note that the program doesn't ask any more; whether it did.
  mutating func withdraw(_ id: String) -> Bool { asked.removeValue(forKey: id) != nil }

  static func refusal(_ message: String) -> JSONValue { ["behavior": "deny", "message": .string(message)] }
}
