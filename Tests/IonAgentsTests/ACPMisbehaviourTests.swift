import IonAgents
import IonJSON
import IonWorkflow
import Testing

@testable import IonAgents

/// Agents of every kind, as programs: what comes of their turns, and that nothing is left of them.
@Suite struct ACPMisbehaviourTests {
  struct Row: CustomTestStringConvertible, Sendable {
    var behaviour: [String]
    var outcome: AgentOutcome?
    /// Where it fails, how, and what the message says.
    var kind: AgentFailure.Kind?
    /// What is noted, or said in the failure's message.
    var words: [String]

    var testDescription: String { behaviour.joined(separator: " ") }

    static func answers(_ text: String, _ behaviour: String..., noting words: String...) -> Row {
      Row(behaviour: behaviour, outcome: .answered(text), words: words)
    }

    static func fails(_ kind: AgentFailure.Kind, _ behaviour: String..., saying words: String...) -> Row {
      Row(behaviour: behaviour, kind: kind, words: words)
    }
  }

  private let acp = ACPBench()

  static let rows: [Row] = [
    .answers("hello", "Agent"),
    .answers("hello", "noise", noting: "Loading the model...", "[1/3] ok", "{not json", "42", "\u{FFFD}"),
    .answers("hello", "blank_lines"),
    .answers("é€😀", "byte_by_byte"),
    .answers("a\u{FFFD}", "cut_characters"),
    .answers(String(repeating: "x", count: 20_000_000), "long_line"),
    .answers(String(repeating: "x", count: 50_000), "many_chunks"),
    .answers("hello", "stderr_flood", noting: "eeee"),
    .answers(
      "hello", "unknown_update", noting: "telepathy", "smell", "_own/thing", "of another session",
      "of a tool without a name"
    ),
    .answers("hello", "early_updates", noting: "too early"),
    .answers("hello", "late_updates", noting: "and more"),
    .answers("hello", "stop", "end_turn"),
    .fails(.cutShort, "stop", "max_tokens", saying: "max_tokens"),
    .fails(.cutShort, "stop", "max_turn_requests", saying: "max_turn_requests"),
    .fails(.refusal, "stop", "refusal"),
    .fails(.cutShort, "stop", "cancelled", saying: "nobody asked"),
    .fails(.protocolFault, "stop", "bored", saying: "bored"),
    .fails(.protocolFault, "no_stop_reason", saying: "stopReason"),
    .answers("hello", "duplicate_answers", noting: "wasn't asked"),
    .answers("hello", "unknown_ids", noting: "(99)", "(\"3\")"),
    .fails(.protocolFault, "error_answer", "initialize", "-32603", "null", saying: "initialize", "it broke"),
    .fails(.protocolFault, "error_answer", "session/new", "-32603", #"{"details": "no disk"}"#, saying: "no disk"),
    .fails(.protocolFault, "error_answer", "session/prompt", "-32603", "null", saying: "-32603", "it broke"),
    .fails(.rateLimited(resetAt: nil), "error_answer", "session/prompt", "-32603", #"{"status": 429}"#),
    .fails(.overloaded, "error_answer", "session/prompt", "529", "null"),
    .fails(.authentication, "error_answer", "session/prompt", "-32000", "null", saying: "it broke"),
    .answers("hello", "batches", noting: "1"),
    .fails(.protocolFault, "no_session", saying: "names no session"),
    .fails(.protocolFault, "other_version", saying: "version 2", "version 1"),
    .fails(.protocolFault, "no_version", saying: "protocol version"),
    .fails(.authentication, "wants_sign_in", saying: "With a browser (`browser`)", "With a key (`key`)"),
    .fails(.crashed, "exits", "start", "0", saying: "it can't go on", "exit code 0"),
    .fails(.exited(3), "exits", "start", "3", saying: "it can't go on", "exit code 3"),
    .fails(.crashed, "exits", "opening", "1", saying: "it can't go on"),
    .fails(.crashed, "exits", "turn", "0", saying: "it can't go on"),
    .fails(.crashed, "exits", "turn", "7", saying: "exit code 7"),
    .fails(.signalled(11), "killed", saying: "signal 11"),
    .answers("hello", "stays"),
    .answers("hello", "leaves_children"),
    .answers(#"{"outcome": "cancelled"}"#, "asks_for_nothing", noting: "left nothing to choose from"),
    .answers("-32602", "asks_badly"),
    .answers("-32800", "takes_back"),
    .answers("hello", "ends_while_it_asks"),
    .answers("cancelled", "asks_before_the_prompt"),
    .answers("hello", "leaves_terminals"),
    .answers("True SIGTERM -32002", "floods_terminal"),
    .answers("-32601 -32601", "unknown_request", noting: "elicitation/create"),
  ]

  @Test(arguments: rows) func aTurnEndsAsItMust(_ row: Row) async throws {
    var patience = ACPBench.patience
    // Agents that stay are made to go soon.
    patience.term = .milliseconds(100)
    if row.behaviour == ["stays"] { patience.farewell = .milliseconds(50) }
    let turn = try await acp.run(row.behaviour, patience: patience)
    if let outcome = row.outcome { #expect(turn.outcome == outcome, "\(turn.notes.suffix(2000))") }
    if let kind = row.kind { #expect(turn.failure?.kind == kind, "\(turn.outcome)") }
    let said = turn.notes + (turn.failure?.message ?? "")
    for words in row.words { #expect(said.contains(words), "\(said.suffix(4000))") }
    let open = turn.events.reduce(into: Set<String>()) { open, event in
      if case .permissionRequested(let request) = event { open.insert(request.id) }
      if case .permissionWithdrawn(let id) = event { open.remove(id) }
    }
    #expect(open.isEmpty, "permissions that nobody answered are taken back")
  }

  @Test func whatComesLateIsNoPartOfTheAnswer() async throws {
    let request = try acp.request()
    let turn = try await acp.run(["late_updates"], request)
    #expect(turn.text == "hello" && turn.edits.isEmpty)
  }

  @Test func everyUpdateIsAnEvent() async throws {
    let turn = try await acp.run(["every_update"])
    #expect(turn.outcome == .answered("It works."))
    #expect(turn.text == "I look.\n\nIt works.")
    let edit = ToolCall(
      id: "t1", title: "Edit a.txt", input: #"{"path":"a.txt"}"#, name: "Edit", kind: .edit, paths: ["/w/a.txt"])
    let run = ToolCall(id: "t2", title: "Run it", input: "make", kind: .execute)
    for event: AgentEvent in [
      .thought("hm"),
      .planned([PlanEntry("look", .done), PlanEntry("change", .underWay), PlanEntry("test", .pending)]),
      .toolCalled(edit), .toolEnded(ToolResult(id: "t1", isSuccess: true, text: "done")),
      .fileChanged(FileEdit("/w/a.txt", .changed)), .toolCalled(run),
      .toolEnded(ToolResult(id: "t2", isSuccess: false, text: "no rule")),
      .used(AgentUsage(inputTokens: 7, outputTokens: 3, usd: 0.25)),
    ] { #expect(turn.events.contains(event), "\(event)") }
    for words in ["web", "`code`", "A change"] { #expect(turn.notes.contains(words)) }
    #expect(!turn.text.contains("what I was told"))
  }

  @Test func whatASessionCostBeforeIsNotTheTurns() async throws {
    #expect(try await acp.run(["early_updates"]).usage?.usd == 0.5)
  }

  // MARK: Time

  @Test func aHangAtStartIsBounded() async throws {
    var patience = ACPBench.patience
    (patience.greeting, patience.farewell, patience.term) = (.milliseconds(50), .zero, .milliseconds(50))
    let turn = try await acp.run(["hangs_at_start"], patience: patience)
    #expect(turn.failure?.kind == .timedOut && turn.failure?.message.contains("initialize") == true)
  }

  @Test(arguments: ["missing_answer", "hangs_in_turn", "closes_stdout"])
  func silenceIsBounded(_ behaviour: String) async throws {
    var request = try acp.request()
    request.idleTimeout = .milliseconds(300)
    request.grace = .milliseconds(50)
    #expect(try await acp.run([behaviour], request).failure?.kind == .idledOut)
  }

  @Test func whoAsksIsWaitedFor() async throws {
    var request = try acp.request()
    request.idleTimeout = .seconds(5)
    let turn = try await acp.run(["asks"], request) { event, turn in
      if case .permissionRequested(let request) = event { turn.answer(request.id, with: "yes") }
    }
    #expect(turn.outcome == .answered(#"{"optionId": "yes", "outcome": "selected"}"#))
  }

  // MARK: Cancels

  @Test(arguments: ["end_turn", "cancelled", "refusal", "bored", "error", "exit"])
  func howeverACancelledTurnEndsItIsCancelled(_ way: String) async throws {
    let turn = try await acp.run(["cancelled", way]) { event, turn in
      if case .text = event { turn.cancel(grace: .seconds(30)) }
    }
    #expect(turn.outcome == .cancelled)
  }

  @Test(arguments: ["ignores_cancel", "hangs_in_turn"])
  func aCancelEndsWhateverTheAgentDoes(_ behaviour: String) async throws {
    let turn = try await acp.run([behaviour]) { event, turn in
      if case .text = event { turn.cancel(grace: .milliseconds(150)) }
    }
    #expect(turn.outcome == .cancelled)
  }

  @Test func aCancelEndsAnAgentThatIsNotUpYet() async throws {
    let turn = try await acp.run(["hangs_at_start"]) { event, turn in
      if case .processStarted = event { turn.cancel(grace: .milliseconds(50)) }
    }
    #expect(turn.outcome == .cancelled)
    let request = try acp.request()
    let (events, sink) = AsyncStream<AgentEvent>.makeStream()
    let started = try acp.provider(["hangs_at_start"]).start(request) { event in
      sink.yield(event)
      if case .ended = event { sink.finish() }
    }
    started.cancel(grace: .zero)
    var last: AgentEvent?
    for await event in events { last = event }
    #expect(last == .ended(.cancelled))
  }

  @Test func aCancelAnswersWhatIsAsked() async throws {
    let turn = try await acp.run(["asks"]) { event, turn in
      if case .permissionRequested = event { turn.cancel(grace: .seconds(30)) }
    }
    #expect(turn.outcome == .cancelled)
    #expect(turn.text.contains(#"{"outcome": "cancelled"}"#))
    #expect(turn.events.contains(.permissionWithdrawn("permission-1")))
  }

  @Test func aCancelEndsTerminals() async throws {
    let turn = try await acp.run(["waits_for_terminal"]) { event, turn in
      if case .text = event { turn.cancel(grace: .seconds(30)) }
    }
    #expect(turn.outcome == .cancelled)
  }

  @Test func aProgramThatIsNotThereIsNamed() async throws {
    var definition = ProviderDefinition(id: "p")
    definition.command = "no-such-agent"
    let provider = try #require(ACPProvider(definition))
    let turn = await acp.bench.run(provider, try acp.request())
    #expect(turn.failure?.kind == .unstartable && turn.failure?.message.contains("no-such-agent") == true)
  }
}
