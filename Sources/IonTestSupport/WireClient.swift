internal import Foundation
internal import Glibc
public import IonJSON
internal import IonLock
public import IonRPC
public import IonServer

/// A client of a server in this process, as bare pipes: what is written is exactly what the test says, and what comes is
/// seen message by message, in order. Nothing is read before it is asked for.
public final class WireClient {
  /// One message of a conversation.
  public struct Line: Hashable, Sendable {
    public enum Direction: String, Sendable { case request = "→", reply = "←", notification = "~" }

    public var direction: Direction
    public var message: JSONValue

    public init(_ direction: Direction, _ message: JSONValue) {
      self.direction = direction
      self.message = message
    }
  }

  /// Everything that was said so far, in order.
  public private(set) var log: [Line] = []
  /// Requests of the server's that wait for the test to answer them.
  public private(set) var asked: [JSONValue] = []
  private let end: Task<Int32?, Never>
  private let reader: PipeReader
  private var output: Int32
  private var nextID: Int64 = 1
  private var isOver = false
  /// `F_SETPIPE_SZ` of Linux, which the C library only shows to GNU programs.
  private static let setPipeSize: Int32 = 1031

  /// Starts the server on two pipes. `pipeSize` bytes at most wait in each; nil leaves it to the system.
  public init(pipeSize: Int32? = nil, _ serve: @escaping @Sendable (Transport) async throws -> Int32) throws {
    var there: [Int32] = [-1, -1]
    var back: [Int32] = [-1, -1]
    guard pipe(&there) == 0, pipe(&back) == 0 else { throw TransportFailure(errorNumber: errno) }
    for end in there + back { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    if let pipeSize { for end in [there[0], back[0]] { _ = fcntl(end, Self.setPipeSize, pipeSize) } }
    signal(SIGPIPE, SIG_IGN)
    output = there[1]
    reader = PipeReader(back[0])
    let transport = Transport(input: there[0], output: back[1])
    end = Task {
      do {
        return try await serve(transport)
      } catch {
        return nil
      }
    }
  }

  public convenience init(_ server: Server, clientProcess: Int32? = nil, pipeSize: Int32? = nil) throws {
    try self.init(pipeSize: pipeSize) { try await server.run($0, clientProcess: clientProcess) }
  }

  deinit { closeInput() }

  // MARK: Saying

  /// Writes bytes as they are; at most what a pipe holds, unless the server reads.
  public func send(bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Frames texts and writes them in one piece.
  public func send(_ bodies: String...) { send(bytes: bodies.flatMap { Self.frame(Array($0.utf8)) }) }

  /// Frames messages and writes them in one piece.
  public func send(_ messages: JSONValue...) {
    for message in messages { log.append(Line(.request, message)) }
    send(bytes: messages.flatMap { Self.frame($0.serialized()) })
  }

  /// A body behind its header.
  public static func frame(_ body: [UInt8]) -> [UInt8] { Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body }

  /// A request as it is sent; nil params are left out.
  public static func request(_ id: JSONValue, _ method: String, _ params: JSONValue? = nil) -> JSONValue {
    var message: JSONObject = ["jsonrpc": "2.0", "id": id, "method": .string(method)]
    message["params"] = params
    return .object(message)
  }

  /// A notification as it is sent; nil params are left out.
  public static func notification(_ method: String, _ params: JSONValue? = nil) -> JSONValue {
    var message: JSONObject = ["jsonrpc": "2.0", "method": .string(method)]
    message["params"] = params
    return .object(message)
  }

  /// Sends a notification.
  public func notify(_ method: String, _ params: JSONValue? = nil) { send(Self.notification(method, params)) }

  /// Sends a request, and returns its id.
  @discardableResult
  public func begin(_ method: String, _ params: JSONValue? = nil) -> JSONValue {
    defer { nextID += 1 }
    send(Self.request(.integer(nextID), method, params))
    return .integer(nextID)
  }

  /// Answers a request of the server's.
  public func reply(to request: JSONValue, _ result: JSONValue = .null) {
    send(["jsonrpc": "2.0", "id": request["id"] ?? .null, "result": result])
  }

  /// Refuses a request of the server's.
  public func refuse(_ request: JSONValue, code: Int64 = -32601) {
    send(["jsonrpc": "2.0", "id": request["id"] ?? .null, "error": ["code": .integer(code), "message": "no"]])
  }

  /// The server sees the end of its input.
  public func closeInput() {
    if output >= 0 { close(output) }
    output = -1
  }

  // MARK: Hearing

  /// The server's next message; nil at the end.
  public func next() async -> JSONValue? {
    guard !isOver, let message = await reader.next() else {
      isOver = true
      return nil
    }
    let isRequest = message["method"] != nil && message["id"] != nil
    log.append(Line(message["method"] == nil ? .reply : .notification, message))
    if isRequest { asked.append(message) }
    return message
  }

  /// The first message from here on that meets a condition; nil where it never comes.
  public func next(where isMet: (JSONValue) -> Bool) async -> JSONValue? {
    while let message = await next() {
      if isMet(message) { return message }
    }
    return nil
  }

  /// The next notification or request of a method.
  public func next(_ method: String) async -> JSONValue? { await next { $0["method"]?.stringValue == method } }

  /// The first notification or request of a method, heard already or still to come; nil where it never comes.
  public func first(_ method: String) async -> JSONValue? {
    let isMet = { (message: JSONValue) in message["method"]?.stringValue == method }
    if let known = log.first(where: { $0.direction == .notification && isMet($0.message) }) { return known.message }
    return await next(where: isMet)
  }

  /// The answer to a request, heard already or still to come; nil where it never comes.
  public func answer(to id: JSONValue) async -> JSONValue? {
    let isAnswer = { (message: JSONValue) in message["method"] == nil && message["id"] == id }
    if let known = log.last(where: { $0.direction == .reply && isAnswer($0.message) }) { return known.message }
    return await next(where: isAnswer)
  }

  /// Sends a request and waits for its answer.
  public func call(_ method: String, _ params: JSONValue? = nil) async -> JSONValue? {
    await answer(to: begin(method, params))
  }

  /// Everything that comes until the end.
  public func rest() async -> [JSONValue] {
    var messages: [JSONValue] = []
    while let message = await next() { messages.append(message) }
    return messages
  }

  /// What the server notified of so far by a method: the params.
  public func heard(_ method: String) -> [JSONValue] {
    log.filter { $0.direction == .notification && $0.message["method"]?.stringValue == method }
      .map { $0.message["params"] ?? .null }
  }

  /// The server's exit code; nil where it failed.
  public func exitCode() async -> Int32? { await end.value }
}

/// Reads frames from a pipe on a thread of its own, as many as are asked for.
private final class PipeReader: Sendable {
  private struct State {
    var wanted: [CheckedContinuation<JSONValue?, Never>] = []
    var isClosed = false
  }

  private let state = Monitor(State())

  init(_ descriptor: Int32) {
    Thread.detachNewThread { [state] in
      var source = FrameSource(descriptor: descriptor)
      while let waiter = Self.waiter(state) { waiter.resume(returning: source.next()) }
      close(descriptor)
    }
  }

  deinit { state.signal { $0.isClosed = true } }

  func next() async -> JSONValue? {
    await withCheckedContinuation { continuation in state.signal { $0.wanted.append(continuation) } }
  }

  /// Blocks until somebody wants a message; nil when nobody will.
  private static func waiter(_ state: Monitor<State>) -> CheckedContinuation<JSONValue?, Never>? {
    state.wait { state -> CheckedContinuation<JSONValue?, Never>?? in
      if !state.wanted.isEmpty { return .some(state.wanted.removeFirst()) }
      return state.isClosed ? .some(nil) : nil
    }
  }
}

/// Cuts what is read from a descriptor into messages.
private struct FrameSource {
  let descriptor: Int32
  private var decoder = FrameDecoder()
  private var chunk = [UInt8](repeating: 0, count: 64 * 1024)

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Blocks until there is a message; nil at the end, or where something comes that is none.
  mutating func next() -> JSONValue? {
    while true {
      switch decoder.next() {
      case .body(let body):
        do { return try JSONParser().parse(body) } catch { return nil }
      case .fault: return nil
      case nil: break
      }
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      decoder.push(Array(chunk[..<count]))
    }
  }
}
