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
    /// As the workflow has it.
    var text: String
    var name: String
    /// What the tool may be used for; nil for anything.
    var use: String?

    init(_ text: String) {
      self.text = text
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
  /// Where the agent works, and the same without links in it.
  private let roots: [AbsolutePath]

  /// `root` is where the agent works.
  init(_ settings: AgentSettings, root: AbsolutePath) {
    allowed = settings.allowedTools.map { $0.map(Entry.init) }
    denied = settings.deniedTools.map(Entry.init)
    roots = [root, FileAccess.realPath(root)].compactMap(\.self)
  }

  func verdict(on request: PermissionRequest) -> Verdict {
    guard let tool = request.tool else { return .asked }
    if denied.contains(where: { matches($0, tool, isDenial: true) }) { return .denied }
    guard allowed != nil else { return .asked }
    return isAllowed(tool) ? .allowed : .denied
  }

  /// Why Ion doesn't do something for an agent; nil where it does, which needs nobody's leave: an agent may have it done
  /// without asking.
  ///
  /// Such work has a kind and no tool's name: those of the uses under way that are of its kind stand for it.
  func refusal(of work: ToolCall, during uses: [ToolCall]) -> String? {
    var known = [work]
    for use in uses where use.kind == work.kind {
      guard let name = use.name else { continue }
      known.append(work)
      known[known.count - 1].name = name
    }
    if let entry = denied.first(where: { entry in known.contains { matches(entry, $0, isDenial: true) } }) {
      return "the node's `denied_tools` have `\(entry.text)`"
    }
    guard allowed != nil, !known.contains(where: isAllowed) else { return nil }
    // Who may change a file may see it.
    var change = work
    change.kind = .edit
    if work.kind == .read, refusal(of: change, during: uses) == nil { return nil }
    return "nothing in the node's `allowed_tools` allows it"
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

  /// Whether an entry allows the use of a tool; of a line for a shell, whether all its commands are allowed.
  private func isAllowed(_ tool: ToolCall) -> Bool {
    let allowed = allowed ?? []
    guard tool.kind == .execute, let input = tool.input else {
      return allowed.contains { matches($0, tool, isDenial: false) }
    }
    let named = allowed.filter { isNamed($0.name, tool) }
    if named.contains(where: { $0.use == nil || $0.use == "*" || $0.use == input }) { return true }
    let line = CommandParts(input)
    guard !line.hasMore, !line.commands.isEmpty else { return false }
    return line.commands.allSatisfy { command in named.contains { fits($0.use ?? "*", command) } }
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
    if fits(use, input) { return true }
    return isDenial && tool.kind == .execute && CommandParts(input).commands.contains { fits(use, $0) }
  }

  private func fits(_ use: String, _ input: String) -> Bool {
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
    let absolute = path.hasPrefix("/") ? AbsolutePath(path) : roots[0].appending(path)
    return roots.lazy.compactMap { absolute?.relative(to: $0) }.first
  }
}
