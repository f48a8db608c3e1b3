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
    var lastSeq: Int64 = 0
    /// Whether `events/gap` was said and nothing has caught up since.
    var hasGap = false
  }

  let id: String
  let output: OutputMode
  private let codebase: Codebase
  private let run: RunID?
  private let kinds: Set<String>
  private let connection: Connection
  private let send: @Sendable (OutgoingNotification) -> Void
  private let pump: OutputPump
  private let state = Guarded(State())

  /// `kinds` are the methods that are wanted; empty wants all. `send` holds back what a request's answer must precede.
  init(
    id: String, workspace: Workspace, run: RunID?, connection: Connection, kinds: Set<String>, output: OutputMode,
    send: @escaping @Sendable (OutgoingNotification) -> Void
  ) {
    self.id = id
    self.output = output
    self.kinds = kinds
    self.connection = connection
    self.send = send
    self.run = run
    codebase = workspace.codebase
    pump = OutputPump(workspace: workspace, mode: output, connection: connection, send: send)
  }

  func deliver(_ notices: [StoredNotice], of codebase: CodebaseID?) {
    for notice in notices {
      guard let message = notice.notification(in: self.codebase) else { continue }
      guard kinds.isEmpty || kinds.contains(type(of: message).method) else { continue }
      let mayPush = state.withLock { state in
        guard !state.hasGap else { return false }
        if connection.isBackedUp {
          state.hasGap = true
        } else {
          state.lastSeq = notice.seq
        }
        return true
      }
      guard mayPush else { return }
      if state.withLock({ $0.hasGap }) { return sayGap() }
      send(OutgoingNotification(type(of: message).method, OpenRPCDocument.encoded(message)))
    }
  }

  private func sayGap() {
    let lastSeq = state.withLock { $0.lastSeq }
    send(
      OutgoingNotification(
        EventsGap.method,
        OpenRPCDocument.encoded(
          EventsGap(subscriptionId: id, codebaseId: codebase.id, runId: run, lastSeq: lastSeq))))
  }

  /// Whether the client was told of a gap; from now on it counts as closed.
  func takeGap() -> Bool {
    state.withLock { state in
      defer { state.hasGap = false }
      return state.hasGap
    }
  }

  func outputArrived(_ arrival: OutputArrival) { pump.take(arrival) }

  func end() { pump.end() }
}
