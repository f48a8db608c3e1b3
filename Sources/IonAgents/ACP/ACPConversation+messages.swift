internal import IonJSON

/// What the agent says by itself.
extension ACPConversation {
  mutating func take(_ message: ACPMessage) {
    switch message {
    case .noise(let words): note(words)
    case .answer(let id, let answer):
      guard case .integer(let number) = id, let request = asked.removeValue(forKey: number) else {
        return note("the agent answered something that it wasn't asked, or not again (\(id))")
      }
      settle(request.about, request.method, answer)
    case .request(let id, let method, let parameters): serve(id, method, parameters)
    case .notification(let method, let parameters): heed(method, parameters)
    }
  }

  /// Whether the agent may still ask for something.
  private var isOpen: Bool {
    switch phase {
    case .idle, .greeting, .opening, .configuring, .prompting: !isCancelled
    case .closing, .ended: false
    }
  }

  private mutating func serve(_ id: JSONValue, _ method: String, _ parameters: JSONValue) {
    if method == "session/request_permission" { return requestPermission(id, parameters) }
    guard ACPWork.methods.contains(method) else {
      note("the agent asked for \(method.shortened(to: 200)), which Ion doesn't know")
      return reply(id, .failure(.unknownMethod(method)))
    }
    do throws(ACPError) {
      let work = try ACPWork.read(method, parameters)
      guard isOpen || (work.isHarmless && phase != .ended) else { throw .overBecauseCancelled }
      try checkLeave(for: work.use)
      perform(work, for: id)
    } catch {
      noteRefusal(error)
      reply(id, .failure(error))
    }
  }

  /// Refuses what the node's tools don't let the agent have done.
  func checkLeave(for use: ToolCall?) throws(ACPError) {
    guard let use, let why = task.refusal(use, tools.underWay) else { return }
    throw .refused("Ion doesn't \(use.title): \(why)")
  }

  mutating func noteRefusal(_ error: ACPError) {
    if error.code == ACPError.refusal { note(error.message) }
  }

  private mutating func requestPermission(_ id: JSONValue, _ parameters: JSONValue) {
    let permission: ACPPermission
    do throws(ACPError) {
      permission = try ACPPermission(id, parameters)
    } catch {
      return reply(id, .failure(error))
    }
    guard phase == .prompting, !isCancelled else { return reply(id, .success(permission.answer(nil))) }
    guard !permission.options.isEmpty else {
      note("the agent asked for permission and left nothing to choose from")
      return reply(id, .success(permission.answer(nil)))
    }
    let name = nextPermission()
    permissions[name] = permission
    if permissions.count == 1 { effect(.setPatient(true)) }
    tell(.permissionRequested(permission.shown(as: name, parameters, among: tools)))
  }

  private mutating func heed(_ method: String, _ parameters: JSONValue) {
    switch method {
    case "session/update": update(parameters)
    case "$/cancel_request": withdraw(parameters["requestId"] ?? .null)
    default: note("the agent said \(method.shortened(to: 200)), which Ion doesn't know")
    }
  }

  /// The agent takes back what it asked for.
  private mutating func withdraw(_ id: JSONValue) {
    let taken = permissions.filter { $0.value.request == id }.keys.sorted()
    let dropped = tickets.filter { $0.value == id }.keys
    for name in taken {
      permissions[name] = nil
      tell(.permissionWithdrawn(name))
    }
    for ticket in dropped { tickets[ticket] = nil }
    for _ in 0..<taken.count + dropped.count {
      reply(id, .failure(ACPError(ACPError.cancelled, "taken back")))
    }
    if !taken.isEmpty, permissions.isEmpty { effect(.setPatient(false)) }
  }

  // MARK: Updates

  private mutating func update(_ parameters: JSONValue) {
    guard let update = parameters["update"], let kind = update["sessionUpdate"]?.stringValue else {
      return note("an update that says nothing: \(parameters.serializedText().shortened(to: 1024))")
    }
    if takeSetting(kind, update) { return }
    switch phase {
    case .opening(.load): replayed += 1
    case .prompting where parameters["sessionId"]?.stringValue == session: merge(kind, update)
    case .prompting: noteRaw("of another session", update)
    case .closing, .ended: noteRaw("after the turn's end", update)
    case .idle, .greeting, .opening, .configuring: noteRaw("before the prompt", update)
    }
  }

  private mutating func noteRaw(_ what: String, _ update: JSONValue) {
    note("an update \(what): \(update.serializedText().shortened(to: 1024))")
  }

  /// Takes what is about the session rather than the turn, whenever it comes; whether it was that.
  private mutating func takeSetting(_ kind: String, _ update: JSONValue) -> Bool {
    switch kind {
    case "config_option_update": settings.take(update)
    case "current_mode_update":
      let mode = update["currentModeId"]?.stringValue ?? ""
      settings.setMode(mode)
      note("the agent's mode is `\(mode)`")
    case "usage_update":
      guard usage.take(update: update, isBeforeTurn: isBeforePrompt) else { break }
      if let session { tell(.sessionKnown(AgentSession(session, origin, usd: usage.sessionCost))) }
      tell(.used(usage.total))
    case "available_commands_update":
      let names = (update["availableCommands"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
      note("the agent's commands: \(names.joined(separator: ", "))")
    case "session_info_update":
      if let title = update["title"]?.stringValue { note("the session is called: \(title)") }
    default: return false
    }
    return true
  }

  private var isBeforePrompt: Bool {
    switch phase {
    case .idle, .greeting, .opening, .configuring: true
    case .prompting, .closing, .ended: false
    }
  }

  /// Takes what happens in the turn.
  private mutating func merge(_ kind: String, _ update: JSONValue) {
    switch kind {
    case "agent_message_chunk": takeText(update)
    case "agent_thought_chunk":
      switch ACPContent(update["content"] ?? .null) {
      case .text(let piece): if !piece.isEmpty { tell(.thought(piece)) }
      case .other(let words): note("the agent thinks of \(words)")
      }
    // What the agent was told, and nothing of its own.
    case "user_message_chunk": break
    case "tool_call", "tool_call_update":
      if kind == "tool_call" { text.interrupt() }
      let events = tools.take(update)
      if update["toolCallId"]?.stringValue == nil { noteRaw("of a tool without a name", update) }
      for event in events { tell(event) }
    case "plan": tell(.planned(Self.entries(update["entries"])))
    case "plan_update":
      guard let entries = update["plan"]?["entries"] else { return noteRaw("of a plan that is no list", update) }
      tell(.planned(Self.entries(entries)))
    case "plan_removed": tell(.planned([]))
    default: noteRaw("of an unknown kind", update)
    }
  }

  private mutating func takeText(_ update: JSONValue) {
    switch ACPContent(update["content"] ?? .null) {
    case .text(let piece):
      guard !piece.isEmpty else { return }
      tell(.text(text.take(piece, of: update["messageId"]?.stringValue)))
    case .other(let words): note("the agent gives \(words)")
    }
  }

  private static func entries(_ list: JSONValue?) -> [PlanEntry] {
    (list?.arrayValue ?? []).compactMap { entry in
      guard let text = entry["content"]?.stringValue else { return nil }
      switch entry["status"]?.stringValue {
      case "in_progress": return PlanEntry(text, .underWay)
      case "completed": return PlanEntry(text, .done)
      default: return PlanEntry(text, .pending)
      }
    }
  }
}
