internal import IonJSON
internal import IonWorkflow

/// One turn's talk with an agent that speaks the Agent Client Protocol, version 1, as a value.
///
/// It is told of everything that happens and says what is to be done: no clock, no files, no processes. `begin` comes
/// first, once the agent's program runs, and `programEnded` last; its answer ends with the turn's end.
struct ACPConversation {
  /// The version that Ion speaks.
  static let version: Int64 = 1

  /// What the turn is to come to.
  enum Goal: Hashable {
    case answer
    /// Whether the agent answers at all.
    case checkUp
  }

  /// How far it has come.
  enum Phase: Hashable {
    case idle
    case greeting
    case opening(ACPOpening)
    /// What is wished of the session is asked for, one by one.
    case configuring
    case prompting
    /// It has come to its end; the program is to come to its own.
    case closing(AgentOutcome)
    case ended
  }

  /// What a request to the agent was about.
  enum Asked: Hashable {
    case greeting
    case opening(ACPOpening)
    case wish(ACPSettings.Wish)
    case prompt
    case closing
  }

  let task: ACPTask
  var phase = Phase.idle
  var isCancelled = false
  /// What the agent's program gets to end by itself once a cancelled turn's time is over.
  var lastGrace = Duration.zero
  /// What the agent said of itself.
  var hello: ACPHello?
  /// The session's name, once it is known.
  var session: String?
  var origin = AgentSession.Origin.new
  /// Why the session that was asked for could not be had.
  var replacement: String?
  var settings = ACPSettings()
  var wishes: [ACPSettings.Wish] = []
  var text = ACPAnswerText()
  var tools = ACPToolCalls()
  var usage = ACPUsage()
  /// What happened to files, each once: agents write by their client and tell of it, too.
  private var edits: Set<FileEdit> = []
  /// What the agent was asked and hasn't answered yet, by ids.
  var asked: [Int64: (about: Asked, method: String)] = [:]
  /// How many things the agent told again of an earlier session.
  var replayed = 0
  /// Requests for permission that wait for somebody, by the names that they have before people.
  var permissions: [String: ACPPermission] = [:]
  /// The ids of what the agent asked for and somebody works on.
  var tickets: [ACPTicket: JSONValue] = [:]
  private var lastRequest: Int64 = 0
  private var lastPermission = 0
  private var lastTicket = 0
  private var effects: [ACPEffect] = []

  init(_ task: ACPTask) { self.task = task }

  // MARK: What happens

  /// The agent's program runs.
  mutating func begin() -> [ACPEffect] {
    guard case .idle = phase else { return [] }
    if isCancelled {
      close(.cancelled)
    } else {
      phase = .greeting
      ask(
        .greeting, "initialize",
        [
          "protocolVersion": .integer(Self.version),
          "clientCapabilities": ["fs": ["readTextFile": true, "writeTextFile": true], "terminal": true],
          "clientInfo": ["name": "ion", "title": "Ion", "version": .string(task.clientVersion)],
        ], within: task.patience.greeting)
    }
    return drain()
  }

  /// A line came from the agent.
  mutating func take(_ line: [UInt8]) -> [ACPEffect] {
    for message in ACPMessage.read(line) { take(message) }
    return drain()
  }

  /// A line was longer than is taken.
  mutating func takeOverlong(_ count: Int) -> [ACPEffect] {
    fail(AgentFailure(.protocolFault, "the agent printed a line of \(count) bytes, which is more than is taken"))
    return drain()
  }

  /// Somebody answered a request for permission; what isn't asked about changes nothing.
  mutating func answer(_ id: String, with option: String?) -> [ACPEffect] {
    guard let permission = permissions.removeValue(forKey: id) else { return [] }
    reply(permission.request, .success(permission.answer(option)))
    if permissions.isEmpty { effect(.setPatient(false)) }
    return drain()
  }

  /// What the agent asked for is done, or can't be.
  mutating func settle(_ ticket: ACPTicket, _ result: ACPWorkResult) -> [ACPEffect] {
    guard let id = tickets.removeValue(forKey: ticket) else { return [] }
    if let edit = result.edit { tell(.fileChanged(edit)) }
    if case .failure(let error) = result.answer { noteRefusal(error) }
    reply(id, result.answer)
    return drain()
  }

  /// A time is over.
  mutating func elapsed(_ timer: ACPTimer) -> [ACPEffect] {
    switch timer {
    case .answer(let id):
      guard let request = asked[id] else { return [] }
      fail(AgentFailure(.timedOut, "the agent didn't answer `\(request.method)` in time"))
    case .cancelledTurn:
      if case .prompting = phase { effect(.stop(grace: lastGrace)) }
    case .farewell:
      if case .closing = phase { effect(.stop(grace: task.patience.term)) }
    }
    return drain()
  }

  // MARK: What is done

  mutating func effect(_ effect: ACPEffect) { effects.append(effect) }

  mutating func tell(_ event: AgentEvent) {
    if case .fileChanged(let edit) = event, !edits.insert(edit).inserted { return }
    effects.append(.tell(event))
  }

  mutating func note(_ words: String) { tell(.noted(words + "\n")) }

  /// Asks the agent for something.
  mutating func ask(_ about: Asked, _ method: String, _ parameters: JSONValue, within time: Duration?) {
    lastRequest += 1
    asked[lastRequest] = (about, method)
    effect(.send(ACPMessage.request(lastRequest, method, parameters)))
    if let time { effect(.wake(.answer(lastRequest), after: time)) }
  }

  mutating func reply(_ id: JSONValue, _ answer: Result<JSONValue, ACPError>) {
    effect(.send(ACPMessage.answer(id, answer)))
  }

  mutating func nextPermission() -> String {
    lastPermission += 1
    return "permission-\(lastPermission)"
  }

  /// Has somebody work on what the agent asked for.
  mutating func perform(_ work: ACPWork, for id: JSONValue) {
    lastTicket += 1
    let ticket = ACPTicket(number: lastTicket)
    tickets[ticket] = id
    effect(.perform(work, ticket))
  }

  mutating func drain() -> [ACPEffect] {
    defer { effects = [] }
    return effects
  }
}

/// What a turn is about, with nothing left to look up.
struct ACPTask {
  /// How long an agent is waited for.
  struct Patience: Hashable {
    var greeting = Duration.seconds(10)
    /// Opening a session, which may start servers, and each thing that is wished of it.
    var setUp = Duration.seconds(60)
    /// What it gets to end by itself at the end of its input.
    var farewell = Duration.seconds(2)
    /// What it gets between being asked to end by a signal and being killed.
    var term = Duration.seconds(3)
  }

  var goal = ACPConversation.Goal.answer
  var prompt = ""
  var systemPrompt: String?
  var session: SessionRequest?
  var workingPath: String
  /// Servers as Claude Code's files have them.
  var servers: JSONObject = [:]
  var mode: String?
  var model: String?
  var effort: String?
  var clientVersion = AgentProviders.unknownVersion
  /// The agent's program before people.
  var program = "the agent's program"
  /// The time by the machine's clock, in milliseconds since 1970-01-01T00:00:00Z.
  var wallTime: @Sendable () -> Int64 = { ResetTime.now() }
  var patience = Patience()
  /// Where the program of a server is; nil where it can't be found.
  var locate: @Sendable (String) -> String? = { _ in nil }
  /// As `AgentRequest.refusal`.
  var refusal: @Sendable (ToolCall, [ToolCall]) -> String? = { _, _ in nil }

  init(workingPath: String) { self.workingPath = workingPath }
}

/// A way into a session.
enum ACPOpening: Hashable {
  case new
  case resume(String)
  case load(String)
  case fork(String)

  var method: String {
    switch self {
    case .new: "session/new"
    case .resume: "session/resume"
    case .load: "session/load"
    case .fork: "session/fork"
    }
  }
}
