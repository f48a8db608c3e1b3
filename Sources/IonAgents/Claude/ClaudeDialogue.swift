internal import IonJSON

/// A turn with Claude Code as a value: what it says comes in, what is to be done about it goes out.
///
/// It is greeted, given its servers, and then its prompt, each once the one before is answered; so the session is known and
/// written down before the prompt is sent. It has answered when it says so and has no more to do; then it sees the end of
/// its input, and ends.
struct ClaudeDialogue: AgentDialogue {
  private enum Phase {
    case greeting, equipping, working, leaving
  }

  /// How often the service may refuse who asks before the turn is given up; the program itself would go on for minutes.
  private static let mostRefusals: Int64 = 3

  private let order: ClaudeOrder
  private var phase = Phase.greeting
  private var transcript = ClaudeTranscript()
  private var permissions = ClaudePermissions()
  private var result = ClaudeResult()
  /// What the program says about whether it has something to do; nil where it says nothing about that.
  private var state: String?
  /// What runs in the background, by the program's names.
  private var tasks: [String] = []
  private var failure: AgentFailure?
  private var lostSession: String?

  init(_ order: ClaudeOrder) { self.order = order }

  var lossOfSession: String? { lostSession }

  var outcome: AgentOutcome? { failure.map(AgentOutcome.failed) ?? (phase == .greeting ? nil : result.outcome) }

  var isSettled: Bool { phase == .leaving && outcome != nil }

  /// Whether the program was ready for a prompt.
  var isUnderWay: Bool { phase != .greeting }

  // MARK: What goes out

  func begin() -> [DialogueEffect] { [Self.request(Phase.greeting, order.greeting)] }

  mutating func answer(_ id: String, with option: String?) -> [DialogueEffect] {
    guard let reply = permissions.answer(id, with: option) else { return [] }
    return [Self.reply(id, reply), .setPatient(permissions.isWaiting)]
  }

  private static func send(_ line: JSONValue) -> DialogueEffect { .send(line.serialized()) }

  private static func request(_ phase: Phase, _ request: JSONObject) -> DialogueEffect {
    send(["type": "control_request", "request_id": .string("ion-\(phase)"), "request": .object(request)])
  }

  private static func reply(_ id: String, _ response: JSONValue) -> DialogueEffect {
    send([
      "type": "control_response",
      "response": ["subtype": "success", "request_id": .string(id), "response": response],
    ])
  }

  private static func refuse(_ id: String, _ words: String) -> DialogueEffect {
    send([
      "type": "control_response",
      "response": ["subtype": "error", "request_id": .string(id), "error": .string(words)],
    ])
  }

  // MARK: What comes in

  mutating func take(_ bytes: [UInt8]) -> [DialogueEffect] {
    guard let line = JSONValue(line: bytes), line.objectValue != nil else { return [.tell(.noted(.noise(bytes)))] }
    switch line["type"]?.stringValue {
    case "control_response": return takeResponse(line["response"] ?? .null)
    case "control_request": return takeRequest(line["request_id"]?.stringValue ?? "", line["request"] ?? .null)
    case "control_cancel_request": return withdraw(line["request_id"]?.stringValue ?? "")
    case "stream_event": return transcript.takePiece(line).map(DialogueEffect.tell)
    case "assistant":
      result.take(message: line)
      return transcript.takeMessage(line).map(DialogueEffect.tell)
    case "user": return transcript.takeResults(line).map(DialogueEffect.tell)
    case "system": return takeNews(line)
    case "rate_limit_event":
      result.take(limits: line["rate_limit_info"] ?? .null)
      return []
    case "result": return takeResult(line)
    default: return []
    }
  }

  func take(stderr: String) -> [DialogueEffect] { [.tell(.noted(stderr))] }

  private mutating func takeResponse(_ response: JSONValue) -> [DialogueEffect] {
    let isRefused = response["subtype"] == "error"
    switch (phase, response["request_id"]?.stringValue) {
    case (.greeting, "ion-greeting"?):
      if isRefused { return giveUp(.protocolFault, "it refused to begin: \(response["error"]?.stringValue ?? "")") }
      let known = DialogueEffect.tell(.sessionKnown(order.session))
      guard !order.servers.isEmpty else { return [known] + work() }
      phase = .equipping
      return [known, Self.request(.equipping, ["subtype": "mcp_set_servers", "servers": .object(order.servers)])]
    case (.equipping, "ion-equipping"?):
      if isRefused {
        return giveUp(.protocolFault, "it takes no MCP servers: \(response["error"]?.stringValue ?? "")")
      }
      let faults = response["response"]?["errors"]?.objectValue ?? [:]
      return faults.members.map { member in
        .tell(
          .noted("the MCP server \(member.key) failed: \(member.value.stringValue ?? member.value.serializedText())\n"))
      } + work()
    default: return []
    }
  }

  private mutating func work() -> [DialogueEffect] {
    phase = .working
    return [
      Self.send([
        "type": "user", "message": ["role": "user", "content": .string(order.prompt)], "parent_tool_use_id": nil,
        "session_id": "",
      ])
    ]
  }

  private mutating func takeRequest(_ id: String, _ request: JSONValue) -> [DialogueEffect] {
    switch request["subtype"]?.stringValue {
    case "can_use_tool" where request["tool_name"]?.stringValue == ClaudePermissions.unanswerable:
      return [
        Self.reply(id, ClaudePermissions.refusal("Nobody answers questions here: decide, and say what you assumed."))
      ]
    case "can_use_tool": return [.tell(.permissionRequested(permissions.ask(id, request))), .setPatient(true)]
    case "hook_callback":
      return [Self.reply(id, order.answers[request["callback_id"]?.stringValue ?? ""] ?? [:])]
    case let subtype: return [Self.refuse(id, "Ion doesn't answer \(subtype ?? "such a request")")]
    }
  }

  private mutating func withdraw(_ id: String) -> [DialogueEffect] {
    guard permissions.withdraw(id) else { return [] }
    return [.tell(.permissionWithdrawn(id)), .setPatient(permissions.isWaiting)]
  }

  private mutating func takeNews(_ line: JSONValue) -> [DialogueEffect] {
    switch line["subtype"]?.stringValue {
    case "session_state_changed":
      state = line["state"]?.stringValue
      return leave()
    case "background_tasks_changed":
      tasks = (line["tasks"]?.arrayValue ?? []).compactMap { $0["task_id"]?.stringValue }
      return []
    case "api_retry": return takeRetry(line)
    case "informational": return line["content"]?.stringValue.map { [.tell(.noted($0 + "\n"))] } ?? []
    default: return []
    }
  }

  private mutating func takeRetry(_ line: JSONValue) -> [DialogueEffect] {
    let attempt = line["attempt"]?.integerValue ?? 0
    let status = line["error_status"]?.integerValue.map { " (\($0))" } ?? ""
    let words = "the service said \(line["error"]?.stringValue ?? "no")\(status)"
    if line["error"] == "authentication_failed", attempt >= Self.mostRefusals {
      return giveUp(.authentication, "\(words), \(attempt) times")
    }
    return [.tell(.noted("\(words); it is asked again (\(attempt) of \(line["max_retries"]?.integerValue ?? 0))\n"))]
  }

  private mutating func takeResult(_ line: JSONValue) -> [DialogueEffect] {
    if phase == .greeting {
      let words = (line["errors"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: "; ")
      if order.isResuming, line["subtype"] == "error_during_execution" { lostSession = words }
      return []
    }
    result.take(result: line)
    return [.tell(transcript.settle(line))] + leave()
  }

  /// Ends the talk once the program has answered and has nothing else to do. Shells that it left in the background are
  /// stopped: it would wait for them without an end.
  private mutating func leave() -> [DialogueEffect] {
    guard phase == .working, result.result != nil, state == nil || state == "idle" else { return [] }
    phase = .leaving
    return tasks.enumerated().map { number, task in
      Self.send([
        "type": "control_request", "request_id": .string("ion-stop-\(number)"),
        "request": ["subtype": "stop_task", "task_id": .string(task)],
      ])
    } + [.closeInput]
  }

  private mutating func giveUp(_ kind: AgentFailure.Kind, _ words: String) -> [DialogueEffect] {
    failure = AgentFailure(kind, words)
    return [.stop]
  }
}
