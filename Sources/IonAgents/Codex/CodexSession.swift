internal import IonWorkflow

/// The session of a turn of Codex, as far as it is known before Codex names it.
struct CodexSession: Hashable {
  /// How the turn comes to it.
  var origin: AgentSession.Origin
  /// The session that the turn asks for; nil for a new one.
  var asked: String?
  /// What was used in the session before the turn; nil where that isn't known.
  var before: AgentUsage?

  /// A new session.
  static func new(_ origin: AgentSession.Origin = .new) -> CodexSession {
    CodexSession(origin: origin, asked: nil, before: AgentUsage())
  }

  /// Whether it is there before the turn, or a copy of one that is.
  var isOlder: Bool { asked != nil }

  /// The session under the name that Codex gives it.
  func known(as thread: String) -> AgentSession {
    guard let asked, origin == .resumed, asked != thread else { return AgentSession(thread, origin) }
    return AgentSession(thread, .replaced(reason: "Codex began another session in place of \(asked)"))
  }

  /// What the turn has used. Codex counts tokens, those of the whole session; nil where what came before isn't known.
  func used(_ total: AgentUsage) -> AgentUsage? {
    before.map { before in
      AgentUsage(
        inputTokens: max(0, total.inputTokens - before.inputTokens),
        outputTokens: max(0, total.outputTokens - before.outputTokens))
    }
  }
}
