public import IonEngine
internal import IonLock
public import IonStore
public import IonWorkflow

/// A platform that keeps what it is told, and lets a test wait for something among it.
public final class RecordingPlatform: WorkflowPlatform {
  private struct Watcher {
    var isMet: @Sendable ([StoredNotice]) -> Bool
    var continuation: CheckedContinuation<Void, Never>
  }

  private struct Contents {
    var notices: [StoredNotice] = []
    var arrivals: [OutputArrival] = []
    var watchers: [Watcher] = []
  }

  private let contents = Guarded(Contents())

  public init() {}

  public func deliver(_ notices: [StoredNotice], of codebase: CodebaseID?) {
    let met = contents.withLock { contents in
      contents.notices += notices
      let all = contents.notices
      let met = contents.watchers.filter { $0.isMet(all) }.map(\.continuation)
      contents.watchers.removeAll { $0.isMet(all) }
      return met
    }
    for continuation in met { continuation.resume() }
  }

  public func outputArrived(_ arrival: OutputArrival) {
    contents.withLock { $0.arrivals.append(arrival) }
  }

  public var notices: [StoredNotice] { contents.withLock { $0.notices } }
  public var arrivals: [OutputArrival] { contents.withLock { $0.arrivals } }

  /// The progress notices among what was told.
  public var progress: [ProgressNotice] {
    notices.compactMap { if case .progress(let progress) = $0.notice { progress } else { nil } }
  }

  /// The messages among what was told.
  public var messages: [String] {
    notices.compactMap { if case .message(_, let text) = $0.notice { text } else { nil } }
  }

  /// Returns once what was told meets the condition.
  public func until(_ isMet: @escaping @Sendable ([StoredNotice]) -> Bool) async {
    await withCheckedContinuation { continuation in
      let isOver = contents.withLock { contents in
        if isMet(contents.notices) { return true }
        contents.watchers.append(Watcher(isMet: isMet, continuation: continuation))
        return false
      }
      if isOver { continuation.resume() }
    }
  }

  /// Returns once a node was told to have a status.
  public func until(_ node: NodeID, is status: NodeStatus) async {
    await until { notices in
      notices.contains { notice in
        guard case .progress(let progress) = notice.notice else { return false }
        return progress.nodes.contains { $0.node == node && $0.status == status }
      }
    }
  }
}
