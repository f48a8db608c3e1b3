/// Why a turn of Codex failed, by what it says: it has words for that, and no codes.
enum CodexFailure {
  /// What the words of a failure have in them, by its kind; the first that fits counts.
  private static let signs: [(AgentFailure.Kind, [String])] = [
    (
      .authentication,
      [
        "status 401", "status 403", "status: 401", "status: 403", "Missing environment variable", "Not logged in",
        "sign in again", "log in again", "refresh token", "invalid_api_key",
      ]
    ),
    // When it takes more again is said in words of the local time (`CodexReset`), or not at all.
    (
      .rateLimited(resetAt: nil),
      ["hit your usage limit", "status 429", "status: 429", "Quota exceeded", "out of credits"]
    ),
    (.refusal, ["reason: refusal", "reason: content_filter", "flagged", "cyber_policy", "invalid_prompt"]),
    (.cutShort, ["reason: max_output_tokens", "context window"]),
    (
      .overloaded,
      [
        "status 5", "status: 5", "stream disconnected", "at capacity", "high demand", "overloaded", "Connection failed",
        "error sending request", "timeout waiting",
      ]
    ),
  ]

  /// The failure of a turn that ended with these words.
  static func failure(_ words: String, reset: (String) -> Int64? = { _ in nil }) -> AgentFailure {
    var kind = signs.first { _, parts in parts.contains { words.contains($0) } }?.0
    if case .rateLimited? = kind { kind = .rateLimited(resetAt: reset(words)) }
    return AgentFailure(kind ?? .exited(1), words.isEmpty ? "it failed, and said nothing about why" : words)
  }

  /// Why there is no such session as was asked for, by a line of stderr; nil where it says something else.
  static func lossOfSession(_ stderr: String) -> String? {
    stderr.split(whereSeparator: \.isNewline).first { $0.contains("no rollout found for thread id") }.map(String.init)
  }
}
