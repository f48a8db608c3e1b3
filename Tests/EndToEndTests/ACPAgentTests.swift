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
