internal import IonJSON

/// Claude Code's tools, as people see them.
enum ClaudeTools {
  private static let kinds: [String: ToolCall.Kind] = [
    "Read": .read, "NotebookRead": .read, "Edit": .edit, "MultiEdit": .edit, "Write": .edit, "NotebookEdit": .edit,
    "Glob": .search, "Grep": .search, "LS": .search, "ToolSearch": .search, "WebSearch": .search, "WebFetch": .fetch,
    "Bash": .execute, "BashOutput": .execute, "KillShell": .execute, "Monitor": .execute, "Task": .think,
    "TodoWrite": .think,
  ]

  /// What a tool's use is mostly about, by the names of its inputs, the first that it has.
  private static let subjects = [
    "command", "file_path", "notebook_path", "path", "pattern", "query", "url", "description", "prompt",
  ]

  /// A use of a tool.
  static func call(_ id: String, _ name: String, _ input: JSONValue) -> ToolCall {
    let subject = subjects.lazy.compactMap { input[$0]?.stringValue }.first { !$0.isEmpty }
    let title = subject.map { "\(name): \($0.firstLine.shortened(to: 160))" } ?? name
    let kind = kinds[name] ?? .other
    // Where it searches is what `Grep(src/**)` is about.
    let places = kind == .search ? ["path"] : ["file_path", "notebook_path"]
    return ToolCall(
      id: id, title: title, input: shown(name, input), name: name, kind: kind,
      paths: places.compactMap { input[$0]?.stringValue })
  }

  private static func shown(_ name: String, _ input: JSONValue) -> String? {
    if name == "Bash", let command = input["command"]?.stringValue { return command }
    return input.objectValue?.isEmpty ?? true ? nil : input.prettyText()
  }

  /// The plan that a use of a tool sets down; nil for every other use.
  static func plan(_ name: String, _ input: JSONValue) -> [PlanEntry]? {
    guard name == "TodoWrite", let todos = input["todos"]?.arrayValue else { return nil }
    return todos.map { todo in
      let state: PlanEntry.State =
        switch todo["status"]?.stringValue {
        case "completed": .done
        case "in_progress": .underWay
        default: .pending
        }
      return PlanEntry(todo["content"]?.stringValue ?? "", state)
    }
  }

  /// What a use that went well did to a file. `outcome` is what the program says of it beside what the model is told.
  static func edit(_ call: ToolCall, _ outcome: JSONValue?) -> FileEdit? {
    guard call.kind == .edit, let path = outcome?["filePath"]?.stringValue ?? call.paths.first else { return nil }
    return FileEdit(path, outcome?["type"]?.stringValue == "create" ? .made : .changed)
  }

  /// What a use would make of a file; nil where it is about none. An edit is shown as far as its input goes, so that the
  /// lines count from where it begins.
  static func diff(_ name: String, _ input: JSONValue) -> String? {
    guard let path = input["file_path"]?.stringValue else { return nil }
    let diff: String? =
      switch name {
      case "Write": input["content"]?.stringValue.map { UnifiedDiff.text(path, from: nil, to: $0) }
      case "Edit":
        input["new_string"]?.stringValue.map {
          UnifiedDiff.text(path, from: input["old_string"]?.stringValue ?? "", to: $0)
        }
      default: nil
      }
    return diff.flatMap { $0.isEmpty ? nil : $0.shortened(to: diffLimit) }
  }

  /// The longest diff that is shown, in characters.
  private static let diffLimit = 256 * 1024

  /// The text of a tool's result.
  static func text(_ content: JSONValue?) -> String? {
    if let text = content?.stringValue { return text }
    let parts = content?.arrayValue?.map { part in
      part["text"]?.stringValue ?? "[\(part["type"]?.stringValue ?? "something")]"
    }
    return parts?.joined(separator: "\n")
  }
}
