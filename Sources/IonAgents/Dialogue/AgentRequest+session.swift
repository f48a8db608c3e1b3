extension AgentRequest {
  /// The same turn in a new session, which is told in short what was said in the one that can't be had.
  var inNewSession: AgentRequest {
    var anew = self
    anew.session = nil
    if let summary = session?.summary, !summary.isEmpty { anew.prompt = summary + "\n\n" + prompt }
    return anew
  }
}
