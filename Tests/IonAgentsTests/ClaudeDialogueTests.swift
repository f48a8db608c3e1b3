import IonJSON
import IonWorkflow
import Testing

@testable import IonAgents

/// What Ion makes of what Claude Code prints.
@Suite struct ClaudeDialogueTests {
  private func order(_ change: (inout AgentRequest) -> Void = { _ in }) -> ClaudeOrder {
    var request = Bench().request("Say hello")
    change(&request)
    return ClaudeOrder(request, newSession: "s")
  }

  /// A dialogue that has its prompt.
  private func underWay() -> ClaudeDialogue {
    var dialogue = ClaudeDialogue(order())
    _ = dialogue.take(ClaudeLines.greeted)
    return dialogue
  }

  @Test func greetsThenTellsTheSessionThenSendsThePrompt() {
    var dialogue = ClaudeDialogue(order())
    #expect(
      dialogue.begin().lines == [
        #"{"type":"control_request","request_id":"ion-greeting","request":{"subtype":"initialize","hooks":null}}"#
      ])
    #expect(!dialogue.isUnderWay)
    let effects = dialogue.take(ClaudeLines.greeted)
    #expect(effects.first == .tell(.sessionKnown(AgentSession("s"))))
    #expect(
      effects.lines == [
        #"{"type":"user","message":{"role":"user","content":"Say hello"},"parent_tool_use_id":null,"session_id":""}"#
      ])
    #expect(dialogue.isUnderWay)
  }

  @Test func setsServersBeforeThePrompt() {
    var dialogue = ClaudeDialogue(order { $0.mcpServers = ["toy": ["command": "toy"], "bad": ["command": "bad"]] })
    #expect(
      dialogue.take(ClaudeLines.greeted).lines == [
        #"{"type":"control_request","request_id":"ion-equipping","request":{"subtype":"mcp_set_servers","servers":{"toy":{"command":"toy","args":[]},"bad":{"command":"bad","args":[]}}}}"#
      ])
    let effects = dialogue.take(ClaudeLines.equipped)
    #expect(effects.events == [.noted("the MCP server bad failed: Connection closed\n")])
    #expect(effects.lines.count == 1)
  }

  @Test func saysPiecesOnce() {
    var dialogue = underWay()
    let events = ClaudeLines.pieces.flatMap { dialogue.take($0) }.events
    #expect(
      events.filter { !$0.isUsage } == [.thought("Let me think."), .text("Hello "), .text("there.")])
    #expect(
      events.filter(\.isUsage) == [
        .used(AgentUsage(inputTokens: 100, outputTokens: 1)), .used(AgentUsage(inputTokens: 100, outputTokens: 5)),
      ])
  }

  @Test func saysMessagesThatComeWholeAndSetsThemApart() {
    var dialogue = underWay()
    let events = (ClaudeLines.pieces + [ClaudeLines.said("Bye.")]).flatMap { dialogue.take($0) }.events
    #expect(events.contains(.text("\n\nBye.")))
  }

  @Test func tellsOfTools() {
    var dialogue = underWay()
    let called = dialogue.take(ClaudeLines.used("Bash", #"{"command":"echo hi\ndate","description":"d"}"#)).events
    #expect(
      called.first
        == .toolCalled(
          ToolCall(id: "toolu_1", title: "Bash: echo hi", input: "echo hi\ndate", name: "Bash", kind: .execute)))
    let came = dialogue.take(ClaudeLines.came(#"[{"type":"text","text":"hi"},{"type":"image"}]"#) + "}").events
    #expect(came == [.toolEnded(ToolResult(id: "toolu_1", isSuccess: true, text: "hi\n[image]"))])
  }

  @Test(arguments: [
    ("Write", #"{"file_path":"a","content":"x"}"#, #"{"type":"create","filePath":"/w/a"}"#, FileEdit("/w/a", .made)),
    ("Write", #"{"file_path":"a","content":"x"}"#, #"{"type":"update","filePath":"/w/a"}"#, FileEdit("/w/a", .changed)),
    ("Edit", #"{"file_path":"/w/a","old_string":"x","new_string":"y"}"#, "null", FileEdit("/w/a", .changed)),
    ("NotebookEdit", #"{"notebook_path":"/w/n.ipynb"}"#, #"{"new_source":"x"}"#, FileEdit("/w/n.ipynb", .changed)),
  ])
  func tellsOfChangedFiles(_ tool: String, _ input: String, _ outcome: String, _ edit: FileEdit) {
    var dialogue = underWay()
    _ = dialogue.take(ClaudeLines.used(tool, input))
    let line = ClaudeLines.came(#""done""#) + #","tool_use_result":\#(outcome)}"#
    #expect(dialogue.take(line).events.last == .fileChanged(edit))
  }

  @Test func tellsOfNoChangeByAToolThatFailed() {
    var dialogue = underWay()
    _ = dialogue.take(ClaudeLines.used("Write", #"{"file_path":"/w/a","content":"x"}"#))
    let events = dialogue.take(ClaudeLines.came(#""Not now""#, #","is_error":true"#) + "}").events
    #expect(events == [.toolEnded(ToolResult(id: "toolu_1", isSuccess: false, text: "Not now"))])
  }

  @Test func readsTodosAsAPlan() {
    var dialogue = underWay()
    let todos =
      #"{"todos":[{"content":"A","status":"completed"},{"content":"B","status":"in_progress"},{"content":"C","status":"pending"}]}"#
    #expect(
      dialogue.take(ClaudeLines.used("TodoWrite", todos)).events
        .contains(.planned([PlanEntry("A", .done), PlanEntry("B", .underWay), PlanEntry("C", .pending)])))
  }

  @Test func showsToolsOfCalledAgentsButNotWhatTheySay() {
    var dialogue = underWay()
    #expect(dialogue.take(ClaudeLines.said("sub", parent: "toolu_0")).events.filter { !$0.isUsage } == [])
    let events = dialogue.take(ClaudeLines.used("Bash", #"{"command":"date"}"#, parent: "toolu_0")).events
    #expect(events.contains { if case .toolCalled = $0 { true } else { false } })
    #expect(events.last == .used(AgentUsage(inputTokens: 14, outputTokens: 6)))
  }

  @Test func countsWhatAnswersSayOfThemselves() {
    var dialogue = underWay()
    _ = ClaudeLines.pieces.flatMap { dialogue.take($0) }
    #expect(
      dialogue.take(ClaudeLines.answered).events == [
        .used(AgentUsage(inputTokens: 101, outputTokens: 6, usd: 0.5))
      ])
    #expect(
      dialogue.take(ClaudeLines.answered).events == [
        .used(AgentUsage(inputTokens: 202, outputTokens: 12, usd: 1))
      ])
  }

  @Test func countsWhatOlderProgramsSay() {
    var dialogue = underWay()
    #expect(
      dialogue.take(ClaudeLines.answeredByOlder).events == [
        .used(AgentUsage(inputTokens: 100, outputTokens: 5, usd: 0.5))
      ])
  }

  @Test func takesLeaveOnceItHasNothingMoreToDo() {
    var dialogue = underWay()
    #expect(!dialogue.take(ClaudeLines.running).contains(.closeInput))
    #expect(!dialogue.take(ClaudeLines.answered).contains(.closeInput))
    #expect(dialogue.take(ClaudeLines.idle) == [.closeInput])
    #expect(dialogue.outcome == .answered("Hello there."))
    #expect(dialogue.take(ClaudeLines.idle) == [])
  }

  @Test func stopsWhatItLeftInTheBackground() {
    var dialogue = underWay()
    _ = dialogue.take(
      #"{"type":"system","subtype":"background_tasks_changed","tasks":[{"task_id":"a"},{"task_id":"b"}]}"#)
    _ = dialogue.take(#"{"type":"system","subtype":"background_tasks_changed","tasks":[{"task_id":"b"}]}"#)
    let effects = dialogue.take(ClaudeLines.answered)
    #expect(
      effects.lines == [
        #"{"type":"control_request","request_id":"ion-stop-0","request":{"subtype":"stop_task","task_id":"b"}}"#
      ])
    #expect(effects.last == .closeInput)
  }

  @Test func takesLeaveAtTheAnswerOfAProgramThatTellsNoState() {
    var dialogue = underWay()
    #expect(dialogue.take(ClaudeLines.answered).contains(.closeInput))
  }

  @Test func noticesThatASessionIsLost() {
    var dialogue = ClaudeDialogue(order { $0.session = SessionRequest("s0") })
    #expect(dialogue.take(ClaudeLines.lost) == [])
    #expect(dialogue.lossOfSession == "No conversation found with session ID: s0")
    #expect(dialogue.outcome == nil)
    var new = ClaudeDialogue(order())
    _ = new.take(ClaudeLines.lost)
    #expect(new.lossOfSession == nil)
  }

  @Test func givesUpWhereItIsRefusedAgainAndAgain() {
    var dialogue = underWay()
    #expect(!dialogue.take(ClaudeLines.retried(1)).contains(.stop))
    #expect(!dialogue.take(ClaudeLines.retried(2)).contains(.stop))
    #expect(dialogue.take(ClaudeLines.retried(3)) == [.stop])
    #expect(dialogue.outcome?.failureKind == .authentication)
  }

  @Test func passesOverWhatItDoesNotKnow() {
    var dialogue = underWay()
    for line in ["[1]", "warning: something", "{\"type\":"] {
      #expect(dialogue.take(line) == [.tell(.noted(line + "\n"))])
    }
    for line in [#"{"type":"new"}"#, #"{}"#, ClaudeLines.began, #"{"type":"assistant"}"#, #"{"type":"stream_event"}"#] {
      #expect(dialogue.take(line) == [])
    }
  }
}

/// Why turns of Claude Code fail.
@Suite struct ClaudeFailureTests {
  @Test(arguments: [
    ([ClaudeLines.failed("\"stop_reason\":\"refusal\"")], AgentFailure.Kind.refusal),
    ([ClaudeLines.fault("authentication_failed"), ClaudeLines.failed("\"api_error_status\":null")], .authentication),
    ([ClaudeLines.fault("unknown"), ClaudeLines.failed("\"api_error_status\":403")], .authentication),
    (
      [ClaudeLines.limits, ClaudeLines.fault("rate_limit"), ClaudeLines.failed("\"api_error_status\":429")],
      .rateLimited(resetAt: 1_900_000_000_000)
    ),
    ([ClaudeLines.fault("rate_limit"), ClaudeLines.failed("\"api_error_status\":429")], .rateLimited(resetAt: nil)),
    ([ClaudeLines.fault("server_error"), ClaudeLines.failed("\"api_error_status\":529")], .overloaded),
    ([ClaudeLines.fault("unknown"), ClaudeLines.failed("\"api_error_status\":null")], .overloaded),
    ([ClaudeLines.fault("unknown"), ClaudeLines.failed("\"api_error_status\":400")], .exited(1)),
    ([ClaudeLines.failed("\"api_error\":\"max_output_tokens\"")], .cutShort),
    ([ClaudeLines.failed("\"num_turns\":3", subtype: "error_max_turns")], .cutShort),
    ([ClaudeLines.failed("\"num_turns\":3", subtype: "error_max_budget_usd")], .budget),
    ([ClaudeLines.failed("\"num_turns\":3", subtype: "error_during_execution")], .crashed),
    ([ClaudeLines.failed("\"num_turns\":3", subtype: "error_of_tomorrow")], .protocolFault),
  ])
  func failuresAreTyped(_ lines: [String], _ kind: AgentFailure.Kind) {
    var dialogue = ClaudeDialogue(ClaudeOrder(Bench().request(), newSession: "s"))
    for line in [ClaudeLines.greeted] + lines { _ = dialogue.take(line) }
    #expect(dialogue.outcome?.failureKind == kind)
  }

  @Test func failuresSayWhy() {
    var dialogue = ClaudeDialogue(ClaudeOrder(Bench().request(), newSession: "s"))
    for line in [ClaudeLines.greeted, ClaudeLines.failed(#""errors":["Reached maximum budget ($0.5)"]"#)] {
      _ = dialogue.take(line)
    }
    #expect(dialogue.outcome?.failureMessage == "Reached maximum budget ($0.5)")
  }
}
