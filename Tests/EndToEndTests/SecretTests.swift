import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

/// A secret that steps print in all ways, looked for in all that Ion wrote and said.
@Suite(.timeLimit(.minutes(10))) struct SecretTests {
  private static let secret = "Zq7-geheime-Losung"
  private static let pass = "offen=sesam"

  private func workflow(_ gate: Rendezvous) -> String {
    """
    name: w
    secrets: [TOKEN]
    inputs: {pass: {type: secret, required: true}}
    nodes:
      - id: split
        bash: |
          printf 'begun Zq7-gehei'; printf 'begun Zq7-gehei' >&2
          read -r line < \(gate.path)
          printf 'me-'"Losung\\n"; printf 'me-'"Losung\\n" >&2
          echo "$TOKEN $INPUTS_PASS" | tee /dev/stderr
          echo "see $TOKEN" > "$ARTIFACTS_DIR/note.md"
      - id: read
        depends_on: split
        exec: [printf, "%s", "$split.output / $INPUTS.pass"]
      - id: fail
        bash: echo "no $INPUTS.pass" >&2; exit 1
      - id: spawn
        exec: ["/nowhere/$INPUTS.pass"]
      - id: number
        bash: echo $(( $INPUTS.pass ))
      - id: end
        depends_on: [read, fail, spawn, number]
        trigger_rule: all_done
        cancel: the end of $INPUTS.pass
    """
  }

  /// The files below `.ion/` that have one of the secrets; those that a step wrote by itself don't count.
  private func leaks(in ion: BuiltIon) throws -> [String] {
    let root = ion.workspace.appending(".ion").text
    let files = try FileManager.default.subpathsOfDirectory(atPath: root)
    try #require(files.contains { $0.hasSuffix("split/1/stdout") })
    return files.filter { path in
      guard !path.hasSuffix("note.md"), let data = FileManager.default.contents(atPath: root + "/" + path)
      else { return false }
      return Self.leaks(String(decoding: data, as: UTF8.self))
    }
  }

  private static func leaks(_ text: String) -> Bool {
    [secret, pass, "me-Losung"].contains { Data(text.utf8).range(of: Data($0.utf8)) != nil }
  }

  /// Starts the run, with every word of it told to the editor, and lets it go on once half of the secret was printed.
  private func runToItsEnd(_ editor: Editor, _ gate: Rendezvous) async throws -> JSONValue {
    let started = try await editor.call("workflow/execute", ["workflow": "w", "inputs": ["pass": .string(Self.pass)]])
    let run = try #require(started["runId"])
    _ = try await editor.call("events/subscribe", ["runId": run, "afterSeq": 0, "output": "full"])
    for stream in ["stdout", "stderr"] {
      let told = await editor.heard.first { method, params in
        method == "workflow/output" && params.serializedText().contains("begun ") && params["stream"] == .string(stream)
      }
      #expect(told != nil)
    }
    gate.say("go on")
    return try await editor.call("workflow/wait", ["runId": run])
  }

  /// What the editor is answered that asks for all there is of a run.
  private func answers(_ editor: Editor, about run: JSONValue) async throws -> [JSONValue] {
    var answers: [JSONValue] = []
    for node in ["split", "read", "fail", "spawn", "number", "end"] {
      answers.append(try await editor.call("run/explain", ["runId": run, "nodeId": .string(node)]))
      answers.append(try await editor.call("run/log", ["runId": run, "nodeId": .string(node)]))
    }
    answers.append(try await editor.call("run/report", ["runId": run]))
    answers.append(try await editor.call("workflow/status", ["runId": run]))
    answers.append(try await editor.call("events/replay", ["runId": run, "afterSeq": 0]))
    return answers
  }

  @Test func noFileAndNoWordHasASecret() async throws {
    let ion = BuiltIon(variables: ["TOKEN": Self.secret])
    let gate = Rendezvous(ion, "go")
    // What was said is kept only while the gate is there.
    defer { withExtendedLifetime(gate) {} }
    ion.folder.write(workflow(gate), to: "workspace/.ion/workflows/w.yaml")
    let editor = try Editor(ion)
    try await editor.initialize(ion)
    let ended = try await runToItsEnd(editor, gate)
    #expect(ended["status"] == "cancelled")
    let run = try #require(ended["runId"])
    let log = try await editor.call("run/log", ["runId": run, "nodeId": "split", "stream": "stdout"])
    #expect(log["text"] == "begun ***\n*** ***\n")
    let artifacts = try await editor.call("artifact/list", ["runId": run])
    let uri = try #require(artifacts["artifacts"]?.arrayValue?.first?["uri"])
    #expect(try await editor.call("artifact/preview", ["uri": uri])["contents"] == "see ***\n")
    #expect(try await editor.call("artifact/read", ["uri": uri])["content"] == .string("see \(Self.secret)\n"))
    for answer in try await answers(editor, about: run) + [ended] { #expect(!Self.leaks(answer.serializedText())) }
    for notification in await editor.heard.all { #expect(!Self.leaks(notification.params.serializedText())) }
    #expect(try leaks(in: ion) == [])
    #expect(try await editor.quit() == 0)
    #expect(try leaks(in: ion) == [])
    let shown = try await ion.run("show", try #require(run.stringValue))
    #expect(shown.status == 0 && !Self.leaks(shown.output))
    // Another process knows the variable, and shows nothing of it either.
    let next = try Editor(ion)
    try await next.initialize(ion)
    #expect(try await next.call("artifact/preview", ["uri": uri])["contents"] == "see ***\n")
    #expect(try await next.quit() == 0)
  }

  @Test func aMissingSecretIsNamed() async throws {
    let yaml = "name: w\nsecrets: [TOKEN]\nnodes: [{id: a, bash: touch started}]"
    let ion = BuiltIon(files: [".ion/workflows/w.yaml": yaml])
    let outcome = try await ion.run("run", "w")
    #expect(outcome.status != 0)
    #expect((outcome.output + outcome.errors).contains("`TOKEN` is a secret of the workflow and not set"))
    #expect(!ion.folder.exists("workspace/started"))
  }
}
