internal import IonJSON
internal import IonWorkflow

/// What a program prints that answers in JSON: the last line that is an object, or the whole output.
///
/// `{"text": "…", "session": "…", "usage": {"input_tokens": 1, "output_tokens": 2, "usd": 0.1}, "error": {"kind": "…",
/// "message": "…", "reset_at": 1767225600000}}`; every member may be missing, and others are passed over.
struct CommandResult {
  var text: String?
  var session: String?
  var usage: AgentUsage?
  var failure: AgentFailure?

  /// Nil where there is no object.
  init?(_ output: String) {
    guard let object = Self.object(output) ?? Self.lastObject(output) else { return nil }
    text = object["text"]?.stringValue
    session = object["session"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    if let used = object["usage"]?.objectValue {
      usage = AgentUsage(
        inputTokens: AgentUsage.count(used["input_tokens"]), outputTokens: AgentUsage.count(used["output_tokens"]),
        usd: used["usd"].flatMap(AgentUsage.amount))
    }
    if let error = object["error"], error != .null { failure = Self.failure(error) }
  }

  /// What the turn came to.
  var outcome: AgentOutcome { failure.map(AgentOutcome.failed) ?? .answered(text ?? "") }

  private static func object(_ text: some StringProtocol) -> JSONObject? {
    do throws(JSONFailure) { return try JSONParser().parse(Array(text.utf8)).objectValue } catch { return nil }
  }

  private static func lastObject(_ output: String) -> JSONObject? {
    output.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }.flatMap { object($0) }
  }

  private static func failure(_ error: JSONValue) -> AgentFailure {
    let message = error["message"]?.stringValue ?? error.stringValue ?? "the agent failed, and said nothing about why"
    let kind: AgentFailure.Kind =
      switch error["kind"]?.stringValue {
      case "rate_limited": .rateLimited(resetAt: error["reset_at"]?.integerValue)
      case "overloaded": .overloaded
      case "authentication": .authentication
      case "refusal": .refusal
      default: .exited(1)
      }
    return AgentFailure(kind, message)
  }
}
