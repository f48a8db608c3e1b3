import IonAgents
import IonJSON
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

/// Secrets in what agents do and ask, as they are and as JSON has them.
@Suite struct AgentSecretTests {
  private static let secret = "pa\"ss\\wo/\nrd-€x"

  /// What an agent does with a secret in everything that it may say.
  private static func events(_ input: String) -> [AgentEvent] {
    let tool = ToolCall(
      id: "t", title: "use \(secret)", input: input, name: "Bash", kind: .execute, paths: ["/etc/\(secret)"])
    let option = PermissionRequest.Option(id: "o", title: "Allow \(secret)", kind: .allowOnce)
    return [
      .text("I say \(secret)"), .thought("I think \(secret)"), .toolCalled(tool),
      .toolEnded(ToolResult(id: "t", isSuccess: true, text: input)),
      .fileChanged(FileEdit("/etc/\(secret).txt", .made)),
      .fileChanged(FileEdit("in/\(secret)", .changed)), .planned([PlanEntry("plan \(secret)", .pending)]),
      .noted("noted \(input)\n"),
      .permissionRequested(
        PermissionRequest(id: "p", title: "May I \(secret)", tool: tool, diff: "+\(secret)\n", options: [option])),
    ]
  }

  @Test func nothingOfASecretShowsWhereItIsCut() async throws {
    let secret = "tops3cret-value"
    let limit = TurnTranscript.shownBytes
    // A provider has cut the title; Ion cuts a third of the way, and what is shown of the end begins there, too.
    let filling = String(repeating: "x", count: limit / 3 - 6)
    let long = filling + secret + String(repeating: "y", count: 2 * limit)
    let tool = ToolCall(id: "t", title: "use tops3cret…", input: long, name: "Bash", kind: .execute)
    let agent = ScriptedProvider { _, _ in
      .waits([
        .toolCalled(tool), .toolEnded(ToolResult(id: "t", isSuccess: true, text: long + "\ntops3…")),
        .permissionRequested(
          PermissionRequest(
            id: "p", title: "May I tops3…", tool: tool, diff: long, options: [.init(id: "o", title: "Yes")])),
      ])
    }
    let fixture = try await EngineFixture(
      files: [
        ".ion/workflows/w.yaml":
          "name: w\ninputs: {tok: {type: secret, required: true}}\nnodes: [{id: a, prompt: x}]\n",
        ".ion/config.yaml": "provider: scripted",
      ], agents: [agent])
    var options = WorkflowExecutionOptions()
    options.input = ["tok": .string(secret)]
    let started = try await fixture.start("w", options: options)
    _ = try await fixture.workspace.wait(for: started.id, until: .standstill, timeout: nil)
    #expect(try fixture.places(of: "tops3") == [])
    agent.end(.answered("done"))
    _ = try await fixture.end(of: started.id)
    #expect(try fixture.places(of: "tops3") == [])
  }

  @Test func nothingOfASecretShowsThatAnAgentKnows() async throws {
    let printed = JSONValue.object(["command": .string("echo " + Self.secret)]).serializedText()
    let agent = ScriptedProvider { _, _ in .waits(Self.events(printed)) }
    let fixture = try await EngineFixture(
      files: [
        ".ion/workflows/w.yaml": """
        name: w
        inputs: {tok: {type: secret, required: true}}
        nodes: [{id: a, prompt: x}]
        """, ".ion/config.yaml": "provider: scripted",
      ], agents: [agent])
    var options = WorkflowExecutionOptions()
    options.input = ["tok": .string(Self.secret)]
    let started = try await fixture.start("w", options: options)
    let run = try await fixture.workspace.wait(for: started.id, until: .standstill, timeout: nil).run
    let gate = try #require(try await fixture.workspace.gates(of: run.id).first?.gate)
    #expect(gate.question?.message.contains(#"{"command":"echo ***"}"#) == true)
    _ = try await fixture.workspace.answer(
      gate.id, GateAnswer(decision: "approve", comment: Self.secret, decidedBy: "Ada"), secrets: [:])
    agent.end(.failed(AgentFailure(.protocolFault, "it failed: \(printed)")))
    let (_, nodes) = try await fixture.end(of: run.id)
    #expect(nodes["a"]?.error == #"it failed: {"command":"echo ***"}"#)
    #expect(nodes["a"]?.files == [TouchedFile("/etc/***.txt", .made), TouchedFile("in/***", .changed)])
    for text in [Self.secret, #"pa\"ss"#, #"pa"ss"#, "rd-€x"] {
      #expect(try fixture.places(of: text) == [], "\(text)")
    }
  }
}
