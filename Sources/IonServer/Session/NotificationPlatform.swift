internal import IonEngine
internal import IonJSON
internal import IonLock
internal import IonRPC
internal import IonStore
internal import IonWorkflow

/// The platform of clients that know Ion's notifications: durable ones in order, output as it comes.
///
/// Where a client lets too much wait, the subscription says `events/gap` once and stops pushing; `events/replay` brings
/// the client up to date, and pushing goes on. A run never waits for a client.
final class NotificationPlatform: WorkflowPlatform {
  private struct State {
    /// The last event that was pushed.
    var lastSeq: Int64
    var flow = Flow.open
    /// The last event whose nodes the output pump was told of.
    var notedSeq: Int64 = 0
    var sawEnd = false
    var isFinished = false
    var hasEnded = false
  }

  private enum Flow {
    case open
    /// `events/gap` was said, and nothing has caught up since.
    case broken
    /// The client caught up; what comes now is in the replay that is about to begin.
    case reopening
  }

  private enum Verdict { case push, skip, gap, stop }

  let id: String
  let run: RunID?
  let output: OutputMode
  private let kinds: Set<String>
  /// Events up to here are a replay that the client asked for, whatever it got before; later ones reach it once.
  private let liveAfter: Int64
  /// Whether nothing more is due once the run has ended.
  private let endsWithRun: Bool
  private let feed: WorkspaceFeed
  private let connection: Connection
  private let state: Guarded<State>

  /// `kinds` are the methods that are wanted; empty wants all.
  init(
    id: String, feed: WorkspaceFeed, run: RunID?, after seq: Int64, liveAfter: Int64, kinds: Set<String> = [],
    output: OutputMode, endsWithRun: Bool, connection: Connection
  ) {
    self.id = id
    self.run = run
    self.feed = feed
    self.kinds = kinds
    self.liveAfter = liveAfter
    self.endsWithRun = endsWithRun
    self.output = kinds.isEmpty || kinds.contains(WorkflowOutput.method) ? output : .none
    self.connection = connection
    state = Guarded(State(lastSeq: seq))
  }

  /// Whether the run has ended, and the client knows.
  var isFinished: Bool { state.withLock { $0.isFinished } }

  /// Whether the run's end is due, and hasn't come yet.
  var waitsForEnd: Bool { endsWithRun && state.withLock { !$0.sawEnd } }

  func deliver(_ notices: [StoredNotice], of codebase: CodebaseID?) {
    for notice in notices {
      noteOutput(of: notice)
      guard let message = notice.notification(in: feed.workspace.codebase) else { continue }
      let method = type(of: message).method
      switch verdict(on: notice, method) {
      case .push: feed.gate.send(OutgoingNotification(method, OpenRPCDocument.encoded(message)))
      case .skip: continue
      case .gap: sayGap()
      case .stop: return
      }
    }
    finish(after: notices)
  }

  private func verdict(on notice: StoredNotice, _ method: String) -> Verdict {
    let isBackedUp = connection.isBackedUp
    return state.withLock { state in
      guard !state.hasEnded else { return .stop }
      guard state.flow == .open, kinds.isEmpty || kinds.contains(method) else { return .skip }
      if isBackedUp {
        state.flow = .broken
        return .gap
      }
      state.lastSeq = notice.seq
      return notice.isKept && notice.seq <= liveAfter || feed.claim(notice) ? .push : .skip
    }
  }

  /// The run's last event is what it says to people about its end.
  private func finish(after notices: [StoredNotice]) {
    guard endsWithRun else { return }
    let isOver = notices.contains {
      if case .progress(let progress) = $0.notice { !progress.status.isLive } else { false }
    }
    let isMessage = if case .message? = notices.last?.notice { true } else { false }
    state.withLock { state in
      state.sawEnd = state.sawEnd || isOver
      state.isFinished = state.isFinished || (state.sawEnd && isMessage)
    }
  }

  /// Tells the client that it misses something.
  private func sayGap() {
    let lastSeq = state.withLock { $0.lastSeq }
    let gap = EventsGap(subscriptionId: id, codebaseId: feed.workspace.codebase.id, runId: run, lastSeq: lastSeq)
    feed.gate.send(OutgoingNotification(EventsGap.method, OpenRPCDocument.encoded(gap)))
  }

  /// Stops pushing because events can't be had now.
  func breakOff() {
    let isNews = state.withLock { state in
      defer { state.flow = .broken }
      return state.flow != .broken && !state.hasEnded
    }
    if isNews { sayGap() }
  }

  /// Begins to close a gap: nothing is said before `reopen()`. False where there is no gap.
  func beginCatchingUp(to seq: Int64) -> Bool {
    state.withLock { state in
      guard state.flow == .broken else { return false }
      state.flow = .reopening
      state.lastSeq = seq
      return true
    }
  }

  /// Goes on pushing: the live events that were passed over in the meantime come again, by replay.
  func reopen() {
    state.withLock { state in
      if state.flow == .reopening { state.flow = .open }
    }
  }

  // MARK: Output

  private func noteOutput(of notice: StoredNotice) {
    guard output != .none, notice.seq > liveAfter, case .progress(let progress) = notice.notice else { return }
    let isNews = state.withLock { state in
      defer { state.notedSeq = max(state.notedSeq, notice.seq) }
      return notice.seq > state.notedSeq && !state.hasEnded
    }
    guard isNews else { return }
    for node in progress.nodes { feed.pump.note(node, mode: output) }
  }

  func outputArrived(_ arrival: OutputArrival) {
    guard !state.withLock({ $0.hasEnded }) else { return }
    feed.pump.take(arrival, mode: output)
  }

  func outputIsHeard() { if output != .none { feed.pump.lookAgain() } }

  func end() { state.withLock { $0.hasEnded = true } }
}
