internal import IonStore
internal import Logging

extension Workspace {
  /// How long what another process wrote may wait until those who follow runs here are told.
  private static let othersPause = Duration.milliseconds(250)

  /// Looks in the store for what other processes write, as long as somebody follows runs here and none is live: the
  /// process that has live runs is the only one that writes.
  func watchOthers() {
    lookout?.cancel()
    guard !hasLiveRuns else { return lookout = nil }
    lookout = Task { [weak self, clock = dependencies.clock] in
      while await self?.hasFollowers == true {
        do { try await clock.sleep(for: Self.othersPause) } catch { return }
        guard await self?.lookForOthers() == true else { return }
      }
    }
  }

  private var hasFollowers: Bool { get async { await hub?.hasSubscribers ?? false } }

  /// False where looking again is of no use.
  private func lookForOthers() async -> Bool {
    guard !hasLiveRuns, let hub else { return false }
    // A store that somebody took away is not made again by looking for it.
    guard hasStore else { return true }
    do throws(EngineFailure) {
      await hub.catchUp(to: try await bounds().last)
      return true
    } catch {
      dependencies.logger.warning(
        "what other processes do in \(codebase.id) is not told of any more: \(error.message)")
      return false
    }
  }
}
