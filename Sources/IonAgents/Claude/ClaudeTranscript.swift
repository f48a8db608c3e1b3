internal import IonJSON
internal import IonWorkflow

/// What Claude Code's model says and does, message by message.
///
/// A message comes twice: piece by piece as it is written, then block by block as a whole. What was shown in pieces isn't
/// shown again. Of agents that the agent calls, their tools are shown and what they use is counted; what they say goes to
/// the agent.
struct ClaudeTranscript {
  private(set) var usage = ClaudeUsage()
  /// Messages of which text, or thoughts, were shown in pieces.
  private var piecewise: Set<String> = []
  /// The message that is being written, by the use of a tool that it belongs to; the agent's own under "".
  private var current: [String: String] = [:]
  /// The tools that are being used.
  private var calls: [String: ToolCall] = [:]
  private var hasText = false
  private var beginsBlock = false

  /// Takes a piece of a message.
  mutating func takePiece(_ line: JSONValue) -> [AgentEvent] {
    let parent = line["parent_tool_use_id"]?.stringValue ?? ""
    let event = line["event"] ?? .null
    switch event["type"]?.stringValue {
    case "message_start":
      let message = event["message"]?["id"]?.stringValue ?? ""
      current[parent] = message
      return count(event["message"]?["usage"], of: message)
    case "message_delta": return count(event["usage"], of: current[parent] ?? "")
    case "content_block_start":
      beginsBlock = true
      return []
    case "content_block_delta" where parent.isEmpty: return takeDelta(event["delta"] ?? .null)
    default: return []
    }
  }

  private mutating func takeDelta(_ delta: JSONValue) -> [AgentEvent] {
    if let text = delta["text"]?.stringValue, delta["type"] == "text_delta" {
      piecewise.insert(current[""] ?? "")
      return say(text)
    }
    if let thought = delta["thinking"]?.stringValue, delta["type"] == "thinking_delta", !thought.isEmpty {
      piecewise.insert(current[""] ?? "")
      return [.thought(thought)]
    }
    return []
  }

  /// Blocks of text are set apart from each other.
  private mutating func say(_ text: String) -> [AgentEvent] {
    guard !text.isEmpty else { return [] }
    defer { (hasText, beginsBlock) = (true, false) }
    return [.text((hasText && beginsBlock ? "\n\n" : "") + text)]
  }

  private mutating func count(_ usage: JSONValue?, of message: String) -> [AgentEvent] {
    self.usage.take(usage, of: message) ? [.used(self.usage.total)] : []
  }

  /// Takes blocks of a message that are whole.
  mutating func takeMessage(_ line: JSONValue) -> [AgentEvent] {
    let message = line["message"] ?? .null
    // What the program says in the model's place: it comes again with the end.
    guard message["model"] != "<synthetic>" else { return [] }
    let id = message["id"]?.stringValue ?? ""
    let isOwn = line["parent_tool_use_id"]?.stringValue == nil
    let blocks = message["content"]?.arrayValue ?? []
    let events = blocks.flatMap { block -> [AgentEvent] in
      switch block["type"]?.stringValue {
      case "text" where isOwn && !piecewise.contains(id):
        beginsBlock = true
        return say(block["text"]?.stringValue ?? "")
      case "thinking" where isOwn && !piecewise.contains(id):
        return block["thinking"]?.stringValue.map { $0.isEmpty ? [] : [.thought($0)] } ?? []
      case "tool_use", "server_tool_use": return call(block)
      default: return []
      }
    }
    return events + count(message["usage"], of: id)
  }

  private mutating func call(_ block: JSONValue) -> [AgentEvent] {
    let name = block["name"]?.stringValue ?? ""
    let input = block["input"] ?? [:]
    let call = ClaudeTools.call(block["id"]?.stringValue ?? "", name, input)
    calls[call.id] = call
    if let plan = ClaudeTools.plan(name, input) { return [.toolCalled(call), .planned(plan)] }
    return [.toolCalled(call)]
  }

  /// Takes what came of tools.
  mutating func takeResults(_ line: JSONValue) -> [AgentEvent] {
    let blocks = (line["message"]?["content"]?.arrayValue ?? []).filter { $0["type"] == "tool_result" }
    return blocks.flatMap { block -> [AgentEvent] in
      let id = block["tool_use_id"]?.stringValue ?? ""
      let isSuccess = block["is_error"]?.boolValue != true
      let ended = AgentEvent.toolEnded(
        ToolResult(id: id, isSuccess: isSuccess, text: ClaudeTools.text(block["content"])))
      guard let call = calls.removeValue(forKey: id), isSuccess else { return [ended] }
      // With several results in one line, what the program says beside them belongs to none in particular.
      let edit = ClaudeTools.edit(call, blocks.count == 1 ? line["tool_use_result"] : nil)
      return [ended] + (edit.map { [.fileChanged($0)] } ?? [])
    }
  }

  /// Takes what an answer says was used.
  mutating func settle(_ result: JSONValue) -> AgentEvent {
    usage.settle(result)
    return .used(usage.total)
  }
}
