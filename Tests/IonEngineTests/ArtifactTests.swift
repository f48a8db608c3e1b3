import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

@Suite struct ArtifactTests {
  @Test func aRunWithManyFilesIsLookedThroughOnceMoreBeforeItsEndIsTold() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: many
          bash: cd "$ARTIFACTS_DIR" && touch {1..1001}
        - id: late
          depends_on: [many]
          bash: cd "$ARTIFACTS_DIR" && echo changed > 7 && echo new > late.txt
        - id: last
          depends_on: [late]
          bash: ":"
      """
    ])
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .succeeded)
    let artifacts = try await fixture.workspace.artifacts(of: run.id, prefix: nil)
    #expect(artifacts.count == 1002)
    let late = try #require(artifacts.first { $0.name == "late.txt" })
    #expect(late.node == nil && late.size == 4)
    #expect(artifacts.first { $0.name == "7" }?.size == 8)
    #expect(artifacts.first { $0.name == "8" }?.node == "many")

    let notices = try await fixture.workspace.notices(of: run.id, after: 0, limit: 2000).notices.map(\.notice)
    #expect(notices.count { if case .artifact = $0 { true } else { false } } == 1003)
    let end = try #require(notices.last)
    guard case .message = end else {
      Issue.record("the last that is told is \(end)")
      return
    }
  }

  @Test func aThousandFilesAreStillLookedForAfterEachStep() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: many
          bash: cd "$ARTIFACTS_DIR" && touch {1..1000}
        - id: late
          depends_on: [many]
          bash: touch "$ARTIFACTS_DIR/late"
      """
    ])
    let (run, _) = try await fixture.run("w")
    let late = try await fixture.workspace.artifacts(of: run.id, prefix: "late")
    #expect(late.map(\.node) == ["late"])
  }
}
