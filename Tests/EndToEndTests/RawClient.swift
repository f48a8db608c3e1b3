import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow

/// A client that writes frames by hand and doesn't read on its own.
final class RawClient: Sendable {
  private let input: FileHandle
  private let output: FileHandle
  private let ended: AsyncStream<Int32>

  init(_ ion: BuiltIon) throws {
    let server = try ServerProcess(ion)
    input = server.input
    output = server.output
    ended = server.ended
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

  /// Sends bytes as they are; the server may be gone before it has read them all.
  func send(_ bytes: [UInt8]) { try? input.write(contentsOf: Data(bytes)) }

  private func send(_ message: JSONValue) throws {
    let body = message.serialized()
    try input.write(contentsOf: Data("Content-Length: \(body.count)\r\n\r\n".utf8) + Data(body))
  }

  func closeInput() { try? input.close() }
  func closeOutput() { try? output.close() }

  func exitCode() async -> Int32 { await ended.first { _ in true } ?? -1 }
}
