/// A turn with a program as a value: what it prints comes in, what is to be done about it goes out.
protocol AgentDialogue: Sendable {
  /// What the turn came to, as far as the program said; nil where it owes an answer.
  var outcome: AgentOutcome? { get }
  /// Whether the program has said what the turn came to, and only has to end.
  var isSettled: Bool { get }
  /// Whether the program took the turn up.
  var isUnderWay: Bool { get }
  /// Why there is no such session as the turn should go on in; nil where that isn't so.
  var lossOfSession: String? { get }

  /// What is done once the program runs.
  mutating func begin() -> [DialogueEffect]
  /// Takes a line of its stdout, without its end.
  mutating func take(_ line: [UInt8]) -> [DialogueEffect]
  /// Takes a piece of its stderr.
  mutating func take(stderr: String) -> [DialogueEffect]
  /// Takes an answer to a permission that is asked for.
  mutating func answer(_ id: String, with option: String?) -> [DialogueEffect]

  /// What went wrong last while the program still tried, in its own words; nil where nothing did.
  var complaint: String? { get }
  /// What is told once the program is over.
  mutating func end() -> [AgentEvent]
}

extension AgentDialogue {
  var complaint: String? { nil }
  mutating func end() -> [AgentEvent] { [] }
}

/// What a dialogue wants done. Whoever obeys does it in order.
enum DialogueEffect: Hashable {
  /// A line goes to the program.
  case send([UInt8])
  case tell(AgentEvent)
  /// Whether the program may be silent for as long as it likes.
  case setPatient(Bool)
  case closeInput
  /// The program is to end: there is nothing to be had from it.
  case stop
}

/// A program to start, and how it is talked with.
struct DialogueStart {
  var arguments: [String]
  var dialogue: any AgentDialogue
}
