import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

/// A run in an editor, whose first step waits for the test's word and prints nothing itself; the second comes after it.
struct HeldRun {
  let ion: BuiltIon
  let editor: Editor
  let run: JSONValue
  /// Open as long as the steps of later runs say something there.
  private let ready: Rendezvous
  private let answer: Rendezvous
  private let hasThird: Bool

  /// Starts the run, and returns once its first step waits. With `third`, a step without dependencies waits beside it,
  /// with a process in its background that would stay.
  init(_ ion: BuiltIon = BuiltIon(), third: Bool = false) async throws {
    self.ion = ion
    hasThird = third
    ready = Rendezvous(ion, "ready")
    answer = Rendezvous(ion, "answer")
    let staying = "  - {id: c, bash: 'sleep 1000 & read -r line < \(answer.path); kill %1'}\n"
    ion.folder.write(
      """
      name: w
      nodes:
        - {id: a, bash: 'echo up > \(ready.path); read -r line < \(answer.path)'}
        - {id: b, depends_on: [a], bash: 'echo b; echo b >> done.txt'}
      \(third ? staying : "")
      """, to: "workspace/.ion/workflows/w.yaml")
    editor = try Editor(ion)
    try await editor.initialize(ion)
    run = try #require(try await editor.call("workflow/execute", ["workflow": "w"])["runId"])
    #expect(await ready.line() == "up")
  }

  /// Lets the steps that wait go on, now or later.
  func goOn() { for _ in 0..<(hasThird ? 2 : 1) { answer.say("go on") } }
}
