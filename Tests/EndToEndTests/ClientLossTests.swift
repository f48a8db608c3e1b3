import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@Suite(.timeLimit(.minutes(2))) struct ClientLossTests {
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
}

/// A client that writes frames by hand and doesn't read on its own.
private final class RawClient: Sendable {
  private let input: FileHandle
  private let output: FileHandle
  private let ended: AsyncStream<Int32>

  init(_ ion: BuiltIon) throws {
    let process = Process()
    process.executableURL = BuiltIon.program
    process.arguments = ["serve", "--stdio"]
    process.environment = ion.environment
    process.currentDirectoryURL = URL(filePath: ion.workspace.text)
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    let (ended, sink) = AsyncStream<Int32>.makeStream()
    process.terminationHandler = {
      sink.yield($0.terminationStatus)
      sink.finish()
    }
    try process.run()
    self.input = input.fileHandleForWriting
    self.output = output.fileHandleForReading
    self.ended = ended
  }

  /// Says hello and starts the workflow `w`.
  func begin(_ ion: BuiltIon) throws {
    let hello: JSONValue = [
      "processId": .null, "rootUri": .string("file://" + ion.workspace.text),
      "capabilities": ["experimental": ["ion": ["protocolVersion": 1]]],
    ]
    try send(["jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello])
    try send(["jsonrpc": "2.0", "method": "initialized", "params": [:]])
    try send(["jsonrpc": "2.0", "id": 2, "method": "workflow/execute", "params": ["workflow": "w"]])
  }

  private func send(_ message: JSONValue) throws {
    let body = message.serialized()
    try input.write(contentsOf: Data("Content-Length: \(body.count)\r\n\r\n".utf8) + Data(body))
  }

  func closeInput() { try? input.close() }
  func closeOutput() { try? output.close() }

  func exitCode() async -> Int32 { await ended.first { _ in true } ?? -1 }
}
