import IonAgents
import IonWorkflow
import Testing

/// Programs that should be Claude Code, and aren't quite.
@Suite struct ClaudeMisbehaviourTests {
  private func outcome(
    _ body: String, greets: Bool = true, change: (inout AgentRequest) -> Void = { _ in }
  ) async throws -> AgentOutcome {
    try await StandIn.claude(body, greets: greets).turn(change: change).outcome
  }

  @Test(arguments: [
    "print('noise'); print(); print('\\r'); print('null'); print('[1, 2]'); print('{\"type\": 7}'); result()",
    "sys.stdout.write(json.dumps({'type': 'result', 'subtype': 'success', 'result': 'Hello.'}) + '\\r\\n')",
    "print('{\"type\":\"assistant\",\"mess'); result()",
    "say(type='tomorrow', message={}); say(type='system'); say(type='system', subtype='new'); say(type='user'); result()",
    "result('Bye.'); result()",
    "result(); sys.exit(7)",
    "result(); os.kill(os.getpid(), signal.SIGKILL)",
    "print('x' * (20 * 1024 * 1024)); result()",
    "print(json.dumps({'type': 'user', 'message': {'content': 'y' * (20 * 1024 * 1024)}})); result()",
    "sys.stderr.write('flood\\n' * 100_000); result()",
    "sys.stdout.write(json.dumps({'type': 'result', 'subtype': 'success', 'result': 'Hello.'}))",
    "say(type='control_response', response={'subtype': 'success', 'request_id': 'nobody'}); result()",
    "say(type='control_cancel_request', request_id='nobody'); result()",
    "say(type='control_request', request_id='1', request={}); assert heard()['response']['subtype'] == 'error'; result()",
    "say(type='stream_event', event={'type': 'content_block_delta', 'delta': {}}); result()",
    "say(type='stream_event', event=[1], parent_tool_use_id=7); say(type='assistant', message={'content': 'text'}); result()",
    "result(usage='many', total_cost_usd='much', model_usage_since_last_result={'m': 3})",
    "sys.stdin.close(); result()",
  ])
  func answersAllTheSame(_ body: String) async throws {
    #expect(try await outcome(body) == .answered("Hello."))
  }

  @Test func charactersAndLinesThatArriveInPiecesAreWhole() async throws {
    let body = """
      line = json.dumps({"type": "result", "subtype": "success", "result": "Grüße 👋🏽"}, ensure_ascii=False) + "\\n"
      for byte in line.encode():
          sys.stdout.buffer.write(bytes([byte])); sys.stdout.flush()
      """
    #expect(try await outcome(body) == .answered("Grüße 👋🏽"))
  }

  @Test func manyPiecesAreAllTold() async throws {
    let body = """
      for number in range(50_000):
          sys.stdout.write(json.dumps({"type": "stream_event", "event": {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "x"}}, "parent_tool_use_id": None}) + "\\n")
      result()
      """
    let turn = try await StandIn.claude(body).turn()
    #expect(turn.text.utf8.count == 50_000)
    #expect(turn.outcome == .answered("Hello."))
  }

  @Test(arguments: [
    ("sys.exit(0)", true, AgentFailure.Kind.crashed), ("sys.exit(3)", true, .crashed),
    ("text('Half'); sys.exit(0)", true, .crashed), ("os.kill(os.getpid(), signal.SIGKILL)", true, .signalled(9)),
    ("sys.exit(0)", false, .crashed), ("sys.exit(3)", false, .exited(3)),
    ("reply(heard(), subtype='error', error='too old'); heard()", false, .protocolFault),
    ("result(subtype='error_during_execution', is_error=True, errors=['bad flags']); sys.exit(1)", false, .exited(1)),
    ("result(is_error=True, stop_reason='refusal')", true, .refusal),
    (
      "for n in (1, 2, 3): say(type='system', subtype='api_retry', attempt=n, error='authentication_failed')\nheard()",
      true,
      .authentication
    ),
  ])
  func failuresAreTyped(_ body: String, _ greets: Bool, _ kind: AgentFailure.Kind) async throws {
    guard case .failed(let failure) = try await outcome(body, greets: greets) else {
      Issue.record("it did not fail")
      return
    }
    #expect(failure.kind == kind)
  }

  @Test func aFailureQuotesTheEndOfStderr() async throws {
    guard
      case .failed(let failure) = try await outcome("sys.stderr.write('no such flag\\n'); sys.exit(2)", greets: false)
    else {
      Issue.record("it did not fail")
      return
    }
    #expect(failure.message == "`stand_in.py` ended with exit code 2: no such flag")
  }

  @Test(arguments: ["time.sleep(600)", "heard(); time.sleep(600)", "greet(); text('Half'); time.sleep(600)"])
  func hangsEnd(_ body: String) async throws {
    let outcome = try await outcome(body, greets: false) {
      $0.idleTimeout = .milliseconds(300)
      $0.grace = .milliseconds(100)
    }
    guard case .failed(let failure) = outcome else {
      Issue.record("it did not fail")
      return
    }
    #expect(failure.kind == .idledOut)
  }

  @Test func aProgramThatAnsweredAndDoesNotEndHasAnswered() async throws {
    let outcome = try await outcome("result(); time.sleep(600)") {
      $0.idleTimeout = .milliseconds(300)
      $0.grace = .milliseconds(100)
    }
    #expect(outcome == .answered("Hello."))
  }

  @Test func aCancelInterruptsAndTellsWhatWasUsed() async throws {
    let body = """
      def stop(*_):
          result(subtype="error_during_execution", is_error=True)
          sys.exit(0)
      signal.signal(signal.SIGINT, stop)
      text("Half")
      time.sleep(600)
      """
    let turn = try await StandIn.claude(body).turn(onEvent: { event, turn in
      if case .text = event { turn.cancel(grace: .seconds(5)) }
    })
    #expect(turn.outcome == .cancelled)
    #expect(turn.events.contains(.used(AgentUsage(inputTokens: 10, outputTokens: 5, usd: 0.5))))
  }

  @Test func aCancelThatIsIgnoredKills() async throws {
    let body =
      "signal.signal(signal.SIGINT, signal.SIG_IGN); signal.signal(signal.SIGTERM, signal.SIG_IGN); text('Half'); time.sleep(600)"
    let turn = try await StandIn.claude(body).turn(onEvent: { event, turn in
      if case .text = event { turn.cancel(grace: .milliseconds(50)) }
    })
    #expect(turn.outcome == .cancelled)
  }

  @Test(arguments: [
    ("result(); time.sleep(600)", AgentOutcome.answered("Hello.")),
    // It has something in the background, and may answer again.
    (
      "say(type='system', subtype='session_state_changed', state='running'); result(); time.sleep(600)",
      .cancelled
    ),
  ])
  func aCancelBehindTheLastAnswerLosesNothing(_ body: String, _ outcome: AgentOutcome) async throws {
    let turn = try await StandIn.claude(body).turn(onEvent: { event, turn in
      if case .used = event { turn.cancel(grace: .milliseconds(50)) }
    })
    #expect(turn.outcome == outcome)
  }

  @Test func aCancelBeforeAnythingIsSaidCounts() async throws {
    let turn = try await StandIn.claude("time.sleep(600)", greets: false).turn(onEvent: { event, turn in
      if case .processStarted = event { turn.cancel(grace: .milliseconds(50)) }
    })
    #expect(turn.outcome == .cancelled)
  }

  @Test func aPermissionIsAnsweredInTheTurn() async throws {
    let body = """
      say(type="control_request", request_id="p1", request={"subtype": "can_use_tool", "tool_name": "Nobody", "input": {"a": 1}})
      reply = heard()["response"]
      result(json.dumps([reply["request_id"], reply["response"]["behavior"], reply["response"]["updatedInput"]]))
      """
    let turn = try await StandIn.claude(body).turn(change: { $0.idleTimeout = .seconds(60) }) { event, turn in
      if case .permissionRequested(let request) = event { turn.answer(request.id, with: request.options.first?.id) }
    }
    #expect(turn.outcome == .answered(#"["p1", "allow", {"a": 1}]"#))
  }

  @Test func aLostSessionIsReplacedInTheSameTurn() async throws {
    let body = """
      if any(word.startswith("--resume") for word in sys.argv):
          say(type="result", subtype="error_during_execution", is_error=True, errors=["No conversation found"])
          sys.exit(1)
      result(greet()["message"]["content"])
      """
    let turn = try await StandIn.claude(body, greets: false).turn("Go on.") {
      $0.session = SessionRequest("old", summary: "Earlier.")
    }
    #expect(turn.outcome == .answered("Earlier.\n\nGo on."))
    let origins = turn.events.compactMap { if case .sessionKnown(let session) = $0 { session.origin } else { nil } }
    #expect(origins == [.replaced(reason: "No conversation found")])
    #expect(turn.events.count { if case .processStarted = $0 { true } else { false } } == 2)
  }

  @Test func aProgramThatIsNotThereIsToldOf() async {
    var definition = ProviderDefinition(id: "claude")
    definition.command = "/nowhere/claude"
    let bench = Bench()
    let turn = await bench.run(ClaudeProvider(definition), bench.request())
    guard case .failed(let failure) = turn.outcome else {
      Issue.record("it did not fail")
      return
    }
    #expect(failure.kind == .unstartable)
    let checkup = await ClaudeProvider(definition).checkUp(bench.request())
    #expect(checkup.failure?.kind == .unstartable)
    #expect(checkup.program == nil)
  }

  @Test func aCheckupSaysWhatTheProgramSaysOfItself() async throws {
    let checkup = try await StandIn.claude("").checkUp()
    #expect(checkup.version == "9.9")
    #expect(checkup.authentication == .needed)
    #expect(checkup.failure == nil)
    let broken = try await StandIn.claude("sys.stderr.write('broken\\n'); sys.exit(1)", greets: false).checkUp()
    #expect(broken.failure == AgentFailure(.exited(1), "`stand_in.py` ended with exit code 1: broken"))
    #expect(broken.stderr == "broken\n")
  }
}
