import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

/// Agents that speak the Agent Client Protocol, in the built program.
@Suite(.timeLimit(.minutes(10))) struct ACPAgentTests {
  /// The scripted agent of IonAgentsTests, which behaves as its arguments say.
  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../IonAgentsTests/Agents/acp_agent.py").standardizedFileURL.path

  private static func config(_ behaviour: [JSONValue]) -> String {
    let arguments = JSONValue.array([.string(script)] + behaviour)
    return "provider: agent\nproviders: {agent: {kind: acp, command: python3, args: \(arguments)}}\n"
  }

  private static let workflow = "name: w\nnodes: [{id: a, prompt: do it}]\n"

  @Test func aTurnWritesFilesAndAnswers() async throws {
    let ion = BuiltIon(files: [".ion/workflows/w.yaml": Self.workflow])
    let path = ion.workspace.appending("made/by-agent.txt").text
    let requests: JSONValue = [["fs/write_text_file", ["path": .string(path), "content": "made\n"]]]
    ion.folder.write(
      Self.config(["requests", .string(requests.serializedText())]), to: "workspace/.ion/config.yaml")
    let outcome = try await ion.run("run", "w")
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(FileManager.default.contents(atPath: path) == Data("made\n".utf8))
    #expect(outcome.output.contains("a | {}\n"))
    #expect(
      outcome.output.hasSuffix("\n  a  agent    files made/by-agent.txt, session session-1\n"), "\(outcome.output)")
  }

  @Test func whoCannotBeAskedIsToldHowItGoesOn() async throws {
    let ion = BuiltIon(files: [".ion/workflows/w.yaml": Self.workflow, ".ion/config.yaml": Self.config(["asks"])])
    let outcome = try await ion.run("run", "w")
    #expect(outcome.status == 3, "\(outcome.output)\(outcome.errors)")
    let end = outcome.output.components(separatedBy: "? Does `a` of w may").last ?? ""
    #expect(!outcome.output.contains("ion approve") && !outcome.output.contains("ion reject"), "\(end)")
    #expect(
      end.contains("the agent ends with this command: answer it in a terminal or an editor")
        && end.contains("`allowed_tools`")
        && end.contains("   asks again\n"), "\(outcome.output)")
    ion.folder.write(
      "name: w\nnodes: [{id: a, prompt: do it, allowed_tools: [edit]}]\n", to: "workspace/.ion/workflows/w.yaml")
    #expect(try await ion.run("run", "w").status == 0)
  }

  /// It says something, waits for a line at the place that it is given, and goes on with what it does and says.
  private static let slowAgent = """
    import json, sys
    def send(**message): print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)
    def update(kind, **fields):
        send(method="session/update", params={"sessionId": "s", "update": {"sessionUpdate": kind, **fields}})
    def say(text): update("agent_message_chunk", content={"type": "text", "text": text})
    for line in sys.stdin:
        message = json.loads(line)
        method, id = message.get("method"), message.get("id")
        if method == "initialize": send(id=id, result={"protocolVersion": 1})
        if method == "session/new": send(id=id, result={"sessionId": "s"})
        if method != "session/prompt": continue
        say("first\\nhalf")
        open(sys.argv[1]).readline()
        update("usage_update", used=1, size=2, cost={"amount": 0.5, "currency": "USD"})
        for number in range(3):
            update("tool_call", toolCallId=str(number), title=f"tool {number}", status="completed")
            say(f"then {number}. ")
        send(id=id, result={"stopReason": "end_turn"})
    """

  @Test func whatATurnSaysAndDoesIsPrintedOnceAndInItsOrder() async throws {
    let ion = BuiltIon(files: [".ion/workflows/w.yaml": Self.workflow, "agent.py": Self.slowAgent])
    let (word, screen) = (Rendezvous(ion, "word"), Rendezvous(ion, "screen"))
    ion.folder.write(
      "provider: agent\nproviders: {agent: {kind: acp, command: python3, args: [agent.py, \(word.path)]}}\n",
      to: "workspace/.ion/config.yaml")
    let started = try ion.start(["run", "w"], output: try FileHandle(forWritingTo: URL(filePath: screen.path.text)))
    #expect(await screen.line() == "a | first")
    word.say("go on")
    var lines: [String] = []
    while lines.last?.hasPrefix("✓ a") != true { lines.append(await screen.line()) }
    #expect(try await started.end().status == 0)
    let seen = lines.dropLast().filter { $0 != "a | " }
    #expect(
      seen == [
        "a | half", "a | - → `tool 0`", "a | - ✓", "a | then 0. ", "a | - → `tool 1`", "a | - ✓", "a | then 1. ",
        "a | - → `tool 2`", "a | - ✓", "a | then 2. ",
      ])
  }

  @Test func aFailureSaysWhatToDo() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml": Self.workflow, ".ion/config.yaml": Self.config(["wants_sign_in"]),
    ])
    let outcome = try await ion.run("run", "w")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("With a browser (`browser`)"), "\(outcome.output)")
  }

  @Test func nothingIsLeftOfAnAgentAndItsTerminalsWhenIonIsKilled() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml": Self.workflow, ".ion/config.yaml": Self.config(["waits_for_terminal"]),
    ])
    let first = try Editor(ion)
    try await first.initialize(ion)
    let run = try #require(try await first.call("workflow/execute", ["workflow": "w"])["runId"])
    _ = await first.heard.first { method, params in
      method == "workflow/output" && params["text"]?.stringValue?.contains("waiting") == true
    }
    #expect(ion.processesOfSteps().count >= 3, "the agent, and what its terminal runs")
    first.kill()
    _ = await first.exitCode()

    ion.folder.write(Self.config(["Agent"]), to: "workspace/.ion/config.yaml")
    let second = try Editor(ion)
    try await second.initialize(ion)
    #expect(try await second.call("workflow/status", ["runId": run])["status"] == "interrupted")
    #expect(ion.processesOfSteps().isEmpty)
    _ = try await second.call("workflow/resume", ["runId": run])
    #expect(try await second.call("workflow/wait", ["runId": run])["status"] == "succeeded")
    #expect(try await second.quit() == 0)
  }

  @Test func aPermissionOutlivesAKill() async throws {
    let ion = BuiltIon(files: [".ion/workflows/w.yaml": Self.workflow, ".ion/config.yaml": Self.config(["asks"])])
    let first = try Editor(ion)
    try await first.initialize(ion)
    let run = try #require(try await first.call("workflow/execute", ["workflow": "w"])["runId"])
    let standstill: JSONValue = ["runId": run, "until": "approval"]
    #expect(try await first.call("workflow/wait", standstill)["status"] == "awaitingApproval")
    let asked = try await first.call("approval/list", ["runId": run])["approvals"]?.arrayValue?.first
    #expect(asked?["message"]?.stringValue?.contains("+new") == true, "\(asked ?? .null)")
    first.kill()
    _ = await first.exitCode()

    let second = try Editor(ion)
    try await second.initialize(ion)
    #expect(try await second.call("workflow/status", ["runId": run])["status"] == "interrupted")
    #expect(ion.processesOfSteps().isEmpty)
    let closed = try await second.call("approval/list", ["runId": run])["approvals"]?.arrayValue ?? []
    #expect(!closed.contains { $0["state"] == "pending" })
    let answer = { (gate: JSONValue?) -> JSONValue in
      ["approvalId": gate?["approvalId"] ?? .null, "optionId": "approve"]
    }
    await #expect(throws: (any Error).self, "nobody asks that any more") {
      try await second.call("approval/respond", answer(asked))
    }
    _ = try await second.call("workflow/resume", ["runId": run])
    #expect(try await second.call("workflow/wait", standstill)["status"] == "awaitingApproval")
    let gates = try await second.call("approval/list", ["runId": run])["approvals"]?.arrayValue ?? []
    _ = try await second.call("approval/respond", answer(gates.first { $0["state"] == "pending" }))
    #expect(try await second.call("workflow/wait", ["runId": run])["status"] == "succeeded")
    let log = try await second.call("run/log", ["runId": run, "nodeId": "a", "stream": "stdout"])["text"]
    #expect(log?.stringValue?.contains("\"optionId\": \"yes\"") == true, "\(log ?? .null)")
    #expect(try await second.quit() == 0)
    #expect(ion.processesOfSteps().isEmpty)
  }

  @Test func whatAChildsAgentAsksIsAskedAtTheTerminal() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml": Self.workflow, ".ion/config.yaml": Self.config(["asks"]),
      ".ion/workflows/outer.yaml": "name: outer\nnodes: [{id: call, workflow: w}]\n",
    ])
    let terminal = try Terminal(ion, "run", "outer")
    #expect(await terminal.shows("Write b.txt"))
    #expect(await terminal.shows("decides later: "))
    try terminal.type("a\n")
    #expect(await terminal.shows("succeeded in"))
    #expect(await terminal.exitCode() == 0)
  }

  @Test func aCancelLeavesNothingOfAnAgentThatIgnoresIt() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml": Self.workflow, ".ion/config.yaml": Self.config(["hangs_in_turn"]),
    ])
    let editor = try Editor(ion)
    try await editor.initialize(ion)
    let run = try #require(try await editor.call("workflow/execute", ["workflow": "w"])["runId"])
    let told = await editor.heard.first { method, params in
      method == "workflow/output" && params["text"]?.stringValue?.contains("hello") == true
    }
    #expect(told != nil)
    _ = try await editor.call("workflow/cancel", ["runId": run, "force": true])
    #expect(try await editor.call("workflow/wait", ["runId": run])["status"] == "cancelled")
    #expect(ion.processesOfSteps().isEmpty)
    #expect(try await editor.quit() == 0)
  }
}
