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
      goose: {kind: acp, command: goose}
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
    #expect(outcome.output.contains("plan | busy\n"))
    #expect(outcome.output.contains("review | You said: Review: You said: Plan a thing\n"))
  }

  @Test func aProviderOfAnotherKindIsNamedBeforeAnythingStarts() async throws {
    let ion = BuiltIon(files: [
      ".ion/config.yaml": Self.config,
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: touch started}, {id: b, provider: goose, prompt: x}]\n",
    ])
    let outcome = try await ion.run("run", "w")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("`b` needs an agent, and the provider `goose` is of the kind `acp`"))
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
}
