internal import IonJSON

/// What an agent's error means to whoever asked for the turn.
enum ACPFailure {
  /// The failure that an error in answer to a request comes to.
  ///
  /// `now` is the time, in milliseconds: some say how long to wait.
  static func failure(
    _ error: ACPError, answering method: String, signIns: [AgentCheckup.SignIn], now: Int64
  ) -> AgentFailure {
    let said = "\(error.message)\(details(error.data))"
    if error.code == ACPError.authenticationRequired { return authentication(said, signIns) }
    let message = "the agent answered `\(method)` with an error (\(error.code)): \(said)"
    switch status(error) {
    case 401?, 403?: return authentication(said, signIns)
    case 429?: return AgentFailure(.rateLimited(resetAt: ResetTime.time(in: error.data, now: now)), message)
    case 503?, 529?: return AgentFailure(.overloaded, message)
    default: break
    }
    let words = said.lowercased()
    if ["rate limit", "rate_limit", "too many requests", "quota exceeded"].contains(where: words.contains) {
      return AgentFailure(.rateLimited(resetAt: ResetTime.time(in: error.data, now: now)), message)
    }
    if words.contains("overloaded") { return AgentFailure(.overloaded, message) }
    return AgentFailure(.protocolFault, message)
  }

  private static func authentication(_ said: String, _ signIns: [AgentCheckup.SignIn]) -> AgentFailure {
    let ways = signIns.map { "\($0.name) (`\($0.id)`)" }.joined(separator: ", ")
    let advice = ways.isEmpty ? "sign in with the agent itself" : "sign in with the agent itself; it offers \(ways)"
    return AgentFailure(.authentication, "the agent wants to know who asks: \(said). Ion signs nobody in: \(advice)")
  }

  /// The status of HTTP that an error brings with it, if it does.
  private static func status(_ error: ACPError) -> Int64? {
    if (400..<600).contains(error.code) { return error.code }
    let keys = ["status", "statusCode", "httpStatus", "status_code", "code"]
    return keys.lazy.compactMap { error.data?[$0]?.integerValue }.first { (400..<600).contains($0) }
  }

  /// What the agent says beside its message.
  private static func details(_ data: JSONValue?) -> String {
    guard let data else { return "" }
    let text = data.stringValue ?? data["details"]?.stringValue ?? data["message"]?.stringValue ?? data.serializedText()
    return ": " + text.shortened(to: 2048)
  }
}
