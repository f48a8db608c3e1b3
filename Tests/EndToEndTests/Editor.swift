import Foundation
import IonJSON
import IonRPC
import IonTestSupport
import IonWorkflow
import Logging

/// An editor that started `ion serve --stdio`: real pipes, a real process.
final class Editor: Sendable {
  let connection: Connection
  let heard: Heard
  let pid: Int32
  private let ended: AsyncStream<Int32>
  private let reading: Task<Void, Never>

  /// What the server said by itself.
  actor Heard {
    private var notifications: [(method: String, params: JSONValue)] = []
    private var watchers:
      [(isMet: @Sendable (String, JSONValue) -> Bool, continuation: CheckedContinuation<JSONValue?, Never>)] =
        []
    private var counters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    private var isOver = false

    func add(_ method: String, _ params: JSONValue) {
      notifications.append((method, params))
      let met = watchers.filter { $0.isMet(method, params) }
      watchers.removeAll { $0.isMet(method, params) }
      for watcher in met { watcher.continuation.resume(returning: params) }
      if method == Self.turn { tellCounters(params) }
    }

    /// Nothing more can come: who still waits learns that it never will.
    func end() {
      isOver = true
      for watcher in watchers { watcher.continuation.resume(returning: nil) }
      for counter in counters { counter.continuation.resume() }
      (watchers, counters) = ([], [])
    }

    /// The first notification that meets a condition, already heard or still to come; nil where it never comes.
    func first(where isMet: @escaping @Sendable (String, JSONValue) -> Bool) async -> JSONValue? {
      if let known = notifications.first(where: { isMet($0.method, $0.params) }) { return known.params }
      if isOver { return nil }
      return await withCheckedContinuation { watchers.append((isMet, $0)) }
    }

    /// Returns once so many turns of runs were told, a run has ended, or nothing more can come.
    func turns(_ count: Int) async {
      let isOver = notifications.contains { Self.isEnd($0.params) }
      guard !isOver, notifications.count(where: { $0.method == Self.turn }) < count, !self.isOver else { return }
      await withCheckedContinuation { counters.append((count, $0)) }
    }

    private static let turn = "workflow/progress"

    private static func isEnd(_ params: JSONValue) -> Bool {
      params["nodes"] != nil && params["status"] != "running" && params["status"] != "queued"
    }

    private func tellCounters(_ params: JSONValue) {
      let count = notifications.count { $0.method == Self.turn }
      let met = counters.filter { $0.count <= count || Self.isEnd(params) }
      counters.removeAll { $0.count <= count || Self.isEnd(params) }
      for counter in met { counter.continuation.resume() }
    }

    var all: [(method: String, params: JSONValue)] { notifications }
  }

  init(_ ion: BuiltIon) throws {
    let server = try ServerProcess(ion)
    pid = server.pid
    ended = server.ended
    let heard = Heard()
    self.heard = heard
    var table = HandlerTable()
    for method in Self.methods {
      table.onNotification(method, .serial) { params, _ in await heard.add(method, params ?? .null) }
    }
    let transport = Transport(
      input: dup(server.output.fileDescriptor), output: dup(server.input.fileDescriptor))
    try? server.input.close()
    try? server.output.close()
    let connection = try Connection(
      transport, handlers: table, logger: Logger(label: "editor") { _ in SwiftLogNoOpLogHandler() })
    self.connection = connection
    reading = Task {
      _ = await connection.run()
      await heard.end()
    }
  }

  private static let methods = [
    "workflow/progress", "workflow/message", "workflow/output", "workflow/didChange", "artifact/didChange",
    "events/gap", "run/didDelete", "$/progress", "window/showMessage",
  ]

  /// Says hello, as a client that knows Ion.
  @discardableResult
  func initialize(_ ion: BuiltIon) async throws -> JSONValue {
    let result = try await call(
      "initialize",
      [
        "processId": .null, "rootUri": .string("file://" + ion.workspace.text),
        "capabilities": ["experimental": ["ion": ["protocolVersion": 1]]],
      ])
    connection.notify("initialized", [:])
    return result
  }

  func call(_ method: String, _ params: JSONValue = [:]) async throws -> JSONValue {
    try await connection.call(method, params, within: .seconds(60))
  }

  /// Waits until a node of a run is told to have a status.
  func until(_ node: String, is status: String) async -> JSONValue? {
    await heard.first { method, params in
      method == "workflow/progress"
        && (params["nodes"]?.arrayValue ?? []).contains {
          $0["nodeId"]?.stringValue == node && $0["status"]?.stringValue == status
        }
    }
  }

  func kill(_ signal: Int32 = SIGKILL) { _ = Foundation.kill(pid, signal) }

  /// Ends as an editor does, and returns the exit code.
  func quit() async throws -> Int32 {
    _ = try await call("shutdown", .null)
    connection.notify("exit")
    return await exitCode()
  }

  /// Closes the connection without a word.
  func hangUp() { connection.close() }

  func exitCode() async -> Int32 {
    for await code in ended { return code }
    return -1
  }
}
