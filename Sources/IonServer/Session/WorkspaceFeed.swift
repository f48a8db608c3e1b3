internal import DequeModule
internal import IonEngine
internal import IonLock
internal import IonRPC
internal import IonStore
internal import IonWorkflow

/// What all subscriptions of a connection to one workspace share, so that an event and a piece of output reach the client
/// once, however many of them want it.
final class WorkspaceFeed: Sendable {
  /// What tells one event from another.
  private enum Key: Hashable {
    case kept(Int64)
    /// A run's last words, of each kind one, which have no number of their own.
    case lost(RunID, Int64, isProgress: Bool)
  }

  private struct Recent {
    var known: Set<Key> = []
    var order: Deque<Key> = []
  }

  /// How many events are remembered. Subscriptions get each event at nearly the same time.
  private static let memory = 4_096

  let workspace: Workspace
  let gate: ReplyGate
  let pump: OutputPump
  private let recent = Guarded(Recent())

  init(workspace: Workspace, gate: ReplyGate, pump: OutputPump) {
    self.workspace = workspace
    self.gate = gate
    self.pump = pump
  }

  /// Whether the caller is the first to send a live event to the client.
  func claim(_ notice: StoredNotice) -> Bool {
    let isProgress = if case .progress = notice.notice { true } else { false }
    let key: Key = notice.isKept ? .kept(notice.seq) : .lost(notice.run, notice.seq, isProgress: isProgress)
    return recent.withLock { recent in
      guard recent.known.insert(key).inserted else { return false }
      recent.order.append(key)
      if recent.order.count > Self.memory { recent.known.remove(recent.order.removeFirst()) }
      return true
    }
  }

  func end() { pump.end() }
}
