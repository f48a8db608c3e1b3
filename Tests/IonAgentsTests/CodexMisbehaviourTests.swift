import Foundation
import IonAgents
import IonWorkflow
import Testing

/// Programs that should be Codex, and aren't quite.
@Suite struct CodexMisbehaviourTests {
  @Test(arguments: [
    "begin(); print('noise'); print(); print('\\r'); print('null'); print('{\"type\": 7}'); answer(); complete()",
    "begin(); print('{\"type\":\"item.comp'); answer(); complete()",
    "begin(); say(type='tomorrow'); say(type='item.completed', item=7); say(type='item.started', item={'id': 'n', 'type': 'new'}); answer(); complete()",
    "begin(); begin(); answer('No.'); answer(); complete(); complete()",
    "answer(); complete(); begin()",
    "begin(); print('x' * (20 * 1024 * 1024)); answer(); complete()",
    "begin(); sys.stderr.write('flood\\n' * 100_000); answer(); complete(); sys.exit(7)",
    "begin(); say(type='error', message='Reconnecting... 1/5'); answer(); complete()",
    "begin(); answer(); say(type='turn.completed', usage=None)",
  ])
  func answersAllTheSame(_ body: String) async throws {
    #expect(try await StandIn.codex(body).turn().outcome == .answered("Hello."))
  }

  @Test(arguments: [
    ("sys.exit(0)", AgentFailure.Kind.crashed), ("sys.exit(2)", .exited(2)), ("begin(); sys.exit(1)", .crashed),
    ("begin(); answer(); sys.exit(0)", .crashed), ("begin(); os.kill(os.getpid(), signal.SIGSEGV)", .signalled(11)),
    (
      "begin(); say(type='turn.failed', error={'message': 'unexpected status 401 Unauthorized'}); sys.exit(1)",
      .authentication
    ),
    ("begin(); say(type='turn.failed'); sys.exit(1)", .exited(1)),
  ])
  func failuresAreTyped(_ body: String, _ kind: AgentFailure.Kind) async throws {
    guard case .failed(let failure) = try await StandIn.codex(body).turn().outcome else {
      Issue.record("it did not fail")
      return
    }
    #expect(failure.kind == kind)
  }

  @Test func hangsEnd() async throws {
    let turn = try await StandIn.codex("begin(); time.sleep(600)").turn {
      $0.idleTimeout = .milliseconds(300)
      $0.grace = .milliseconds(100)
    }
    guard case .failed(let failure) = turn.outcome else {
      Issue.record("it did not fail")
      return
    }
    #expect(failure.kind == .idledOut)
  }

  @Test func whatItSaidOfItsFailuresIsQuotedInPlaceOfItsNoise() async throws {
    let body = """
      sys.stderr.write("noise\\n"); begin(); say(type="error", message="Reconnecting... 1/5")
      say(type="error", message="Reconnecting... 2/5 (no route)")
      """
    let turn = try await StandIn.codex(body + "\ntime.sleep(600)").turn {
      $0.idleTimeout = .milliseconds(300)
      $0.grace = .milliseconds(100)
    }
    let words = "printed nothing for too long: Reconnecting... 2/5 (no route)"
    #expect(turn.outcome == .failed(AgentFailure(.idledOut, words)))
    let other = try await StandIn.codex(body + "\nanswer(); sys.stderr.flush(); sys.exit(1)").turn()
    #expect(other.outcome == .failed(AgentFailure(.crashed, "`stand_in.py` ended with exit code 1: noise")))
  }

  /// Sessions whose use stands in their records, and who is asked to go on in them: the turn's part is what is told.
  @Test(arguments: [
    ("sys.exit(1)", nil as String?, AgentUsage(inputTokens: 70, outputTokens: 9)),
    ("time.sleep(600)", nil, AgentUsage(inputTokens: 70, outputTokens: 9)),
    ("say(type='turn.failed', error={'message': 'x'}); sys.exit(1)", "s", AgentUsage(inputTokens: 20, outputTokens: 4)),
    ("answer(); complete()", nil, AgentUsage(inputTokens: 10, outputTokens: 5)),
  ])
  func whatWasUsedIsReadFromTheRecordWhereTheTurnDoesNotSayIt(
    _ end: String, _ session: String?, _ usage: AgentUsage
  ) async throws {
    let id = "01a22360-def3-7f02-9d90-dec1be10b86d"
    let body = """
      home = os.environ["CODEX_HOME"] + "/sessions/2026/11/28"
      os.makedirs(home, exist_ok=True)
      say(type="thread.started", thread_id="\(id)")
      count = {"total_token_usage": {"input_tokens": 70, "output_tokens": 9}}
      with open(home + "/rollout-2026-11-28T18-18-00-\(id).jsonl", "a") as record:
          print(json.dumps({"payload": {"type": "token_count", "info": count}}), file=record)
      \(end)
      """
    let home = FileManager.default.temporaryDirectory.appending(path: "ion-codex-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: home) }
    if session != nil {
      let day = home.appending(path: "sessions/2026/11/28")
      try FileManager.default.createDirectory(at: day, withIntermediateDirectories: true)
      let count =
        #"{"payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":50,"output_tokens":5}}}}"#
      try Data((count + "\n").utf8).write(to: day.appending(path: "rollout-2026-11-28T18-18-00-\(id).jsonl"))
    }
    let turn = try await StandIn.codex(body).turn {
      $0.environment.append(("CODEX_HOME", home.path))
      if session != nil { $0.session = SessionRequest(id) }
      $0.idleTimeout = .milliseconds(500)
      $0.grace = .milliseconds(100)
    }
    #expect(turn.events.compactMap { if case .used(let usage) = $0 { usage } else { nil } } == [usage])
  }

  @Test func aCancelThatIsIgnoredKills() async throws {
    let body = "signal.signal(signal.SIGINT, signal.SIG_IGN); begin(); answer('Half'); time.sleep(600)"
    let turn = try await StandIn.codex(body).turn(onEvent: { event, turn in
      if case .text = event { turn.cancel(grace: .milliseconds(50)) }
    })
    #expect(turn.outcome == .cancelled)
  }

  @Test func aCancelBehindTheAnswerLosesNothing() async throws {
    let body = "begin(); answer(); complete(); time.sleep(600)"
    let turn = try await StandIn.codex(body).turn(onEvent: { event, turn in
      if case .used = event { turn.cancel(grace: .milliseconds(50)) }
    })
    #expect(turn.outcome == .answered("Hello."))
  }

  @Test func thePromptGoesByStdinAlone() async throws {
    let turn = try await StandIn.codex("begin(); answer(json.dumps([prompt, len(sys.argv)])); complete()")
      .turn(String(repeating: "long ", count: 200_000))
    #expect(turn.outcome == .answered("[\"" + String(repeating: "long ", count: 200_000) + "\\n\", 7]"))
  }

  @Test func aLostSessionIsReplacedInTheSameTurn() async throws {
    let body = """
      if "resume" in sys.argv:
          sys.stderr.write("Error: thread/resume failed: no rollout found for thread id old (code -32600)\\n")
          sys.exit(1)
      begin(); answer(prompt.strip()); complete()
      """
    let turn = try await StandIn.codex(body).turn("Go on.") { $0.session = SessionRequest("old", summary: "Earlier.") }
    #expect(turn.outcome == .answered("Earlier.\n\nGo on."))
    let sessions = turn.events.compactMap { if case .sessionKnown(let session) = $0 { session } else { nil } }
    #expect(
      sessions == [
        AgentSession(
          "t",
          .replaced(reason: "Error: thread/resume failed: no rollout found for thread id old (code -32600)"))
      ])
    #expect(turn.events.contains(.used(AgentUsage(inputTokens: 10, outputTokens: 5))))
  }

  @Test func aCheckupSaysWhatTheProgramSaysOfItself() async throws {
    let body = "print('codex-cli 9.9') if '--version' in sys.argv else sys.exit('Not logged in')"
    let checkup = try await StandIn.codex(body).checkUp()
    #expect(checkup.version == "9.9")
    #expect(checkup.authentication == .needed)
    #expect(checkup.stderr == "Not logged in\n")
    #expect(try await StandIn.codex("print('codex-cli 9.9')").checkUp().authentication == .done)
    #expect(try await StandIn.codex("sys.exit(4)").checkUp().failure?.kind == .exited(4))
  }
}
