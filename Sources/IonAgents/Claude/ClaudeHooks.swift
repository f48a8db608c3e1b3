internal import IonJSON

/// The hooks of a node: programs, which Claude Code runs itself, and fixed answers, which it asks Ion for.
///
/// By event, a list of `{matcher, hooks: [{type, command, …}]}` as in Claude Code's settings, or of `{matcher, response,
/// timeout}`.
struct ClaudeHooks {
  /// Those that are programs, as the settings have them.
  private(set) var settings: JSONObject = [:]
  /// Those that are answers, as the greeting has them.
  private(set) var callbacks: JSONObject = [:]
  /// What is answered, by the ids in `callbacks`.
  private(set) var answers: [String: JSONValue] = [:]

  init(_ hooks: JSONValue?) {
    for event in hooks?.objectValue?.members ?? [] {
      let entries = event.value.arrayValue ?? []
      let programs = entries.filter { $0["response"] == nil }
      if !programs.isEmpty { settings[event.key] = .array(programs) }
      let asked = entries.compactMap { entry in entry["response"].map { callback(entry, answering: $0) } }
      if !asked.isEmpty { callbacks[event.key] = .array(asked) }
    }
  }

  private mutating func callback(_ entry: JSONValue, answering response: JSONValue) -> JSONValue {
    let id = "ion-hook-\(answers.count)"
    answers[id] = response
    var callback: JSONObject = ["matcher": entry["matcher"] ?? .null, "hookCallbackIds": [.string(id)]]
    if let timeout = entry["timeout"] { callback["timeout"] = timeout }
    return .object(callback)
  }
}
