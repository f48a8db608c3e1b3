import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

/// Programs as agents, in the built program.
@Suite(.timeLimit(.minutes(10))) struct AgentTests {
  private static let config = """
    provider: echo
    providers:
      echo: {command: bash, args: [-c, 'echo "You said: $(cat)"; echo busy >&2']}
      other: {kind: acp}
    """

  /// An agent that wants to stay, in a session of its own and in the background, once it has said that it is up; where the
  /// workspace has a file `go`, it answers.
  private static func stubborn(_ ready: Rendezvous) -> String {
    """
    provider: stubborn
    providers:
      stubborn:
        command: bash
        args:
          - -c
          - |
            if [ -e go ]; then echo "answer to $(cat)"; exit; fi
            trap '' TERM
            setsid sleep 1000 &
            (sleep 1000 &)
            echo working; echo up > \(ready.path)
            sleep 1000
    """
  }

  @Test func aPromptIsAnsweredByAProgram() async throws {
    let ion = BuiltIon(files: [
      ".ion/config.yaml": Self.config, ".ion/commands/review.md": "Review: $plan.output\n",
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - {id: plan, prompt: "Plan $ARGUMENTS", model: big}
        - {id: review, depends_on: [plan], command: review}
      """,
    ])
    let outcome = try await ion.run("run", "w", "--message", "a thing")
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("! `plan`: the provider `echo` doesn't act on `model`\n"))
    #expect(outcome.output.contains("plan | You said: Plan a thing\n"))
    #expect(outcome.output.contains("plan | - `busy`\n"))
    #expect(outcome.output.contains("review | You said: Review: You said: Plan a thing\n"))
  }

  @Test func aProviderWithoutAProgramIsNamedBeforeAnythingStarts() async throws {
    let ion = BuiltIon(files: [
      ".ion/config.yaml": Self.config,
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: touch started}, {id: b, provider: other, prompt: x}]\n",
    ])
    let outcome = try await ion.run("run", "w")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("`b` needs an agent, and the provider `other` has no `command`"))
    #expect(!ion.folder.exists("workspace/started"))
  }

  @Test func aCancelledRunLeavesNothingOfItsAgent() async throws {
    let ion = BuiltIon(files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, prompt: x}]\n"])
    let ready = Rendezvous(ion, "ready")
    ion.folder.write(Self.stubborn(ready), to: "workspace/.ion/config.yaml")
    let editor = try Editor(ion)
    try await editor.initialize(ion)
    let run = try #require(try await editor.call("workflow/execute", ["workflow": "w"])["runId"])
    #expect(await ready.line() == "up")
    #expect(ion.processesOfSteps().count >= 3)
    _ = try await editor.call("workflow/cancel", ["runId": run, "force": true])
    #expect(try await editor.call("workflow/wait", ["runId": run])["status"] == "cancelled")
    #expect(ion.processesOfSteps().isEmpty)
    let log = try await editor.call("run/log", ["runId": run, "nodeId": "a"])
    #expect(log["text"] == "working\n")
    #expect(try await editor.quit() == 0)
  }

  @Test func anAgentOfAKilledServerIsEndedAndItsTurnTakenAgain() async throws {
    let ion = BuiltIon(files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, prompt: x}]\n"])
    let ready = Rendezvous(ion, "ready")
    ion.folder.write(Self.stubborn(ready), to: "workspace/.ion/config.yaml")
    let first = try Editor(ion)
    try await first.initialize(ion)
    let run = try #require(try await first.call("workflow/execute", ["workflow": "w"])["runId"])
    #expect(await ready.line() == "up")
    first.kill()
    _ = await first.exitCode()

    ion.folder.write("", to: "workspace/go")
    let second = try Editor(ion)
    try await second.initialize(ion)
    #expect(try await second.call("workflow/status", ["runId": run])["status"] == "interrupted")
    #expect(ion.processesOfSteps().isEmpty)
    _ = try await second.call("workflow/resume", ["runId": run])
    let end = try await second.call("workflow/wait", ["runId": run])
    #expect(end["status"] == "succeeded" && end["provider"] == "stubborn")
    let log = try await second.call("run/log", ["runId": run, "nodeId": "a"])
    #expect(log["text"] == "answer to x\n")
    #expect(try await second.quit() == 0)
  }

  /// An agent that says so when it takes a turn, and then waits for the test's word; it answers with what it was asked.
  private static func held(_ ready: Rendezvous, _ answer: Rendezvous) -> String {
    """
    provider: held
    providers:
      held: {command: bash, args: [-c, 'p=$(cat); echo "$p" > \(ready.path); read -r go < \(answer.path); echo "$p"']}
    """
  }

  private static func gate(of run: JSONValue, in editor: Editor) async throws -> JSONValue {
    let waiting = try await editor.call("workflow/wait", ["runId": run, "until": "approval"])
    return try #require(waiting["approvals"]?.arrayValue?.first)
  }

  @Test func aRevisionSurvivesAKillInEachPhase() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: review
          approval: {message: "Well? ($REJECTION_REASON)", on_reject: {prompt: "Mend: $REJECTION_REASON"}}
        - {id: ship, depends_on: [review], bash: echo shipped >> done.txt}
      """
    ])
    let (ready, answer) = (Rendezvous(ion, "ready"), Rendezvous(ion, "answer"))
    ion.folder.write(Self.held(ready, answer), to: "workspace/.ion/config.yaml")
    var editor = try Editor(ion)
    try await editor.initialize(ion)
    let run = try #require(try await editor.call("workflow/execute", ["workflow": "w"])["runId"])
    let first = try await Self.gate(of: run, in: editor)
    editor = try await Self.successor(of: editor, ion)
    _ = try await editor.call(
      "approval/respond", ["approvalId": first["approvalId"] ?? .null, "optionId": "reject", "comment": "too dull"])
    #expect(await ready.line() == "Mend: too dull")
    editor = try await Self.successor(of: editor, ion)
    #expect(try await editor.call("workflow/status", ["runId": run])["status"] == "interrupted")
    _ = try await editor.call("workflow/resume", ["runId": run])
    #expect(await ready.line() == "Mend: too dull")
    answer.say("go")
    let second = try await Self.gate(of: run, in: editor)
    #expect(second["message"] == "Well? (too dull)" && second["approvalId"] != first["approvalId"])
    editor = try await Self.successor(of: editor, ion)
    _ = try await editor.call("approval/respond", ["approvalId": second["approvalId"] ?? .null, "optionId": "approve"])
    #expect(try await editor.call("workflow/wait", ["runId": run])["status"] == "succeeded")
    #expect(ion.folder.read("workspace/done.txt") == "shipped\n")
    #expect(try await editor.quit() == 0)
  }

  /// A new editor, once the server of another was killed.
  private static func successor(of editor: Editor, _ ion: BuiltIon) async throws -> Editor {
    editor.kill()
    _ = await editor.exitCode()
    let next = try Editor(ion)
    try await next.initialize(ion)
    return next
  }

  @Test func anInteractiveLoopSurvivesAKillInEachPhase() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: draft
          loop: {prompt: "Write $LOOP_USER_INPUT", until: DONE, interactive: true, max_iterations: 5}
      """
    ])
    let (ready, answer) = (Rendezvous(ion, "ready"), Rendezvous(ion, "answer"))
    ion.folder.write(Self.held(ready, answer), to: "workspace/.ion/config.yaml")
    let first = try Editor(ion)
    try await first.initialize(ion)
    let run = try #require(try await first.call("workflow/execute", ["workflow": "w"])["runId"])
    #expect(await ready.line() == "Write ")
    answer.say("go")
    let gate = try await Self.gate(of: run, in: first)
    let second = try await Self.successor(of: first, ion)
    _ = try await second.call(
      "approval/respond", ["approvalId": gate["approvalId"] ?? .null, "optionId": "approve", "comment": "more"])
    #expect(await ready.line() == "Write more")
    let third = try await Self.successor(of: second, ion)
    _ = try await third.call("workflow/resume", ["runId": run])
    #expect(await ready.line() == "Write more")
    answer.say("go")
    let last = try await Self.gate(of: run, in: third)
    #expect(try await ion.run("gates").output.contains("done"))
    _ = try await third.call("approval/respond", ["approvalId": last["approvalId"] ?? .null, "optionId": "done"])
    let end = try await third.call("workflow/wait", ["runId": run])
    #expect(end["status"] == "succeeded")
    let log = try await third.call("run/log", ["runId": run, "nodeId": "draft#2/draft"])
    #expect(log["text"] == "Write more\n")
    #expect(try await third.quit() == 0)
  }
}
