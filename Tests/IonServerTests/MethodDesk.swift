import IonAgents
import IonEngine
import IonJSON
import IonRPC
import IonTestSupport
import IonWorkflow
import Logging

@testable import IonServer

/// Handlers on a real engine, asked as the dispatch asks them but without a connection.
struct MethodDesk {
  let fixture: EngineFixture
  let session: Session

  /// `files` are written into the workspace first: relative path to text.
  init(
    files: [String: String] = [:], agents: [any AgentProvider] = [], builtins: Bool = false,
    folder: TemporaryFolder = TemporaryFolder("ion-methods")
  ) async throws {
    fixture = try await EngineFixture(files: files, agents: agents, builtins: builtins, folder: folder)
    session = Session(
      Server(
        engine: fixture.engine, version: "0.0.0-test", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
  }

  /// A workspace with one workflow `w`, from the YAML of its nodes.
  init(nodes: String) async throws { try await self.init(files: Self.files(nodes)) }

  static func files(_ nodes: String, name: String = "w") -> [String: String] {
    [".ion/workflows/\(name).yaml": "name: \(name)\nnodes:\n\(nodes)\n"]
  }

  var root: AbsolutePath { fixture.root }
  var codebase: Codebase { fixture.workspace.codebase }
  var folder: TemporaryFolder { fixture.folder }

  func uri(_ relative: String) -> JSONValue { .string(FileURI(root.appending(relative)).description) }

  /// The answer as JSON.
  func json<Request: ServedRequest>(_ request: Request.Type, _ params: JSONValue = [:]) async throws -> JSONValue {
    try await request.answer(params, in: session)
  }

  /// The answer, read back from its JSON.
  func call<Request: ServedRequest>(
    _ request: Request.Type, _ params: JSONValue = [:]
  ) async throws -> Request.Result {
    try await json(request, params).decode()
  }

  /// The error that a request is refused with; nil where it is answered.
  func refusal<Request: ServedRequest>(_ request: Request.Type, _ params: JSONValue = [:]) async -> WireError? {
    do throws(WireError) {
      _ = try await request.answer(params, in: session)
      return nil
    } catch {
      return error
    }
  }

  /// Starts the workflow `w` and waits for its end.
  func run(_ params: JSONObject = [:]) async throws -> RunShape {
    var params = params
    if params["workflow"] == nil, params["uri"] == nil { params["workflow"] = "w" }
    let started = try await call(ExecuteWorkflow.self, .object(params))
    return try await end(of: started.runId)
  }

  /// Starts the workflow `w`, with the fixture's platform subscribed to its run.
  func start(_ params: JSONObject = [:]) async throws -> RunID {
    var params = params
    params["workflow"] = "w"
    let run = try await call(ExecuteWorkflow.self, .object(params)).runId
    _ = try await fixture.workspace.subscribe(fixture.platform, run: run, after: 0, output: true)
    return run
  }

  /// Lets the steps go on that wait for it (`waiting`).
  func letGo() { folder.write("", to: "workspace/go") }

  /// What a step waits with until `letGo`.
  static let waiting = "until test -e go; do sleep 0.02; done"

  func end(of run: RunID) async throws -> RunShape {
    try await call(WaitForWorkflow.self, ["runId": .string(run.rawValue)]).first
  }
}

extension WireError {
  /// `data.kind` of an error of Ion's own domain; nil for any other.
  var kind: String? { code == WireError.Code.requestFailed ? data?["kind"]?.stringValue : nil }
  /// `data.path`.
  var path: String? { data?["path"]?.stringValue }
}

extension RunID {
  var json: JSONValue { .string(rawValue) }
}
