internal import Glibc
internal import IonEngine
internal import IonJSON
internal import IonLock
internal import IonRPC
internal import IonServer
internal import IonWorkflow
internal import Logging

/// The command line's own client: the same server and the same methods, over a connection within this process.
struct LocalClient: Sendable {
  private let connection: Connection
  private let served: Task<Void, Never>
  private let serving: Task<Void, Never>
  private let sink: AsyncStream<(method: String, params: JSONValue)>.Continuation
  /// Ion's notifications, in order.
  let notifications: AsyncStream<(method: String, params: JSONValue)>

  /// Starts a server on an engine and says hello to it.
  init(engine: Engine, root: AbsolutePath, logger: Logger) async throws(CommandFailure) {
    let (stream, sink) = AsyncStream<(method: String, params: JSONValue)>.makeStream()
    notifications = stream
    var table = HandlerTable()
    // The gate sees messages as they arrive: what came before an answer is in the stream before the answer is known.
    table.gate = { message in
      if message.id == nil { sink.yield((message.method, message.params ?? .null)) }
      return .pass
    }
    self.sink = sink
    do throws(TransportFailure) {
      let (ours, theirs) = Transport.localPair()
      let server = Server(engine: engine, version: Version.current, logger: logger)
      serving = Task {
        do throws(TransportFailure) {
          _ = try await server.run(theirs)
        } catch {
          Console.warn("the server could not start: \(error)")
        }
      }
      let connection = try Connection(ours, handlers: table, logger: logger)
      self.connection = connection
      served = Task {
        _ = await connection.run()
        sink.finish()
      }
    } catch {
      throw CommandFailure("Ion could not start: \(error)")
    }
    _ = try await raw(
      "initialize",
      [
        "processId": .integer(Int64(getpid())), "rootUri": .string(FileURI(root).description),
        "clientInfo": ["name": "ion", "version": .string(Version.current)],
        "capabilities": ["experimental": ["ion": ["protocolVersion": 1, "events": true]]],
      ])
    connection.notify("initialized", [:])
  }

  /// Sends a request by its type; members that are null are left out.
  func call<Request: ServedRequest>(
    _ request: Request.Type, _ params: JSONObject = [:]
  ) async throws(CommandFailure) -> Request.Result {
    let result = try await raw(request.method, params.withoutNulls)
    do { return try result.decode(at: "/result") } catch { throw CommandFailure("\(request.method): \(error)") }
  }

  private func raw(_ method: String, _ params: JSONValue) async throws(CommandFailure) -> JSONValue {
    do throws(CallFailure) {
      return try await connection.call(method, params, within: nil)
    } catch {
      switch error {
      case .refused(let error): throw CommandFailure(error)
      case .timedOut, .cancelled, .closed, .unencodable, .malformedResult:
        throw CommandFailure("\(method) got no answer: \(error)")
      }
    }
  }

  /// The method of the mark that `mark` puts among the notifications.
  static let markMethod = "$/mark"

  /// Puts a mark behind the notifications that have arrived.
  func mark() { sink.yield((Self.markMethod, .null)) }

  /// Says goodbye: what still runs is interrupted, and nothing is left behind.
  func close() async {
    do throws(CommandFailure) {
      _ = try await raw("shutdown", .null)
    } catch {
      Console.warn(error.message)
    }
    connection.notify("exit")
    await serving.value
    connection.close()
    await served.value
  }
}

extension JSONObject {
  fileprivate var withoutNulls: JSONValue { .object(JSONObject(uniqueMembers: members.filter { $0.value != .null })) }
}

extension JSONValue {
  /// A text, or null for nil.
  static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
}

/// Why a command did not do what was asked; shown on stderr.
struct CommandFailure: Error {
  var message: String
  var code: ExitStatus
  /// The `data` of the error that a method answered with.
  var data: JSONValue?

  init(_ message: String, code: ExitStatus = .failed, data: JSONValue? = nil) {
    self.message = message
    self.code = code
    self.data = data
  }
}

extension CommandFailure {
  /// What was asked for doesn't exist, or isn't taken: nothing was begun, and asking again changes nothing.
  private static let misuses: [ErrorKind] = [
    .workflowNotFound, .runNotFound, .nodeNotFound, .inputInvalid, .approvalNotFound,
  ]

  fileprivate init(_ error: WireError) {
    let kind = error.data?["kind"]?.stringValue
    let isMisuse = Self.misuses.contains { $0.rawValue == kind }
    self.init(error.message, code: isMisuse ? .usage : .failed, data: error.data)
  }
}

/// What the program's exit codes mean.
enum ExitStatus: Int32 {
  case succeeded = 0
  case failed = 1
  case usage = 2
  case awaitingApproval = 3
  case cancelled = 130
}
