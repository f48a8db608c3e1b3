internal import IonJSON
internal import IonWorkflow

/// A turn with Codex as a value. It reads its prompt to the end before it does anything, and then says what it does.
struct CodexDialogue: AgentDialogue {
  private let prompt: String
  private let session: CodexSession
  private var items = CodexItems()
  /// The session that it works in, as it says.
  private var thread: String?
  private var lost: String?
  private var stderr = ""
  private(set) var outcome: AgentOutcome?

  init(_ prompt: String, in session: CodexSession) {
    self.prompt = prompt
    self.session = session
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
    case "item.started", "item.updated", "item.completed": return items.take(line).map(DialogueEffect.tell)
    case "turn.completed":
      outcome = .answered(items.answer ?? "")
      return session.used(line["usage"] ?? .null).map { [.tell(.used($0))] } ?? []
    case "turn.failed":
      outcome = .failed(CodexFailure.failure(line["error"]?["message"]?.stringValue ?? ""))
      return []
    // The last one comes again with the failed turn; those before are attempts.
    case "error": return line["message"]?.stringValue.map { [.tell(.noted($0 + "\n"))] } ?? []
    default: return []
    }
  }

  private mutating func begin(_ thread: String?) -> [DialogueEffect] {
    guard let thread, self.thread == nil else { return [] }
    self.thread = thread
    return [.tell(.sessionKnown(session.known(as: thread)))]
  }
}
