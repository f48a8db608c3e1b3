import IonAgents
import IonProcess
import IonWorkflow
import Testing

/// Programs as agents.
@Suite struct CommandProviderTests {
  private let bench = Bench()

  @Test func aPromptGoesInAndTheAnswerComesOut() async {
    let prompt = "What is 1 + 1?\n$(touch nothing) `id` $HOME\0é\n"
    let turn = await bench.run("cat", prompt: prompt.replacing("\0", with: ""))
    #expect(turn.outcome == .answered("What is 1 + 1?\n$(touch nothing) `id` $HOMEé"))
    #expect(turn.text == "What is 1 + 1?\n$(touch nothing) `id` $HOMEé\n")
  }

  @Test func aLargePromptNeedsNobodyWhoFeedsIt() async {
    let prompt = String(repeating: "0123456789abcdef", count: 512 * 1024)
    let turn = await bench.run("wc -c; sleep 0", prompt: prompt)
    #expect(turn.outcome == .answered("\(prompt.utf8.count)"))
    #expect(await bench.run("echo never mind", prompt: prompt).outcome == .answered("never mind"))
  }

  @Test func whatItPrintsIsToldAsItComes() async {
    let turn = await bench.run("printf 'a\\303'; echo thinking >&2; printf '\\251b'")
    #expect(turn.outcome == .answered("aéb"))
    #expect(turn.text == "aéb", "no character is told of in halves")
    #expect(turn.events.contains(.noted("thinking\n")))
    guard case .processStarted = turn.events.first else { return #expect(Bool(false), "its process comes first") }
    #expect(turn.events.filter { if case .ended = $0 { true } else { false } }.count == 1)
  }

  @Test(
    arguments: [
      ("exit 3", AgentFailure.Kind.exited(3), false), ("exit 75", .overloaded, true),
      ("exit 77", .authentication, false), ("kill -KILL $$", .signalled(9), true),
    ])
  func anEndIsSortedByHowItEnded(_ script: String, _ kind: AgentFailure.Kind, _ isTransient: Bool) async {
    let turn = await bench.run("echo it broke >&2; " + script)
    guard case .failed(let failure) = turn.outcome else { return #expect(Bool(false), "\(turn.outcome)") }
    #expect(failure.kind == kind && failure.isTransient == isTransient)
    #expect(failure.message.hasSuffix(": it broke"))
  }

  @Test func aProgramThatIsNotThereIsNamed() async {
    let turn = await bench.run(ProviderDefinition(id: "p"), "no-such-agent")
    guard case .failed(let failure) = turn.outcome else { return #expect(Bool(false)) }
    #expect(failure.kind == .unstartable && failure.message.contains("no-such-agent"))
    #expect(turn.events.count == 1)
  }

  @Test func bytesThatAreNoTextAreNoAnswer() async {
    let turn = await bench.run("printf 'a\\0b'")
    guard case .failed(let failure) = turn.outcome else { return #expect(Bool(false)) }
    #expect(failure.kind == .protocolFault)
  }

  @Test func silenceAndTimeAreBounded() async {
    let silent = await bench.run("sleep 1000") { $0.idleTimeout = .milliseconds(50) }
    guard case .failed(let failure) = silent.outcome else { return #expect(Bool(false)) }
    #expect(failure.kind == .idledOut)
    let slow = await bench.run("sleep 1000") { $0.timeout = .milliseconds(50) }
    guard case .failed(let failure) = slow.outcome else { return #expect(Bool(false)) }
    #expect(failure.kind == .timedOut)
  }

  @Test func aCancelEndsWhateverItsProgramDoes() async {
    let turn = await bench.run("trap '' TERM; echo up; sleep 1000 & wait; sleep 1000") { _ in
    } onEvent: { event, turn in
      if case .text = event { turn.cancel(grace: .zero) }
    }
    #expect(turn.outcome == .cancelled)
  }

  // MARK: Command lines

  @Test func whatATurnHasStandsInTheLine() async {
    var definition = ProviderDefinition(id: "p")
    definition.arguments = [
      .init(["-c", #"for word; do printf '%s|' "$word"; done"#, "agent"]), .init(["--model", "{model}"]),
      .init(["--effort={effort}"]), .init(["{session}"]), .init(["{system_prompt}/{allowed_tools}"]),
      .init(["{unknown}"]),
    ]
    #expect(
      CommandProvider(definition, command: "bash").abilities
        == [.model, .effort, .sessions, .systemPrompt, .allowedTools])
    let bare = await bench.run(definition, "bash")
    #expect(bare.outcome == .answered("{unknown}|"), "what isn't there takes its words with it")
    let full = await bench.run(definition, "bash") { request in
      request.model = "{effort} $(id)"
      request.effort = "high"
      request.session = SessionRequest("s 1")
      request.systemPrompt = ""
      request.allowedTools = ["Read", "Edit"]
    }
    #expect(full.outcome == .answered("--model|{effort} $(id)|--effort=high|s 1|/Read,Edit|{unknown}|"))
  }

  // MARK: Results in JSON

  @Test func aResultMaySayMoreThanTheAnswer() async {
    let turn = await bench.run(
      json: #"{"text": "hi\n", "session": "s1", "usage": {"input_tokens": 3, "output_tokens": 4, "usd": 0.25}, "x": 1}"#
    )
    #expect(turn.outcome == .answered("hi\n"))
    #expect(turn.events.contains(.sessionKnown(AgentSession("s1"))))
    #expect(turn.events.contains(.used(AgentUsage(inputTokens: 3, outputTokens: 4, usd: 0.25))))
    #expect(await bench.run(json: "starting…\n{\"text\": \"last line\"}").outcome == .answered("last line"))
    #expect(await bench.run(json: "{}").outcome == .answered(""))
    let odd = await bench.run(
      json: #"{"text": "x", "usage": {"input_tokens": -3, "output_tokens": "many", "usd": -1}}"#)
    #expect(odd.events.contains(.used(AgentUsage())))
  }

  @Test(
    arguments: [
      (
        #"{"kind": "rate_limited", "message": "slow down", "reset_at": 1767225600000}"#,
        AgentFailure.Kind.rateLimited(resetAt: 1_767_225_600_000)
      ), (#"{"kind": "overloaded"}"#, .overloaded),
      (#"{"kind": "authentication"}"#, .authentication), (#"{"kind": "refusal"}"#, .refusal),
      (#""it broke""#, .exited(1)),
    ])
  func aResultMaySayWhatWentWrong(_ error: String, _ kind: AgentFailure.Kind) async {
    for end in ["0", "1"] {
      let turn = await bench.run(
        json: #"{"text": "half", "usage": {"input_tokens": 3}, "session": "s", "error": \#(error)}"#, thenExit: end)
      #expect(turn.events.contains(.used(AgentUsage(inputTokens: 3))))
      #expect(turn.events.contains(.sessionKnown(AgentSession("s"))))
      guard case .failed(let failure) = turn.outcome else { return #expect(Bool(false), "\(turn.outcome)") }
      #expect(failure.kind == kind && !failure.message.isEmpty)
    }
  }

  @Test(arguments: ["exit 3", "kill -KILL $$", "sleep 1000"])
  func whatAResultSaysOfUseCountsHoweverItsProgramEnds(_ end: String) async {
    var definition = ProviderDefinition(id: "p")
    let result = #"{"text": "x", "session": "s", "usage": {"usd": 0.5}}"#
    definition.arguments = [.init(["-c", "echo '\(result)'; \(end)"])]
    definition.result = .json
    let turn = await bench.run(definition, "bash") { $0.idleTimeout = .milliseconds(300) }
    guard case .failed(let failure) = turn.outcome else { return #expect(Bool(false), "\(turn.outcome)") }
    #expect([.exited(3), .signalled(9), .idledOut].contains(failure.kind))
    #expect(turn.events.suffix(3).first == .sessionKnown(AgentSession("s")))
    #expect(turn.events.suffix(2).first == .used(AgentUsage(usd: 0.5)))
    if failure.kind == .exited(3) { #expect(failure.message.hasPrefix("`bash` ended with exit code 3")) }
  }

  @Test(arguments: ["", "no JSON", "[1]", "{\"text\":", "{\"text\": \"a\"}\nbye"])
  func whatIsNoResultIsAFault(_ output: String) async {
    let turn = await bench.run(json: output)
    guard case .failed(let failure) = turn.outcome else { return #expect(Bool(false), "\(turn.outcome)") }
    #expect(failure.kind == .protocolFault)
  }

  // MARK: Where providers come from

  @Test func providersAreFoundOrSaidToBeMissing() throws {
    var definition = ProviderDefinition(id: "mine")
    definition.command = "cat"
    var agent = ProviderDefinition(id: "goose")
    agent.kind = .acp
    let definitions = [
      definition, agent, ProviderDefinition(id: "claude"), ProviderDefinition(id: "codex"),
      ProviderDefinition(id: "empty"),
    ]
    #expect(try AgentProviders().provider("mine", among: definitions).id == "mine")
    func fault(_ id: String) -> ProviderFault? {
      do throws(ProviderFault) { _ = try AgentProviders().provider(id, among: definitions) } catch { return error }
      return nil
    }
    #expect(fault("mime") == .unknown("mime", hint: "did you mean `mine`?"))
    #expect(fault("goose") == .incomplete("goose"))
    #expect(try AgentProviders().provider("claude", among: definitions) is ClaudeProvider)
    #expect(try AgentProviders().provider("codex", among: definitions) is CodexProvider)
    #expect(fault("empty") == .incomplete("empty"))
  }
}
