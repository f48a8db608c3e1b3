internal import IonLock
internal import IonWorkflow

/// Where steps say that they printed something, and platforms hear of it. Crossed by threads that read output.
final class OutputBoard: Sendable {
  private struct Listener {
    var run: RunID?
    var platform: any WorkflowPlatform
  }

  private let listeners = Guarded<[SubscriptionID: Listener]>([:])

  func add(_ id: SubscriptionID, run: RunID?, platform: any WorkflowPlatform) {
    listeners.withLock { $0[id] = Listener(run: run, platform: platform) }
  }

  func remove(_ id: SubscriptionID) {
    listeners.withLock { $0[id] = nil }
  }

  func post(_ arrival: OutputArrival) {
    let platforms = listeners.withLock { listeners in
      listeners.values.compactMap { $0.run == nil || $0.run == arrival.run ? $0.platform : nil }
    }
    for platform in platforms { platform.outputArrived(arrival) }
  }
}
