import Foundation
import IonWorkflow

/// `ion serve --stdio` as an editor starts it: two pipes, and its end.
struct ServerProcess {
  let pid: Int32
  /// Read by the server.
  let input: FileHandle
  /// Written by the server.
  let output: FileHandle
  /// Has the exit status once it is over.
  let ended: AsyncStream<Int32>

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
    pid = process.processIdentifier
    self.input = input.fileHandleForWriting
    self.output = output.fileHandleForReading
    self.ended = ended
  }
}
