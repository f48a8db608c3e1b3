internal import Glibc
internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// Shows a run until it ends: live on a terminal, line by line elsewhere, or as JSON. Ctrl-C cancels it.
struct RunFollower: Sendable {
  let invocation: Invocation
  let run: RunID
  let signals: AsyncStream<Int32>
  /// The nodes in the definition's order with what each depends on; empty where that isn't known.
  var graph: [(id: NodeID, dependsOn: [NodeID])] = []

  private enum Item: Sendable {
    case tick
    case notification(String, JSONValue)
    case closed
  }

  /// Returns how the program ends.
  func follow() async throws(CommandFailure) -> ExitStatus {
    var screen = makeScreen(try await current())
    let (items, sink) = AsyncStream<Item>.makeStream()
    let pump = Task { [notifications = invocation.client.notifications] in
      for await (method, params) in notifications { sink.yield(.notification(method, params)) }
      sink.yield(.closed)
    }
    let ticker = Task { [interval = screen.tickInterval] in
      guard let interval else { return }
      while !Task.isCancelled {
        do { try await Task.sleep(for: interval) } catch { return }
        sink.yield(.tick)
      }
    }
    let interrupts = Task { await cancelOnSignals() }
    defer {
      pump.cancel()
      ticker.cancel()
      interrupts.cancel()
    }
    // The run may have ended before anybody listened.
    let early = try await current()
    if !early.status.isLive { sink.yield(.tick) }
    for await item in items {
      switch item {
      case .tick: screen.tick()
      case .notification(let method, let params): screen.show(method, params)
      case .closed:
        throw CommandFailure("The connection ended before the run did; `ion show \(run)` says how it stands.")
      }
      if screen.hasEnded || !early.status.isLive {
        let last = try await current()
        screen.finish(last)
        return Self.exit(last)
      }
    }
    return .failed
  }

  private func current() async throws(CommandFailure) -> RunShape {
    try await invocation.client.call(GetStatus.self, ["runId": .string(run.rawValue), "nodes": true])
  }

  private func makeScreen(_ run: RunShape) -> any RunScreen {
    if invocation.isJSON { return JSONScreen() }
    guard Console.isTerminal else { return PlainScreen() }
    let known = (run.nodes ?? []).map { (id: $0.nodeId, dependsOn: [NodeID]()) }
    return LiveScreen(run, graph: graph.isEmpty ? known : graph)
  }

  /// The first signal cancels the run, the second kills what it runs.
  private func cancelOnSignals() async {
    var isForced = false
    for await _ in signals {
      Console.warn(isForced ? "killing what the run runs" : "cancelling the run; press Ctrl-C again to kill it")
      do throws(CommandFailure) {
        _ = try await invocation.client.call(
          CancelWorkflow.self,
          ["runId": .string(run.rawValue), "reason": "cancelled by the user", "force": .bool(isForced)])
      } catch {
        Console.warn(error.message)
      }
      isForced = true
    }
  }

  static func exit(_ run: RunShape) -> ExitStatus {
    switch run.status {
    case .succeeded: .succeeded
    case .cancelled: .cancelled
    case .awaitingApproval: .awaitingApproval
    case .queued, .running, .paused, .interrupted, .failed: .failed
    }
  }
}
