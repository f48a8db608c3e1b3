internal import IonJSON
internal import IonWorkflow

/// A turn with Codex as a value. It reads its prompt to the end before it does anything, and then says what it does.
struct CodexDialogue: AgentDialogue {
  private let prompt: String
  private let session: CodexSession
  /// Where it writes down what it uses; nil where nobody knows.
  private let records: CodexRecords?
  /// Reads when it takes more, from its words.
  private let reset: @Sendable (String) -> Int64?
  private var items = CodexItems()
  /// The session that it works in, as it says.
  private var thread: String?
  private var lost: String?
  private var stderr = ""
  private var hasCounted = false
  private(set) var outcome: AgentOutcome?
  private(set) var complaint: String?

  init(
    _ prompt: String, in session: CodexSession, records: CodexRecords? = nil,
    reset: @escaping @Sendable (String) -> Int64? = { _ in nil }
  ) {
    self.prompt = prompt
    self.session = session
    self.records = records
    self.reset = reset
  }

  var isSettled: Bool { outcome != nil }
  var isUnderWay: Bool { thread != nil }
  var lossOfSession: String? { lost }

  func begin() -> [DialogueEffect] { [.send(Array(prompt.utf8)), .closeInput] }

  /// It asks for nothing: what it may not do by its settings, it is refused by itself.
  func answer(_ id: String, with option: String?) -> [DialogueEffect] { [] }

  mutating func take(stderr text: String) -> [DialogueEffect] {
    if session.isOlder, thread == nil {
      stderr = (stderr + text).ending(8192)
      lost = lost ?? CodexFailure.lossOfSession(stderr)
    }
    return [.tell(.noted(text))]
  }

  mutating func take(_ bytes: [UInt8]) -> [DialogueEffect] {
    guard let line = JSONValue(line: bytes), line.objectValue != nil else { return [.tell(.noted(.noise(bytes)))] }
    switch line["type"]?.stringValue {
    case "thread.started": return begin(line["thread_id"]?.stringValue)
    case "item.started", "item.updated", "item.completed":
      complaint = nil
      return items.take(line).map(DialogueEffect.tell)
    case "turn.completed":
      outcome = .answered(items.answer ?? "")
      guard let used = session.used(CodexRecords.usage(line["usage"] ?? .null)) else { return [] }
      hasCounted = true
      return [.tell(.used(used))]
    case "turn.failed":
      outcome = .failed(CodexFailure.failure(line["error"]?["message"]?.stringValue ?? "", reset: reset))
      return []
    // The last one comes again with the failed turn; those before are attempts.
    case "error":
      guard let words = line["message"]?.stringValue else { return [] }
      complaint = words
      return [.tell(.noted(words + "\n"))]
    default: return []
    }
  }

  /// A turn that didn't come to its end has used what stands in the session's record.
  mutating func end() -> [AgentEvent] {
    guard !hasCounted, let thread, let total = records?.usage(of: thread), let used = session.used(total),
      used != AgentUsage()
    else { return [] }
    return [.used(used)]
  }

  private mutating func begin(_ thread: String?) -> [DialogueEffect] {
    guard let thread, self.thread == nil else { return [] }
    self.thread = thread
    return [.tell(.sessionKnown(session.known(as: thread)))]
  }
}
