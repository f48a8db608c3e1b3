internal import IonJSON

/// The uses of tools that an agent told of, put together from what it says bit by bit.
struct ACPToolCalls {
  /// The longest input and result that are shown, in characters.
  private static let inputLimit = 16 * 1024
  private static let resultLimit = 64 * 1024

  /// What is known of one use.
  private struct Known {
    var call: ToolCall
    var content: [JSONValue] = []
    var output: JSONValue?
    var told: ToolCall?
    var isOver = false
  }

  private var known: [String: Known] = [:]

  /// Takes `tool_call` or `tool_call_update`; nothing where it names no tool's use. One that wasn't told of begins with it.
  mutating func take(_ update: JSONValue) -> [AgentEvent] {
    guard let id = update["toolCallId"]?.stringValue else { return [] }
    var use = merged(update, id)
    defer { known[id] = use }
    var events: [AgentEvent] = []
    if use.told != use.call {
      events.append(.toolCalled(use.call))
      use.told = use.call
    }
    guard let status = update["status"]?.stringValue, ["completed", "failed"].contains(status), !use.isOver else {
      return events
    }
    use.isOver = true
    let isSuccess = status == "completed"
    events.append(.toolEnded(ToolResult(id: id, isSuccess: isSuccess, text: Self.result(of: use))))
    if isSuccess { events += Self.edits(of: use).map(AgentEvent.fileChanged) }
    use.content = []
    return events
  }

  /// The uses that aren't over.
  var underWay: [ToolCall] { known.values.filter { !$0.isOver }.map(\.call) }

  /// A use as a request for permission has it, with what was told before; nothing of it is kept.
  func described(_ update: JSONValue) -> (call: ToolCall, diffs: [ACPDiff])? {
    guard let id = update["toolCallId"]?.stringValue else { return nil }
    let use = merged(update, id)
    return (use.call, use.content.compactMap(ACPDiff.init))
  }

  /// What is known once an update is taken in: what it says replaces what was said.
  private func merged(_ update: JSONValue, _ id: String) -> Known {
    var use = known[id] ?? Known(call: ToolCall(id: id, title: id))
    if let title = update["title"]?.stringValue, !title.isEmpty { use.call.title = title }
    if let kind = update["kind"]?.stringValue { use.call.kind = ToolCall.Kind(rawValue: kind) ?? .other }
    if let name = Self.toolName(update) { use.call.name = name }
    if let input = update["rawInput"]?.unlessNull { use.call.input = Self.input(input) }
    if let places = update["locations"]?.arrayValue { use.call.paths = places.compactMap { $0["path"]?.stringValue } }
    if let content = update["content"]?.arrayValue { use.content = content }
    if let output = update["rawOutput"]?.unlessNull { use.output = output }
    return use
  }

  /// The tool's name: the protocol has no place for it, agents put it below their own name in `_meta`.
  private static func toolName(_ update: JSONValue) -> String? {
    guard let extra = update["_meta"]?.objectValue else { return nil }
    for value in [.object(extra)] + extra.members.map(\.value) {
      if let name = value["toolName"]?.stringValue ?? value["tool_name"]?.stringValue { return name }
    }
    return nil
  }

  /// What a tool was given: a command as it is, anything else as JSON.
  private static func input(_ value: JSONValue) -> String? {
    if value == [:] { return nil }
    let text: String
    if let command = value["command"] {
      text = command.stringValue ?? command.arrayValue?.compactMap(\.stringValue).joined(separator: " ") ?? "\(value)"
    } else {
      text = value.stringValue ?? value.serializedText()
    }
    return text.shortened(to: inputLimit)
  }

  private static func result(of use: Known) -> String? {
    let texts = use.content.compactMap { item -> String? in
      guard item["type"]?.stringValue == "content", let block = item["content"] else { return nil }
      switch ACPContent(block) {
      case .text(let text): return text
      case .other(let words): return "[\(words)]"
      }
    }
    let text = texts.isEmpty ? use.output.map(output) : texts.joined(separator: "\n")
    return text?.shortened(to: resultLimit)
  }

  private static func output(_ value: JSONValue) -> String {
    value.stringValue ?? value["output"]?.stringValue ?? value["stdout"]?.stringValue ?? value.serializedText()
  }

  /// The files that a use changed, as far as the agent tells.
  private static func edits(of use: Known) -> [FileEdit] {
    let diffs = use.content.compactMap(ACPDiff.init)
    if !diffs.isEmpty { return diffs.map { FileEdit($0.path, $0.old == nil ? .made : .changed) } }
    switch use.call.kind {
    case .edit: return use.call.paths.map { FileEdit($0, .changed) }
    case .delete: return use.call.paths.map { FileEdit($0, .removed) }
    case .read, .move, .search, .execute, .think, .fetch, .other: return []
    }
  }
}

/// A file's text before and after a tool's use.
struct ACPDiff: Hashable {
  var path: String
  /// Nil for a file that is new.
  var old: String?
  var new: String

  /// Nil where an item of a tool's content is something else.
  init?(_ item: JSONValue) {
    guard item["type"]?.stringValue == "diff", let path = item["path"]?.stringValue,
      let new = item["newText"]?.stringValue
    else { return nil }
    self.path = path
    self.new = new
    old = item["oldText"]?.stringValue
  }
}
