import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

@Suite struct PathQueueTests {
  private let folder = TemporaryFolder("ion-queue")
  private let queue = PathQueue()
  private var path: AbsolutePath { folder.path.appending("checkout") }
  private var locks: AbsolutePath { folder.path.appending("locks") }

  private func holder(_ run: RunID) -> PathLockHolder {
    PathLockHolder(pid: 1, run: run, workflow: "w", codebase: nil)
  }

  private func take(_ run: RunID) throws -> PathLock {
    try PathLock.take(path, for: holder(run), in: locks, queue: queue)
  }

  private func join(_ run: RunID) -> PathPlace { queue.join(path, as: holder(run), in: locks) }

  @Test func pathGoesFromOneToTheNextInTheirOrderWithoutBeingFree() async throws {
    let clock = HandClock()
    var held = try take("first")
    let places = ["second", "third", "fourth"].map { join(RunID($0)) }
    for (place, run) in zip(places, ["second", "third", "fourth"]) {
      held.release()
      // Who asks without waiting finds it taken, by the next already.
      #expect(throws: EngineFailure.self) { try take("barging") }
      #expect(PathLock.holder(of: path, in: locks)?.run == RunID(run))
      held = try await queue.wait(at: place, clock: clock)
    }
    #expect(!queue.isBusy(path, in: locks))
    held.release()
    try take("last").release()
  }

  @Test func whoGoesAwayIsPassedOver() async throws {
    let clock = HandClock()
    let held = try take("first")
    let (second, third) = (join("second"), join("third"))
    let waiting = Task { [queue] in try await queue.wait(at: second, clock: clock) }
    await clock.sleepers(1)
    waiting.cancel()
    await #expect(throws: EngineFailure.self) { try await waiting.value }
    held.release()
    try await queue.wait(at: third, clock: clock).release()
    #expect(!queue.isBusy(path, in: locks))
  }

  @Test func whatCameToAPlaceThatIsGivenUpGoesOn() async throws {
    let held = try take("first")
    let (second, third) = (join("second"), join("third"))
    held.release()
    queue.leave(second)
    try await queue.wait(at: third, clock: HandClock()).release()
    try take("last").release()
  }

  /// What stands outside of the queue is another process to it.
  @Test func lockOfAnotherProcessIsAskedForByTheFirstAlone() async throws {
    let clock = HandClock()
    let other = try PathLock.take(path, for: holder("other"), in: locks)
    let (first, second) = (join("first"), join("second"))
    let waits = [first, second].map { place in Task { [queue] in try await queue.wait(at: place, clock: clock) } }
    await clock.sleepers(1)
    clock.advance(by: .milliseconds(250))
    // It asked in vain, and sleeps again.
    await clock.sleepers(1)
    other.release()
    clock.advance(by: .milliseconds(250))
    let lock = try await waits[0].value
    #expect(PathLock.holder(of: path, in: locks)?.run == "first")
    lock.release()
    try await waits[1].value.release()
  }

  @Test func secondAsksOnceTheFirstIsGone() async throws {
    let clock = HandClock()
    let other = try PathLock.take(path, for: holder("other"), in: locks)
    let (first, second) = (join("first"), join("second"))
    let waiting = Task { [queue] in try await queue.wait(at: second, clock: clock) }
    queue.leave(first)
    await clock.sleepers(1)
    other.release()
    clock.advance(by: .milliseconds(250))
    try await waiting.value.release()
  }
}
