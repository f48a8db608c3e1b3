internal import IonJSON
internal import IonWorkflow

/// What a turn of Claude Code has used: message by message while it goes on, and what is said of it at its end.
///
/// A message tells its tokens when it begins, and again, more exactly, when it ends. What they cost is said once the agent
/// has answered, for all models that it asked.
struct ClaudeUsage: Hashable {
  private var settled = AgentUsage()
  private var messages: [String: AgentUsage] = [:]

  /// What was used by now.
  var total: AgentUsage { messages.values.reduce(settled, +) }

  /// Takes what a message says of itself; whether that is news.
  mutating func take(_ usage: JSONValue?, of message: String) -> Bool {
    guard let usage, usage.objectValue != nil else { return false }
    let before = messages[message] ?? AgentUsage()
    let now = AgentUsage(
      inputTokens: max(before.inputTokens, Self.inputTokens(usage)),
      outputTokens: max(before.outputTokens, AgentUsage.count(usage["output_tokens"])))
    messages[message] = now
    return now != before
  }

  /// Takes what an answer says of everything since the answer before it.
  ///
  /// Its `total_cost_usd` counts what a session has cost since it began, so that it is no measure where the session is an
  /// older one; `model_usage_since_last_result` is.
  mutating func settle(_ result: JSONValue) {
    if let models = result["model_usage_since_last_result"]?.objectValue {
      settled = models.members.reduce(settled) { $0 + Self.usage(ofModel: $1.value) }
      if models.isEmpty { settled = settled + AgentUsage(usd: 0) }
    } else {
      let usage = result["usage"] ?? .null
      settled =
        settled
        + AgentUsage(
          inputTokens: Self.inputTokens(usage), outputTokens: AgentUsage.count(usage["output_tokens"]))
      settled.usd = result["total_cost_usd"].flatMap(AgentUsage.amount) ?? settled.usd
    }
    messages = [:]
  }

  private static func usage(ofModel model: JSONValue) -> AgentUsage {
    let read = ["inputTokens", "cacheReadInputTokens", "cacheCreationInputTokens"].map {
      AgentUsage(inputTokens: AgentUsage.count(model[$0]))
    }
    return read.reduce(AgentUsage(), +)
      + AgentUsage(
        outputTokens: AgentUsage.count(model["outputTokens"]), usd: model["costUSD"].flatMap(AgentUsage.amount))
  }

  private static func inputTokens(_ usage: JSONValue) -> Int {
    ["input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"]
      .map { AgentUsage(inputTokens: AgentUsage.count(usage[$0])) }.reduce(AgentUsage(), +).inputTokens
  }
}
