internal import IonEngine
internal import IonRPC
internal import IonStore
internal import IonWorkflow
internal import Logging

/// Brings a subscriber up to date at the speed at which its client reads, then makes it hear what comes live.
struct EventReplay: Sendable {
  let platform: NotificationPlatform
  let workspace: Workspace
  let context: RequestContext
  let logger: Logger

  private static let page = 500

  /// Begins behind the request's answer. Returns nil where it was cancelled, or events can't be had; the client is told
  /// of that as of a gap.
  func join(after seq: Int64) async -> SubscriptionID? {
    await answered()
    var position = seq
    do throws(EngineFailure) {
      while !Task.isCancelled {
        await context.connection.waitUntilDrained()
        let notices = try await workspace.notices(of: platform.run, after: position, limit: Self.page).notices
        platform.deliver(notices, of: workspace.codebase.id)
        guard notices.count == Self.page, let last = notices.last else {
          return await subscribe(after: notices.last?.seq ?? position)
        }
        position = last.seq
      }
    } catch {
      fail(error)
    }
    return nil
  }

  /// Makes the subscriber hear at once what comes after a number; for what begins, of which there is little.
  func subscribe(after seq: Int64) async -> SubscriptionID? {
    do throws(EngineFailure) {
      let subscription = try await workspace.subscribe(
        platform, run: platform.run, after: seq, output: platform.output != .none
      ).id
      if await isEndLost() { platform.breakOff() }
      return subscription
    } catch {
      fail(error)
      return nil
    }
  }

  private func fail(_ error: EngineFailure) {
    logger.warning("the events of \(workspace.codebase.id) can't be replayed: \(error.message)")
    platform.breakOff()
  }

  /// Whether the run was given up with its store before anybody listened: nothing tells of that later.
  private func isEndLost() async -> Bool {
    guard let run = platform.run, platform.waitsForEnd else { return false }
    do throws(EngineFailure) {
      guard try await !workspace.record(of: run).status.isLive else { return false }
      // Its row says so before everybody was told.
      let end = try await workspace.wait(for: run, timeout: nil).run
      try await workspace.published(upTo: end.seq)
      return platform.waitsForEnd
    } catch {
      return true
    }
  }

  private func answered() async {
    let (stream, sink) = AsyncStream<Never>.makeStream()
    context.afterReply { sink.finish() }
    for await _ in stream {}
  }
}
