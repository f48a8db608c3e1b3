internal import IonJSON

/// From the first greeting to the prompt.
extension ACPConversation {
  /// Takes an answer to something that the agent was asked.
  mutating func settle(_ about: Asked, _ method: String, _ answer: Result<JSONValue, ACPError>) {
    switch (phase, about) {
    case (.greeting, .greeting): greeted(method, answer)
    case (.opening(let way), .opening): opened(way, answer)
    case (.configuring, .wish(let wish)): fulfilled(wish, method, answer)
    case (.prompting, .prompt): prompted(answer)
    default: break
    }
  }

  private mutating func greeted(_ method: String, _ answer: Result<JSONValue, ACPError>) {
    switch answer {
    case .failure(let error): fail(failure(error, answering: method))
    case .success(let result):
      guard let hello = ACPHello(result) else {
        return fail(AgentFailure(.protocolFault, "the agent's answer to `initialize` names no protocol version"))
      }
      self.hello = hello
      guard hello.version == Self.version else {
        return fail(
          AgentFailure(
            .protocolFault,
            "the agent speaks version \(hello.version) of the Agent Client Protocol, and Ion version \(Self.version)"))
      }
      open(firstOpening(hello))
    }
  }

  /// The way into the session that is asked for; a new one where the agent has no such way.
  private mutating func firstOpening(_ hello: ACPHello) -> ACPOpening {
    guard let wanted = task.session else { return .new }
    switch wanted.use {
    case .resume where hello.canResume: return .resume(wanted.id)
    case .resume where hello.canLoad: return .load(wanted.id)
    case .fork where hello.canFork: return .fork(wanted.id)
    case .resume: replacement = "the agent doesn't go on in earlier sessions"
    case .fork: replacement = "the agent makes no copies of sessions"
    }
    return .new
  }

  private mutating func open(_ way: ACPOpening) {
    guard let hello else { return }
    let servers: JSONValue
    do throws(AgentFailure) {
      servers = try ACPServers.list(task.servers, for: hello, locate: task.locate)
    } catch {
      return fail(error)
    }
    phase = .opening(way)
    var parameters: JSONObject = ["cwd": .string(task.workingPath), "mcpServers": servers]
    switch way {
    case .new: break
    case .resume(let id), .load(let id), .fork(let id): parameters["sessionId"] = .string(id)
    }
    ask(.opening(way), way.method, .object(parameters), within: task.patience.setUp)
  }

  private mutating func opened(_ way: ACPOpening, _ answer: Result<JSONValue, ACPError>) {
    switch answer {
    case .failure(let error): refused(way, error)
    case .success(let result):
      settings.take(result)
      switch way {
      case .resume(let id), .load(let id): begun(id, .resumed)
      case .new, .fork:
        guard let id = result["sessionId"]?.stringValue else {
          return fail(AgentFailure(.protocolFault, "the agent's answer to `\(way.method)` names no session"))
        }
        if case .fork = way { return begun(id, .forked) }
        begun(id, replacement.map(AgentSession.Origin.replaced) ?? .new)
      }
    }
  }

  /// Tries the next way into a session. Where the agent wants to know who asks, none would do.
  private mutating func refused(_ way: ACPOpening, _ error: ACPError) {
    let failure = failure(error, answering: way.method)
    if failure.kind == .authentication { return fail(failure) }
    switch way {
    case .new: fail(failure)
    case .resume(let id) where hello?.canLoad == true: open(.load(id))
    case .resume, .load, .fork:
      replacement = failure.message
      settings = ACPSettings()
      open(.new)
    }
  }

  private mutating func begun(_ id: String, _ origin: AgentSession.Origin) {
    session = id
    self.origin = origin
    if [.resumed, .forked].contains(origin) { usage.expect(earlierCost: task.session?.usd) }
    if replayed > 0 { note("the agent told \(replayed) things of the session again") }
    if task.goal == .checkUp { return endCheckUp() }
    tell(.sessionKnown(AgentSession(id, origin)))
    wishes = [
      task.mode.map(ACPSettings.Wish.mode), task.model.map(ACPSettings.Wish.model),
      task.effort.map(ACPSettings.Wish.effort),
    ].compactMap(\.self)
    phase = .configuring
    configure()
  }

  /// A session of nobody's is ended where the agent can do so.
  private mutating func endCheckUp() {
    if hello?.canClose == true, let session {
      ask(.closing, "session/close", ["sessionId": .string(session)], within: nil)
    }
    close(.answered(""))
  }

  /// Asks for the next thing that is wished of the session, or for the answer.
  private mutating func configure() {
    while !wishes.isEmpty {
      let wish = wishes.removeFirst()
      switch settings.way(to: wish) {
      case .fulfilled: continue
      case .request(let method, var parameters):
        parameters["sessionId"] = session.map(JSONValue.string)
        return ask(.wish(wish), method, .object(parameters), within: task.patience.setUp)
      case .notOffered(let offered):
        let words = "the agent has no \(wish.name) `\(wish.value)`; it offers \(Self.list(offered))"
        guard case .effort = wish else { return fail(AgentFailure(.unsupported, words)) }
        goWithout(wish, words)
      case .notChoosable:
        let words = "the agent doesn't let its \(wish.name) be chosen: `\(wish.value)` counts for nothing"
        // What an agent may do hangs on its mode: none is no other one.
        if case .mode = wish {
          return fail(
            AgentFailure(.unsupported, "the agent has no modes; take `mode: \(wish.value)` from its provider"))
        }
        goWithout(wish, words)
      }
    }
    prompt()
  }

  /// Takes the turn without what was wished of the session, and says so.
  private mutating func goWithout(_ wish: ACPSettings.Wish, _ why: String) {
    note(why)
    switch wish {
    case .model: tell(.wentWithout(.model, why))
    case .effort: tell(.wentWithout(.effort, why))
    case .mode: break
    }
  }

  private static func list(_ offered: [String]) -> String {
    offered.isEmpty ? "none" : offered.map { "`\($0)`" }.joined(separator: ", ")
  }

  private mutating func fulfilled(_ wish: ACPSettings.Wish, _ method: String, _ answer: Result<JSONValue, ACPError>) {
    switch answer {
    case .success(let result):
      settings.take(result)
      if case .mode(let mode) = wish { settings.setMode(mode) }
    case .failure(let error):
      let failure = failure(error, answering: method)
      guard case .effort = wish, failure.kind != .authentication else { return fail(failure) }
      goWithout(wish, failure.message)
    }
    configure()
  }

  /// Sends the prompt, behind what stands before it.
  private mutating func prompt() {
    phase = .prompting
    let summary = replacement == nil ? nil : task.session?.summary
    let text = [task.systemPrompt, summary, task.prompt].compactMap(\.self).joined(separator: "\n\n")
    ask(
      .prompt, "session/prompt",
      ["sessionId": .string(session ?? ""), "prompt": [["type": "text", "text": .string(text)]]], within: nil)
  }
}
