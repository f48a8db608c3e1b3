import Foundation
import IonJSON
import IonWorkflow
import Testing

@testable import IonAgents

/// What Ion makes of what Codex prints. The lines are those of codex-cli 0.163.0, talked with by a scripted model.
@Suite struct CodexDialogueTests {
  private func events(_ lines: [String], in session: CodexSession = .new()) -> [AgentEvent] {
    var dialogue = CodexDialogue("Say hello", in: session)
    return lines.flatMap { dialogue.take($0) }.events
  }

  private static func item(_ item: String, _ type: String = "item.completed") -> String {
    #"{"type":"\#(type)","item":\#(item)}"#
  }

  private static let began = #"{"type":"thread.started","thread_id":"t"}"#
  private static let ended =
    #"{"type":"turn.completed","usage":{"input_tokens":30,"cached_input_tokens":5,"output_tokens":12,"reasoning_output_tokens":2}}"#

  @Test func sendsThePromptAndNothingElse() {
    #expect(
      CodexDialogue("Say\nhello", in: .new()).begin() == [.send(Array("Say\nhello".utf8)), .closeInput])
  }

  @Test func tellsTheSessionAndTheAnswer() {
    var dialogue = CodexDialogue("Say hello", in: .new())
    #expect(dialogue.take(Self.began) == [.tell(.sessionKnown(AgentSession("t")))])
    #expect(dialogue.isUnderWay)
    let lines = [
      #"{"type":"turn.started"}"#, Self.item(#"{"id":"item_0","type":"reasoning","text":"Let me think."}"#),
      Self.item(#"{"id":"item_1","type":"agent_message","text":"I look."}"#),
      Self.item(#"{"id":"item_2","type":"agent_message","text":"Hello."}"#), Self.ended,
    ]
    #expect(
      lines.flatMap { dialogue.take($0) }.events == [
        .thought("Let me think.\n\n"), .text("I look."), .text("\n\nHello."),
        .used(AgentUsage(inputTokens: 30, outputTokens: 12)),
      ])
    #expect(dialogue.outcome == .answered("Hello."))
  }

  @Test func tellsOfCommands() {
    let begun =
      #"{"id":"item_1","type":"command_execution","command":"/bin/bash -lc date","aggregated_output":"","exit_code":null,"status":"in_progress"}"#
    let over =
      #"{"id":"item_1","type":"command_execution","command":"/bin/bash -lc date","aggregated_output":"no\n","exit_code":3,"status":"failed"}"#
    let call = ToolCall(
      id: "item_1", title: "/bin/bash -lc date", input: "/bin/bash -lc date", name: "exec_command", kind: .execute)
    let ended = AgentEvent.toolEnded(ToolResult(id: "item_1", isSuccess: false, text: "no\nexit code 3\n"))
    #expect(events([Self.item(begun, "item.started"), Self.item(over)]) == [.toolCalled(call), ended])
    #expect(events([Self.item(over)]) == [.toolCalled(call), ended])
  }

  @Test func tellsOfChangedFiles() {
    let change =
      #"{"id":"item_0","type":"file_change","changes":[{"path":"/w/a","kind":"add"},{"path":"/w/b","kind":"update"},{"path":"/w/c","kind":"delete"}],"status":"completed"}"#
    #expect(
      events([Self.item(change)]).suffix(3) == [
        .fileChanged(FileEdit("/w/a", .made)), .fileChanged(FileEdit("/w/b", .changed)),
        .fileChanged(FileEdit("/w/c", .removed)),
      ])
    let failed = change.replacing(#""status":"completed""#, with: #""status":"failed""#)
    #expect(!events([Self.item(failed)]).contains { if case .fileChanged = $0 { true } else { false } })
  }

  @Test func tellsOfServersToolsSearchesAndPlans() {
    let lines = [
      Self.item(
        #"{"id":"item_1","type":"mcp_tool_call","server":"toy","tool":"echo","arguments":{"text":"hey"},"result":{"content":[{"type":"text","text":"echo: hey"}]},"error":null,"status":"completed"}"#
      ),
      Self.item(
        #"{"id":"item_2","type":"mcp_tool_call","server":"toy","tool":"echo","arguments":null,"result":null,"error":{"message":"refused"},"status":"failed"}"#
      ), Self.item(#"{"id":"item_3","type":"web_search","query":"swift"}"#),
      Self.item(
        #"{"id":"item_4","type":"todo_list","items":[{"text":"A","completed":true},{"text":"B","completed":false}]}"#,
        "item.updated"),
    ]
    #expect(
      events(lines) == [
        .toolCalled(
          ToolCall(id: "item_1", title: "mcp__toy__echo", input: "{\n  \"text\": \"hey\"\n}\n", name: "mcp__toy__echo")),
        .toolEnded(ToolResult(id: "item_1", isSuccess: true, text: "echo: hey")),
        .toolCalled(ToolCall(id: "item_2", title: "mcp__toy__echo", name: "mcp__toy__echo")),
        .toolEnded(ToolResult(id: "item_2", isSuccess: false, text: "refused")),
        .toolCalled(ToolCall(id: "item_3", title: "Search: swift", input: "swift", name: "web_search", kind: .search)),
        .toolEnded(ToolResult(id: "item_3", isSuccess: true)),
        .planned([PlanEntry("A", .done), PlanEntry("B", .pending)]),
      ])
  }

  @Test func passesOverWhatItDoesNotKnow() {
    #expect(events(["noise"]) == [.noted("noise\n")])
    #expect(events([#"{"type":"turn.paused"}"#, #"{"type":"item.completed"}"#]) == [])
    #expect(events([Self.item(#"{"id":"i","type":"error","message":"careful"}"#)]) == [.noted("careful\n")])
    #expect(events([#"{"type":"error","message":"Reconnecting... 1/5"}"#]) == [.noted("Reconnecting... 1/5\n")])
  }

  @Test(arguments: [
    (
      "unexpected status 401 Unauthorized: invalid x-api-key, url: http://h/v1/responses",
      AgentFailure.Kind.authentication
    ),
    ("Missing environment variable: `FAKE_KEY`.", .authentication),
    ("exceeded retry limit, last status: 429 Too Many Requests", .rateLimited(resetAt: nil)),
    ("You’ve hit your usage limit. Try again later.", .rateLimited(resetAt: nil)),
    ("unexpected status 529 <unknown status code>: Overloaded, url: http://h/v1/responses", .overloaded),
    ("stream disconnected before completion: stream closed before response.completed", .overloaded),
    ("Incomplete response returned, reason: refusal", .refusal),
    ("Incomplete response returned, reason: max_output_tokens", .cutShort),
    ("{\"type\": \"error\", \"error\": {\"type\": \"invalid_request_error\"}}", .exited(1)),
  ])
  func failuresAreTyped(_ words: String, _ kind: AgentFailure.Kind) {
    var dialogue = CodexDialogue("", in: .new())
    let line: JSONValue = ["type": "turn.failed", "error": ["message": .string(words)]]
    _ = dialogue.take(line.serializedText())
    #expect(dialogue.outcome == .failed(AgentFailure(kind, words)))
  }

  /// The words are those of codex-cli 0.163.0; they say the local time, whichever that is here.
  @Test func theTimeOfALimitIsReadWhereItIsOne() throws {
    var noon = tm()
    (noon.tm_year, noon.tm_mon, noon.tm_mday, noon.tm_hour, noon.tm_isdst) = (126, 10, 27, 12, -1)
    let now = Int64(mktime(&noon)) * 1000
    func reset(_ words: String) -> Int64? { CodexReset.time(in: "You’ve hit your usage limit. " + words, now: now) }
    let hour: Int64 = 3_600_000
    #expect(reset("Try again at 3:45 PM.") == now + 3 * hour + 45 * 60_000)
    #expect(reset("Upgrade to Pro (https://x.y), or try again at 12:05 PM.") == now + 5 * 60_000)
    #expect(reset("Try again at Nov 28th, 2026 12:00 AM.") == now + 12 * hour)
    #expect(reset("Try again at Dec 1st, 2026 12:30 PM.") == now + 4 * 24 * hour + hour / 2)
    for words in [
      "Try again later.", "Try again at 11:45 AM.", "Try again at Nov 26th, 2026 3:45 PM.", "Try again at 13:00 PM.",
      "Try again at Feb 30th, 2027 3:45 PM.", "Try again at Nov 28th, 2036 3:45 PM.", "Try again at 15:45.",
      "Try again at noon PM.", "Try again in 3 days.",
    ] { #expect(reset(words) == nil, "\(words)") }
    let line: JSONValue = ["type": "turn.failed", "error": ["message": "You’ve hit your usage limit."]]
    var dialogue = CodexDialogue("", in: .new(), reset: { $0.hasPrefix("You") ? 7 : nil })
    _ = dialogue.take(line.serializedText())
    #expect(dialogue.outcome == .failed(AgentFailure(.rateLimited(resetAt: 7), "You’ve hit your usage limit.")))
    let elsewhere = CodexReset.reader(in: [("TZ", "Asia/Tokyo")])
    #expect(elsewhere("Try again at Nov 28th, 2026 12:00 AM.") == nil)
  }

  @Test func usageOfASessionIsTakenFromWhatItWasBefore() {
    let known = CodexSession(origin: .resumed, asked: "t", before: AgentUsage(inputTokens: 20, outputTokens: 10))
    #expect(
      events([Self.began, Self.ended], in: known) == [
        .sessionKnown(AgentSession("t", .resumed)), .used(AgentUsage(inputTokens: 10, outputTokens: 2)),
      ])
    let unknown = CodexSession(origin: .resumed, asked: "t", before: nil)
    #expect(events([Self.ended], in: unknown) == [])
  }

  @Test func anotherSessionThanTheOneAskedForIsTold() {
    let events = events([Self.began], in: CodexSession(origin: .resumed, asked: "old", before: nil))
    #expect(
      events == [
        .sessionKnown(AgentSession("t", .replaced(reason: "Codex began another session in place of old")))
      ])
  }

  @Test func noticesThatASessionIsLost() {
    let lost = "Error: thread/resume: thread/resume failed: no rollout found for thread id t (code -32600)"
    var dialogue = CodexDialogue("", in: CodexSession(origin: .resumed, asked: "t", before: nil))
    _ = dialogue.take(stderr: "WARNING: something\n" + lost.prefix(50))
    #expect(dialogue.lossOfSession == nil)
    _ = dialogue.take(stderr: lost.dropFirst(50) + "\n")
    #expect(dialogue.lossOfSession == lost)
    var new = CodexDialogue("", in: .new())
    _ = new.take(stderr: lost + "\n")
    #expect(new.lossOfSession == nil)
  }
}

/// What Codex has written down of a session.
@Suite struct CodexRecordsTests {
  private static let session = "01a22360-def3-7f02-9d90-dec1be10b86d"

  private func usage(_ lines: [String], home: String = "/codex", in day: String = "2026/11/28") throws -> AgentUsage? {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ion-codex-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let records = folder.appending(path: "codex/sessions/\(day)")
    try FileManager.default.createDirectory(at: records, withIntermediateDirectories: true)
    try Data(lines.map { $0 + "\n" }.joined().utf8)
      .write(to: records.appending(path: "rollout-2026-11-28T18-18-00-\(Self.session).jsonl"))
    return CodexRecords([("CODEX_HOME", folder.path + home)])?.usage(of: Self.session)
  }

  private static func count(_ input: Int, _ output: Int) -> String {
    #"{"type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":\#(input),"output_tokens":\#(output)}}}}"#
  }

  @Test(arguments: ["2026/11/27", "2026/11/28", "2026/11/29"])
  func theLastCountIsFoundOnWhateverSideOfMidnight(_ day: String) throws {
    let lines = [
      Self.count(10, 5), Self.count(20, 9), #"{"type":"event_msg","payload":{"type":"token_count","info":null}}"#,
    ]
    #expect(try usage(lines, in: day) == AgentUsage(inputTokens: 20, outputTokens: 9))
  }

  @Test func nothingWasUsedWhereNothingWasCounted() throws {
    #expect(try usage([#"{"type":"session_meta","payload":{}}"#]) == AgentUsage())
  }

  @Test func whatIsNotThereIsNotKnown() throws {
    #expect(try usage([], home: "/elsewhere") == nil)
    #expect(try usage([], in: "2025/01/01") == nil)
    #expect(CodexRecords([("CODEX_HOME", "/nowhere")])?.usage(of: "not-a-uuid") == nil)
    #expect(CodexRecords([]) == nil)
  }
}
