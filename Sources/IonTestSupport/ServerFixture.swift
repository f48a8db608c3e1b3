public import IonEngine
public import IonJSON
public import IonServer
internal import IonWorkflow
internal import Logging

/// A server on a workspace of its own, and the client that talks to it.
public struct ServerFixture {
  public let fixture: EngineFixture
  public let client: WireClient

  /// `files` are written into the workspace first: relative path to text. `change` may change the server,
  /// which watches no files: a system has fewer watches than tests run at once.
  public init(
    files: [String: String] = [:], clock: any EngineClock = SystemClock(), clientProcess: Int32? = nil,
    pipeSize: Int32? = nil, folder: TemporaryFolder = TemporaryFolder("ion-server"),
    change: (inout Server) -> Void = { _ in }
  ) async throws {
    fixture = try await EngineFixture(files: files, clock: clock, folder: folder)
    var server = Self.server(fixture.engine)
    server.watchesWorkflows = false
    change(&server)
    client = try WireClient(server, clientProcess: clientProcess, pipeSize: pipeSize)
  }

  /// A server that logs nothing.
  public static func server(_ engine: Engine) -> Server {
    Server(engine: engine, version: "0.0.0-test", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  public var rootURI: JSONValue { .string("file://" + fixture.root.text) }

  /// Capabilities of a client that knows Ion.
  public static let ion: JSONValue = ["experimental": ["ion": ["protocolVersion": 1]]]

  /// Says hello, and returns the result; nil where it was refused.
  @discardableResult
  public func hello(_ capabilities: JSONValue = ion, _ more: JSONObject = [:]) async -> JSONValue? {
    var params: JSONObject = ["processId": .null, "rootUri": rootURI, "capabilities": capabilities]
    for member in more.members { params[member.key] = member.value }
    let answer = await client.call("initialize", .object(params))
    client.notify("initialized", [:])
    return answer?["result"]
  }

  /// Says goodbye, and returns the exit code.
  public func goodbye() async -> Int32? {
    _ = await client.call("shutdown")
    client.notify("exit")
    return await client.exitCode()
  }
}
