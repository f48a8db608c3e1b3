import Glibc
import IonJSON
import IonRPC
import Logging
import Testing

/// Two connections that talk to each other, both running.
struct Peers {
  let server: Connection
  let client: Connection
  let serverEnd: Task<CloseReason, Never>
  let clientEnd: Task<CloseReason, Never>

  init(
    framing: Framing = .contentLength, server handlers: HandlerTable,
    client clientHandlers: HandlerTable = HandlerTable(),
    limits: ConnectionLimits = ConnectionLimits()
  ) throws {
    let (serverSide, clientSide) = try Transport.pair(framing: framing)
    let server = try Connection(serverSide, handlers: handlers, limits: limits, logger: quietLogger)
    let client = try Connection(clientSide, handlers: clientHandlers, logger: quietLogger)
    self.server = server
    self.client = client
    serverEnd = Task { await server.run() }
    clientEnd = Task { await client.run() }
  }

  /// Closes the client's side and waits for both to end.
  func end() async -> (server: CloseReason, client: CloseReason) {
    client.close()
    return (await serverEnd.value, await clientEnd.value)
  }
}

let quietLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A signal between a test and its handlers.
struct Signal: Sendable {
  private let stream: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream() }

  func send() { continuation.yield() }

  /// Returns once per `send()`, also when the task is cancelled.
  func wait() async {
    var iterator = stream.makeAsyncIterator()
    await iterator.next()
  }
}
