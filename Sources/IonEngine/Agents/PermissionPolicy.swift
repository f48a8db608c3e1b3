internal import Glibc
internal import IonAgents
internal import IonWorkflow

/// What a node's agent may do without anybody being asked, by `allowed_tools` and `denied_tools`.
///
/// An entry is a tool's name, perhaps with what it may be used for in parentheses: `Edit(src/**)` for files below the
/// working path, `Bash(git *)` for commands. Agents that don't tell their tools' names tell what kind they are of:
/// `read`, `edit`, `delete`, `move`, `search`, `execute`, `think`, `fetch`, and Claude Code's names for these.
struct PermissionPolicy: Sendable {
  enum Verdict: Hashable, Sendable { case allowed, denied, asked }

  /// Claude Code's tools, by what kind they are of elsewhere.
  private static let kinds: [ToolCall.Kind: Set<String>] = [
    .read: ["read", "notebookread", "ls"], .edit: ["edit", "write", "multiedit", "notebookedit"],
    .search: ["grep", "glob"], .execute: ["bash"], .fetch: ["webfetch", "websearch"],
  ]

  private struct Entry: Sendable {
    var name: String
    /// What the tool may be used for; nil for anything.
    var use: String?

    init(_ text: String) {
      if text.hasSuffix(")"), let open = text.firstIndex(of: "(") {
        name = String(text[..<open]).lowercased()
        use = String(text[text.index(after: open)...].dropLast())
      } else {
        name = text.lowercased()
        use = nil
      }
    }
  }

  private let allowed: [Entry]?
  private let denied: [Entry]
  private let root: AbsolutePath

  /// `root` is where the agent works.
  init(_ settings: AgentSettings, root: AbsolutePath) {
    allowed = settings.allowedTools.map { $0.map(Entry.init) }
    denied = settings.deniedTools.map(Entry.init)
    self.root = root
  }

  func verdict(on request: PermissionRequest) -> Verdict {
    guard let tool = request.tool else { return .asked }
    if denied.contains(where: { matches($0, tool, isDenial: true) }) { return .denied }
    guard let allowed else { return .asked }
    return allowed.contains { matches($0, tool, isDenial: false) } ? .allowed : .denied
  }

  /// The option that says a verdict; nil where none does, which is never guessed.
  static func option(_ verdict: Verdict, of request: PermissionRequest) -> String? {
    let kinds: [PermissionRequest.Option.Kind] =
      switch verdict {
      case .allowed: [.allowOnce, .allowAlways]
      case .denied: [.rejectOnce, .rejectAlways]
      case .asked: []
      }
    return kinds.lazy.compactMap { kind in request.options.first { $0.kind == kind }?.id }.first
  }

  /// What is denied is denied where any part of it matches, what is allowed only where all of it does.
  private func matches(_ entry: Entry, _ tool: ToolCall, isDenial: Bool) -> Bool {
    guard isNamed(entry.name, tool) else { return false }
    guard let use = entry.use else { return true }
    if !tool.paths.isEmpty {
      let glob = Glob(use.hasPrefix("/") ? String(use.dropFirst()) : use)
      let fits = { (path: String) in relative(path).map(glob.matches) ?? false }
      return isDenial ? tool.paths.contains(where: fits) : tool.paths.allSatisfy(fits)
    }
    guard let input = tool.input else { return isDenial }
    // `Bash(git:*)` is Claude Code's way to write `git *`.
    let pattern = use.hasSuffix(":*") ? use.dropLast(2) + "*" : use[...]
    return fnmatch(String(pattern), input, 0) == 0
  }

  private func isNamed(_ name: String, _ tool: ToolCall) -> Bool {
    if let own = tool.name { return fnmatch(name, own.lowercased(), 0) == 0 }
    return name == tool.kind.rawValue || Self.kinds[tool.kind]?.contains(name) ?? false
  }

  /// A path below the working path, without its dots; nil for any other.
  private func relative(_ path: String) -> String? {
    let absolute = path.hasPrefix("/") ? AbsolutePath(path) : root.appending(path)
    guard let absolute, absolute.text.hasPrefix(root.text + "/") else { return nil }
    return String(absolute.text.dropFirst(root.text.utf8.count + 1))
  }
}
