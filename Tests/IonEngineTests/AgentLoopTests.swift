import IonAgents
import IonEngine
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// `loop` nodes: one agent's prompt, repeated.
@Suite struct AgentLoopTests {
  private static func fixture(
    _ node: String, agent: ScriptedProvider, more: String = "", files: [String: String] = [:]
  ) async throws -> EngineFixture {
    let own = [".ion/workflows/w.yaml": "name: w\nnodes:\n\(node)\n\(more)", ".ion/config.yaml": "provider: scripted"]
    return try await EngineFixture(files: own.merging(files) { $1 }, agents: [agent])
  }

  @Test func aPromptIsRepeatedUntilTheWordIsSaid() async throws {
    let agent = ScriptedProvider { _, number in
      .answers(number < 2 ? "not DONE yet \(number)" : "<promise>DONE</promise>")
    }
    let fixture = try await Self.fixture(
      """
        - {id: start, bash: echo here}
        - id: fix
          depends_on: [start]
          model: big
          with: {who: Ada}
          env: {WORD: hi}
          loop: {prompt: 'From $start.output after ($LOOP_PREV_OUTPUT)', until: DONE, max_iterations: 5}
        - {id: show, depends_on: [fix], bash: 'echo "$fix.output"'}
      """, agent: agent)
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(
      agent.prompts == ["From here after ()", "From here after (not DONE yet 0)", "From here after (not DONE yet 1)"])
    #expect(nodes["fix"]?.summary == "3 iterations" && nodes["show"]?.output?.text == "<promise>DONE</promise>")
    #expect(nodes["fix#2/fix"]?.output?.text == "not DONE yet 1" && nodes["fix#1/fix"]?.model == "big")
    #expect(agent.requests[2].environment.contains { $0 == ("INPUTS_WHO", "Ada") })
    #expect(agent.requests[2].environment.contains { $0 == ("WORD", "hi") })
    #expect(run.counts == [.succeeded: 3])
  }

  @Test func aTestReadsTheAnswerOfItsIteration() async throws {
    let agent = ScriptedProvider { _, number in .answers("\(number)") }
    let fixture = try await Self.fixture(
      "  - {id: fix, loop: {command: again, until_bash: 'test \"$fix.output\" -ge 2', max_iterations: 5}}",
      agent: agent,
      files: [".ion/commands/again.md": "Before: $LOOP_PREV.fix.output"])
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["fix"]?.output?.text == "2" && nodes["fix#3/until_bash"]?.status == .succeeded)
    #expect(agent.prompts == ["Before: ", "Before: 0", "Before: 1"])
  }

  @Test func aFieldOfTheAnswerEndsIt() async throws {
    let agent = ScriptedProvider { _, number in .answers(#"{"ok": \#(number > 0)}"#) }
    let fixture = try await Self.fixture(
      """
        - id: fix
          output_format: {type: object, required: [ok], properties: {ok: {type: boolean}}}
          loop: {prompt: x, until_field: ok, max_iterations: 3}
      """, agent: agent)
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded && nodes["fix"]?.output?.text == #"{"ok": true}"# && agent.prompts.count == 2)
  }

  @Test func tooManyIterationsFailAndAResumeGivesAsManyAgain() async throws {
    let agent = ScriptedProvider { _, number in .answers(number < 3 ? "no" : "DONE") }
    let fixture = try await Self.fixture(
      "  - {id: fix, loop: {prompt: x, until: DONE, max_iterations: 2}}", agent: agent)
    let (failed, nodes) = try await fixture.run("w")
    #expect(failed.status == .failed && nodes["fix"]?.error == "it was not done after 2 iterations")
    _ = try await fixture.workspace.resume(failed.id, secrets: [:])
    let (run, after) = try await fixture.end(of: failed.id)
    #expect(run.status == .succeeded && after["fix"]?.summary == "4 iterations")
  }

  @Test func aResumeGoesOnWithTheIterationThatRan() async throws {
    let agent = ScriptedProvider { _, number in number == 1 ? .fails(.refusal) : .answers(number < 3 ? "no" : "DONE") }
    let fixture = try await Self.fixture(
      "  - {id: fix, loop: {prompt: 'after ($LOOP_PREV_OUTPUT)', until: DONE, max_iterations: 5}}", agent: agent)
    let (failed, nodes) = try await fixture.run("w")
    #expect(failed.status == .failed && nodes["fix"]?.error == "iteration 2: fix#2/fix failed: no")
    _ = try await fixture.workspace.resume(failed.id, secrets: [:])
    let (run, _) = try await fixture.end(of: failed.id)
    #expect(run.status == .succeeded)
    #expect(agent.prompts == ["after ()", "after (no)", "after (no)", "after (no)"])
  }

  // MARK: Interactive loops

  private static let interactive = """
      - id: draft
        loop:
          prompt: 'Write. ($LOOP_USER_INPUT)'
          until: DONE
          interactive: true
          gate_message: 'Is "$draft.output" good? $LOOP_PREV_OUTPUT'
          max_iterations: 3
    """

  private func gate(_ fixture: EngineFixture, _ run: RunID) async throws -> GateRecord {
    _ = try await fixture.workspace.wait(for: run, until: .standstill, timeout: nil)
    return try #require(try await fixture.workspace.gates(of: run).map(\.gate).first { $0.state == .pending })
  }

  private func answer(
    _ fixture: EngineFixture, _ gate: GateRecord, _ decision: String, _ comment: String? = nil
  ) async throws {
    _ = try await fixture.workspace.answer(
      gate.id, GateAnswer(decision: decision, comment: comment, decidedBy: "Ada"), secrets: [:])
  }

  @Test func aPersonIsAskedBetweenIterations() async throws {
    let agent = ScriptedProvider { _, number in
      .answers(number == 0 ? "first\nDONE" : number == 1 ? "second" : "last\nDONE")
    }
    let fixture = try await Self.fixture(Self.interactive, agent: agent)
    let started = try await fixture.start("w")
    let first = try await gate(fixture, started.id)
    #expect(
      first.question?.message == "Is \"first\nDONE\" good? first\nDONE", "a word alone doesn't pass the person by")
    #expect(first.question?.options.map(\.id) == ["approve", "done", "reject"])
    try await answer(fixture, first, "approve", "shorter, $ARGUMENTS")
    let second = try await gate(fixture, started.id)
    #expect(second.id != first.id)
    try await answer(fixture, second, "approve")
    let (run, nodes) = try await fixture.end(of: started.id)
    #expect(run.status == .succeeded && nodes["draft"]?.output?.text == "last\nDONE", "\(run.error ?? "")")
    #expect(agent.prompts == ["Write. ()", "Write. (shorter, $ARGUMENTS)", "Write. ()"])
  }

  @Test func aPersonMayEndItOrTheRun() async throws {
    for (decision, status) in [("done", RunStatus.succeeded), ("reject", .cancelled)] {
      let agent = ScriptedProvider { _, number in .answers("draft \(number)") }
      let fixture = try await Self.fixture(Self.interactive, agent: agent)
      let started = try await fixture.start("w")
      try await answer(fixture, try await gate(fixture, started.id), "approve")
      try await answer(fixture, try await gate(fixture, started.id), decision, "enough")
      let (run, nodes) = try await fixture.end(of: started.id)
      #expect(run.status == status)
      if status == .succeeded { #expect(nodes["draft"]?.output?.text == "draft 1") }
    }
  }

  @Test func theLastIterationIsAskedAboutToo() async throws {
    let agent = ScriptedProvider { _, number in .answers("draft \(number)") }
    let fixture = try await Self.fixture(Self.interactive, agent: agent)
    let started = try await fixture.start("w")
    for _ in 0..<3 { try await answer(fixture, try await gate(fixture, started.id), "approve", "more") }
    let (run, nodes) = try await fixture.end(of: started.id)
    #expect(run.status == .failed && nodes["draft"]?.error == "it was not done after 3 iterations")
  }

  @Test func aWordMayCompleteALoopByItself() async throws {
    let agent = ScriptedProvider { _, _ in .answers("DONE") }
    let fixture = try await Self.fixture(
      "  - {id: a, loop: {prompt: x, until: DONE, interactive: true, signal_completes: true, max_iterations: 2}}",
      agent: agent)
    #expect(try await fixture.run("w").run.status == .succeeded)
  }

  @Test func anAnswerGoesOnWithALoopInAnotherProcess() async throws {
    let agent = ScriptedProvider { _, number in .answers("draft \(number)") }
    let fixture = try await Self.fixture(Self.interactive, agent: agent)
    let started = try await fixture.start("w")
    let asked = try await gate(fixture, started.id)
    await fixture.engine.close(reason: "the editor went away", grace: .zero)

    let second = try await EngineFixture(agents: [agent], folder: fixture.folder)
    try await answer(second, asked, "approve", "go on")
    try await answer(second, try await gate(second, started.id), "done")
    let (run, nodes) = try await second.end(of: started.id)
    #expect(run.status == .succeeded && nodes["draft"]?.output?.text == "draft 1")
    #expect(agent.prompts == ["Write. ()", "Write. (go on)"])
  }

  @Test func aGroupAsksToo() async throws {
    let agent = ScriptedProvider { _, _ in .answers("x") }
    let fixture = try await Self.fixture(
      """
        - id: l
          loop_group:
            interactive: true
            until_bash: test -e stop
            gate_message: 'Made $make.output?'
            max_iterations: 4
            nodes: [{id: make, bash: 'echo "one $LOOP_USER_INPUT"'}]
      """, agent: agent)
    let started = try await fixture.start("w")
    let first = try await gate(fixture, started.id)
    #expect(first.question?.message == "Made one?" || first.question?.message == "Made one ?")
    try await answer(fixture, first, "approve", "more")
    try await answer(fixture, try await gate(fixture, started.id), "done")
    let (run, nodes) = try await fixture.end(of: started.id)
    #expect(run.status == .succeeded && nodes["l"]?.output?.text == "one more")
  }

  @Test func anIterationWithoutWorkIsAskedAboutAfterItsAnswerWasTold() async throws {
    let agent = ScriptedProvider { _, _ in .answers("x") }
    let fixture = try await Self.fixture(
      """
        - id: l
          loop_group:
            interactive: true
            until: STOP
            max_iterations: 4
            nodes: [{id: make, when: "'a' == 'b'", bash: echo}]
      """, agent: agent)
    let started = try await fixture.start("w")
    let first = try await gate(fixture, started.id)
    #expect(first.question?.message == "Go on with another iteration?")
    try await answer(fixture, first, "approve")
    let second = try await gate(fixture, started.id)
    try await answer(fixture, second, "done")
    #expect(try await fixture.end(of: started.id).run.status == .succeeded)
    let told = fixture.platform.notices.compactMap { notice -> String? in
      if case .gate(let gate) = notice.notice { "\(gate.id == first.id ? 1 : 2) \(gate.state.rawValue)" } else { nil }
    }
    #expect(told == ["1 pending", "1 decided", "2 pending", "2 decided"])
  }
}
