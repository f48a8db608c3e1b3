import Foundation
import IonJSON
import IonRPC
import Logging
import Testing

/// Two connections that talk to each other, both running.
struct Peers {
  let server: Connection
  let client: Connection
  private let serverEnd: Task<CloseReason, Never>
  private let clientEnd: Task<CloseReason, Never>

  init(
    framing: Framing = .contentLength, server handlers: HandlerTable,
    client clientHandlers: HandlerTable = HandlerTable(), limits: ConnectionLimits = .patient
  ) throws {
    try self.init(
      over: Transport.pair(framing: framing), server: handlers, client: clientHandlers, limits: limits)
  }

  init(
    over ways: (Transport, Transport), server handlers: HandlerTable, client clientHandlers: HandlerTable,
    limits: ConnectionLimits = .patient
  ) throws {
    let (serverSide, clientSide) = ways
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

extension ConnectionLimits {
  /// The usual limits, with so much time that a loaded machine makes no difference.
  static var patient: ConnectionLimits {
    var limits = ConnectionLimits()
    limits.drainTime = .seconds(300)
    limits.cancelTime = .seconds(300)
    limits.flushTime = .seconds(300)
    return limits
  }
}

/// A running connection, and its peer as bare pipes: what is written is exactly what the test says.
final class RawPeer {
  let connection: Connection
  private let end: Task<CloseReason, Never>
  private var toConnection: FileHandle?
  private var fromConnection: FileHandle?
  private var replies: AsyncStream<Message>.AsyncIterator?

  init(
    _ handlers: HandlerTable, limits: ConnectionLimits = .patient, framing: Framing = .contentLength
  ) throws {
    let (there, back) = (Pipe(), Pipe())
    let transport = Transport(
      input: dup(there.fileHandleForReading.fileDescriptor), output: dup(back.fileHandleForWriting.fileDescriptor),
      framing: framing)
    try there.fileHandleForReading.close()
    try back.fileHandleForWriting.close()
    toConnection = there.fileHandleForWriting
    fromConnection = back.fileHandleForReading
    let connection = try Connection(transport, handlers: handlers, limits: limits, logger: quietLogger)
    self.connection = connection
    end = Task { await connection.run() }
  }

  /// Writes bytes as they are; at most what a pipe holds.
  func send(bytes: [UInt8]) throws { try toConnection?.write(contentsOf: Data(bytes)) }

  /// Frames the texts and writes them in one piece.
  func send(_ texts: String...) throws { try send(bytes: texts.flatMap(Self.frame)) }

  static func frame(_ text: String) -> [UInt8] { Array("Content-Length: \(text.utf8.count)\r\n\r\n\(text)".utf8) }

  static func request(_ id: Int, _ method: String, _ params: String = "{}") -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(params)}"#
  }

  static func notification(_ method: String, _ params: String = "{}") -> String {
    #"{"jsonrpc":"2.0","method":"\#(method)","params":\#(params)}"#
  }

  static func cancel(_ id: Int) -> String { notification("$/cancelRequest", #"{"id":\#(id)}"#) }

  /// The connection sees the end of its input.
  func closeInput() throws {
    try toConnection?.close()
    toConnection = nil
  }

  /// The connection finds that nobody reads what it writes.
  func closeOutput() throws {
    try fromConnection?.close()
    fromConnection = nil
  }

  /// The next message of the connection, nil at its end. Nothing is read before the first call.
  func next() async -> Message? {
    if replies == nil { replies = startReading() }
    return await replies?.next(isolation: #isolation)
  }

  /// The messages up to the end.
  func rest() async -> [Message] {
    var messages: [Message] = []
    while let message = await next() { messages.append(message) }
    return messages
  }

  func reason() async -> CloseReason { await end.value }

  private func startReading() -> AsyncStream<Message>.AsyncIterator {
    let (stream, continuation) = AsyncStream<Message>.makeStream()
    guard let descriptor = fromConnection.map({ dup($0.fileDescriptor) }) else { return stream.makeAsyncIterator() }
    Thread.detachNewThread {
      var decoder = FrameDecoder()
      let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      while case let data = file.availableData, !data.isEmpty {
        decoder.push(Array(data))
        while let output = decoder.next() {
          guard case .body(let body) = output else { continue }
          continuation.yield(Message(body: body))
        }
      }
      continuation.finish()
    }
    return stream.makeAsyncIterator()
  }
}

/// What happened, in order, from wherever it was told.
actor Journal {
  private(set) var entries: [String] = []
  private var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

  func note(_ entry: String) {
    entries.append(entry)
    waiters.removeAll { waiter in
      guard entries.count >= waiter.count else { return false }
      waiter.continuation.resume()
      return true
    }
  }

  /// Returns once there are that many entries.
  func wait(for count: Int) async {
    guard entries.count < count else { return }
    await withCheckedContinuation { waiters.append((count, $0)) }
  }
}

/// Holds a handler up until the test lets it go.
struct Barrier: Sendable {
  private let stream: AsyncStream<Never>
  private let continuation: AsyncStream<Never>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream() }

  func open() { continuation.finish() }

  /// Returns once it is open, at once when the task is cancelled.
  func wait() async { for await _ in stream {} }
}

extension Message {
  /// The request's id of a response, "-" for others.
  var answeredID: String { if case .response(let id?, _) = self { id.description } else { "-" } }

  var result: JSONValue? { if case .response(_, .success(let result)) = self { result } else { nil } }

  var error: WireError? { if case .response(_, .failure(let error)) = self { error } else { nil } }

  var method: String? { if case .notification(let method, _) = self { method } else { nil } }
}
