import IonAgents
import IonJSON
import IonProcess
import IonWorkflow
import Testing

@testable import IonAgents

/// A turn's talk with an agent, as a value: what is said in, what is done out.
@Suite struct ACPConversationTests {
  /// A conversation and all that it has wanted so far.
  private struct Talk {
    var conversation: ACPConversation
    var effects: [ACPEffect] = []

    init(_ change: (inout ACPTask) -> Void = { _ in }) {
      var task = ACPTask(workingPath: "/w")
      task.prompt = "do it"
      change(&task)
      conversation = ACPConversation(task)
    }

    /// The messages to the agent.
    var sent: [JSONValue] { effects.compactMap { if case .send(let message) = $0 { message } else { nil } } }
    var told: [AgentEvent] { effects.compactMap { if case .tell(let event) = $0 { event } else { nil } } }

    mutating func line(_ text: String) { effects += conversation.take(Array(text.utf8)) }

    /// Answers the last request of a method.
    mutating func answer(_ method: String, _ result: JSONValue) {
      guard let id = sent.last(where: { $0["method"]?.stringValue == method })?["id"] else { return }
      line(JSONValue.object(["jsonrpc": "2.0", "id": id, "result": result]).serializedText())
    }

    mutating func update(_ update: JSONValue) {
      let parameters: JSONValue = ["sessionId": "s", "update": update]
      line(JSONValue.object(["method": "session/update", "params": parameters]).serializedText())
    }

    /// Goes up to the prompt.
    mutating func prompted() {
      effects += conversation.begin()
      answer("initialize", ["protocolVersion": 1])
      answer("session/new", ["sessionId": "s"])
    }

    mutating func askPermission(_ id: Int64) {
      line(
        JSONValue.object([
          "id": .integer(id), "method": "session/request_permission",
          "params": [
            "sessionId": "s", "toolCall": ["toolCallId": "t"],
            "options": [["optionId": "y", "name": "Yes", "kind": "allow_once"]],
          ],
        ]).serializedText())
    }

    mutating func end(_ end: ACPProgramEnd = .exited(0)) {
      effects += conversation.programEnded(end) { $0 + ": last words" }
    }
  }

  @Test func aTurnIsThreeRequests() {
    var talk = Talk()
    talk.prompted()
    #expect(talk.sent.map { $0["method"]?.stringValue } == ["initialize", "session/new", "session/prompt"])
    #expect(talk.sent.map { $0["id"] } == [1, 2, 3])
    #expect(talk.sent[0]["params"]?["protocolVersion"] == 1)
    #expect(talk.sent[0]["params"]?["clientCapabilities"]?["fs"]?["writeTextFile"] == true)
    #expect(talk.sent[1]["params"] == ["cwd": "/w", "mcpServers": []])
    #expect(talk.sent[2]["params"] == ["sessionId": "s", "prompt": [["type": "text", "text": "do it"]]])
    talk.update(["sessionUpdate": "agent_message_chunk", "content": ["type": "text", "text": "done\n"]])
    talk.answer("session/prompt", ["stopReason": "end_turn"])
    #expect(talk.effects.suffix(3) == [.endTerminals, .closeInput, .wake(.farewell, after: .seconds(2))])
    talk.end()
    #expect(talk.told == [.sessionKnown(AgentSession("s")), .text("done\n"), .ended(.answered("done"))])
  }

  @Test func theSessionIsToldBeforeThePromptIsSent() throws {
    var talk = Talk()
    talk.prompted()
    let told = try #require(talk.effects.firstIndex(of: .tell(.sessionKnown(AgentSession("s")))))
    let sent = try #require(talk.effects.lastIndex { if case .send = $0 { true } else { false } })
    #expect(told < sent)
  }

  // MARK: Waiting

  @Test func answersThatAreDueAreWaitedFor() {
    var talk = Talk()
    talk.effects += talk.conversation.begin()
    #expect(talk.effects.last == .wake(.answer(1), after: .seconds(10)))
    talk.answer("initialize", ["protocolVersion": 1])
    #expect(talk.conversation.elapsed(.answer(1)).isEmpty, "it was answered")
    talk.effects += talk.conversation.elapsed(.answer(2))
    talk.end(.stopped)
    let words = "the agent didn't answer `session/new` in time: last words"
    #expect(talk.told.last == .ended(.failed(AgentFailure(.timedOut, words))))
  }

  @Test func anAgentThatStaysIsMadeToGo() {
    var talk = Talk()
    talk.prompted()
    #expect(talk.conversation.elapsed(.farewell).isEmpty)
    talk.answer("session/prompt", ["stopReason": "end_turn"])
    #expect(talk.conversation.elapsed(.farewell) == [.stop(grace: .seconds(3))])
    talk.end(.timedOut)
    #expect(talk.told.last == .ended(.answered("")), "it had come to its end before")
  }

  @Test func whoHasTheWordMayBeSilent() {
    var talk = Talk()
    talk.prompted()
    talk.askPermission(7)
    talk.askPermission(8)
    talk.effects += talk.conversation.answer("permission-1", with: "y")
    talk.effects += talk.conversation.answer("permission-1", with: "y")
    talk.effects += talk.conversation.answer("permission-2", with: nil)
    let patience = talk.effects.compactMap { if case .setPatient(let isPatient) = $0 { isPatient } else { nil } }
    #expect(patience == [true, false])
    #expect(talk.sent.suffix(2).map { $0["id"] } == [7, 8])
    #expect(talk.sent.last?["result"] == ["outcome": ["outcome": "cancelled"]])
  }

  @Test func whatIsTakenBackIsAnsweredOnce() {
    var talk = Talk()
    talk.prompted()
    talk.effects = []
    talk.line(#"{"id":"w","method":"terminal/wait_for_exit","params":{"terminalId":"terminal-1"}}"#)
    talk.line(#"{"method":"$/cancel_request","params":{"requestId":"w"}}"#)
    #expect(talk.sent.map { $0["error"]?["code"] } == [-32800])
    #expect(talk.conversation.settle(ACPTicket(number: 1), ACPWorkResult(.success([:]))).isEmpty)
  }

  @Test func whatIsRefusedIsRefusedByTheUsesUnderWay() {
    var talk = Talk { task in
      task.refusal = { work, uses in
        uses.contains { $0.name == "Shell" && $0.kind == work.kind } ? nil : "no \(uses.map(\.id))"
      }
    }
    talk.prompted()
    talk.effects = []
    let create = { (id: Int) in #"{"id":\#(id),"method":"terminal/create","params":{"command":"make","args":["a;b"]}}"#
    }
    talk.line(create(1))
    talk.update(["sessionUpdate": "tool_call", "toolCallId": "t", "kind": "execute", "_meta": ["toolName": "Shell"]])
    talk.line(create(2))
    talk.update(["sessionUpdate": "tool_call_update", "toolCallId": "t", "status": "completed"])
    talk.line(create(3))
    let words = "Ion doesn't run `make 'a;b'`: no []"
    let error: JSONValue = ["code": -32001, "message": .string(words)]
    #expect(talk.sent.map { $0["error"] } == [error, error] && talk.sent.map { $0["id"] } == [1, 3])
    #expect(talk.told.filter { $0 == .noted(words + "\n") }.count == 2)
    #expect(talk.effects.count { if case .perform = $0 { true } else { false } } == 1)
  }

  // MARK: Cancels

  @Test func aCancelIsSaidAndThenDone() {
    var talk = Talk()
    talk.prompted()
    talk.askPermission(7)
    let effects = talk.conversation.cancel(grace: .seconds(13))
    #expect(
      effects == [
        .send(ACPMessage.answer(7, .success(["outcome": ["outcome": "cancelled"]]))),
        .tell(.permissionWithdrawn("permission-1")), .setPatient(false), .endTerminals,
        .send(ACPMessage.notification("session/cancel", ["sessionId": "s"])),
        .wake(.cancelledTurn, after: .seconds(10)),
      ])
    #expect(talk.conversation.elapsed(.cancelledTurn) == [.stop(grace: .seconds(3))])
    talk.end(.stopped)
    #expect(talk.told.last == .ended(.cancelled))
  }

  @Test func aSecondCancelOnlyBringsTheEndNearer() {
    var talk = Talk()
    talk.prompted()
    talk.effects += talk.conversation.cancel(grace: .seconds(13))
    #expect(talk.conversation.cancel(grace: .milliseconds(300)) == [.wake(.cancelledTurn, after: .milliseconds(200))])
    #expect(talk.conversation.elapsed(.cancelledTurn) == [.stop(grace: .milliseconds(100))])
    #expect(talk.sent.filter { $0["method"] == "session/cancel" }.count == 1)
  }

  @Test func nothingNewIsDoneOnceItIsCancelled() {
    var talk = Talk()
    talk.prompted()
    talk.effects = []
    _ = talk.conversation.cancel(grace: .seconds(13))
    talk.askPermission(7)
    talk.line(#"{"id":8,"method":"fs/write_text_file","params":{"path":"/w/a","content":""}}"#)
    talk.line(#"{"id":9,"method":"terminal/create","params":{"command":"ls"}}"#)
    #expect(talk.sent[0]["result"]?["outcome"]?["outcome"] == "cancelled")
    #expect(talk.sent.dropFirst().map { $0["error"]?["code"] } == [-32800, -32800])
    talk.line(#"{"id":10,"method":"fs/read_text_file","params":{"path":"/w/a"}}"#)
    #expect(talk.effects.last == .perform(.readFile(path: "/w/a", line: nil, limit: nil), ACPTicket(number: 1)))
  }

  @Test(arguments: [0, 1, 2]) func beforeThePromptACancelEndsTheProgram(_ answers: Int) {
    var talk = Talk()
    if answers > 0 { talk.effects += talk.conversation.begin() }
    if answers > 1 { talk.answer("initialize", ["protocolVersion": 1]) }
    #expect(talk.conversation.cancel(grace: .seconds(1)).last == .stop(grace: .seconds(1)))
    if answers == 0 { #expect(talk.conversation.begin().allSatisfy { if case .send = $0 { false } else { true } }) }
    talk.end(.stopped)
    #expect(talk.told.last == .ended(.cancelled))
  }

  @Test func aTurnThatHadItsAnswerKeepsIt() {
    var talk = Talk()
    talk.prompted()
    talk.answer("session/prompt", ["stopReason": "end_turn"])
    #expect(talk.conversation.cancel(grace: .seconds(1)) == [.stop(grace: .seconds(1))])
    talk.end(.stopped)
    #expect(talk.told.last == .ended(.answered("")))
  }

  // MARK: Ends

  @Test(
    arguments: [
      (ACPProgramEnd.exited(2), AgentFailure.Kind.crashed), (.exited(0), .crashed), (.signalled(6), .signalled(6)),
      (.timedOut, .timedOut), (.idledOut, .idledOut), (.unusable(AgentFailure(.unrecorded, "no disk")), .unrecorded),
    ])
  func anEndInMidTurnIsAFailure(_ end: ACPProgramEnd, _ kind: AgentFailure.Kind) {
    var talk = Talk()
    talk.prompted()
    talk.askPermission(7)
    talk.end(end)
    guard case .ended(.failed(let failure))? = talk.told.last else { return #expect(Bool(false), "\(talk.told)") }
    #expect(failure.kind == kind)
    #expect(talk.told.contains(.permissionWithdrawn("permission-1")))
    talk.end(end)
    #expect(talk.told.filter { if case .ended = $0 { true } else { false } }.count == 1)
  }

  @Test func anOverlongLineEndsTheTurn() {
    var talk = Talk()
    talk.prompted()
    talk.effects += talk.conversation.takeOverlong(100)
    talk.end()
    guard case .ended(.failed(let failure))? = talk.told.last else { return #expect(Bool(false), "\(talk.told)") }
    #expect(failure.kind == .protocolFault && failure.message.contains("100 bytes"))
  }

  // MARK: Messages

  @Test(
    arguments: [
      ("", 0), ("  \r", 0), ("[]", 0), ("[1,2]", 2), ("{}", 1), ("{\"id\":1}", 1), ("{\"method\":1}", 1),
      ("\u{FEFF}{}", 1),
      ("[[{}]]", 1), (String(repeating: "[", count: 5000), 1),
    ]) func noLineIsTooStrange(_ line: String, _ count: Int)
  {
    #expect(ACPMessage.read(Array(line.utf8)).count == count)
    var talk = Talk()
    talk.prompted()
    talk.line(line)
    talk.answer("session/prompt", ["stopReason": "end_turn"])
    talk.end()
    #expect(talk.told.last == .ended(.answered("")))
  }

  @Test func messagesAreReadAsTheyAre() {
    func read(_ line: String) -> ACPMessage? { ACPMessage.read(Array(line.utf8)).first }
    #expect(read(#"{"id":"1","method":"m"}"#) == .request(id: "1", method: "m", parameters: .null))
    #expect(read(#"{"id":null,"method":"m","params":{}}"#) == .notification(method: "m", parameters: [:]))
    #expect(read(#"{"id":1,"result":null}"#) == .answer(id: 1, .success(.null)))
    #expect(read(#"{"id":1,"result":{},"error":null}"#) == .answer(id: 1, .success([:])))
    #expect(
      read(#"{"id":1,"error":{"code":5,"message":"m","data":null}}"#) == .answer(id: 1, .failure(ACPError(5, "m"))))
    guard case .answer(_, .failure(let error))? = read(#"{"id":1,"error":"odd"}"#) else { return #expect(Bool(false)) }
    #expect(error.code == -32603 && error.message == "\"odd\"")
  }

  // MARK: Tools and text

  @Test func aUseOfAToolIsToldOncePerChange() {
    var talk = Talk()
    talk.prompted()
    talk.effects = []
    talk.update(["sessionUpdate": "tool_call_update", "toolCallId": "t", "status": "in_progress"])
    talk.update(["sessionUpdate": "tool_call_update", "toolCallId": "t", "status": "in_progress"])
    talk.update([
      "sessionUpdate": "tool_call_update", "toolCallId": "t", "kind": "delete", "locations": [["path": "/w/a"]],
    ])
    talk.update(["sessionUpdate": "tool_call_update", "toolCallId": "t", "status": "completed"])
    talk.update(["sessionUpdate": "tool_call_update", "toolCallId": "t", "status": "completed"])
    #expect(
      talk.told == [
        .toolCalled(ToolCall(id: "t", title: "t")),
        .toolCalled(ToolCall(id: "t", title: "t", kind: .delete, paths: ["/w/a"])),
        .toolEnded(ToolResult(id: "t", isSuccess: true)), .fileChanged(FileEdit("/w/a", .removed)),
      ])
  }

  @Test func aFileThatChangedIsToldOnce() {
    var talk = Talk()
    talk.prompted()
    for id in 1...2 as ClosedRange<Int64> {
      talk.line(#"{"id":\#(id),"method":"fs/write_text_file","params":{"path":"/w/a","content":""}}"#)
      let result = ACPWorkResult(.success([:]), edit: FileEdit("/w/a", .changed))
      talk.effects += talk.conversation.settle(ACPTicket(number: Int(id)), result)
    }
    #expect(talk.told.filter { $0 == .fileChanged(FileEdit("/w/a", .changed)) }.count == 1)
    #expect(talk.sent.suffix(2).map { $0["result"] } == [[:], [:]])
  }

  @Test func messagesAreToldApart() {
    var text = ACPAnswerText()
    #expect(text.take("I ", of: nil) == "I " && text.take("look.", of: nil) == "look.")
    text.interrupt()
    #expect(text.take("Done.", of: nil) == "\n\nDone." && text.answer == "Done.")
    text.interrupt()
    #expect(text.take("\n", of: nil) == "\n\n\n" && text.answer == "Done.", "a blank message says nothing")
    text = ACPAnswerText()
    #expect(text.take("a\n", of: "1") == "a\n" && text.take("b", of: "2") == "b" && text.answer == "b")
    text.interrupt()
    #expect(text.take("c", of: "2") == "c" && text.answer == "bc", "the agent says that it is the same message")
  }

  @Test func usageIsTakenFromWhereAgentsSayIt() {
    func usage(_ answer: JSONValue) -> AgentUsage {
      var usage = ACPUsage()
      _ = usage.take(answer: answer)
      return usage.total
    }
    #expect(
      usage([
        "usage": ["inputTokens": 1, "outputTokens": 2, "thoughtTokens": 3, "cachedReadTokens": 4, "totalTokens": 10]
      ])
        == AgentUsage(inputTokens: 5, outputTokens: 5))
    #expect(
      usage([
        "usage": ["inputTokens": 5, "outputTokens": 5, "thoughtTokens": 3, "cachedReadTokens": 4, "totalTokens": 10]
      ])
        == AgentUsage(inputTokens: 5, outputTokens: 5), "the parts overlap")
    #expect(
      usage(["usage": .null, "_meta": ["quota": ["token_count": ["input_tokens": 7, "output_tokens": 3]]]])
        == AgentUsage(inputTokens: 7, outputTokens: 3))
    #expect(
      usage(["usage": ["inputTokens": .integer(.max), "outputTokens": 1, "cachedReadTokens": .integer(.max)]])
        .inputTokens
        == .max)
    #expect(usage(["stopReason": "end_turn"]) == AgentUsage())
  }
}
