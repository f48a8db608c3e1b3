internal import IonEngine
internal import IonJSON
internal import IonLock
internal import IonRPC
internal import IonStore
internal import IonWorkflow

/// The platform of plain language-server clients: `$/progress` while a run goes, `window/showMessage` at its end.
///
/// A token is used once: begin, reports, end, whatever becomes of the run. Where the client made the token with its
/// request it is used as it is; else one is created where the client announced that it can, and nothing is sent on a
/// token that the client refused.
final class PlainPlatform: WorkflowPlatform {
  /// What the client knows the run's progress by.
  let token: JSONValue
  private let news: RunNews
  private let task: Task<Void, Never>

  /// Says nothing before the request that set the run going is answered; nil where none did.
  init(
    run: RunRecord, token: JSONValue, isGiven: Bool, mayCreate: Bool, connection: Connection,
    behind context: RequestContext?, clock: any EngineClock
  ) {
    self.token = token
    let news = RunNews()
    self.news = news
    news.take(ProgressNotice(run))
    let reporter = ProgressReporter(
      title: run.workflow, run: run.id, connection: connection, token: token,
      source: isGiven ? .client : mayCreate ? .server : .none, clock: clock, news: news)
    let (answered, sink) = AsyncStream<Never>.makeStream()
    if let context { context.afterReply { sink.finish() } } else { sink.finish() }
    task = Task {
      for await _ in answered {}
      await reporter.report()
    }
  }

  /// Whether the run has ended, as far as this connection was told.
  var isFinished: Bool { news.hasEnded }

  func deliver(_ notices: [StoredNotice], of codebase: CodebaseID?) {
    for case .progress(let progress) in notices.map(\.notice) { news.take(progress) }
  }

  func outputArrived(_ arrival: OutputArrival) {}

  /// Says the end of a progress that has begun, and nothing more.
  func end() { task.cancel() }
}

extension ProgressNotice {
  /// How a run stands when somebody begins to follow it, which may be after its end.
  fileprivate init(_ run: RunRecord) {
    let counts = Dictionary(uniqueKeysWithValues: run.counts.map { ($0.key.rawValue, $0.value) })
    self.init(
      status: run.status, attempt: run.attempt, counts: counts, nodes: [], error: run.error,
      time: run.endedAt ?? run.createdAt)
  }
}

/// The newest word of a run, for one who looks at it now and then.
final class RunNews: Sendable {
  private struct State {
    var latest: ProgressNotice?
    var running: Set<NodeID> = []
    var percent = 0
  }

  /// How a run stands, as people read it.
  struct Summary: Sendable {
    /// `2 of 5: build, test`.
    var text: String
    /// Never falls; nil where there is nothing to count.
    var percent: Int?
    /// Nil before the first word.
    var latest: ProgressNotice?
  }

  /// Has an element when there is news, and ends with the run.
  let changes: AsyncStream<Void>
  private let end = Ending()
  private let changed: AsyncStream<Void>.Continuation
  private let state = Guarded(State())

  init() {
    (changes, changed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  var hasEnded: Bool { state.withLock { $0.latest.map { !$0.status.isLive } ?? false } }

  func take(_ progress: ProgressNotice) {
    let isOver = state.withLock { state in
      // An end is final: this platform follows one attempt of the run.
      guard state.latest?.status.isLive ?? true else { return true }
      state.latest = progress
      for node in progress.nodes {
        if node.status == .running { state.running.insert(node.node) } else { state.running.remove(node.node) }
      }
      return !progress.status.isLive
    }
    if isOver {
      changed.finish()
      end.happen()
    } else {
      changed.yield()
    }
  }

  /// Returns after the time, or when the run has ended.
  func pause(_ time: Duration, _ clock: any EngineClock) async {
    await end.cutShort {
      do { try await clock.sleep(for: time) } catch { return }
    }
  }

  var summary: Summary {
    state.withLock { state in
      guard let latest = state.latest else { return Summary(text: "", percent: nil, latest: nil) }
      let total = latest.counts.values.reduce(0, +)
      let settled = latest.counts.reduce(0) { sum, entry in
        NodeStatus(rawValue: entry.key)?.isSettled ?? false ? sum + entry.value : sum
      }
      if total > 0 { state.percent = max(state.percent, min(100, settled * 100 / total)) }
      let running = state.running.map(\.rawValue).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      let names = running.prefix(3).joined(separator: ", ") + (running.count > 3 ? ", …" : "")
      let tally = "\(settled) of \(total)"
      return Summary(
        text: names.isEmpty ? tally : "\(tally): \(names)", percent: total > 0 ? state.percent : nil, latest: latest)
    }
  }
}
