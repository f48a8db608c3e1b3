import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

/// What those who follow a codebase hear of runs that another process has.
@Suite struct OthersTests {
  private static let files = [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: ':'}]\n"]

  /// Two engines on one workspace, as two processes have them. The first one's clock is turned by hand.
  private func pair() async throws -> (here: EngineFixture, there: EngineFixture, clock: HandClock) {
    let folder = TemporaryFolder("ion-others")
    let clock = HandClock()
    let here = try await EngineFixture(files: Self.files, clock: clock, folder: folder)
    return (here, try await EngineFixture(files: Self.files, folder: folder), clock)
  }

  @Test func runsOfOthersAreToldOfInOrder() async throws {
    let (here, there, clock) = try await pair()
    _ = try await here.workspace.subscribe(here.platform, run: nil, after: nil, output: false)
    await clock.sleepers(1)
    for _ in 0..<2 {
      let run = try await there.run("w").run
      #expect(!here.platform.notices.contains { $0.run == run.id })
      clock.advance(by: .milliseconds(250))
      await here.platform.until { notices in
        notices.last { $0.run == run.id }.map { if case .message = $0.notice { $0.seq == run.seq } else { false } }
          ?? false
      }
      await clock.sleepers(1)
    }
    let kept = try await there.workspace.notices(of: nil, after: 0, limit: 1_000).notices
    #expect(here.platform.notices == kept)
  }

  @Test func nobodyLooksWithoutFollowers() async throws {
    let (here, there, clock) = try await pair()
    let subscription = try await here.workspace.subscribe(here.platform, run: nil, after: nil, output: false).id
    await clock.sleepers(1)
    await here.workspace.unsubscribe(subscription)
    _ = try await there.run("w")
    clock.advance(by: .milliseconds(250))
    await here.workspace.lookout?.value
    #expect(here.platform.notices.isEmpty)
  }

  @Test func nobodyLooksWhileRunsGoOnHere() async throws {
    let (here, _, clock) = try await pair()
    _ = try await here.workspace.subscribe(here.platform, run: nil, after: nil, output: false)
    await clock.sleepers(1)
    let first = await here.workspace.lookout
    _ = try await here.run("w")
    await first?.value
    // It goes on when the run is over.
    await clock.sleepers(1)
    #expect(await here.workspace.lookout != first)
  }
}
