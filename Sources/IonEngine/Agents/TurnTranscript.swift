internal import IonAgents
internal import IonProcess
internal import IonWorkflow

/// What an agent says and does, as Markdown that only grows at its end: what it says is stdout, word for word; its thoughts
/// are quotes and what it does are lists, on stderr. Each stream can be read by itself, and both in the order of arrival:
/// whatever sets them apart is on stderr.
struct TurnTranscript {
  struct Piece: Hashable {
    var text: String
    var stream: StepStream
  }

  private enum Block { case text, thought, list }

  /// How much of a tool's input and result is shown, in bytes.
  static let shownBytes = 16 * 1024
  /// When a line of its program that has no end is shown all the same, in bytes.
  static let longestLine = 4096

  /// Hides secrets in what is cut, before it is: half of one isn't found any more.
  private let mask: SecretMask?
  private var block: Block?
  /// How many newlines are at the end of everything so far; where there is nothing, no more are needed.
  private var newlines = 2
  /// Newlines within the open thought that come only with what follows them.
  private var heldNewlines = 0
  /// The beginning of a line that the agent's program printed.
  private var line = ""
  /// What the uses of tools were last shown as.
  private var calls: [String: String] = [:]

  init(_ mask: SecretMask? = nil) { self.mask = mask }

  /// The next pieces of the transcript.
  mutating func take(_ event: AgentEvent) -> [Piece] {
    switch event {
    case .processStarted, .sessionKnown, .permissionRequested, .permissionWithdrawn, .used, .wentWithout, .ended: []
    case .text(let text): say(text)
    case .thought(let text): think(text)
    case .noted(let text): note(text)
    case .toolCalled(let call): use(call)
    case .toolEnded(let result): end(result)
    case .fileChanged(let edit): item("± \(Markdown.code(edit.path)) \(edit.change.rawValue)")
    case .planned(let entries): entries.flatMap { item("\(Self.mark($0.state)) \($0.text)") }
    }
  }

  /// Words of Ion's own.
  mutating func say(inIonsName words: String) -> [Piece] { item(words) }

  /// What is held back: nothing follows.
  mutating func finish() -> [Piece] {
    var pieces = endLine()
    if block == .thought { pieces += write("\n", to: .stderr) }
    return pieces
  }

  private mutating func say(_ text: String) -> [Piece] {
    guard !text.isEmpty else { return [] }
    let pieces = open(.text, before: text.utf8.prefix { $0 == UInt8(ascii: "\n") }.count)
    return pieces + write(text, to: .stdout)
  }

  private mutating func think(_ text: String) -> [Piece] {
    let isNew = block != .thought
    var quote = ""
    if isNew { heldNewlines = 0 }
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if index > 0 { heldNewlines += 1 }
      guard !line.isEmpty else { continue }
      // What a thought begins with is no line of it.
      if quote.isEmpty, isNew {
        quote = "> "
      } else {
        quote += String(repeating: "\n> ", count: heldNewlines)
      }
      heldNewlines = 0
      quote += line
    }
    return quote.isEmpty ? [] : open(.thought) + write(quote, to: .stderr)
  }

  private mutating func note(_ text: String) -> [Piece] {
    var pieces: [Piece] = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, part) in lines.enumerated() {
      if index > 0 { pieces += endLine() }
      line += part
      if line.utf8.count > Self.longestLine { pieces += endLine() }
    }
    return pieces
  }

  /// Shows the line of the agent's program.
  private mutating func endLine() -> [Piece] {
    let ended = line
    line = ""
    guard ended.contains(where: { !$0.isWhitespace }) else { return [] }
    return open(.list) + write("- \(Markdown.code(ended))\n", to: .stderr)
  }

  private mutating func use(_ call: ToolCall) -> [Piece] {
    var words = "→ \(Markdown.code(shown(call.title)))"
    if let input = Self.input(call).map(shown) {
      let language = call.kind == .execute ? "sh" : input.hasPrefix("{") ? "json" : ""
      words += "\n" + Markdown.block(Markdown.shortened(input, to: Self.shownBytes), language, indent: "  ")
    }
    guard calls.updateValue(words, forKey: call.id) != words else { return [] }
    return item(words)
  }

  /// What of a tool's input isn't in its title.
  private static func input(_ call: ToolCall) -> String? {
    guard let input = call.input, !input.isEmpty else { return nil }
    let title = call.title.filter { $0 != "`" }
    if title == input || title.hasSuffix(" " + input) { return nil }
    switch call.kind {
    // They say what they read; the raw turn has the rest.
    case .read, .search, .fetch: return call.title == call.name ? input : nil
    case .edit, .delete, .move, .execute, .think, .other: return input
    }
  }

  private mutating func end(_ result: ToolResult) -> [Piece] {
    let mark = result.isSuccess ? "✓" : "✗"
    guard let text = result.text, text.contains(where: { !$0.isWhitespace }) else { return item(mark) }
    let shown = Markdown.shortened(shown(text), to: Self.shownBytes)
    let lines = shown.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.count == 1 || lines.count == 2 && lines[1].isEmpty { return item("\(mark) \(Markdown.code(shown))") }
    return item(mark + "\n" + Markdown.block(shown, indent: "  "))
  }

  private func shown(_ text: String) -> String { mask?.masked(shortened: text) ?? text }

  private mutating func item(_ words: String) -> [Piece] {
    let pieces = endLine()
    return pieces + open(.list) + write("- \(words)\n", to: .stderr)
  }

  /// Sets the next block apart from the open one by an empty line; `given` newlines of it are the block's own.
  private mutating func open(_ next: Block, before given: Int = 0) -> [Piece] {
    guard block != next else { return [] }
    var pieces = block == nil ? [] : endLine()
    block = next
    let missing = 2 - newlines - given
    if missing > 0 { pieces += write(String(repeating: "\n", count: missing), to: .stderr) }
    return pieces
  }

  private mutating func write(_ text: String, to stream: StepStream) -> [Piece] {
    let atEnd = text.utf8.reversed().prefix { $0 == UInt8(ascii: "\n") }.count
    newlines = atEnd == text.utf8.count ? newlines + atEnd : atEnd
    return [Piece(text: text, stream: stream)]
  }

  private static func mark(_ state: PlanEntry.State) -> String {
    switch state {
    case .pending: "[ ]"
    case .underWay: "[-]"
    case .done: "[x]"
    }
  }
}
