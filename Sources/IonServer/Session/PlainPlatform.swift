internal import IonEngine
internal import IonJSON
internal import IonRPC
internal import IonStore
internal import IonWorkflow

/// The platform of plain language-server clients: `$/progress` while a run goes, `window/showMessage` at its end.
///
/// A token is used once: begin, reports, end, whatever becomes of the run. Where the client made the token with its
/// request it is used as it is; else one is created where the client announced that it can, and nothing is sent on a
/// token that the client refused.
final class PlainPlatform: WorkflowPlatform {
  private let facts: AsyncStream<ProgressNotice>
  private let sink: AsyncStream<ProgressNotice>.Continuation
  private let task: Task<Void, Never>
  /// What the client knows the run's progress by.
  let token: JSONValue

  init(
    run: RunRecord, connection: Connection, context: RequestContext, workDoneToken: JSONValue?, mayCreateProgress: Bool
  ) {
    (facts, sink) = AsyncStream.makeStream()
    let token = workDoneToken ?? .string("ion/\(run.workflow)#\(run.number)")
    self.token = token
    let reporter = ProgressReporter(
      title: run.workflow, runID: run.id, total: run.counts.values.reduce(0, +), connection: connection,
      token: token, isGiven: workDoneToken != nil,
      mayCreate: mayCreateProgress)
    let (ready, answered) = AsyncStream<Void>.makeStream()
    context.afterReply { answered.finish() }
    task = Task { [facts] in
      for await _ in ready {}
      await reporter.report(facts)
    }
  }

  func deliver(_ notices: [StoredNotice], of codebase: CodebaseID?) {
    for case .progress(let progress) in notices.map(\.notice) {
      sink.yield(progress)
      if !progress.status.isLive { sink.finish() }
    }
  }

  func outputArrived(_ arrival: OutputArrival) {}

  func end() {
    sink.finish()
    task.cancel()
  }
}

/// Says over plain LSP how one run goes.
private struct ProgressReporter: Sendable {
  let title: String
  let runID: RunID
  let total: Int
  let connection: Connection
  let token: JSONValue
  let isGiven: Bool
  let mayCreate: Bool

  /// The first report comes after this time, so that a short run makes no noise.
  private static let firstAfter = Duration.milliseconds(250)
  private static let interval = Duration.milliseconds(100)

  func report(_ facts: AsyncStream<ProgressNotice>) async {
    let start = ContinuousClock.now
    var hasBegun = false
    var isRefused = !isGiven && !mayCreate
    var lastReport: ContinuousClock.Instant?
    var percent = 0
    for await progress in facts {
      percent = max(percent, share(progress))
      guard progress.status.isLive else {
        if hasBegun { send(["kind": "end", "message": .string(summary(progress))]) }
        return sayEnd(progress)
      }
      let now = ContinuousClock.now
      guard !isRefused, isGiven || now - start >= Self.firstAfter else { continue }
      if !hasBegun {
        isRefused = await !createToken()
        guard !isRefused else { continue }
        hasBegun = true
        send([
          "kind": "begin", "title": .string(title), "message": .string(summary(progress)), "cancellable": true,
          "percentage": .integer(Int64(percent)),
        ])
      } else if lastReport.map({ now - $0 >= Self.interval }) ?? true {
        lastReport = now
        send(["kind": "report", "message": .string(summary(progress)), "percentage": .integer(Int64(percent))])
      }
    }
    if hasBegun { send(["kind": "end"]) }
  }

  private func createToken() async -> Bool {
    if isGiven { return true }
    do {
      _ = try await connection.call("window/workDoneProgress/create", ["token": token], within: .seconds(2))
      return true
    } catch {
      return false
    }
  }

  private func send(_ value: JSONValue) { connection.notify("$/progress", ["token": token, "value": value]) }

  private func settled(_ progress: ProgressNotice) -> Int {
    progress.counts.reduce(0) { $0 + ((NodeStatus(rawValue: $1.key)?.isSettled ?? false) ? $1.value : 0) }
  }

  private func share(_ progress: ProgressNotice) -> Int { total == 0 ? 0 : min(100, settled(progress) * 100 / total) }

  private func summary(_ progress: ProgressNotice) -> String {
    let running = progress.nodes.filter { $0.status == .running }.map(\.node.rawValue)
    let tally = "\(settled(progress)) of \(total)"
    return running.isEmpty ? tally : "\(tally): \(running.prefix(3).joined(separator: ", "))"
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
      "window/showMessage", ["type": .integer(type), "message": .string("\(title) \(word) (run \(runID))\(reason)")])
  }
}
