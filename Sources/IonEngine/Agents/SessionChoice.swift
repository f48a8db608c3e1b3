internal import IonAgents
internal import IonProcess
internal import IonScheduler
internal import IonStore
internal import IonWorkflow

/// Which session a turn goes on in, and what is said around its prompt because of that.
struct SessionChoice {
  /// The session to go on in; nil begins a new one.
  var request: SessionRequest?
  var prompt: String
  /// How it came to that, for people; nil where there is nothing to say.
  var note: String?
}

/// Chooses the session of a node's turn: that of the start before it, which was cut off; that of the loop's iteration
/// before; that which the node asks for; that of the last run.
struct SessionChooser {
  /// How much of what was said stands in a summary, in bytes.
  private static let summaryLimit = 8 * 1024

  let context: RunContext
  let node: Node
  let provider: any AgentProvider
  let sight: RunSight

  func choose(for prompt: String) throws(StepFailure) -> SessionChoice {
    guard provider.abilities.contains(.sessions) else { return SessionChoice(prompt: prompt) }
    if let cutOff = sight.run.cutOff(of: node.id) { return goOn(after: cutOff, prompt) }
    let place = sight.run.place(of: node.id)
    if let place, place.iteration > 1, node.agent.session != .fresh, keepsContext(place.loop) {
      if let before = previous(place), let session = usable(before) {
        return SessionChoice(request: resuming(session, after: before), prompt: prompt)
      }
      return SessionChoice(prompt: prompt)
    }
    if let choice = try asked(prompt) { return choice }
    if let kept = context.request.sessions[place?.loop ?? node.id], kept.provider == provider.id {
      return SessionChoice(request: SessionRequest(kept.id), prompt: prompt)
    }
    return SessionChoice(prompt: prompt)
  }

  /// What the node's own words ask for; nil where they ask for nothing.
  private func asked(_ prompt: String) throws(StepFailure) -> SessionChoice? {
    switch node.agent.session {
    case .fresh: return SessionChoice(prompt: prompt)
    case nil: return nil
    case .shared:
      guard let before = sight.run.nearestSessions(upstreamOf: node.id).last(where: { usable($0) != nil }),
        let session = usable(before)
      else { return SessionChoice(prompt: prompt, note: "no agent before it has a session: it begins a new one") }
      return SessionChoice(request: resuming(session, after: before), prompt: prompt)
    case .resume(let id):
      guard let before = sight.node(id), let session = before.session else {
        return SessionChoice(prompt: prompt, note: "`\(id)` has no session: it begins a new one")
      }
      guard session.provider == provider.id else {
        throw StepFailure(
          .value,
          "context: `\(id)` has a session of the provider `\(session.provider)`, which `\(provider.id)` can't go on in")
      }
      return SessionChoice(
        request: SessionRequest(session.id, .fork, summary: summary(of: before.output)), prompt: prompt)
    }
  }

  private func goOn(after cutOff: CutOff, _ prompt: String) -> SessionChoice {
    let said = said(inAttempt: cutOff.attempt)
    if let session = cutOff.session, session.provider == provider.id {
      return SessionChoice(
        request: SessionRequest(session.id, summary: said.map(Self.words)), prompt: Self.goingOn(prompt))
    }
    let beginning = said.map { Self.words(of: $0) + "\n\n" } ?? ""
    let news = said == nil ? "it said and did nothing, and a new one begins" : "a new one is told what was done"
    return SessionChoice(
      prompt: beginning + Self.goingOn(prompt),
      note: "attempt \(cutOff.attempt) was cut off, and has no session to go on in: \(news)")
  }

  private func resuming(_ session: NodeSession, after before: NodeState) -> SessionRequest {
    SessionRequest(session.id, summary: summary(of: before.output))
  }

  /// The session of a node where this provider has it.
  private func usable(_ state: NodeState) -> NodeSession? {
    state.session.flatMap { $0.provider == provider.id ? $0 : nil }
  }

  /// The node in the iteration before.
  private func previous(_ place: (loop: NodeID, iteration: Int)) -> NodeState? {
    let inner = sight.run.definition(of: node.id)?.id ?? node.id
    return sight.previous(inner)
  }

  private func keepsContext(_ loop: NodeID) -> Bool {
    switch sight.run.definition(of: loop)?.kind {
    case .loop(let loop): !loop.freshContext
    case .loopGroup(let group): !group.freshContext
    case .approval: true
    default: false
    }
  }

  /// The end of what an attempt had said and done, as its log has it; nil where that is nothing.
  private func said(inAttempt attempt: Int) -> String? {
    let files = OutputFiles(context.paths.log(of: node.id, attempt: attempt))
    do throws(OutputFailure) {
      let text = try OutputReader(files).tail(.merged, limit: Self.summaryLimit, isComplete: true).text
      return text.contains { !$0.isWhitespace } ? text : nil
    } catch {
      return nil
    }
  }

  private func summary(of output: NodeOutput?) -> String? {
    output?.text.flatMap { $0.isEmpty ? nil : Self.words(of: String($0.suffix(Self.summaryLimit))) }
  }

  private static func words(of said: String) -> String {
    "This goes on from an earlier session, which is gone. What you said and did there last:\n\n\(said)"
  }

  private static func goingOn(_ prompt: String) -> String {
    "You were interrupted while you worked on what follows. See what is done already, and go on from there.\n\n\(prompt)"
  }
}
