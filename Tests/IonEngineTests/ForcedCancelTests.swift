import IonEngine
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// Steps get longer to end than a test may take: what ends was killed, or ended by itself.
@Suite(.timeLimit(.minutes(5))) struct ForcedCancelTests {
  private func fixture() async throws -> EngineFixture {
    try await EngineFixture(
      files: [
        ".ion/workflows/w.yaml": """
        name: w
        nodes:
          - {id: deaf, bash: "trap '' TERM; touch deaf; sleep 1000"}
          - {id: tidy, bash: "trap 'touch tidied; exit 1' TERM; touch tidy; sleep 1000 & wait"}
          - {id: ready, bash: "until test -e deaf -a -e tidy; do sleep 0.02; done"}
        """
      ], stopGrace: .seconds(3600))
  }

  @Test func secondCancelWithForceKillsWhatWasAskedByTheFirst() async throws {
    let fixture = try await fixture()
    let run = try await fixture.start("w").id
    await fixture.platform.until("ready", is: .succeeded)
    _ = try await fixture.workspace.cancel(run, node: nil, reason: nil, force: false)
    await fixture.platform.until("tidy", is: .cancelled)
    #expect(fixture.folder.exists("workspace/tidied"))
    _ = try await fixture.workspace.cancel(run, node: nil, reason: nil, force: true)
    #expect(try await fixture.end(of: run).nodes["deaf"]?.status == .cancelled)
  }

  @Test func forceOnOneNodeLeavesTheOthersTheirTime() async throws {
    let fixture = try await fixture()
    let run = try await fixture.start("w").id
    await fixture.platform.until("ready", is: .succeeded)
    _ = try await fixture.workspace.cancel(run, node: "deaf", reason: nil, force: true)
    await fixture.platform.until("deaf", is: .cancelled)
    _ = try await fixture.workspace.cancel(run, node: nil, reason: nil, force: false)
    #expect(try await fixture.end(of: run).run.status == .cancelled)
    #expect(fixture.folder.exists("workspace/tidied"))
  }
}
