import Foundation
import IonAgents
import IonEngine
import IonProcess
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// `prompt` and `command` nodes, with agents that do what a test says.
@Suite struct AgentTests {
  private static func fixture(
    _ yaml: String, files: [String: String] = [:], agents: [ScriptedProvider], config: String = "provider: scripted",
    agentSlots: Int = 3, environment: [String: String]? = nil
  ) async throws -> EngineFixture {
    let own = [".ion/workflows/w.yaml": yaml, ".ion/config.yaml": config]
    return try await EngineFixture(
      files: own.merging(files) { $1 }, agents: agents, agentSlots: agentSlots, environment: environment)
  }

  @Test func anAnswerIsTheOutputAndValuesAreTextInThePrompt() async throws {
    let agent = ScriptedProvider { request, number in
      .plays(
        [.text("partly "), .thought("hm"), .text("said")], .answered(number == 0 ? "The $x.output plan\n\n" : "ok"))
    }
    let fixture = try await Self.fixture(
      """
      name: w
      nodes:
        - {id: list, bash: "echo 'a $ARGUMENTS $(id) $$'"}
        - {id: plan, depends_on: [list], prompt: 'Plan $ARGUMENTS from $list.output for $$5.'}
        - {id: show, depends_on: [plan], bash: 'echo "$plan.output"'}
        - {id: ask, depends_on: [show], prompt: '$plan.output'}
      """, agents: [agent])
    let (run, nodes) = try await fixture.run("w", message: "$list.output")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(agent.prompts == ["Plan $list.output from a $ARGUMENTS $(id) $$ for $5.", "The $x.output plan"])
    #expect(nodes["plan"]?.output?.text == "The $x.output plan")
    #expect(nodes["show"]?.output?.text == "The $x.output plan")
    #expect(nodes["plan"]?.provider == "scripted" && nodes["list"]?.provider == nil)
    #expect(run.request.provider == "scripted")
    let log = try await fixture.workspace.log(
      of: run.id, node: "plan", attempt: nil, view: .merged, offset: 0, limit: 1000)
    #expect(log.slice.text == "partly \n\n> hm\n\nsaid")
    #expect(nodes["plan"]?.logBytes == 19)
  }

  @Test func whatAnAgentSaysIsShownAsItComes() async throws {
    let agent = ScriptedProvider { _, _ in .waits([.text("first")]) }
    let fixture = try await Self.fixture("name: w\nnodes: [{id: a, prompt: x}]\n", agents: [agent])
    let started = try await fixture.start("w")
    await agent.asked(1)
    agent.happens(.text(", then"))
    #expect(
      fixture.platform.arrivals.contains { $0.node == "a" && $0.stream == .stdout && $0.offset == 5 && $0.count == 6 })
    let log = try await fixture.workspace.log(
      of: started.id, node: "a", attempt: nil, view: .stdout, offset: 0, limit: 100)
    #expect(log.slice.text == "first, then")
    agent.end(.answered("done"))
    #expect(try await fixture.end(of: started.id).nodes["a"]?.output?.text == "done")
  }

  @Test func aPromptFileIsReadAndKeptWithItsRun() async throws {
    let agent = ScriptedProvider { request, number in number == 0 ? .fails(.refusal) : .answers(request.prompt) }
    let fixture = try await Self.fixture(
      """
      name: w
      nodes:
        - {id: list, bash: echo one}
        - {id: far, depends_on: [list], bash: echo two}
        - {id: review, depends_on: [far], command: review}
      """, files: [".ion/commands/review.md": "---\ndescription: x\n---\nReview $list.output and $far.output.\n"],
      agents: [agent])
    let (failed, nodes) = try await fixture.run("w")
    #expect(failed.status == .failed && nodes["review"]?.error == "no")
    fixture.folder.write("Something else", to: "workspace/.ion/commands/review.md")
    _ = try await fixture.workspace.resume(failed.id, secrets: [:])
    let (run, after) = try await fixture.end(of: failed.id)
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(after["review"]?.output?.text == "Review one and two.")
    #expect(after["far"]?.attempt == 1)
  }

  @Test func aChangedPromptFileCountsWithTheCurrentDefinition() async throws {
    let agent = ScriptedProvider { request, number in
      number == 1 ? .fails(.refusal) : .answers(request.prompt)
    }
    let fixture = try await Self.fixture(
      "name: w\nnodes: [{id: a, command: one}, {id: b, depends_on: [a], command: two}]\n",
      files: [".ion/commands/one.md": "1", ".ion/commands/two.md": "2"], agents: [agent])
    let (failed, _) = try await fixture.run("w")
    fixture.folder.write("one", to: "workspace/.ion/commands/one.md")
    _ = try await fixture.workspace.resume(failed.id, secrets: [:], withCurrent: true)
    let (run, nodes) = try await fixture.end(of: failed.id)
    #expect(run.status == .succeeded)
    #expect(nodes["a"]?.output?.text == "one" && agent.prompts == ["1", "2", "one", "2"])
  }

  @Test(
    arguments: [
      ("{id: a, command: revew}", "(did you mean `review`?)"),
      ("{id: a, command: bad}", "reads `$ghost.output`, and no node has the id `ghost`"),
      ("{id: a, command: input}", "reads `$INPUTS.n`, and no input has that name"),
      ("{id: a, provider: nobody, prompt: x}", "`a` needs an agent, and no provider `nobody` is configured"),
      ("{id: a, provider: speaker, prompt: x}", "the provider `speaker` has no `command`"),
      ("{id: a, provider: bare, prompt: x}", "the provider `bare` has no `command`"),
    ])
  func whatLacksIsNamedBeforeAnythingStarts(_ node: String, _ message: String) async throws {
    let agent = ScriptedProvider { _, _ in .answers("x") }
    let fixture = try await Self.fixture(
      "name: w\nnodes: [{id: first, bash: touch started}, \(node)]\n",
      files: [
        ".ion/commands/review.md": "x", ".ion/commands/bad.md": "$ghost.output",
        ".ion/commands/input.md": "$INPUTS.n",
      ], agents: [agent], config: "provider: scripted\nproviders: {speaker: {kind: acp}, claude: {}, bare: {}}")
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .failed)
    #expect(run.error?.contains(message) == true, "\(run.error ?? "")")
    #expect(!fixture.folder.exists("workspace/started") && agent.requests.isEmpty)
  }

  @Test func theNearestWordOnProviderAndModelCounts() async throws {
    let (one, two) = (
      ScriptedProvider("one") { _, _ in .answers("1") }, ScriptedProvider("two") { _, _ in .answers("2") }
    )
    let yaml = """
      name: w
      provider: one
      model: workflow-model
      nodes:
        - {id: a, prompt: x}
        - {id: b, prompt: x, model: node-model}
        - {id: c, prompt: x, provider: two}
        - {id: d, prompt: x, provider: two, model: special}
      """
    let config = "provider: two\nproviders: {one: {model: one-model}, two: {model: two-model}}"
    func models(_ options: WorkflowExecutionOptions) async throws -> [String] {
      let fixture = try await Self.fixture(yaml, agents: [one, two], config: config)
      let (_, nodes) = try await fixture.run("w", options: options)
      return ["a", "b", "c", "d"].map { "\(nodes[NodeID($0)]?.provider ?? "-")/\(nodes[NodeID($0)]?.model ?? "-")" }
    }
    var options = WorkflowExecutionOptions()
    #expect(
      try await models(options) == ["one/workflow-model", "one/node-model", "two/two-model", "two/special"])
    options.model = "run-model"
    #expect(try await models(options) == ["one/run-model", "one/run-model", "two/run-model", "two/run-model"])
    options.model = nil
    options.provider = "two"
    #expect(try await models(options) == ["two/two-model", "two/two-model", "two/two-model", "two/special"])
  }

  @Test func aResumeKeepsWhatWasSaidForTheRun() async throws {
    let (one, two) = (
      ScriptedProvider("one") { _, _ in .answers("1") },
      ScriptedProvider("two") { _, n in n == 0 ? .fails(.refusal) : .answers("2") }
    )
    let fixture = try await Self.fixture(
      "name: w\nprovider: one\nnodes: [{id: a, prompt: x}]\n", agents: [one, two], config: "")
    var options = WorkflowExecutionOptions()
    options.provider = "two"
    let (failed, _) = try await fixture.run("w", options: options)
    _ = try await fixture.workspace.resume(failed.id, secrets: [:])
    let (run, nodes) = try await fixture.end(of: failed.id)
    #expect(nodes["a"]?.output?.text == "2" && run.request.provider == "two" && one.requests.isEmpty)
  }

  @Test func whatAProviderDoesNotActOnIsSaidBefore() async throws {
    let agent = ScriptedProvider(abilities: [.model, .systemPrompt]) { _, _ in .answers("x") }
    let fixture = try await Self.fixture(
      """
      name: w
      effort: high
      nodes:
        - {id: a, prompt: x, model: m, systemPrompt: 'For $ARGUMENTS', allowed_tools: [Read], mcp: servers.json, context: fresh}
        - {id: b, prompt: x, allowed_tools: [], mcp: other.json}
        - {id: c, bash: 'true'}
      """, agents: [agent])
    _ = try await fixture.run("w", message: "Ada")
    #expect(
      fixture.platform.messages.filter { $0.contains("doesn't act on") } == [
        "`a`, `b`: the provider `scripted` doesn't act on `effort`, `allowed_tools`, `mcp`"
      ])
    #expect(agent.requests.first { $0.node == "a" }?.systemPrompt == "For Ada")
  }

  // MARK: Answers

  @Test func noAnswerIsAFailureThatIsTriedAgain() async throws {
    let agent = ScriptedProvider { _, number in .answers(number == 0 ? "\n" : "here") }
    let fixture = try await Self.fixture(
      "name: w\nnodes: [{id: a, prompt: x, retry: {max_attempts: 2, delay_ms: 0}}]\n", agents: [agent])
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded && nodes["a"]?.attempt == 2)
    let silent = ScriptedProvider { _, _ in .answers("") }
    let other = try await Self.fixture(
      "name: w\nnodes: [{id: a, prompt: x, retry: {max_attempts: 1}}]\n", agents: [silent])
    #expect(try await other.run("w").nodes["a"]?.error == "the agent gave no answer")
  }

  @Test func passingFailuresAreTriedAgainByThemselvesAndOthersAreNot() async throws {
    let clock = HandClock()
    let agent = ScriptedProvider { _, number in number == 0 ? .fails(.overloaded, "busy") : .answers("x") }
    let fixture = try await EngineFixture(
      files: [
        ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, prompt: x}]\n", ".ion/config.yaml": "provider: scripted",
      ],
      clock: clock, agents: [agent])
    let started = try await fixture.start("w")
    await clock.sleepers(1)
    clock.advance(by: .seconds(3))
    let (run, nodes) = try await fixture.end(of: started.id)
    #expect(run.status == .succeeded && nodes["a"]?.attempt == 2)
    for (kind, words) in [
      (
        AgentFailure.Kind.rateLimited(resetAt: 1_767_225_600_000), "no (it takes more from 2026-01-01T00:00:00.000Z on)"
      ),
      (.authentication, "no; `ion doctor scripted` says more"), (.exited(1), "no"),
    ] {
      let agent = ScriptedProvider { _, _ in .fails(kind) }
      let fixture = try await Self.fixture("name: w\nnodes: [{id: a, prompt: x}]\n", agents: [agent])
      let (run, nodes) = try await fixture.run("w")
      #expect(run.status == .failed && nodes["a"]?.attempt == 1)
      #expect(nodes["a"]?.error == words)
    }
  }

  @Test func anAnswerOfTheWrongFormIsAskedForAgain() async throws {
    let yaml = """
      name: w
      nodes:
        - id: a
          prompt: Judge.
          output_format: {type: object, required: [ok], properties: {ok: {type: boolean}}}
      """
    let agent = ScriptedProvider { _, number in
      .plays(
        [.sessionKnown(AgentSession("s\(number)"))], .answered(number < 3 ? "no JSON \(number)" : #"{"ok": true}"#))
    }
    let fixture = try await Self.fixture(yaml, agents: [agent])
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded && nodes["a"]?.output?.text == #"{"ok": true}"#)
    #expect(nodes["a"]?.attempt == 1)
    #expect(
      agent.prompts[0].hasPrefix("Judge.\n\nAnswer with one JSON document")
        && agent.prompts[0].contains(#""required":["ok"]"#))
    #expect(agent.prompts[1].hasPrefix("That can't be used: its output is not what `output_format` asks for"))
    #expect(agent.requests.map(\.session?.id) == [nil, "s0", "s1", "s2"])
    #expect(Set(agent.requests.map(\.folder)).count == 4)

    let forgetful = ScriptedProvider(abilities: []) { _, _ in .answers("never") }
    let other = try await Self.fixture(yaml, agents: [forgetful])
    let (failed, rows) = try await other.run("w")
    #expect(failed.status == .failed && forgetful.prompts.count == 4)
    #expect(rows["a"]?.error?.hasPrefix("its output is not what `output_format` asks for") == true)
    #expect(forgetful.prompts[1].hasPrefix("Judge.\n") && forgetful.prompts[1].contains("Your answer was:\n\nnever"))
  }

  @Test func aLongAnswerIsReadWhole() async throws {
    let text = String(repeating: "0123456789", count: 10_000)
    let agent = ScriptedProvider { request, number in
      .answers(number == 0 ? text + "\n" : "\(request.prompt.utf8.count)")
    }
    let fixture = try await Self.fixture(
      "name: w\nnodes: [{id: a, prompt: x}, {id: b, depends_on: [a], prompt: $a.output}]\n", agents: [agent])
    let (_, nodes) = try await fixture.run("w")
    #expect(nodes["a"]?.output?.text == nil && nodes["a"]?.output?.length == 100_000)
    #expect(nodes["b"]?.output?.text == "100000")
  }

  // MARK: Slots, ends, secrets

  @Test func agentsHaveSlotsOfTheirOwn() async throws {
    let agent = ScriptedProvider { _, number in number == 0 ? .waits([]) : .answers("x") }
    let fixture = try await Self.fixture(
      "name: w\nnodes: [{id: a, prompt: x}, {id: b, prompt: x}, {id: c, bash: 'true'}]\n", agents: [agent],
      agentSlots: 1)
    let started = try await fixture.start("w")
    await agent.asked(1)
    await fixture.platform.until("c", is: .succeeded)
    #expect(try await fixture.workspace.nodes(of: started.id).first { $0.node == "b" }?.status == .pending)
    agent.end(.answered("late"))
    let (run, nodes) = try await fixture.end(of: started.id)
    #expect(run.status == .succeeded && nodes["a"]?.output?.text == "late" && nodes["b"]?.status == .succeeded)
  }

  @Test func aCancelledRunEndsItsAgents() async throws {
    let agent = ScriptedProvider { _, _ in .waits([.text("working")]) }
    let fixture = try await Self.fixture("name: w\nnodes: [{id: a, prompt: x}]\n", agents: [agent])
    let started = try await fixture.start("w")
    await agent.asked(1)
    _ = try await fixture.workspace.cancel(started.id, node: nil, reason: "enough", force: false)
    let (run, nodes) = try await fixture.end(of: started.id)
    #expect(run.status == .cancelled && nodes["a"]?.status == .cancelled)
  }

  @Test func aTurnThatEndsAsCancelledUnaskedHasFailed() async throws {
    let agent = ScriptedProvider { _, _ in .plays([], .cancelled) }
    let fixture = try await Self.fixture("name: w\nnodes: [{id: a, prompt: x}]\n", agents: [agent])
    #expect(try await fixture.run("w").nodes["a"]?.status == .failed)
  }

  @Test func whatAnAgentDoesIsLogged() async throws {
    let agent = ScriptedProvider { _, _ in
      .plays(
        [
          .planned([PlanEntry("look", .done), PlanEntry("act", .underWay)]),
          .toolCalled(ToolCall(id: "t", title: "Read", input: "a.txt")),
          .toolEnded(ToolResult(id: "t", isSuccess: false, text: "gone")), .fileChanged(FileEdit("b.txt", .made)),
          .noted("warning\n"),
        ], .answered("ok"))
    }
    let fixture = try await Self.fixture("name: w\nnodes: [{id: a, prompt: x}]\n", agents: [agent])
    let (run, _) = try await fixture.run("w")
    let log = try await fixture.workspace.log(
      of: run.id, node: "a", attempt: nil, view: .stderr, offset: 0, limit: 1000)
    #expect(
      log.slice.text == """
        - [x] look
        - [-] act
        - → `Read`
          ```
          a.txt
          ```
        - ✗ `gone`
        - ± `b.txt` made
        - `warning`


        """)
    #expect(log.isMarkdown)
    let raw = try await fixture.workspace.log(
      of: run.id, node: "a", attempt: nil, turn: 1, view: .stderr, offset: 0, limit: 1000)
    #expect(!raw.isMarkdown)
  }

  @Test func whatProgramsOfATurnPrintedIsReadWhereItLies() async throws {
    let agent = ScriptedProvider { request, _ in
      for (place, text) in [("", "gone"), ("new-session/", "raw"), ("new-session/terminal-2/", "ran")] {
        let folder = URL(filePath: "\(request.folder)/\(place)")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try? Data(text.utf8).write(to: folder.appending(path: "stdout"))
      }
      return .plays([], .answered("ok"))
    }
    let fixture = try await Self.fixture("name: w\nnodes: [{id: a, prompt: x}]\n", agents: [agent])
    let (run, _) = try await fixture.run("w")
    for (terminal, text) in [(nil, "raw"), (1, ""), (2, "ran")] {
      let log = try await fixture.workspace.log(
        of: run.id, node: "a", attempt: nil, turn: 1, terminal: terminal, view: .stdout, offset: 0, limit: 1000)
      #expect(log.slice.text == text)
    }
  }

  @Test func secretsAreHiddenInWhatAgentsSay() async throws {
    let agent = ScriptedProvider { request, _ in
      .plays([.text("It is tops"), .text("3cret, "), .thought("tops3cret")], .answered("tops3cret is it"))
    }
    let fixture = try await Self.fixture(
      "name: w\nsecrets: [KEY]\nnodes: [{id: a, prompt: 'x'}]\n", agents: [agent],
      environment: ["PATH": "/usr/bin:/bin", "KEY": "tops3cret"])
    let (run, nodes) = try await fixture.run("w")
    #expect(nodes["a"]?.output?.text == "*** is it")
    let log = try await fixture.workspace.log(
      of: run.id, node: "a", attempt: nil, view: .merged, offset: 0, limit: 1000)
    #expect(!log.slice.text.contains("tops3cret") && log.slice.text.contains("***"))
    #expect(agent.requests[0].environment.contains { $0 == ("KEY", "tops3cret") })
  }

  @Test func aProgramIsAnAgent() async throws {
    let config = """
      provider: echo
      providers:
        echo:
          command: bash
          args: [-c, 'echo "$GREETING $INPUTS_WHO $ION_NODE_ID: $(cat)"; echo busy >&2', agent, ['{model}']]
          env: {GREETING: Hello, INPUTS_WHO: nobody}
      """
    let fixture = try await Self.fixture(
      "name: w\nnodes: [{id: a, prompt: 'Say $ARGUMENTS', with: {who: Ada}}, {id: b, prompt: 'x', depends_on: [a], model: m}]\n",
      agents: [], config: config)
    let (run, nodes) = try await fixture.run("w", message: "hi")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["a"]?.output?.text == "Hello Ada a: Say hi")
    let log = try await fixture.workspace.log(
      of: run.id, node: "a", attempt: nil, view: .stderr, offset: 0, limit: 1000)
    #expect(log.slice.text == "\n- `busy`\n")
    #expect(nodes["b"]?.model == "m")
  }

  @Test func aNodeInALoopOfNodesMayBeAnAgents() async throws {
    let agent = ScriptedProvider { request, number in .answers(number < 2 ? "again \(number)" : "DONE") }
    let fixture = try await Self.fixture(
      """
      name: w
      nodes:
        - id: l
          model: of-the-group
          loop_group:
            max_iterations: 5
            until: DONE
            nodes: [{id: ask, prompt: 'before: $LOOP_PREV.ask.output'}]
      """, agents: [agent])
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded && nodes["l"]?.output?.text == "DONE")
    #expect(agent.prompts == ["before: ", "before: again 0", "before: again 1"])
    #expect(agent.requests.allSatisfy { $0.model == "of-the-group" })
  }
}
