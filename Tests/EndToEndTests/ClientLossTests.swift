import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@Suite(.timeLimit(.minutes(10))) struct ClientLossTests {
  @Test func closedConnectionInterruptsTheRunAndEndsTheProgram() async throws {
    let ion = BuiltIon(files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: sleep 1000}]\n"])
    let editor = try Editor(ion)
    try await editor.initialize(ion)
    let run = try #require(try await editor.call("workflow/execute", ["workflow": "w"])["runId"]?.stringValue)
    #expect(await editor.until("a", is: "running") != nil)
    editor.hangUp()
    #expect(await editor.exitCode() == 1)
    #expect(ion.processesOfSteps().isEmpty)
    #expect(try await ion.status(of: run) == "interrupted")
  }

  /// A client that reads nothing: the run goes on, and the server ends with its input.
  @Test func clientThatReadsNothingHoldsUpNoRun() async throws {
    let ion = BuiltIon()
    let ready = Rendezvous(ion, "ready")
    ion.folder.write(
      """
      name: w
      nodes:
        - id: noisy
          bash: head -c 20000000 /dev/zero | tr '\\0' 'x' | fold -w 100
        - id: last
          depends_on: [noisy]
          bash: echo done > \(ready.path)
      """, to: "workspace/.ion/workflows/w.yaml")
    let client = try RawClient(ion)
    try client.begin(ion)
    #expect(await ready.line() == "done")
    client.closeInput()
    #expect(await client.exitCode() == 1)
    #expect(ion.processesOfSteps().isEmpty)
  }

  @Test func clientThatClosesItsEarsEndsTheServerAndItsRuns() async throws {
    let ion = BuiltIon()
    let ready = Rendezvous(ion, "ready")
    ion.folder.write(
      """
      name: w
      nodes:
        - id: talker
          bash: echo up > \(ready.path); while echo still here; do sleep 0.05; done
      """, to: "workspace/.ion/workflows/w.yaml")
    let client = try RawClient(ion)
    try client.begin(ion)
    #expect(await ready.line() == "up")
    client.closeOutput()
    #expect(await client.exitCode() == 1)
    #expect(ion.processesOfSteps().isEmpty)
    let listed = try await ion.run("runs", "--json")
    let runs = try JSONParser().parse(listed.output)["runs"]?.arrayValue ?? []
    #expect(runs.map { $0["status"] } == ["interrupted"])
  }

  /// `ion run w | head -1`: the run goes on without somebody to show it to.
  @Test func commandWhosePipeIsClosedBringsItsRunToAnEnd() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: 'seq 10000; echo end > end.txt'}]\n"
    ])
    let command = try ion.start(["run", "w"])
    try command.output.fileHandleForReading.close()
    for await _ in command.ended {}
    #expect(command.process.terminationReason == .exit)
    #expect(ion.folder.read("workspace/end.txt") == "end\n")
    let listed = try await ion.run("runs", "--json")
    #expect(listed.output.contains("\"status\":\"succeeded\""))
  }

  /// Standard output without room is an error that is told, not a success.
  @Test(arguments: [["run", "w"], ["list"], ["runs", "--json"]])
  func commandThatCanNotWriteSaysSo(_ arguments: [String]) async throws {
    let ion = BuiltIon(files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: echo hi}]\n"])
    let command = try ion.start(arguments, output: FileHandle(forWritingTo: URL(filePath: "/dev/full")))
    let outcome = try await command.end()
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("stdout can't be written: No space left on device"))
  }

  static let garbage: [(name: String, bytes: [UInt8])] = [
    ("random", (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 197 &+ $0 >> 3) }),
    ("4 GB", Array("Content-Length: 4294967296\r\n\r\n{}".utf8)),
    ("negative", Array("Content-Length: -5\r\n\r\n{}".utf8)),
    ("header without end", Array(String(repeating: "x", count: 100_000).utf8)),
    ("cut", Array("Content-Length: 5000\r\n\r\n{".utf8)),
    ("deep", frame(String(repeating: "[", count: 20_000))),
    ("batch", frame("[" + String(repeating: "1,", count: 100_000) + "1]")),
    ("NUL", frame("\u{0}")),
  ]

  private static func frame(_ body: String) -> [UInt8] {
    Array("Content-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
  }

  /// A run goes on through any garbage that leaves the frames in step, and is interrupted in order by all other.
  @Test(arguments: garbage.indices) func garbageEndsNothingButTheConnection(_ index: Int) async throws {
    let ion = BuiltIon()
    let ready = Rendezvous(ion, "ready")
    ion.folder.write(
      "name: w\nnodes: [{id: a, bash: 'echo up > \(ready.path); sleep 1000'}]\n", to: "workspace/.ion/workflows/w.yaml")
    let client = try RawClient(ion)
    try client.begin(ion)
    #expect(await ready.line() == "up")
    client.send(Self.garbage[index].bytes)
    client.closeInput()
    #expect(await client.exitCode() == 1, "\(Self.garbage[index].name)")
    #expect(ion.processesOfSteps().isEmpty)
    let listed = try await ion.run("runs", "--json")
    #expect(try JSONParser().parse(listed.output)["runs"]?.arrayValue?.map { $0["status"] } == ["interrupted"])
  }
}
