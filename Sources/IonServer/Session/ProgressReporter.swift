internal import IonEngine
internal import IonJSON
internal import IonRPC
internal import IonStore
internal import IonWorkflow

/// Says over plain LSP how one run goes.
struct ProgressReporter: Sendable {
  /// Where the token comes from.
  enum TokenSource: Sendable {
    /// It came with the request.
    case client
    /// It has to be created first.
    case server
    /// The client shows no progress.
    case none
  }

  let title: String
  let run: RunID
  let connection: Connection
  let token: JSONValue
  let source: TokenSource
  let clock: any EngineClock
  let news: RunNews

  /// The first report comes after this time, so that a short run makes no noise.
  static let firstAfter = Duration.milliseconds(250)
  static let interval = Duration.milliseconds(100)
  /// How long the client may take to accept a token.
  static let patience = Duration.seconds(2)

  /// Reports until the run has ended or the task is cancelled.
  func report() async {
    if source == .server { await news.pause(Self.firstAfter, clock) }
    if await mayShow() {
      var said = send("begin", ["title": .string(title), "cancellable": true])
      await news.pause(Self.interval, clock)
      for await _ in news.changes where !news.hasEnded && news.summary.text != said {
        said = send("report")
        await news.pause(Self.interval, clock)
      }
      _ = send("end")
    } else {
      for await _ in news.changes {}
    }
    if let latest = news.summary.latest, !latest.status.isLive { sayEnd(latest) }
  }

  /// Whether there is a token to speak on. A run that is over by now needs none.
  private func mayShow() async -> Bool {
    switch source {
    case .client: return true
    case .server: return !news.hasEnded && !Task.isCancelled ? await createToken() : false
    case .none: return false
    }
  }

  /// Whether the client accepted the token. An answer that comes late counts as none.
  private func createToken() async -> Bool {
    do {
      _ = try await connection.call("window/workDoneProgress/create", ["token": token], within: Self.patience)
      return true
    } catch {
      return false
    }
  }

  /// Returns what it said.
  private func send(_ kind: String, _ members: JSONObject = [:]) -> String {
    let summary = news.summary
    var value: JSONObject = ["kind": .string(kind)]
    for member in members.members { value[member.key] = member.value }
    if summary.latest != nil { value["message"] = .string(summary.text) }
    if kind != "end" { value["percentage"] = summary.percent.map { .integer(Int64($0)) } }
    let params: JSONValue = ["token": token, "value": .object(value)]
    let key = "progress \(token)"
    connection.send(
      OutgoingNotification("$/progress", params, policy: kind == "report" ? .latest(key: key, merge: nil) : .durable))
    return summary.text
  }

  private func sayEnd(_ progress: ProgressNotice) {
    let (type, word): (Int64, String) =
      switch progress.status {
      case .succeeded: (3, "succeeded")
      case .failed: (1, "failed")
      case .cancelled: (2, "was cancelled")
      case .interrupted: (2, "was interrupted")
      case .queued, .running, .awaitingApproval, .paused: (4, progress.status.rawValue)
      }
    let reason = progress.error.map { ": \($0)" } ?? ""
    connection.notify(
      "window/showMessage", ["type": .integer(type), "message": .string("\(title) \(word) (run \(run))\(reason)")])
  }
}
