internal import IonJSON

/// What Codex says and does, item by item. Most of them are told when they begin, and again when they have ended.
struct CodexItems {
  /// What the agent said last.
  private(set) var answer: String?
  /// The uses of tools that were told of and haven't ended.
  private var open: Set<String> = []

  /// Takes an item: `line` is of the type `item.started`, `item.updated` or `item.completed`.
  mutating func take(_ line: JSONValue) -> [AgentEvent] {
    let item = line["item"] ?? .null
    let isOver = line["type"] == "item.completed"
    switch item["type"]?.stringValue {
    case "agent_message": return isOver ? say(item["text"]?.stringValue ?? "") : []
    case "reasoning":
      guard isOver, let text = item["text"]?.stringValue, !text.isEmpty else { return [] }
      return [.thought(text + "\n\n")]
    case "todo_list": return [.planned(Self.plan(item))]
    case "error": return [.noted((item["message"]?.stringValue ?? "") + "\n")]
    default:
      guard let call = Self.call(item) else { return [] }
      return use(call, item, isOver)
    }
  }

  /// Messages are set apart from each other.
  private mutating func say(_ text: String) -> [AgentEvent] {
    guard !text.isEmpty else { return [] }
    defer { answer = text }
    return [.text((answer == nil ? "" : "\n\n") + text)]
  }

  private mutating func use(_ call: ToolCall, _ item: JSONValue, _ isOver: Bool) -> [AgentEvent] {
    var events: [AgentEvent] = []
    if open.insert(call.id).inserted { events.append(.toolCalled(call)) }
    guard isOver else { return events }
    open.remove(call.id)
    let isSuccess = item["status"].map { $0 == "completed" } ?? true
    events.append(.toolEnded(ToolResult(id: call.id, isSuccess: isSuccess, text: Self.outcome(item))))
    if isSuccess { events += Self.edits(item).map(AgentEvent.fileChanged) }
    return events
  }

  private static func call(_ item: JSONValue) -> ToolCall? {
    guard let id = item["id"]?.stringValue, let type = item["type"]?.stringValue else { return nil }
    switch type {
    case "command_execution":
      let command = item["command"]?.stringValue ?? ""
      return ToolCall(
        id: id, title: command.firstLine.shortened(to: 160), input: command, name: "exec_command", kind: .execute)
    case "file_change":
      let paths = changes(item).compactMap { $0["path"]?.stringValue }
      return ToolCall(
        id: id, title: "Change " + paths.joined(separator: ", ").shortened(to: 160), name: "apply_patch", kind: .edit,
        paths: paths)
    case "mcp_tool_call":
      let name = "mcp__\(item["server"]?.stringValue ?? "")__\(item["tool"]?.stringValue ?? "")"
      return ToolCall(id: id, title: name, input: item["arguments"].flatMap(shown), name: name)
    case "web_search":
      let query = item["query"]?.stringValue ?? ""
      return ToolCall(
        id: id, title: "Search: \(query.firstLine.shortened(to: 160))", input: query, name: "web_search", kind: .search)
    default: return ToolCall(id: id, title: type, input: shown(item), name: type)
    }
  }

  private static func shown(_ value: JSONValue) -> String? { value == .null ? nil : value.prettyText() }

  private static func changes(_ item: JSONValue) -> [JSONValue] { item["changes"]?.arrayValue ?? [] }

  private static func edits(_ item: JSONValue) -> [FileEdit] {
    changes(item).compactMap { change in
      let kind: FileEdit.Change =
        switch change["kind"]?.stringValue {
        case "add": .made
        case "delete": .removed
        default: .changed
        }
      return change["path"]?.stringValue.map { FileEdit($0, kind) }
    }
  }

  private static func outcome(_ item: JSONValue) -> String? {
    if let message = item["error"]?["message"]?.stringValue { return message }
    if let content = item["result"]?["content"] {
      return content.arrayValue?.map { $0["text"]?.stringValue ?? "[\($0["type"]?.stringValue ?? "something")]" }
        .joined(separator: "\n")
    }
    guard let output = item["aggregated_output"]?.stringValue else { return nil }
    let code = item["exit_code"]?.integerValue ?? 0
    return code == 0 ? output : output + "exit code \(code)\n"
  }

  private static func plan(_ item: JSONValue) -> [PlanEntry] {
    (item["items"]?.arrayValue ?? []).map { entry in
      PlanEntry(entry["text"]?.stringValue ?? "", entry["completed"]?.boolValue == true ? .done : .pending)
    }
  }
}
