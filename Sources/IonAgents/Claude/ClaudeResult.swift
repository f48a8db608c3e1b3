internal import IonJSON

/// What Claude Code says at the end of an answer, and what it said before about why it failed.
struct ClaudeResult {
  /// The code of the last failure that was told of in the model's place.
  private var fault: String?
  /// When a limit that was reached is lifted, in milliseconds since 1970.
  private var resetAt: Int64?
  /// The last end that was told.
  private(set) var result: JSONValue?

  /// Takes a message of the agent, which may be a failure.
  mutating func take(message: JSONValue) {
    fault = message["error"]?.stringValue
  }

  /// Takes what is said of the account's limits.
  mutating func take(limits: JSONValue) {
    guard limits["status"] == "rejected" else { return }
    resetAt = limits["resetsAt"]?.integerValue.map { $0.multipliedReportingOverflow(by: 1000).partialValue }
  }

  mutating func take(result: JSONValue) { self.result = result }

  /// What the last end amounts to; nil where none was told.
  var outcome: AgentOutcome? {
    guard let result else { return nil }
    let isError = result["is_error"]?.boolValue ?? false
    let isWhole = result["subtype"] == "success"
    if isWhole, !isError, result["stop_reason"] != "refusal" { return .answered(result["result"]?.stringValue ?? "") }
    return .failed(AgentFailure(isWhole ? kind(ofFailure: result) : kind(ofEnd: result), words(result)))
  }

  /// Why the program ended the turn itself.
  private func kind(ofEnd result: JSONValue) -> AgentFailure.Kind {
    switch result["subtype"]?.stringValue {
    case "error_max_turns": .cutShort
    case "error_max_budget_usd": .budget
    case "error_during_execution": fault == nil ? .crashed : kind(ofFailure: result)
    default: .protocolFault
    }
  }

  /// Why the service gave no answer.
  private func kind(ofFailure result: JSONValue) -> AgentFailure.Kind {
    if result["stop_reason"] == "refusal" { return .refusal }
    if result["api_error"] == "max_output_tokens" { return .cutShort }
    switch (fault, result["api_error_status"]?.integerValue) {
    case ("authentication_failed", _), ("oauth_org_not_allowed", _), ("billing_error", _), (_, 401), (_, 402), (_, 403):
      return .authentication
    case ("rate_limit", _), (_, 429): return .rateLimited(resetAt: resetAt)
    case ("max_output_tokens", _): return .cutShort
    case ("overloaded", _), ("server_error", _): return .overloaded
    case (_, let status?) where status >= 500: return .overloaded
    // It never got an answer from the service.
    case ("unknown", nil), (nil, nil): return .overloaded
    default: return .exited(1)
    }
  }

  private func words(_ result: JSONValue) -> String {
    let errors = (result["errors"]?.arrayValue ?? []).compactMap(\.stringValue).filter { !$0.isEmpty }
    if !errors.isEmpty { return errors.joined(separator: "; ") }
    if let text = result["result"]?.stringValue, !text.isEmpty { return text }
    return "it ended with `\(result["subtype"]?.stringValue ?? "")`, and said nothing about why"
  }
}
