extension AgentRequest {
  /// Where, below a turn's folder, what its program prints lies that took the turn in a new session, because the one that
  /// it was to go on in is gone.
  public static let newSessionFolder = "new-session"

  /// Where, below a turn's folder, what a terminal of the agent printed lies. They count from 1.
  public static func folder(ofTerminal number: Int) -> String { "terminal-\(number)" }
}
